/** A tape through the whole pipeline against PostgreSQL's own COPY of the same rows, in one run. */
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { poolOf } from "../../server/db/connect-database.ts";
import { formatCents, parseCents } from "../../server/lib/money.ts";
import { startDemo, type Demo } from "../demo/start-demo.ts";

const GOLDEN = path.resolve(import.meta.dirname, "../../test/golden/amcar-2017-4");
const DEAL = "bench-tapes";
const CUT_OFF_MONTH = "2017-09";

export interface TapeBench {
  rows: number;
  bytes: number;
  /** Upload over HTTP: decode, parse, check, stage, tree, store. */
  pipelineSeconds: number;
  /** COPY of the stored rows into a table like theirs: no parsing, no checks, no tree. */
  copySeconds: number;
  /** Largest resident set of the process, which is client and server at once, in bytes. */
  peakBytes: number;
}

/** Uploads a made-up cut-off tape of `rows` loans, each like a real one, then measures COPY alone. */
export async function benchTapes(rows: number): Promise<TapeBench> {
  const folder = await mkdtemp(path.join(tmpdir(), "penstock-bench-"));
  const demo = await startDemo();
  try {
    const loan = await readLoan();
    const file = path.join(folder, "tape.xml");
    await pipeline(Readable.from(tapeOf(loan.xml, rows)), createWriteStream(file));
    const pipelineSeconds = await upload(demo, { file, rows, balance: loan.balance });
    const peakBytes = process.resourceUsage().maxRSS * 1024;
    const copySeconds = await copyAlone(demo, path.join(folder, "rows.txt"));
    const { size } = await stat(file);
    return { rows, bytes: size, pipelineSeconds, copySeconds, peakBytes };
  } finally {
    await demo.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The first loan of the real cut-off tape and its closing balance. */
async function readLoan(): Promise<{ xml: string; balance: bigint }> {
  const tape = await readFile(path.join(GOLDEN, `tapes/${CUT_OFF_MONTH}.xml`), "utf8");
  const xml = /<assets>.*?<\/assets>\n?/s.exec(tape)?.[0];
  const balance = /<reportingPeriodActualEndBalanceAmount>(.*?)</.exec(xml ?? "")?.[1];
  if (xml === undefined || balance === undefined) throw new Error("the golden tape has no loan");
  return { xml, balance: parseCents(balance) };
}

function* tapeOf(loan: string, rows: number): Generator<string> {
  yield '<assetData xmlns="http://www.sec.gov/edgar/document/absee/autoloan/assetdata">\n';
  for (let row = 1; row <= rows; row += 1) {
    const id = `0001718362 - ${String(row).padStart(7, "0")}`;
    yield loan.replace(/<assetNumber>.*?</, `<assetNumber>${id}<`);
  }
  yield "</assetData>\n";
}

async function upload(
  demo: Demo,
  tape: { file: string; rows: number; balance: bigint },
): Promise<number> {
  const golden = await readFile(path.join(GOLDEN, "deal.yaml"), "utf8");
  const pool = formatCents(tape.balance * BigInt(tape.rows));
  const source = golden
    .replace("id: amcar-2017-4", `id: ${DEAL}`)
    .replaceAll("239568.99", pool)
    .replace("cutOffLoans: 12", `cutOffLoans: ${tape.rows}`)
    .replace("loanCount: { min: 0, max: 12 }", `loanCount: { min: 0, max: ${tape.rows} }`);
  await demo.administrator.upload("/deals", {
    bytes: Buffer.from(source),
    type: "application/yaml",
  });
  const servicer = await demo.addUser({ name: "bench", role: "servicer", deals: [DEAL] });
  const started = performance.now();
  await servicer.upload(`/deals/${DEAL}/tapes?period=${CUT_OFF_MONTH}`, {
    bytes: Readable.toWeb(createReadStream(tape.file)) as ReadableStream<Uint8Array>,
    type: "application/xml",
  });
  return (performance.now() - started) / 1_000;
}

async function copyAlone({ context }: Demo, file: string): Promise<number> {
  const client = await poolOf(context.db).connect();
  try {
    const rows = `select * from loan_months where deal_id = '${DEAL}'`;
    await pipeline(client.query(copyTo(`copy (${rows}) to stdout`)), createWriteStream(file));
    await client.query("create table bench_copy (like loan_months including indexes)");
    const started = performance.now();
    await pipeline(createReadStream(file), client.query(copyFrom("copy bench_copy from stdin")));
    return (performance.now() - started) / 1_000;
  } finally {
    client.release();
  }
}

/** The tape, the pipeline, COPY, their ratio and the memory, one a line. */
export function formatTapeBench(bench: TapeBench): string {
  const { rows, bytes, pipelineSeconds, copySeconds, peakBytes } = bench;
  const perSecond = (seconds: number): string => Math.round(rows / seconds).toLocaleString("en-US");
  return [
    `tape       ${rows.toLocaleString("en-US")} loans, ${(bytes / 1e6).toFixed(1)} MB of ABS-EE XML`,
    `pipeline   ${pipelineSeconds.toFixed(2)} s, ${perSecond(pipelineSeconds)} loans/s (decode, parse, check, tree, store)`,
    `COPY       ${copySeconds.toFixed(2)} s, ${perSecond(copySeconds)} rows/s (the same rows, nothing else)`,
    `ratio      ${(pipelineSeconds / copySeconds).toFixed(1)} times COPY`,
    `memory     ${Math.round(peakBytes / 1e6)} MB at most, client and server in one process`,
  ].join("\n");
}
