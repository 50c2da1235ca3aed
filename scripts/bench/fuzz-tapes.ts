/**
 * Mutated samples of every format: all through the reader in a process of its own, some by HTTP into a
 * server in another, whose database is counted before and after each.
 */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { connectDatabase } from "../../server/db/connect-database.ts";
import { FUZZED_MONTH, fuzzDealFile, fuzzDealId } from "../../test/fuzz/tapes/fuzz-deals.ts";
import { fuzzedFile } from "../../test/fuzz/tapes/fuzz-read.ts";
import { fuzzUpload } from "../../test/fuzz/tapes/fuzz-upload.ts";
import type { SendFile } from "../../test/fuzz/tapes/fuzz-upload.ts";
import { tapeSeeds } from "../../test/fuzz/tapes/tape-seeds.ts";
import type { TapeSeed } from "../../test/fuzz/tapes/tape-seeds.ts";
import { openApiClient } from "../demo/api-client.ts";
import type { PartAnswer, PartRequest } from "./fuzz-tapes-part.ts";
import { FLAGS, startServerProcess } from "./server-process.ts";
import type { ServerProcess } from "./server-process.ts";

/** What a process may take while it reads, as the bar of uploads has it. */
const MEMORY_BAR_BYTES = 350e6;

export interface FuzzTally {
  files: number;
  seconds: number;
  /** How often each outcome was. */
  outcomes: Record<string, number>;
  /** Broken laws, each with what brings it back. */
  findings: string[];
  /** Largest resident set of the process that read. */
  peakBytes: number;
}

export interface TapeFuzzBench {
  seed: number;
  samples: number;
  read: FuzzTally;
  uploaded: FuzzTally;
}

export async function benchTapeFuzz(
  { files, uploads, seed }: { files: number; uploads: number; seed: number },
  tell: (line: string) => void,
): Promise<TapeFuzzBench> {
  const seeds = tapeSeeds();
  const read = await readAll(seeds, { files, seed }, tell);
  const uploaded = await uploadAll(seeds, { files: uploads, seed }, tell);
  return { seed, samples: seeds.length, read, uploaded };
}

interface Extent {
  files: number;
  seed: number;
}

const TOLD_EVERY = 500;

async function tally(
  { files, seed }: Extent,
  seeds: readonly TapeSeed[],
  act: (number: number) => Promise<{ outcome: string; broken: string | null; bytes?: number }>,
): Promise<FuzzTally> {
  const begun = performance.now();
  const outcomes: Record<string, number> = {};
  const findings: string[] = [];
  let peakBytes = 0;
  for (let number = 0; number < files; number += 1) {
    const { outcome, broken, bytes } = await act(number);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    peakBytes = Math.max(peakBytes, bytes ?? 0);
    if (broken === null) continue;
    const { seed: from, how } = fuzzedFile(seeds, seed, number);
    const origin = `${from.format}/${from.name}, ${how.join(", ")}`;
    findings.push(`file ${number} of seed ${seed} (${origin}): ${broken}`);
  }
  return { files, seconds: (performance.now() - begun) / 1_000, outcomes, findings, peakBytes };
}

async function readAll(
  seeds: readonly TapeSeed[],
  extent: Extent,
  tell: (line: string) => void,
): Promise<FuzzTally> {
  let part = startPart();
  try {
    return await tally(extent, seeds, async (number) => {
      if (number > 0 && number % TOLD_EVERY === 0) tell(`${number} files read`);
      const request = { seed: extent.seed, number, fuzzed: fuzzedFile(seeds, extent.seed, number) };
      const answer = await ask(part, request);
      if (answer !== null) return answer;
      part = startPart();
      return { outcome: "crash", broken: "the process ended" };
    });
  } finally {
    part.kill();
  }
}

function startPart(): ChildProcess {
  return fork(path.join(import.meta.dirname, "fuzz-tapes-part.ts"), [], {
    serialization: "advanced",
    execArgv: [...process.execArgv, ...FLAGS],
  });
}

