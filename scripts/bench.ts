/**
 * Measures, against a peer or a limit in the same run:
 *   npm run bench -- tapes [--rows N]      the tape pipeline against PostgreSQL's COPY
 *   npm run bench -- projection            a deal's projection against its two bars
 *   npm run bench -- gas                   distributions against their bars and the floor
 * The gas of every other kind of transaction stands in what `npm run demo` prints.
 */
import { parseArgs } from "node:util";
import { benchGas, formatGasBench } from "./bench/gas.ts";
import { benchProjection, formatProjectionBench } from "./bench/projection.ts";
import { benchTapes, formatTapeBench } from "./bench/tapes.ts";
import { UsageError, runCommand } from "./run-command.ts";

const usage = `usage: npm run bench -- tapes [--rows N]   (1 to 9999999)
       npm run bench -- projection
       npm run bench -- gas`;

function readRows(text: string): number {
  const rows = Number(text);
  if (Number.isSafeInteger(rows) && rows >= 1 && rows <= 9_999_999) return rows;
  throw new UsageError("--rows is a whole number from 1 to 9999999");
}

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rows: { type: "string", default: "20000" } },
  });
  const [bench, ...others] = positionals;
  if (others.length > 0) throw new UsageError("one bench at a time");
  if (bench === "tapes") console.log(formatTapeBench(await benchTapes(readRows(values.rows))));
  else if (bench === "projection") console.log(formatProjectionBench(await benchProjection()));
  else if (bench === "gas") console.log(formatGasBench(await benchGas()));
  else throw new UsageError("tapes, projection or gas");
  return 0;
}

await runCommand({ name: "bench", usage, run });
