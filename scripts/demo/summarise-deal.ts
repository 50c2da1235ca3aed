/** A deal's life as the API tells it, period by period and in total. */
import type { HistoryPeriod } from "../../server/history/describe-run.ts";
import type { Statement } from "../../server/history/build-statement.ts";
import { formatCents, parseCents } from "../../server/lib/money.ts";
import {
  accountForCash,
  readClaims,
  type CashAccount,
  type HolderClaims,
} from "./account-for-cash.ts";
import type { Investor } from "./cast.ts";
import { collateralDeficits } from "./format-periods.ts";
import type { DealInService } from "./open-deal.ts";
import type { IssueSummary } from "./sell-issue.ts";

export interface DealSummary {
  deal: string;
  periods: HistoryPeriod[];
  /** Figures of each period's report, by name. */
  figures: Record<string, string>[];
  totals: Record<string, string>;
  /** What was paid and delivered at closing. */
  issue: IssueSummary;
  cash: CashAccount;
  holders: HolderClaims[];
}

interface Page {
  items: HistoryPeriod[];
  next: string | null;
}

export async function summariseDeal(
  deal: DealInService,
  investors: readonly Investor[],
): Promise<DealSummary> {
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
  return {
    deal: deal.id,
    periods,
    figures,
    totals: totalsOf(periods, figures),
    issue: deal.issue,
    cash: accountForCash(deal, periods, figures),
    holders: await readClaims(deal, investors),
  };
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
  const end = periods.at(-1);
  const deficits = end === undefined ? null : collateralDeficits(end, totals["poolClosing"] ?? "0");
  for (const last of end?.classes ?? []) {
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
    totals[`collateralDeficit.${last.class}`] = formatCents(deficits?.get(last.class) ?? 0n);
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