/** The answer, or null when the process ended over the file. */
async function ask(part: ChildProcess, request: PartRequest): Promise<PartAnswer | null> {
  const stop = new AbortController();
  const { signal } = stop;
  part.send(request);
  try {
    const answered = once(part, "message", { signal }).then(([answer]) => answer as PartAnswer);
    const ended = once(part, "exit", { signal }).then(() => null);
    answered.catch(() => {});
    ended.catch(() => {});
    return await Promise.race([answered, ended]);
  } finally {
    stop.abort();
  }
}

async function uploadAll(
  seeds: readonly TapeSeed[],
  extent: Extent,
  tell: (line: string) => void,
): Promise<FuzzTally> {
  const folder = await mkdtemp(path.join(tmpdir(), "penstock-fuzz-"));
  const env = { RATE_LIMIT_PER_MINUTE: "1000000" };
  const server = await startServerProcess(path.join(folder, "server"), env);
  const db = connectDatabase(server.databaseUrl, { connections: 1 });
  try {
    const send = await openDeals(server, [...new Set(seeds.map(({ format }) => format))]);
    const uploaded = await tally(extent, seeds, (number) => {
      if (number > 0 && number % TOLD_EVERY === 0) tell(`${number} files uploaded`);
      return fuzzUpload(fuzzedFile(seeds, extent.seed, number), { db, send });
    });
    return { ...uploaded, peakBytes: await server.peakBytes() };
  } finally {
    await db.destroy();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A deal for each format, with one servicer. */
async function openDeals(server: ServerProcess, formats: readonly string[]): Promise<SendFile> {
  const administrator = openApiClient(server.url, server.administratorKey);
  for (const format of formats) {
    const bytes = Buffer.from(fuzzDealFile(format));
    await administrator.upload("/deals", { bytes, type: "application/yaml" });
  }
  const user = { name: "fuzz", role: "servicer", deals: formats.map(fuzzDealId) };
  const servicer = await administrator.post<{ id: string }>("/users", user);
  const { key } = await administrator.post<{ key: string }>(`/users/${servicer.id}/keys`);
  return async (format, file) => {
    const url = `${server.url}/v1/deals/${fuzzDealId(format)}/tapes?period=${FUZZED_MONTH}`;
    const headers = {
      authorization: `Bearer ${key}`,
      "content-type": "application/octet-stream",
    };
    const answer = await fetch(url, { method: "POST", headers, body: new Uint8Array(file) });
    return { status: answer.status, body: await answer.text() };
  };
}

/** Whether no law was broken and memory stayed below the bar. */
export function isSound({ read, uploaded }: TapeFuzzBench): boolean {
  return [read, uploaded].every(
    ({ findings, peakBytes }) => findings.length === 0 && peakBytes <= MEMORY_BAR_BYTES,
  );
}

export function formatTapeFuzz({ seed, samples, read, uploaded }: TapeFuzzBench): string {
  return [
    `samples    ${samples} files of every format, seed ${seed}`,
    ...describe("read", read),
    ...describe("uploaded", uploaded),
    ...[...read.findings, ...uploaded.findings].slice(0, 20),
  ].join("\n");
}

function describe(name: string, { files, seconds, outcomes, findings, peakBytes }: FuzzTally) {
  const counted = Object.entries(outcomes)
    .toSorted(([, a], [, b]) => b - a)
    .map(([outcome, count]) => `${outcome} ${count.toLocaleString("en-US")}`);
  return [
    `${name.padEnd(10)} ${files.toLocaleString("en-US")} files in ${seconds.toFixed(0)} s: ${counted.join(", ")}`,
    `           broken laws: ${findings.length}; peak memory ${Math.round(peakBytes / 1e6)} MB of ${MEMORY_BAR_BYTES / 1e6} MB`,
  ];
}
