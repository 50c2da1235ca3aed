/**
 * The main job, whole: two deals over 39 months of real loan tapes, from the upload to the claim
 * and the auditor's check.
 *   npm run demo [-- --json FILE]
 * Ends with 0 when PostgreSQL, chain and replay agree to the last unit, 1 when they do not.
 */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { MONTHS, runDemo, type DemoOutcome, type DemoProgress } from "./demo/run-demo.ts";
import { startDemo } from "./demo/start-demo.ts";
import { formatPeriods, formatTotals } from "./demo/summarise-deal.ts";

const { values } = parseArgs({ options: { json: { type: "string" } } });
const isTerminal = process.stdout.isTTY;

const progress: DemoProgress = {
  say: (line) => console.log(line),
  month(done, month) {
    const line = `${String(done).padStart(2)}/${MONTHS}  ${month}  reported, distributed, claimed`;
    if (isTerminal) process.stdout.write(`\r${line}${done === MONTHS ? "\n" : ""}`);
    else if (done % 3 === 0) console.log(line);
  },
};

function print(outcome: DemoOutcome): void {
  for (const { summary, audit } of outcome.deals) {
    const { proofs, reconciled, replayed } = audit;
    console.log(`\n${summary.deal}\n\n${formatPeriods(summary)}\n\n${formatTotals(summary)}\n`);
    console.log(
      [
        `PostgreSQL and chain: ${reconciled.periods} periods, ${reconciled.compared} values compared, ${reconciled.differences} differences`,
        `Replay from the chain alone: ${replayed.periods} periods, ${replayed.compared} values compared, ${replayed.differences} differences`,
        `Loan rows proven against the root on chain: ${proofs.proven} of ${proofs.checked}`,
      ].join("\n"),
    );
  }
  console.log(`\n${outcome.gasTable}`);
  console.log(`\n${MONTHS} months of both deals took ${outcome.monthsSeconds.toFixed(1)} s.`);
  console.log(
    outcome.agrees
      ? "PostgreSQL, chain and replay agree to the last unit."
      : "PostgreSQL, chain and replay DO NOT agree.",
  );
}

/** bigint has no JSON: as decimal text. */
function plain(_name: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

console.log("Starting PostgreSQL and a chain, deploying the contracts.");
const demo = await startDemo();
const interrupted = (): void => void demo.close().finally(() => process.exit(130));
process.once("SIGINT", interrupted);
process.once("SIGTERM", interrupted);
try {
  const outcome = await runDemo(demo, progress);
  print(outcome);
  if (values.json !== undefined) {
    await writeFile(values.json, `${JSON.stringify(outcome, plain, 2)}\n`);
  }
  process.exitCode = outcome.agrees ? 0 : 1;
} finally {
  await demo.close();
}
