import { formatCash, formatClaims } from "./account-for-cash.ts";
import { formatPeriods, formatTotals, LEGEND } from "./format-periods.ts";
import { formatIssue } from "./sell-issue.ts";
import { MONTHS, type DemoOutcome } from "./run-demo.ts";

/** Prints what the demo's months came to, deal by deal. */
export function printOutcome(outcome: DemoOutcome): void {
  console.log(`\n${LEGEND}`);
  for (const { summary, audit } of outcome.deals) {
    const { proofs, reconciled, replayed } = audit;
    console.log(
      `\n${summary.deal}, USD\n\n${formatIssue(summary.issue)}\n\n${formatPeriods(summary)}\n\n${formatTotals(summary)}`,
    );
    console.log(`\n${formatCash(summary.cash)}\n\n${formatClaims(summary.holders)}\n`);
    console.log(
      [
        `PostgreSQL and chain: ${reconciled.periods} periods, ${reconciled.compared} values compared, ${reconciled.differences} differences`,
        `Replay from the chain alone: ${replayed.periods} periods, ${replayed.compared} values compared, ${replayed.differences} differences`,
        `Loan rows proven against the root on chain: ${proofs.proven} of ${proofs.checked}`,
      ].join("\n"),
    );
  }
  console.log(
    `\nTrades in each of the deals\n${outcome.trades.map((line) => `  ${line}`).join("\n")}`,
  );
  console.log(`\n${outcome.gasTable}`);
  console.log(`\n${MONTHS} months of both deals took ${outcome.monthsSeconds.toFixed(1)} s.`);
  console.log(
    outcome.agrees
      ? "PostgreSQL, chain and replay agree to the last unit."
      : "PostgreSQL, chain and replay DO NOT agree.",
  );
}
