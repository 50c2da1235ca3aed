/**
 * Measures, against a peer in the same run:
 *   npm run bench -- tapes [--rows N]      the tape pipeline against PostgreSQL's COPY
 *   npm run bench -- projection            a deal's projection against its two bars
 * The gas of every kind of transaction stands in what `npm run demo` prints.
 */
import { parseArgs } from "node:util";
import { benchProjection, formatProjectionBench } from "./bench/projection.ts";
import { benchTapes } from "./bench/tapes.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rows: { type: "string", default: "20000" } },
});
const rows = Number(values.rows);

if (positionals[0] === "projection") {
  console.log(formatProjectionBench(await benchProjection()));
} else if (
  positionals[0] !== "tapes" ||
  !Number.isSafeInteger(rows) ||
  rows < 1 ||
  rows > 9_999_999
) {
  console.error(
    "usage: npm run bench -- tapes [--rows N]   (1 to 9999999), or npm run bench -- projection",
  );
  process.exitCode = 2;
} else {
  const bench = await benchTapes(rows);
  const perSecond = (seconds: number): string => Math.round(rows / seconds).toLocaleString("en-US");
  console.log(
    [
      `tape       ${rows.toLocaleString("en-US")} loans, ${(bench.bytes / 1e6).toFixed(1)} MB of ABS-EE XML`,
      `pipeline   ${bench.pipelineSeconds.toFixed(2)} s, ${perSecond(bench.pipelineSeconds)} loans/s (decode, parse, check, tree, store)`,
      `COPY       ${bench.copySeconds.toFixed(2)} s, ${perSecond(bench.copySeconds)} rows/s (the same rows, nothing else)`,
      `ratio      ${(bench.pipelineSeconds / bench.copySeconds).toFixed(1)} times COPY`,
      `memory     ${Math.round(bench.peakBytes / 1e6)} MB at most, client and server in one process`,
    ].join("\n"),
  );
}
