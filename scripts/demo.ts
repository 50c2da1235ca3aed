/**
 * The main job, whole: two deals over 39 months of real loan tapes, from the upload to the claim
 * and the auditor's check.
 *   npm run demo [-- [--json FILE] [--keep DIR]]
 * --keep leaves database and chain in DIR for `DATA_DIR=DIR npm start`. Ends with 0 when PostgreSQL,
 * chain and replay agree to the last unit, 1 when they do not, 2 when the call is wrong; a signal, or
 * a reader of its output that goes away, ends it with everything that it started.
 */
import { writeFile } from "node:fs/promises";
import { describeFolder } from "./demo/describe-folder.ts";
import { endEarly } from "./demo/end-early.ts";
import type { DealInService } from "./demo/open-deal.ts";
import { printOutcome } from "./demo/print-outcome.ts";
import { readOptions, USAGE, UsageError, type DemoOptions } from "./demo/read-options.ts";
import { MONTHS, runDemo, type DemoProgress } from "./demo/run-demo.ts";
import { startDemo, type Demo } from "./demo/start-demo.ts";

const isTerminal = process.stdout.isTTY;

const progress: DemoProgress = {
  say: (line) => console.log(line),
  month(done, month) {
    const line = `${String(done).padStart(2)}/${MONTHS}  ${month}  reported, distributed, claimed`;
    if (isTerminal) process.stdout.write(`\r${line}${done === MONTHS ? "\n" : ""}`);
    else if (done % 3 === 0) console.log(line);
  },
};

/** bigint has no JSON: as decimal text. */
function plain(_name: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

async function live(demo: Demo, { json, keep }: DemoOptions): Promise<number> {
  if (keep !== undefined) console.log(`They stay in ${keep}; the node is at ${demo.nodeUrl}.`);
  let deals: readonly DealInService[] = [];
  const outcome = await runDemo(demo, { ...progress, opened: (opened) => (deals = opened) });
  printOutcome(outcome);
  if (json !== undefined) {
    await writeFile(json, `${JSON.stringify(outcome, plain, 2)}\n`);
  }
  if (keep !== undefined) console.log(`\n${describeFolder(demo, keep, deals)}`);
  return outcome.agrees ? 0 : 1;
}

async function main(): Promise<number> {
  const options = await readOptions(process.argv.slice(2));
  let starting: Promise<Demo> | null = null;
  // Before the start: what a signal finds half started is closed once it has started.
  const isEnding = endEarly(async () => await (await starting)?.close());
  console.log("Starting PostgreSQL and a chain, deploying the contracts.");
  try {
    starting = startDemo(options.keep === undefined ? {} : { folder: options.keep });
    const demo = await starting;
    try {
      return await live(demo, options);
    } finally {
      await demo.close();
    }
  } catch (error) {
    // What was pulled from under its feet says so in many ways.
    if (isEnding()) return await new Promise<never>(() => undefined);
    throw error;
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`demo: ${error.message}\n${USAGE}`);
  process.exitCode = 2;
}
