/**
 * Runs inside a rewritten copy of the project, started by mutate.ts: reads one mutant a line, with the test
 * files that reach it, sets the simulated chains to it, and answers with the test that noticed it, or none.
 */
import { createInterface } from "node:readline";
import hre from "hardhat";
import { type SuiteOutcome, runSuite } from "./run-suite.ts";

export interface Question {
  id: number;
  files: string[];
  /** Solidity tests, which are asked when no other noticed. */
  solidity: string[];
  /** False runs every file to its end, for the times and to see that all pass. */
  bail: boolean;
  /** Full titles that are left out. */
  leaveOut: string[];
}

export interface Answer {
  id: number;
  killedBy: { file: string; title: string; message: string } | null;
  milliseconds: Record<string, number>;
}

interface Chain {
  provider: { request(call: { method: string; params?: unknown[] }): Promise<unknown> };
  networkHelpers: { clearSnapshots(): void };
  pristine: unknown;
}

const ROOT = process.cwd();
const chains: Chain[] = [];

hre.hooks.registerHandlers("network", {
  newConnection: async (context, next) => {
    const connection = await next(context);
    const { provider } = connection;
    const pristine = await provider.request({ method: "evm_snapshot" });
    chains.push(Object.assign(connection as unknown as Chain, { pristine }));
    return connection;
  },
});

const coinbaseOf = (id: number): string => `0x${"c0".repeat(18)}${id.toString(16).padStart(4, "0")}`;

/** Back to an empty chain, on which the mutant is the one that is on from its first block. */
async function switchTo(id: number): Promise<void> {
  for (const chain of chains) {
    const { provider } = chain;
    await provider.request({ method: "evm_revert", params: [chain.pristine] });
    chain.pristine = await provider.request({ method: "evm_snapshot" });
    await provider.request({ method: "hardhat_setCoinbase", params: [coinbaseOf(id)] });
    chain.networkHelpers.clearSnapshots();
  }
}

async function judge({ id, files, solidity, bail, leaveOut }: Question): Promise<Answer> {
  const answer: Answer = { id, killedBy: null, milliseconds: {} };
  for (const file of files) {
    await switchTo(id);
    const outcome = await runSuite(ROOT, file, { bail, leaveOut });
    answer.milliseconds[file] = outcome.milliseconds;
    if (note(answer, file, outcome) && bail) return answer;
  }
  for (const file of solidity) {
    const outcome = await runSolidity(id, file);
    answer.milliseconds[file] = outcome.milliseconds;
    if (note(answer, file, outcome) && bail) return answer;
  }
  return answer;
}

function note(answer: Answer, file: string, { failures }: SuiteOutcome): boolean {
  const [first] = failures;
  if (first !== undefined) answer.killedBy ??= { file, ...first };
  return first !== undefined;
}

async function runSolidity(id: number, file: string): Promise<SuiteOutcome> {
  const begun = performance.now();
  const { profiles } = hre.config.test.solidity as unknown as {
    profiles: Record<string, { coinbase?: string }>;
  };
  profiles["default"]!.coinbase = coinbaseOf(id);
  const ended = (await hre.tasks
    .getTask(["test", "solidity"])
    .run({ testFiles: [file], noCompile: true })) as { success: boolean };
  const failures = ended.success ? [] : [{ title: "a Solidity test", message: "failed" }];
  const milliseconds = Math.round(performance.now() - begun);
  return { passed: failures.length === 0 ? 1 : 0, failures, milliseconds };
}

const say = process.stdout.write.bind(process.stdout);
// What tests print is no answer.
process.stdout.write = (() => true) as typeof process.stdout.write;

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await judge(JSON.parse(line) as Question);
  say(`answer ${JSON.stringify(answer)}\n`);
}
process.exit(0);
