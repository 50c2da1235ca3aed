/** A deal's life as the API tells it, period by period and in total. */
import { formatTable } from "../../server/history/format-table.ts";
import type { HistoryPeriod, HistoryStep } from "../../server/history/describe-run.ts";
import type { Statement } from "../../server/history/build-statement.ts";
import { formatCents, parseCents } from "../../server/lib/money.ts";
import type { DealInService } from "./open-deal.ts";

export interface DealSummary {
  deal: string;
  periods: HistoryPeriod[];
  /** Figures of each period's report, by name. */
  figures: Record<string, string>[];
  totals: Record<string, string>;
}

interface Page {
  items: HistoryPeriod[];
  next: string | null;
}

export async function summariseDeal(deal: DealInService): Promise<DealSummary> {
  const periods: HistoryPeriod[] = [];
  for (let next: string | null = ""; next !== null;) {
    const page: Page = await deal.auditor.get<Page>(
      `/deals/${deal.id}/history?limit=100${next === "" ? "" : `&cursor=${next}`}`,
    );
    periods.push(...page.items);
    next = page.next;
  }
  const figures: Record<string, string>[] = [];
  for (const { month } of periods) {
    const statement = await deal.auditor.get<Statement>(
      `/deals/${deal.id}/periods/${month}/statement`,
    );
    const values = statement.figures.map(({ figure, value }) => [figure, String(value)] as const);
    figures.push(Object.fromEntries(values));
  }
  return { deal: deal.id, periods, figures, totals: totalsOf(periods, figures) };
}

function totalsOf(
  periods: readonly HistoryPeriod[],
  figures: readonly Record<string, string>[],
): Record<string, string> {
  const total = (name: string): string =>
    formatCents(figures.reduce((sum, figure) => sum + parseCents(figure[name] ?? "0"), 0n));
  const totals: Record<string, string> = {
    principal: total("principal"),
    interest: total("interest"),
    recoveriesAndProceeds: formatCents(
      parseCents(total("recoveries")) + parseCents(total("liquidationProceeds")),
    ),
    availableFunds: total("availableFunds"),
    chargeOffs: total("chargeOffs"),
    poolClosing: figures.at(-1)?.["poolClosing"] ?? "0.00",
    reserve: periods.at(-1)?.reserve ?? "0.00",
    phase: periods.at(-1)?.phaseAfter ?? "",
  };
  for (const { payee } of periods[0]?.payees ?? []) {
    totals[`paidTo.${payee}`] = addUp(periods, (period) =>
      period.payees.filter((row) => row.payee === payee).map(({ paid }) => paid),
    );
  }
  for (const last of periods.at(-1)?.classes ?? []) {
    const ofClass = (period: HistoryPeriod) =>
      period.classes.filter((row) => row.class === last.class);
    totals[`interestPaid.${last.class}`] = addUp(periods, (period) =>
      ofClass(period).map(({ interestPaid }) => interestPaid),
    );
    totals[`principalPaid.${last.class}`] = addUp(periods, (period) =>
      ofClass(period).map(({ principalPaid }) => principalPaid),
    );
    totals[`balance.${last.class}`] = last.balance;
    totals[`shortfall.${last.class}`] = last.shortfall;
    totals[`writtenDown.${last.class}`] = last.writtenDown;
  }
  return totals;
}

function addUp(
  periods: readonly HistoryPeriod[],
  amounts: (period: HistoryPeriod) => readonly string[],
): string {
  return formatCents(
    periods.flatMap(amounts).reduce((sum, amount) => sum + parseCents(amount), 0n),
  );
}

/** A row per period: the pool, then each class's interest due and paid, principal, balance. */
export function formatPeriods({ periods, figures }: DealSummary): string {
  const classes = periods[0]?.classes.map((row) => row.class) ?? [];
  const columns = [
    ...["month", "paid on", "pool", "collected", "charged off", "fees", "draw"],
    ...classes.flatMap((name) => [`${name} int due`, "paid", "princ", "balance"]),
    ...["reserve", "residual"],
  ];
  const rows = periods.map((period, i) => [
    period.month,
    period.paymentDate,
    figures[i]?.["poolClosing"] ?? "",
    figures[i]?.["availableFunds"] ?? "",
    quiet(figures[i]?.["chargeOffs"]),
    addUp([period], ({ payees }) =>
      payees.filter(({ payee }) => payee !== "residual").map(({ paid }) => paid),
    ),
    quiet(step(period, "reserveDraw")?.paid),
    ...period.classes.flatMap((row) => [
      row.interestDue,
      row.interestPaid === row.interestDue ? "=" : row.interestPaid,
      quiet(row.principalPaid),
      row.balance,
    ]),
    period.reserve ?? "",
    quiet(period.payees.find(({ payee }) => payee === "residual")?.paid),
  ]);
  return formatTable(columns, rows);
}

export function formatTotals({ totals }: DealSummary): string {
  return formatTable(["total", "amount"], Object.entries(totals));
}

function step(period: HistoryPeriod, label: string): HistoryStep | undefined {
  return period.steps.find((line) => line.label === label);
}

/** Zeros hide what happened: they are left blank. */
function quiet(amount: string | null | undefined): string {
  return amount === "0.00" || amount === null || amount === undefined ? "" : amount;
}
