/**
 * Tapes through the whole pipeline, over HTTP into a server in a process of its own, against psql's
 * `\copy` of the same file into a table of text columns on the same PostgreSQL in the same run.
 */
import { execFile } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import pg from "pg";
import { formatMonth, parseMonth } from "../../server/lib/dates.ts";
import { formatCents } from "../../server/lib/money.ts";
import { openApiClient } from "../demo/api-client.ts";
import { MADE_COLUMNS, madeCsv, madeRow, madeXml } from "./made-tape.ts";
import { startServerProcess } from "./server-process.ts";
import type { ServerProcess } from "./server-process.ts";

const GOLDEN = path.resolve(import.meta.dirname, "../../test/golden/amcar-2017-4");
const COPY_FILE = path.join(import.meta.dirname, "copy-file.ts");
const CUT_OFF = parseMonth("2017-09");

export type BenchFormat = "csv" | "xml";

/** What is measured when nothing else is asked for: the loans that the bars are of. */
export const BENCH_FORMATS = [
  { name: "csv", loans: 1_000_000 },
  { name: "xml", loans: 90_000 },
] as const satisfies { name: BenchFormat; loans: number }[];

export interface TapeUpload {
  bytes: number;
  rows: number;
  seconds: number;
  /** Problems of the tape that are listed with it. */
  notes: number;
  reasons: number;
}

export interface TapeBench {
  format: BenchFormat;
  loans: number;
  /** The cut-off tape, and the next month's, which is checked against it. */
  uploads: TapeUpload[];
  /** Seconds of \copy of each file: none for XML, which it cannot read. */
  copies: number[];
  /** What copied: psql, or the driver in a process of its own. */
  copier: string;
  /** Seconds of the close of the next month, with everything that it says of the pool. */
  closeSeconds: number;
  /** Largest resident set of the server's process alone, in bytes. */
  peakBytes: number;
}

