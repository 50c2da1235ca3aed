/**
 * Measures, against a peer or a limit in the same run:
 *   npm run bench -- tapes [--rows N]      the tape pipeline against PostgreSQL's COPY
 *   npm run bench -- projection            a deal's projection against its two bars
 *   npm run bench -- gas                   every kind of transaction against its bar and the floor
 *   npm run bench -- fuzz [--cases N] [--seed S]   one engine against the other on random deals
 */
import { parseArgs } from "node:util";
import { benchFuzz, formatFuzzBench } from "./bench/fuzz.ts";
import { benchProjection, formatProjectionBench } from "./bench/projection.ts";
import { benchTapes, formatTapeBench } from "./bench/tapes.ts";
import { formatGasReport } from "./gas/format-gas-report.ts";
import { measureGas } from "./gas/measure-gas.ts";
import { UsageError, runCommand } from "./run-command.ts";

const usage = `usage: npm run bench -- tapes [--rows N]   (1 to 9999999)
       npm run bench -- projection
       npm run bench -- gas
       npm run bench -- fuzz [--cases N] [--seed S]`;

function readCount(name: string, text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 1 && count <= 9_999_999) return count;
  throw new UsageError(`--${name} is a whole number from 1 to 9999999`);
}

async function fuzz(cases: number, seed: number): Promise<number> {
  const bench = await benchFuzz(cases, seed);
  console.log(formatFuzzBench(bench));
  return bench.tally.findings.length === 0 ? 0 : 1;
}

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rows: { type: "string", default: "20000" },
      cases: { type: "string", default: "100000" },
      seed: { type: "string", default: "1" },
    },
  });
  const [bench, ...others] = positionals;
  if (others.length > 0) throw new UsageError("one bench at a time");
  if (bench === "tapes")
    console.log(formatTapeBench(await benchTapes(readCount("rows", values.rows))));
  else if (bench === "projection") console.log(formatProjectionBench(await benchProjection()));
  else if (bench === "gas") console.log(formatGasReport(await measureGas()));
  else if (bench === "fuzz") {
    return fuzz(readCount("cases", values.cases), readCount("seed", values.seed));
  } else throw new UsageError("tapes, projection, gas or fuzz");
  return 0;
}

await runCommand({ name: "bench", usage, run });
