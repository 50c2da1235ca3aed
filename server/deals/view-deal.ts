/** A deal as the API shows it: in words and decimal text, from the compiled terms alone. */
import { Type } from "typebox";
import type { Static } from "typebox";
import { formatDate, formatMonth } from "../lib/dates.ts";
import { formatCents } from "../lib/money.ts";
import type { DealTerms } from "./deal-terms.ts";
import type { Deal } from "./deals-queries.ts";
import { describeExpression } from "./describe-expression.ts";
import { describeStep } from "./describe-step.ts";
import { findCatalogueFigure } from "./figure-catalogue.ts";
import { readTerms } from "./read-terms.ts";
import { formatRate } from "./deal-notes.ts";
import { describeCoupon } from "./describe-parties.ts";

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);
const text = Type.String();

export const DealSummarySchema = Type.Object({
  id: text,
  name: text,
  termsHash: text,
  chainDealId: Nullable(Type.Integer()),
  codeAddress: Nullable(text),
  createdAt: text,
});

const ClassSchema = Type.Object({
  class: text,
  seniority: text,
  face: text,
  coupon: text,
  finalPaymentDate: text,
});
const PeriodSchema = Type.Object({
  period: Type.Integer(),
  month: text,
  determinationTime: text,
  recordTime: text,
  paymentTime: text,
  paymentDate: text,
});
const StepSchema = Type.Object({
  step: Type.Integer(),
  operation: text,
  label: Nullable(text),
  words: text,
  clause: text,
});

export const DealSchema = Type.Object({
  ...DealSummarySchema.properties,
  closingTime: text,
  cutOffBalance: text,
  cutOffLoans: Type.Integer(),
  holderCap: Nullable(text),
  payees: Type.Array(text),
  classes: Type.Array(ClassSchema),
  accounts: Type.Array(Type.Object({ account: text, initialDeposit: text })),
  fees: Type.Array(Type.Object({ fee: text, payee: text })),
  figures: Type.Array(Type.Object({ figure: text, unit: text, min: text, max: text })),
  programs: Type.Array(Type.Object({ phase: text, steps: Type.Array(StepSchema) })),
  transitions: Type.Array(Type.Object({ from: text, to: text, when: text, clause: text })),
  calendar: Type.Array(PeriodSchema),
  source: text,
});

export function viewDealSummary(deal: Deal): Static<typeof DealSummarySchema> {
  return {
    id: deal.id,
    name: deal.name,
    termsHash: deal.terms_hash,
    chainDealId: deal.chain_deal_id === null ? null : Number(deal.chain_deal_id),
    codeAddress: deal.code_address,
    createdAt: deal.created_at.toISOString(),
  };
}

const timeText = (seconds: number) => new Date(seconds * 1000).toISOString();

function viewPrograms(terms: DealTerms): Static<typeof DealSchema>["programs"] {
  return terms.phases.map(({ name, firstStep, stepCount }) => ({
    phase: name,
    steps: terms.steps.slice(firstStep, firstStep + stepCount).map((step, i) => ({
      step: i + 1,
      operation: step.operation,
      label: step.label,
      words: describeStep(terms, firstStep + i),
      clause: step.clause,
    })),
  }));
}

function viewCalendar(terms: DealTerms): Static<typeof DealSchema>["calendar"] {
  return terms.calendar.map((row, i) => ({
    period: i + 1,
    month: formatMonth(row.collectionMonth),
    determinationTime: timeText(row.determinationTime),
    recordTime: timeText(row.recordTime),
    paymentTime: timeText(row.paymentTime),
    paymentDate: formatDate(row.paymentDay),
  }));
}

function viewFigures(terms: DealTerms): Static<typeof DealSchema>["figures"] {
  return terms.figures.map(({ name, minimum, maximum }) => {
    const unit = findCatalogueFigure(name)?.unit ?? "money";
    const value = (bound: bigint) => (unit === "count" ? bound.toString() : formatCents(bound));
    return { figure: name, unit, min: value(minimum), max: value(maximum) };
  });
}

export function viewDeal(deal: Deal): Static<typeof DealSchema> {
  const terms = readTerms(deal.terms);
  const { holderCapBps: cap } = terms;
  return {
    ...viewDealSummary(deal),
    closingTime: timeText(terms.closingTime),
    cutOffBalance: formatCents(terms.cutOffBalanceCents),
    cutOffLoans: terms.cutOffLoans,
    holderCap: cap === null ? null : formatRate(BigInt(cap) * 10n ** 14n),
    payees: [...terms.payees],
    classes: terms.classes.map((entry) => ({
      class: entry.name,
      seniority: entry.seniority,
      face: formatCents(entry.faceCents),
      coupon: describeCoupon(terms, entry),
      finalPaymentDate: formatDate(entry.finalDay),
    })),
    accounts: terms.accounts.map(({ name, initialDepositCents }) => ({
      account: name,
      initialDeposit: formatCents(initialDepositCents),
    })),
    fees: terms.fees.map((fee) => ({ fee: fee.name, payee: terms.payees[fee.payee] ?? "" })),
    figures: viewFigures(terms),
    programs: viewPrograms(terms),
    transitions: terms.transitions.map(({ from, to, when, clause }) => ({
      from: from === null ? "any" : (terms.phases[from]?.name ?? ""),
      to: terms.phases[to]?.name ?? "",
      when: describeExpression(terms, when, -1),
      clause,
    })),
    calendar: viewCalendar(terms),
    source: deal.source,
  };
}
