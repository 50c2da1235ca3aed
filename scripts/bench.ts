/**
 * Measures, against a peer or a limit in the same run:
 *   npm run bench -- tapes [--rows N] [--format csv|xml]
 *                                          the tape pipeline against psql's \copy, its time and memory
 *   npm run bench -- history [--loans N] [--months M] [--requests R]
 *                                          a loan's history and proof with N x M loan months stored
 *   npm run bench -- spread [--loans N]    deals over two PostgreSQL servers against one
 *   npm run bench -- projection            a deal's projection against its two bars
 *   npm run bench -- gas                   every kind of transaction against its bar and the floor
 *   npm run bench -- fuzz-tapes [--files N] [--uploads N] [--seed S]
 *                                          mutated files of every format against reader and upload
 *   npm run bench -- fuzz [--cases N] [--seed S]   one engine against the other on random deals
 */
import { parseArgs } from "node:util";
import { benchFuzz, formatFuzzBench } from "./bench/fuzz.ts";
import { benchTapeFuzz, formatTapeFuzz, isSound } from "./bench/fuzz-tapes.ts";
import { HISTORY_BAR_MS, MOST_MONTHS, benchHistory, formatHistoryBench } from "./bench/history.ts";
import { benchProjection, formatProjectionBench } from "./bench/projection.ts";
import { benchSpread, formatSpreadBench, isSpread } from "./bench/spread.ts";
import { BENCH_FORMATS, benchTapes, formatTapeBench } from "./bench/tapes.ts";
import { formatGasReport } from "./gas/format-gas-report.ts";
import { measureGas } from "./gas/measure-gas.ts";
import { UsageError, runCommand } from "./run-command.ts";

const usage = `usage: npm run bench -- tapes [--rows N] [--format csv|xml]   (1 to 9999999)
       npm run bench -- history [--loans N] [--months M] [--requests R]   (at most 52 months)
       npm run bench -- spread [--loans N]
       npm run bench -- projection
       npm run bench -- gas
       npm run bench -- fuzz-tapes [--files N] [--uploads N] [--seed S]
       npm run bench -- fuzz [--cases N] [--seed S]`;

function readCount(name: string, text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 1 && count <= 9_999_999) return count;
  throw new UsageError(`--${name} is a whole number from 1 to 9999999`);
}

/** Without a format both, each with its own number of loans. */
async function tapes(rows: string | undefined, format: string | undefined): Promise<void> {
  const known = BENCH_FORMATS.filter(({ name }) => format === undefined || name === format);
  if (known.length === 0) throw new UsageError("--format is csv or xml");
  for (const { name, loans } of known) {
    const count = rows === undefined ? loans : readCount("rows", rows);
    console.log(formatTapeBench(await benchTapes(count, name)));
  }
}

async function history(loans: number, months: number, requests: number): Promise<number> {
  if (months > MOST_MONTHS) throw new UsageError(`--months is at most ${MOST_MONTHS}`);
  const tell = (line: string): void => console.error(line);
  const bench = await benchHistory({ loans, months, requests }, tell);
  console.log(formatHistoryBench(bench));
  const { history: of, proof } = bench.warm;
  return Math.max(of.p99, proof.p99) < HISTORY_BAR_MS ? 0 : 1;
}

async function spread(loans: number): Promise<number> {
  const bench = await benchSpread({ deals: 8, months: 3, loans });
  console.log(formatSpreadBench(bench));
  return isSpread(bench) ? 0 : 1;
}

async function fuzz(cases: number, seed: number): Promise<number> {
  const bench = await benchFuzz(cases, seed);
  console.log(formatFuzzBench(bench));
  return bench.tally.findings.length === 0 ? 0 : 1;
}

async function fuzzTapes(files: number, uploads: number, seed: number): Promise<number> {
  const tell = (line: string): void => console.error(line);
  const bench = await benchTapeFuzz({ files, uploads, seed }, tell);
  console.log(formatTapeFuzz(bench));
  return isSound(bench) ? 0 : 1;
}

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rows: { type: "string" },
      format: { type: "string" },
      cases: { type: "string", default: "100000" },
      seed: { type: "string", default: "1" },
      loans: { type: "string", default: "20000" },
      months: { type: "string", default: "12" },
      files: { type: "string", default: "10000" },
      uploads: { type: "string", default: "500" },
      requests: { type: "string", default: "1000" },
    },
  });
  const [bench, ...others] = positionals;
  if (others.length > 0) throw new UsageError("one bench at a time");
  if (bench === "tapes") await tapes(values.rows, values.format);
  else if (bench === "history") {
    const [loans, months] = [readCount("loans", values.loans), readCount("months", values.months)];
    return history(loans, months, readCount("requests", values.requests));
  } else if (bench === "fuzz-tapes") {
    const [files, uploads] = [
      readCount("files", values.files),
      readCount("uploads", values.uploads),
    ];
    return fuzzTapes(files, uploads, readCount("seed", values.seed));
  } else if (bench === "spread") return spread(readCount("loans", values.loans));
  else if (bench === "projection") console.log(formatProjectionBench(await benchProjection()));
  else if (bench === "gas") console.log(formatGasReport(await measureGas()));
  else if (bench === "fuzz") {
    return fuzz(readCount("cases", values.cases), readCount("seed", values.seed));
  } else throw new UsageError("tapes, history, spread, projection, gas, fuzz or fuzz-tapes");
  return 0;
}

await runCommand({ name: "bench", usage, run });