/** Uploads the first two months of a made pool. */
export async function benchTapes(loans: number, format: BenchFormat): Promise<TapeBench> {
  const folder = await mkdtemp(path.join(tmpdir(), "penstock-bench-"));
  const server = await startServerProcess(path.join(folder, "server"));
  try {
    const files = [];
    for (const since of [0, 1]) files.push(await writeTape(folder, { loans, format, since }));
    const deal = await addDeal(server, { loans, format });
    const copier = await findCopier();
    const uploads: TapeUpload[] = [];
    const copies: number[] = [];
    for (const [since, file] of files.entries()) {
      uploads.push(await upload(server, { ...deal, since, file }));
      if (format === "csv") copies.push(await copyFile(server, file, copier));
    }
    const closeSeconds = await closeMonth(server, deal);
    const peakBytes = await server.peakBytes();
    return { format, loans, uploads, copies, copier, closeSeconds, peakBytes };
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeTape(
  folder: string,
  { loans, format, since }: { loans: number; format: BenchFormat; since: number },
): Promise<string> {
  const file = path.join(folder, `${since}.${format}`);
  const tape = { loans, since, month: CUT_OFF + since };
  const pieces = format === "csv" ? madeCsv(tape) : madeXml(tape, await readRecord());
  await pipeline(Readable.from(pieces), createWriteStream(file));
  return file;
}

/** The first record of a real filing. */
async function readRecord(): Promise<string> {
  const tape = await readFile(path.join(GOLDEN, "tapes/2017-10.xml"), "utf8");
  const record = /<assets>.*?<\/assets>/s.exec(tape)?.[0];
  if (record === undefined) throw new Error("the golden tape has no loan");
  return record;
}

interface BenchDeal {
  id: string;
  /** Key of its servicer. */
  key: string;
}

/** The golden deal, over the made pool. */
async function addDeal(
  server: ServerProcess,
  { loans, format }: { loans: number; format: BenchFormat },
): Promise<BenchDeal> {
  let balance = 0n;
  for (let loan = 1; loan <= loans; loan += 1) {
    balance += BigInt(madeRow(loan, 0, CUT_OFF)?.endingCents ?? 0);
  }
  const id = `bench-${format}`;
  const golden = await readFile(path.join(GOLDEN, "deal.yaml"), "utf8");
  const source = golden
    .replace("id: amcar-2017-4", `id: ${id}`)
    .replace(
      "absee-auto-loan-xml",
      format === "csv" ? "absee-auto-loan-table" : "absee-auto-loan-xml",
    )
    .replaceAll("239568.99", formatCents(balance))
    .replace("cutOffLoans: 12", `cutOffLoans: ${loans}`)
    .replace("loanCount: { min: 0, max: 12 }", `loanCount: { min: 0, max: ${loans} }`)
    // Room for the flows of a pool that is as large as it was made.
    .replaceAll(/min: -10000\.00, max: [0-9.]+|max: 250000\.00/g, (bounds) =>
      bounds.replaceAll(/\d+\.\d\d/g, formatCents(balance)),
    );
  const administrator = openApiClient(server.url, server.administratorKey);
  await administrator.upload("/deals", { bytes: Buffer.from(source), type: "application/yaml" });
  const user = { name: id, role: "servicer", deals: [id] };
  const servicer = await administrator.post<{ id: string }>("/users", user);
  const { key } = await administrator.post<{ key: string }>(`/users/${servicer.id}/keys`);
  return { id, key };
}

async function upload(
  server: ServerProcess,
  { id, key, since, file }: BenchDeal & { since: number; file: string },
): Promise<TapeUpload> {
  const { size } = await stat(file);
  const url = `${server.url}/v1/deals/${id}/tapes?period=${formatMonth(CUT_OFF + since)}`;
  const type = file.endsWith("csv") ? "text/csv" : "application/xml";
  const headers = { authorization: `Bearer ${key}`, "content-type": type, "content-length": size };
  const started = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const sending = request(url, { method: "POST", headers }, (response) => {
    response.setEncoding("utf8");
    response.toArray().then((parts) => {
      resolve({ status: response.statusCode ?? 0, body: parts.join("") });
    }, reject);
  });
  sending.on("error", reject);
  createReadStream(file, { highWaterMark: 1 << 20 }).pipe(sending);
  const { status, body } = await promise;
  const seconds = (performance.now() - started) / 1_000;
  if (status !== 201) throw new Error(`${status}: ${body.slice(0, 2_000)}`);
  const tape = JSON.parse(body) as {
    rowCount: number;
    problems: { notes: number; reasons: number };
  };
  const { notes, reasons } = tape.problems;
  return { bytes: size, rows: tape.rowCount, seconds, notes, reasons };
}

/** Closes the next month; the problems of both tapes get their reasons first, all at once. */
async function closeMonth(server: ServerProcess, { id, key }: BenchDeal): Promise<number> {
  const reasons = `
    update tape_problems set reason = 'made', accepted_at = now(),
      accepted_by = (select id from users limit 1)
    where severity = 'reason'`;
  await withClient(server, (client) => client.query(reasons));
  const servicer = openApiClient(server.url, key);
  const started = performance.now();
  await servicer.post(`/deals/${id}/periods/${formatMonth(CUT_OFF + 1)}/close`, {});
  return (performance.now() - started) / 1_000;
}

const run = promisify(execFile);

/** psql where the machine has it: PostgreSQL as npm brings it has none. */
async function findCopier(): Promise<string> {
  const found = await run("psql", ["--version"]).catch(() => null);
  return found === null ? "COPY by the driver in a process of its own" : "psql \\copy";
}

async function withClient<Result>(
  server: ServerProcess,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: server.databaseUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The whole of what the copying process takes, with its start, into a table of text columns. */
async function copyFile(server: ServerProcess, file: string, copier: string): Promise<number> {
  const columns = MADE_COLUMNS.map((column) => `"${column}" text`).join(", ");
  const copy = `\\copy bench_copy from '${file}' with (format csv, header)`;
  const url = server.databaseUrl;
  return await withClient(server, async (client) => {
    await client.query(`create table bench_copy (${columns})`);
    const started = performance.now();
    if (copier.startsWith("psql")) await run("psql", ["-X", "-q", "-d", url, "-c", copy]);
    else await run(process.execPath, [COPY_FILE, url, file, "bench_copy"]);
    const seconds = (performance.now() - started) / 1_000;
    await client.query("drop table bench_copy");
    return seconds;
  });
}

const MEGABYTE = 1e6;

/** Both uploads with their ratio to \copy, or against the bar of an XML file, and the memory. */
export function formatTapeBench(bench: TapeBench): string {
  const { format, loans, uploads, copies, copier, closeSeconds, peakBytes } = bench;
  const lines = uploads.map((tape, since) => {
    const size = `${Math.round(tape.bytes / MEGABYTE)} MB`;
    const speed = Math.round(tape.rows / tape.seconds).toLocaleString("en-US");
    const copy = copies[since];
    const peer =
      copy === undefined
        ? ""
        : `, ${copier} ${copy.toFixed(2)} s: ratio ${(tape.seconds / copy).toFixed(2)} (bar 2)`;
    const month = since === 0 ? "cut-off " : "month 1 ";
    const found = `${tape.notes} notes, ${tape.reasons} reasons`;
    return `${month} ${size}, ${tape.rows.toLocaleString("en-US")} rows: ${tape.seconds.toFixed(2)} s, ${speed} rows/s, ${found}${peer}`;
  });
  return [
    `tapes    ${loans.toLocaleString("en-US")} loans as ${format.toUpperCase()}, over HTTP, checked, with their tree, stored`,
    ...lines,
    `close    month 1 with all its statistics: ${closeSeconds.toFixed(2)} s (bar 15 s for 1,000,000 loans)`,
    ...(format === "xml" ? ["bar      25 s for 90,000 loans of form ABS-EE"] : []),
    `memory   ${Math.round(peakBytes / MEGABYTE)} MB at most, the server's process alone (bar 350 MB)`,
  ].join("\n");
}
