import { formatTable } from "../../server/history/format-table.ts";
import type { HistoryPeriod } from "../../server/history/describe-run.ts";
import { formatCents, parseCents } from "../../server/lib/money.ts";
import { isFee } from "./account-for-cash.ts";
import type { DealSummary } from "./summarise-deal.ts";

/** Phases by their first letters: the table is wide enough. */
const PHASE_LETTERS = 5;

/** How to read the table of `formatPeriods`. */
export const LEGEND = [
  "How to read it: amounts in USD. An empty cell is 0.00; a column with nothing but 0.00 or = is left out.",
  "  date       payment date, month-day        pool       balance of the loans after the month",
  "  paid in    what the loans paid            chgd off   loans written off in the month",
  "  fees       to trustee and servicer        draw       taken from the reserve to pay what was required",
  "  A due      interest due to Class A, shortfalls of earlier periods included; `paid` beside it: = when in full, else what was paid",
  "  A princ    principal paid to Class A      A bal      what is outstanding of it after, write-downs taken off",
  "  deficit    what the classes' balances together exceed the pool: the last class's collateral deficit, up to its balance, then the next one's",
  "  written    written down of all classes' balances, and not restored yet",
  "  reserve    in the reserve after           residual   what was left over, to the certificateholder",
  "  phase      after the payment: amort(ising), or accel(erated) from an event of default on",
].join("\n");

/** A row per period: the pool, then each class's interest due and paid, principal, balance. */
export function formatPeriods({ periods, figures }: DealSummary): string {
  const classes = periods[0]?.classes.map((row) => row.class) ?? [];
  const columns = [
    ...["month", "date", "pool", "paid in", "chgd off", "fees", "draw"],
    ...classes.flatMap((name) => [`${name} due`, "paid", `${name} princ`, `${name} bal`]),
    ...["deficit", "written", "reserve", "residual", "phase"],
  ];
  const rows = periods.map((period, i) => [
    period.month,
    period.paymentDate.slice("YYYY-".length),
    figures[i]?.["poolClosing"] ?? "",
    figures[i]?.["availableFunds"] ?? "",
    quiet(figures[i]?.["chargeOffs"]),
    paidTo(period, isFee),
    quiet(period.steps.find(({ label }) => label === "reserveDraw")?.paid),
    ...period.classes.flatMap((row) => [
      row.interestDue,
      row.interestPaid === row.interestDue ? "=" : row.interestPaid,
      quiet(row.principalPaid),
      quiet(row.balance),
    ]),
    quiet(formatCents(deficitOf(period, figures[i]?.["poolClosing"]))),
    quiet(formatCents(sum(period.classes.map((row) => parseCents(row.writtenDown))))),
    quiet(period.reserve),
    paidTo(period, (row) => !isFee(row)),
    period.phaseAfter.slice(0, PHASE_LETTERS),
  ]);
  const isShown = columns.map((_, i) => rows.some((row) => row[i] !== "" && row[i] !== "="));
  const shown = <T>(row: readonly T[]): T[] => row.filter((_, i) => isShown[i]);
  return formatTable(shown(columns), rows.map(shown));
}

/** What the classes' balances together exceed the pool. */
function deficitOf({ classes }: HistoryPeriod, poolClosing = "0"): bigint {
  const excess = sum(classes.map(({ balance }) => parseCents(balance))) - parseCents(poolClosing);
  return excess > 0n ? excess : 0n;
}

/**
 * What of each class's balance the pool no longer stands behind after a period, in cents: the pool
 * covers the classes in their order.
 */
export function collateralDeficits(
  { classes }: HistoryPeriod,
  poolClosing: string,
): Map<string, bigint> {
  let cover = parseCents(poolClosing);
  return new Map(
    classes.map((row) => {
      const balance = parseCents(row.balance);
      const covered = balance < cover ? balance : cover;
      cover -= covered;
      return [row.class, balance - covered];
    }),
  );
}

function paidTo(period: HistoryPeriod, isMeant: (row: { payee: string }) => boolean): string {
  const paid = period.payees.filter(isMeant).map((row) => parseCents(row.paid));
  return quiet(formatCents(sum(paid)));
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}

export function formatTotals({ totals }: DealSummary): string {
  return formatTable(["total", "amount"], Object.entries(totals));
}

/** Zeros hide what happened: they are left blank. */
function quiet(amount: string | null | undefined): string {
  return amount === "0.00" || amount === null || amount === undefined ? "" : amount;
}
