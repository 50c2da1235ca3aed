/** Parties, classes, accounts, fees and caps in words. */
import { formatDate } from "../lib/dates.ts";
import { formatCentsGrouped } from "../lib/money.ts";
import type { Rounding } from "../lib/mul-div.ts";
import type { AccrualBasis } from "./deal-file.ts";
import { formatRate, notesOf } from "./deal-notes.ts";
import type { AccountTerms, ClassTerms, DealTerms, FeeTerms } from "./deal-terms.ts";
import { describeExpression } from "./describe-expression.ts";
import type { CapYear, Component } from "./terms-format.ts";

const ACCRUAL_WORDS: Readonly<Record<AccrualBasis["accrualDates"], string>> = {
  unadjusted: "between payment dates as scheduled (unadjusted)",
  adjusted: "between payment dates as moved to business days (adjusted)",
  collection: "over the collection month (collection)",
};

const ROUNDING_WORDS: Readonly<Record<Rounding, string>> = {
  "half-up": "half-up",
  floor: "down",
  ceil: "up",
};

/** "30/360 between payment dates as scheduled (unadjusted)"; without its note only the year is known. */
function basisText(terms: DealTerms, basis: number): string {
  const words = notesOf(terms, "basis")[basis]?.split(" ") ?? [];
  const dates = words.pop() as AccrualBasis["accrualDates"] | undefined;
  if (dates === undefined) return `over a year of ${terms.bases[basis] ?? 0}`;
  return `${words.join(" ")} ${ACCRUAL_WORDS[dates]}`;
}

/** Everyone whom the deal names, one a line; without notes only who is paid. */
export function partyLines(terms: DealTerms): string[] {
  const parties = notesOf(terms, "party").map((note) => {
    const [, name = "", title = ""] = /^(\S+) (.*)$/s.exec(note) ?? [];
    return { name, title };
  });
  const known = parties.length > 0 ? parties : terms.payees.map((name) => ({ name, title: name }));
  const paid = (name: string) => (terms.payees.includes(name) ? ", may be paid" : "");
  return known.map(({ name, title }) => `  ${name}  ${title}${paid(name)}`);
}

/** "5.25 %, from period 38 on 6.25 %" of a coupon that steps. */
function steppedText(terms: DealTerms, { name }: ClassTerms): string | null {
  const rows = terms.schedules.find((schedule) => schedule.name === `coupon.${name}`)?.rows;
  if (rows === undefined) return null;
  return rows
    .map(({ period, value }, i) => (i === 0 ? "" : `from period ${period} on `) + formatRate(value))
    .join(", ");
}

/** `min(max(index.X + m, f), c)` as index, margin, floor and cap. */
function floatingText(formula: string): string {
  const parts =
    /^(?:min\()?(?:max\()?(index\.\S+) \+ (-?[\d.]+ %)(?:, (-?[\d.]+ %)\))?(?:, (-?[\d.]+ %)\))?$/.exec(
      formula,
    );
  if (parts === null) return formula;
  const [, index, margin, first, second] = parts;
  const capOnly = formula.startsWith("min(index.");
  const floor = capOnly ? undefined : first;
  const cap = capOnly ? first : second;
  return (
    `${index} plus ${margin}` +
    (floor === undefined ? "" : `, at least ${floor}`) +
    (cap === undefined ? "" : `, at most ${cap}`)
  );
}

/** A fixed rate, or what gives it in words. */
export function describeCoupon(terms: DealTerms, entry: ClassTerms): string {
  if (entry.coupon === null) return formatRate(entry.couponWad);
  return steppedText(terms, entry) ?? floatingText(describeExpression(terms, entry.coupon, -1));
}

/** What becomes of interest that is not paid. */
function unpaidText(terms: DealTerms, entry: ClassTerms): string[] {
  const cap = entry.availableFundsCap;
  return [
    entry.deferrable
      ? "interest that is not paid is deferred"
      : "interest that is not paid is a shortfall",
    entry.interestOnShortfall ? "a shortfall bears interest" : "a shortfall bears no interest",
    ...(entry.interestOnDeferred ? ["deferred interest bears interest"] : []),
    ...(cap === null
      ? []
      : [`due up to a rate of ${describeExpression(terms, cap, -1)}, the rest carries over`]),
    ...(entry.interestOnCarryOver ? ["interest carried over bears interest"] : []),
    ...(entry.lanes.pik === null ? [] : ["unpaid interest may be added to the balance"]),
  ];
}

