/**
 * Runs inside a rewritten copy of the project, started by AskedProject: reads one question a line, sets the
 * simulated chains to the mutant that it names, runs the test files, and answers with what failed and which
 * probes were reached.
 */
import { createInterface } from "node:readline";
import hre from "hardhat";
import type Mocha from "mocha";
import { loadSuite, runSuite } from "./run-suite.ts";

export interface Question {
  mutant: number;
  files: string[];
  /** Whether the first failure ends it. */
  bail: boolean;
  /** Full titles that do not run. */
  leaveOut: string[];
}

export interface Answer {
  failures: { file: string; title: string; message: string }[];
  passed: number;
  /** By file. */
  milliseconds: Record<string, number>;
  /** Probes by number. */
  reached: number[];
}

interface Chain {
  provider: { request(call: { method: string; params?: unknown[] }): Promise<unknown> };
  networkHelpers: { clearSnapshots(): void };
  pristine: unknown;
}

const chains: Chain[] = [];
const suites = new Map<string, Mocha>();
let reached = new Set<number>();

hre.hooks.registerHandlers("network", {
  newConnection: async (context, next) => {
    const connection = await next(context);
    const pristine = await connection.provider.request({ method: "evm_snapshot" });
    chains.push(Object.assign(connection as unknown as Chain, { pristine }));
    return connection;
  },
  onCoverageData: async (_context, tags) => {
    for (const tag of tags) reached.add(Number(BigInt(`0x${tag}`)));
  },
});

/** What a file deploys while it is loaded is there whenever its tests begin. */
async function suiteOf(file: string, leaveOut: readonly string[]): Promise<Mocha> {
  const known = suites.get(file);
  if (known !== undefined) return known;
  await switchTo(0);
  const suite = await loadSuite(process.cwd(), file, leaveOut);
  for (const chain of chains) {
    chain.pristine = await chain.provider.request({ method: "evm_snapshot" });
  }
  suites.set(file, suite);
  return suite;
}

/** Back to the chain as it was before the first test, on which the mutant is the one that is on from its first block. */
async function switchTo(mutant: number): Promise<void> {
  for (const chain of chains) {
    const { provider } = chain;
    await provider.request({ method: "evm_revert", params: [chain.pristine] });
    chain.pristine = await provider.request({ method: "evm_snapshot" });
    await provider.request({ method: "hardhat_setCoinbase", params: [coinbaseOf(mutant)] });
    // A call sees the coinbase of the last block.
    await provider.request({ method: "evm_mine" });
    chain.networkHelpers.clearSnapshots();
  }
}

function coinbaseOf(mutant: number): string {
  return `0x${"c0".repeat(18)}${mutant.toString(16).padStart(4, "0")}`;
}

async function answer({ mutant, files, bail, leaveOut }: Question): Promise<Answer> {
  const given: Answer = { failures: [], passed: 0, milliseconds: {}, reached: [] };
  reached = new Set();
  for (const file of files) {
    const suite = await suiteOf(file, leaveOut);
    await switchTo(mutant);
    const outcome = await runSuite(suite, bail);
    given.milliseconds[file] = outcome.milliseconds;
    given.passed += outcome.passed;
    given.failures.push(...outcome.failures.map((failure) => ({ file, ...failure })));
    if (bail && given.failures.length > 0) break;
  }
  given.reached = [...reached].toSorted((a, b) => a - b);
  return given;
}

const say = process.stdout.write.bind(process.stdout);
// What tests print is no answer.
process.stdout.write = () => true;

for await (const line of createInterface({ input: process.stdin })) {
  say(`answer ${JSON.stringify(await answer(JSON.parse(line) as Question))}\n`);
}
process.exit(0);
