/** Classes, accounts, fees and caps in words. */
import { formatDate } from "../lib/dates.ts";
import { formatCentsGrouped, formatDecimal } from "../lib/money.ts";
import type { AccrualBasis, DealFile } from "./deal-file.ts";
import type { AccountTerms, ClassTerms, DealTerms, FeeTerms } from "./deal-terms.ts";
import { describeExpression } from "./describe-expression.ts";
import { describeAccrual } from "./describe-file.ts";

/** 40000000000000000n -> "4 %". */
export function formatRate(wad: bigint): string {
  return `${formatDecimal(wad, 16).replace(/\.?0+$/, "")} %`;
}

/** The day count as the file names it, or the year that is left of it in the bytes. */
function basisText(terms: DealTerms, named: AccrualBasis | undefined, basis: number): string {
  if (named !== undefined) return describeAccrual(named);
  return `over a year of ${terms.bases[basis] ?? 0}`;
}

/** A fixed rate, or the expression that gives it. */
export function describeCoupon(terms: DealTerms, entry: ClassTerms): string {
  if (entry.coupon === null) return formatRate(entry.couponWad);
  return describeExpression(terms, entry.coupon, -1);
}

/** What becomes of interest that is not paid. */
function unpaidText(terms: DealTerms, entry: ClassTerms): string[] {
  const cap = entry.availableFundsCap;
  return [
    entry.interestOnShortfall ? "unpaid interest bears interest" : "no interest on unpaid interest",
    ...(entry.deferrable ? ["unpaid interest of a period is deferred"] : []),
    ...(entry.interestOnDeferred ? ["deferred interest bears interest"] : []),
    ...(cap === null
      ? []
      : [`due up to a rate of ${describeExpression(terms, cap, -1)}, the rest carries over`]),
    ...(entry.interestOnCarryOver ? ["interest carried over bears interest"] : []),
    ...(entry.lanes.pik === null ? [] : ["unpaid interest may be added to the balance"]),
  ];
}

/** A class in one line. */
export function describeClass(
  terms: DealTerms,
  file: DealFile | undefined,
  entry: ClassTerms,
): string {
  const order = entry.componentOrder.filter(
    (part) => entry.interestOnShortfall || part !== "interestOnShortfall",
  );
  const basis = file?.classes.find(({ name }) => name === entry.name);
  return (
    `  ${entry.name}  ${entry.seniority}, face ${formatCentsGrouped(entry.faceCents)}, ` +
    `coupon ${describeCoupon(terms, entry)} ${basisText(terms, basis, entry.basis)}, ` +
    `accrual rounds ${entry.rounding}, ${unpaidText(terms, entry).join(", ")}, ` +
    `paid as ${order.join(", then ")}, final payment date ${formatDate(entry.finalDay)}`
  );
}

function feeLine(terms: DealTerms, file: DealFile | undefined, fee: FeeTerms): string {
  const cap = fee.cap === null ? "no cap" : `cap ${terms.caps[fee.cap]?.name ?? ""}`;
  const payee = terms.payees[fee.payee] ?? "";
  const expression = fee.expression === null ? null : describeExpression(terms, fee.expression, -1);
  if (fee.kind !== "rate") {
    const amount = expression ?? formatCentsGrouped(fee.amount);
    return `  ${fee.name}  ${amount} a period to ${payee}, ${cap}`;
  }
  const base = expression ?? `p.${terms.figures[fee.baseFigure ?? 0]?.name ?? ""}`;
  const stated = file?.fees.find(({ name }) => name === fee.name)?.amount;
  const basis = stated?.kind === "rate" ? stated : undefined;
  return (
    `  ${fee.name}  ${formatRate(fee.amount)} a year on ${base} ` +
    `${basisText(terms, basis, fee.basis)}, rounds ${fee.rounding}, to ${payee}, ${cap}`
  );
}

function accountLine(terms: DealTerms, account: AccountTerms, position: number): string {
  const { name, retained, facility, receives, initialDepositCents } = account;
  const special = position === terms.reserveAccount ? "reserve" : "other";
  const kind = position === terms.collectionAccount ? "collection" : special;
  const kept = retained ? "may hold a balance between periods" : "swept in every run";
  const cash =
    receives === null ? "" : `, receives p.${terms.figures[receives]?.name ?? ""} of the cash`;
  return (
    `  ${name}  ${facility ? "undrawn part of a facility" : kind}, ${kept}${cash}, ` +
    `${formatCentsGrouped(initialDepositCents)} at closing`
  );
}

/** Accounts, fees and caps, each with its heading. */
export function moneyLines(terms: DealTerms, file: DealFile | undefined): string[] {
  const caps = terms.caps.map(({ name, cents, year }) => {
    const over = year === "life of the deal" ? `over the ${year}` : `a ${year}`;
    return `  ${name}  ${formatCentsGrouped(cents)} ${over}`;
  });
  return [
    ...["", "Accounts", ...terms.accounts.map((entry, i) => accountLine(terms, entry, i))],
    ...["", "Fees", ...terms.fees.map((fee) => feeLine(terms, file, fee))],
    ...["", "Caps", ...caps],
  ];
}
