/**
 * npm test [part ...]: every check and every test, or only the named parts. Prints what each runner
 * printed and its summary, and at the very end one plain line `N passed, N failed`, added up from the
 * runners' own output. Ends non-zero when anything failed, was skipped, or did not run at all.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startEmbeddedPostgres } from "../server/db/embedded-postgres.ts";
import { type Summary, readHardhatSummary, readNodeSummary } from "./read-summary.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const NODE_TEST = ["--test", "--test-reporter=spec", "--test-timeout=300000"];

interface Part {
  name: string;
  command: string[];
  /** Counts the tests in what the runner printed; a check without tests has none. */
  read?: (output: string) => Summary | null;
  /** What a check prints is worth reading when nothing is wrong too. */
  isPage?: boolean;
}

interface Outcome extends Summary {
  name: string;
  problem: string | null;
}

/** Two lanes for two cores: contracts and checks take about as long as server and flow. */
const LANES: Part[][] = [
  [
    { name: "contracts", command: ["hardhat", "test"], read: readHardhatSummary },
    { name: "gas", command: ["node", "scripts/write-gas-report.ts", "--check"] },
    { name: "abis", command: ["node", "scripts/write-abis.ts", "--check"] },
    {
      name: "solhint",
      command: ["solhint", "--noPoster", "--disc", "-w", "0", "contracts/**/*.sol"],
    },
    {
      name: "conformance",
      command: ["node", "scripts/conformance.ts", "--chain"],
      isPage: true,
    },
    { name: "proofs", command: ["node", "scripts/prove.ts"] },
    { name: "schemas", command: ["node", "scripts/write-schemas.ts", "--check"] },
    { name: "types", command: ["tsc", "--noEmit", "-p", "."] },
    { name: "oxlint", command: ["oxlint", "--type-aware", "--deny-warnings"] },
    { name: "format", command: ["prettier", "--check", "--log-level=warn", "."] },
  ],
  [
    {
      name: "server",
      command: ["node", ...NODE_TEST, "--test-concurrency=2", "test/server/**/*.test.ts"],
      read: readNodeSummary,
    },
    {
      name: "flow",
      command: ["node", ...NODE_TEST, "test/flow/**/*.test.ts"],
      read: readNodeSummary,
    },
  ],
];

const running = new Map<string, ChildProcess>();

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function runPart(part: Part, databaseUrl: string): Promise<Outcome> {
  const begun = performance.now();
  const { code, output } = await run(part, databaseUrl);
  const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
  const summary = part.read?.(output) ?? null;
  const problem = problemOf(part, code, summary);
  const counted = summary ?? { passed: 0, failed: 0, skipped: 0 };
  const isShown = problem !== null || part.read !== undefined || part.isPage === true;
  if (isShown) say(`\n--- ${part.name}\n${output.trimEnd()}`);
  const counts =
    part.read === undefined ? "" : `, ${counted.passed} passed, ${counted.failed} failed`;
  say(
    `\n${problem === null ? "ok" : "FAILED"}  ${part.name} (${seconds} s${counts})${problem ?? ""}`,
  );
  return { name: part.name, ...counted, problem };
}

function problemOf(part: Part, code: number, summary: Summary | null): string | null {
  if (part.read === undefined) return code === 0 ? null : `: ended with ${code}`;
  if (summary === null) return `: ended with ${code} and no summary`;
  if (summary.failed > 0) return `: ${summary.failed} failed`;
  if (summary.skipped > 0) return `: ${summary.skipped} skipped`;
  if (summary.passed === 0) return ": not one test ran";
  return code === 0 ? null : `: ended with ${code}`;
}

function run(part: Part, databaseUrl: string): Promise<{ code: number; output: string }> {
  const [command = "", ...args] = part.command;
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, TEST_DATABASE_URL: databaseUrl, NO_COLOR: "1", FORCE_COLOR: "0" },
    });
    running.set(part.name, child);
    let output = "";
    const keep = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.once("error", (error) => keep(Buffer.from(String(error))));
    child.once("close", (code) => {
      running.delete(part.name);
      resolve({ code: code ?? 1, output });
    });
  });
}

async function runLane(lane: Part[], databaseUrl: string): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const part of lane) outcomes.push(await runPart(part, databaseUrl));
  return outcomes;
}

/** One PostgreSQL for all test files; each makes a database of its own in it. */
async function withDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), "penstock-tests-"));
  const postgres = await startEmbeddedPostgres({ folder, durable: false });
  try {
    return await work(postgres.url);
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function main(wanted: string[]): Promise<number> {
  const unknown = wanted.filter((name) => !LANES.flat().some((part) => part.name === name));
  if (unknown.length > 0) throw new Error(`no such part: ${unknown.join(", ")}`);
  const lanes = LANES.map((lane) =>
    lane.filter((part) => wanted.length === 0 || wanted.includes(part.name)),
  );
  const begun = performance.now();
  const elapsed = (): string => `${Math.round((performance.now() - begun) / 1_000)} s`;
  const ticker = setInterval(
    () => say(`... ${elapsed()}: ${[...running.keys()].join(", ")}`),
    20_000,
  );
  const outcomes = await withDatabase((url) =>
    Promise.all(lanes.map((lane) => runLane(lane, url))),
  ).finally(() => clearInterval(ticker));
  return report(outcomes.flat(), elapsed());
}

function report(outcomes: Outcome[], elapsed: string): number {
  const broken = outcomes.filter((outcome) => outcome.problem !== null);
  say(`\n${outcomes.length} parts in ${elapsed}`);
  for (const { name, problem } of broken) say(`FAILED  ${name}${problem}`);
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  // A part that broke without a failing test of its own counts as one failure.
  const failed = outcomes.reduce(
    (sum, outcome) => sum + (outcome.problem === null ? 0 : Math.max(1, outcome.failed)),
    0,
  );
  say(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    for (const child of running.values()) child.kill(signal);
  });
}
process.exitCode = await main(process.argv.slice(2));
