/** What a deal's money came from and went to, and who claimed what of it. */
import type { DescribedClaim } from "../../server/claims/describe-claims.ts";
import type { HistoryPeriod } from "../../server/history/describe-run.ts";
import { formatTable } from "../../server/history/format-table.ts";
import { formatCents, formatDecimal, parseCents } from "../../server/lib/money.ts";
import type { DealInService } from "./open-deal.ts";

/** Sources and uses over the whole life, in cents. */
export interface CashAccount {
  openingReserve: bigint;
  collections: bigint;
  fees: bigint;
  interest: bigint;
  principal: bigint;
  residual: bigint;
  closingReserve: bigint;
  /** Sources are uses. */
  balances: boolean;
}

/** What one holder claimed of all classes, cash token amounts. */
export interface HolderClaims {
  holder: string;
  claims: number;
  interest: string;
  principal: string;
  total: string;
}

export function accountForCash(
  deal: DealInService,
  periods: readonly HistoryPeriod[],
  figures: readonly Record<string, string>[],
): CashAccount {
  const payees = periods.flatMap((period) => period.payees);
  const classes = periods.flatMap((period) => period.classes);
  const cash = {
    openingReserve: sum(deal.terms.accounts.map((account) => account.initialDepositCents)),
    collections: sum(figures.map((figure) => parseCents(figure["availableFunds"] ?? "0"))),
    fees: sum(payees.filter(isFee).map(({ paid }) => parseCents(paid))),
    interest: sum(classes.map(({ interestPaid }) => parseCents(interestPaid))),
    principal: sum(classes.map(({ principalPaid }) => parseCents(principalPaid))),
    residual: sum(payees.filter((row) => !isFee(row)).map(({ paid }) => parseCents(paid))),
    closingReserve: sum((periods.at(-1)?.accounts ?? []).map(({ balance }) => parseCents(balance))),
  };
  const { openingReserve, collections, ...uses } = cash;
  return { ...cash, balances: openingReserve + collections === sum(Object.values(uses)) };
}

/** Every payee but the residual's is paid fees. */
export function isFee({ payee }: { payee: string }): boolean {
  return payee !== "residual";
}

export function formatCash(cash: CashAccount): string {
  const { openingReserve, collections, fees, interest, principal, residual, closingReserve } = cash;
  const sources = openingReserve + collections;
  const uses = fees + interest + principal + residual + closingReserve;
  return formatTable(
    ["sources", "in USD", "uses", "out USD"],
    [
      ["opening reserve", formatCents(openingReserve), "fees", formatCents(fees)],
      ["collections", formatCents(collections), "interest", formatCents(interest)],
      ["", "", "principal", formatCents(principal)],
      ["", "", "residual", formatCents(residual)],
      ["", "", "closing reserve", formatCents(closingReserve)],
      [
        "all sources",
        formatCents(sources),
        cash.balances ? "all uses, the same" : "all uses, NOT THE SAME",
        formatCents(uses),
      ],
    ],
  );
}

/** What each investor claimed in the deal, in the cast's order. */
export async function readClaims(
  deal: DealInService,
  investors: readonly { name: string; wallet: { address: string } }[],
): Promise<HolderClaims[]> {
  const paid: DescribedClaim[] = [];
  for (let next: string | null = ""; next !== null;) {
    const page: { items: DescribedClaim[]; next: string | null } = await deal.auditor.get(
      `/deals/${deal.id}/claims?limit=100${next === "" ? "" : `&cursor=${next}`}`,
    );
    paid.push(...page.items);
    next = page.next;
  }
  const amount = (units: bigint): string => formatDecimal(units, deal.terms.cashDecimals);
  return investors.map(({ name, wallet }) => {
    const own = paid.filter(({ holder }) => holder.toLowerCase() === wallet.address.toLowerCase());
    const interest = sum(own.map((claim) => BigInt(claim.interest.units)));
    const principal = sum(own.map((claim) => BigInt(claim.principal.units)));
    return {
      holder: name,
      claims: own.length,
      interest: amount(interest),
      principal: amount(principal),
      total: amount(interest + principal),
    };
  });
}

export function formatClaims(holders: readonly HolderClaims[]): string {
  return formatTable(
    ["claimed by", "claims", "interest", "principal", "total"],
    holders.map((row) => [row.holder, String(row.claims), row.interest, row.principal, row.total]),
  );
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