const COMPONENT_WORDS: Readonly<Record<Component, string>> = {
  interestOnShortfall: "interest on the shortfall",
  shortfall: "the shortfall",
  current: "current interest",
  deferred: "deferred interest",
  carryOver: "interest carried over",
};

/** A class: what it is, what it earns, what becomes of interest that is not paid. */
export function classLines(terms: DealTerms, entry: ClassTerms): string[] {
  const order = entry.componentOrder
    .filter((part) => entry.interestOnShortfall || part !== "interestOnShortfall")
    .map((part) => COMPONENT_WORDS[part]);
  const unpaid = unpaidText(terms, entry);
  return [
    `  ${entry.name}  ${entry.seniority}, original face ${formatCentsGrouped(entry.faceCents)}, ` +
      `final payment date ${formatDate(entry.finalDay)}`,
    `      coupon ${describeCoupon(terms, entry)} a year, ${basisText(terms, entry.basis)}, ` +
      `rounded ${ROUNDING_WORDS[entry.rounding]} to the cent`,
    `      ${unpaid.join("; ")}`,
    `      a payment of interest meets ${order.join(", then ")}`,
  ];
}

const CAP_WORDS: Readonly<Record<CapYear, string>> = {
  "calendar year": "in each calendar year",
  "year from closing": "in each year counted from closing",
  "life of the deal": "over the life of the deal",
};

function capText(terms: DealTerms, cap: number | null): string {
  return cap === null ? "no cap" : `within the cap ${terms.caps[cap]?.name ?? ""}`;
}

function feeLine(terms: DealTerms, fee: FeeTerms): string {
  const end = `to ${terms.payees[fee.payee] ?? ""}, ${capText(terms, fee.cap)}`;
  const formula = fee.expression === null ? null : describeExpression(terms, fee.expression, -1);
  if (fee.kind !== "rate") {
    return `  ${fee.name}  ${formula ?? formatCentsGrouped(fee.amount)} each period ${end}`;
  }
  const base = formula ?? `p.${terms.figures[fee.baseFigure ?? 0]?.name ?? ""}`;
  return (
    `  ${fee.name}  ${formatRate(fee.amount)} a year on ${base}, ` +
    `${basisText(terms, fee.basis)}, rounded ${ROUNDING_WORDS[fee.rounding]} to the cent, ${end}`
  );
}

function accountLine(terms: DealTerms, account: AccountTerms, position: number): string {
  const { name, retained, facility, receives, initialDepositCents } = account;
  const deposit = formatCentsGrouped(initialDepositCents);
  if (facility) {
    return (
      `  ${name}  liquidity facility of ${deposit}, held as cash: its balance is what is undrawn ` +
      `(undrawn.${name}), what it lacks is drawn (drawn.${name})`
    );
  }
  const special = position === terms.reserveAccount ? "reserve account" : "account";
  const kind = position === terms.collectionAccount ? "collection account" : special;
  const kept = retained ? "may hold a balance between periods" : "emptied in every run";
  const cash =
    receives === null ? "" : `, receives p.${terms.figures[receives]?.name ?? ""} of the cash`;
  return `  ${name}  ${kind}, ${kept}${cash}, ${deposit} paid in at closing`;
}

/** Accounts, fees and caps, each with its heading. */
export function moneyLines(terms: DealTerms): string[] {
  const caps = terms.caps.map(({ name, cents, year }) => {
    return `  ${name}  ${formatCentsGrouped(cents)} ${CAP_WORDS[year]}`;
  });
  return [
    ...["", "Accounts", ...terms.accounts.map((entry, i) => accountLine(terms, entry, i))],
    ...section(
      "Fees",
      terms.fees.map((fee) => feeLine(terms, fee)),
    ),
    ...section("Caps of fees", caps),
  ];
}

/** A heading and its lines; nothing where there are none. */
export function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", heading, ...lines];
}
