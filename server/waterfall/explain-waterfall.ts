/** A run of the waterfall in words: for every amount what was due, paid and short, and from what. */
import type { DealTerms, StepTerms } from "../deals/deal-terms.ts";
import { describeExpression } from "../deals/describe-expression.ts";
import { describeReference } from "../deals/describe-reference.ts";
import { describeStep } from "../deals/describe-step.ts";
import { findCatalogueFigure } from "../deals/figure-catalogue.ts";
import { formatRate } from "../deals/deal-notes.ts";
import { COMPONENTS, FLAG, OPCODE } from "../deals/terms-format.ts";
import type { Component, Operation } from "../deals/terms-format.ts";
import { formatDate, formatMonth } from "../lib/dates.ts";
import { formatCents, formatCentsGrouped } from "../lib/money.ts";
import { PAYING } from "./execute-step.ts";
import type { Payment, Reading, StepRecord } from "./run-memory.ts";
import type { WaterfallInput, WaterfallRun } from "./run-waterfall.ts";

/** A value that a formula read, as a name and readable text ("2,400.00", "2 %", "2021-01-19"). */
export interface ExplainedNumber {
  name: string;
  value: string;
}

export interface ExplainedPayment {
  kind: Payment["kind"];
  to: string;
  /** Decimal text, cents exact. */
  amount: string;
  /** Part of the claim that interest met. */
  component?: string;
}

/** One step; amounts are decimal text, null where the step has none of the kind. */
export interface ExplainedStep {
  step: number;
  operation: string;
  label: string | null;
  clause: string;
  /** The step in words of the deal. */
  words: string;
  account: string | null;
  accountBefore: string | null;
  accountAfter: string | null;
  due: string | null;
  paid: string | null;
  short: string | null;
  /** How the amount was computed, and the numbers that went in. */
  formula: string | null;
  numbers: ExplainedNumber[];
  payments: ExplainedPayment[];
  skipped: boolean;
  flags: string[];
}

/** Interest or fee of one period, with the arithmetic. */
export interface ExplainedAccrual {
  name: string;
  kind: "interest" | "fee";
  /** What the claim consists of, in words and numbers. */
  formula: string;
  due: string;
  paid: string;
  short: string;
}

export interface WaterfallExplanation {
  deal: string;
  period: number;
  /** Collection month, YYYY-MM, and the payment date, YYYY-MM-DD. */
  month: string;
  paymentDate: string;
  phase: string;
  phaseAfter: string;
  accruals: ExplainedAccrual[];
  steps: ExplainedStep[];
}

/** Names of the flags of a record, without SKIPPED. */
export function flagNames(flags: number): string[] {
  const names: [number, string][] = [
    [FLAG.NEGATIVE, "negative"],
    [FLAG.DIVZERO, "division by zero"],
    [FLAG.OVERFLOW, "overflow"],
    [FLAG.UNMATCHED, "unmatched purchase"],
  ];
  return names.filter(([flag]) => (flags & flag) !== 0).map(([, name]) => name);
}

/** What these read is a number without a unit. */
const PLAIN: ReadonlySet<number> = new Set([
  OPCODE.PHASE,
  OPCODE.TRIG,
  OPCODE.NOTICE,
  OPCODE.PERIOD,
  OPCODE.MONTH,
  OPCODE.DAYS,
  OPCODE.HISTCOUNT,
]);

/** Constants, schedules and series keep no unit: what is above this is read as a rate. */
const UNITLESS: ReadonlySet<number> = new Set([
  OPCODE.CONST,
  OPCODE.SCHED,
  OPCODE.SLANE,
  OPCODE.HIST,
  OPCODE.HISTSUM,
  OPCODE.HISTMAX,
]);
const SMALLEST_RATE = 10n ** 13n;

/** A value with its unit: dates as dates, counts and small literals as they are, rates, money. */
function valueText(terms: DealTerms, reading: Reading): string {
  const { code, operand, value } = reading;
  if (code === OPCODE.PAYDAY || code === OPCODE.FINAL) return formatDate(Number(value));
  if (code === OPCODE.FIGURE) return figureText(terms, operand, value);
  if (code === OPCODE.RATE) return formatRate(value);
  if (UNITLESS.has(code) && value >= SMALLEST_RATE) return formatRate(value);
  const literal = code === OPCODE.CONST && operand >= terms.constantNames.length;
  return literal || PLAIN.has(code) ? value.toString() : formatCentsGrouped(value);
}

/** A figure of the report, a fixing behind them, or the price of the purchase list behind those. */
function figureText(terms: DealTerms, index: number, value: bigint): string {
  const figure = terms.figures[index];
  const isFixing = figure === undefined && index < terms.figures.length + terms.indices.length;
  if (isFixing) return formatRate(value);
  const isCount = findCatalogueFigure(figure?.name ?? "")?.unit === "count";
  return isCount ? value.toString() : formatCentsGrouped(value);
}

/** Each number once, in the order of reading; literals explain themselves. */
function explainNumbers(terms: DealTerms, record: StepRecord, position: number): ExplainedNumber[] {
  const numbers = new Map<string, string>();
  for (const reading of record.readings) {
    const literal = reading.code === OPCODE.CONST && reading.operand >= terms.constantNames.length;
    const name = describeReference(terms, reading, position);
    if (literal || name === null || numbers.has(name)) continue;
    numbers.set(name, valueText(terms, reading));
  }
  return [...numbers].map(([name, value]) => ({ name, value }));
}

function explainPayment(terms: DealTerms, payment: Payment): ExplainedPayment {
  const lists: Record<Payment["kind"], readonly string[]> = {
    fee: terms.fees.map(({ name }) => name),
    interest: terms.classes.map(({ name }) => name),
    principal: terms.classes.map(({ name }) => name),
    "write-down": terms.classes.map(({ name }) => name),
    "write-up": terms.classes.map(({ name }) => name),
    capitalised: terms.classes.map(({ name }) => name),
    ledger: terms.ledgers.map(({ name }) => name),
    account: terms.accounts.map(({ name }) => name),
    payee: terms.payees,
  };
  const to = lists[payment.kind][payment.to] ?? `${payment.to}`;
  const explained = { kind: payment.kind, to, amount: formatCents(payment.cents) };
  return payment.component === undefined
    ? explained
    : { ...explained, component: payment.component };
}

/** Steps that allocate an amount without cash. */
const ALLOCATING: ReadonlySet<Operation> = new Set(["LOSS", "GAIN", "PIK", "BOOK"]);

function explainStep(terms: DealTerms, record: StepRecord, position: number): ExplainedStep {
  const step = terms.steps[position] as StepTerms;
  const pays = PAYING.has(record.operation);
  const allocates = pays || ALLOCATING.has(record.operation);
  const hasDue = allocates || record.operation === "LET";
  const formula = [step.amount, step.cap].flatMap((part) =>
    part === null ? [] : [describeExpression(terms, part, position)],
  );
  return {
    step: record.index + 1,
    operation: record.operation,
    label: step.label,
    clause: step.clause,
    words: describeStep(terms, position),
    account: pays ? (terms.accounts[step.source]?.name ?? null) : null,
    accountBefore: pays ? formatCents(record.before) : null,
    accountAfter: pays ? formatCents(record.before - record.paid) : null,
    due: hasDue ? formatCents(record.demand) : null,
    paid: allocates ? formatCents(record.paid) : null,
    short: allocates ? formatCents(record.demand - record.paid) : null,
    formula: formula.length === 0 ? null : formula.join(", at most "),
    numbers: explainNumbers(terms, record, position),
    payments: record.payments.map((payment) => explainPayment(terms, payment)),
    skipped: (record.flags & FLAG.SKIPPED) !== 0,
    flags: flagNames(record.flags),
  };
}

interface Fraction {
  wad: bigint;
  basis: number;
}

/** "172,000.00 x 4 % x 30/360". */
function accrualText(input: WaterfallInput, amount: bigint, { wad, basis }: Fraction): string {
  const { terms, period } = input;
  const days = terms.calendar[period - 1]?.numerators[basis] ?? 0;
  const year = terms.bases[basis] ?? 0;
  return `${formatCentsGrouped(amount)} x ${formatRate(wad)} x ${days}/${year}`;
}

/** What a claim holds beside the interest of the period, by part. */
const PART_TEXT: Readonly<Record<Component, string>> = {
  current: "",
  interestOnShortfall: "interest on unpaid interest",
  shortfall: "shortfall brought forward",
  deferred: "deferred interest brought forward",
  carryOver: "carried over above the available-funds cap",
};

function explainInterest(input: WaterfallInput, run: WaterfallRun): ExplainedAccrual[] {
  return input.terms.classes.map(({ name, basis }, i) => {
    const balance = input.state.classes[i]?.balance ?? 0n;
    const { interestDue = 0n, interestPaid = 0n, interestCurrent = 0n } = run.classes[i] ?? {};
    const accrual = accrualText(input, balance, { wad: run.rates[i] ?? 0n, basis });
    const others = COMPONENTS.flatMap((part, number) => {
      const cents = run.claims[i]?.[number] ?? 0n;
      return part === "current" || cents === 0n
        ? []
        : [` + ${formatCentsGrouped(cents)} ${PART_TEXT[part]}`];
    });
    return {
      name,
      kind: "interest" as const,
      formula: [`${accrual} = ${formatCentsGrouped(interestCurrent)}`, ...others].join(""),
      due: formatCents(interestDue),
      paid: formatCents(interestPaid),
      short: formatCents(interestDue - interestPaid),
    };
  });
}

/** The fee of the period: what a rate makes of its base, or the amount itself. */
function feeText(
  input: WaterfallInput,
  run: WaterfallRun,
  place: { index: number; cents: bigint },
) {
  const { index, cents } = place;
  const fee = input.terms.fees[index];
  if (fee?.kind !== "rate") return formatCentsGrouped(cents);
  const derived = run.derivations.find((entry) => entry.of === "fee" && entry.index === index);
  const base = derived?.value ?? input.figures[fee.baseFigure ?? -1] ?? 0n;
  const rate = { wad: fee.amount, basis: fee.basis };
  return `${accrualText(input, base > 0n ? base : 0n, rate)} = ${formatCentsGrouped(cents)}`;
}

function explainFees(input: WaterfallInput, run: WaterfallRun): ExplainedAccrual[] {
  return input.terms.fees.map(({ name }, index) => {
    const unpaidBefore = input.state.feesUnpaid[index] ?? 0n;
    const due = run.feesDue[index] ?? 0n;
    const short = run.state.feesUnpaid[index] ?? 0n;
    const paid = due - short;
    const accrued = feeText(input, run, { index, cents: due - unpaidBefore });
    const forward = ` + ${formatCentsGrouped(unpaidBefore)} brought forward`;
    return {
      name,
      kind: "fee" as const,
      formula: unpaidBefore === 0n ? accrued : `${accrued}${forward}`,
      due: formatCents(due),
      paid: formatCents(paid),
      short: formatCents(short),
    };
  });
}

/** Explains every amount of a run. `input` is what the run was computed from. Pure. */
export function explainWaterfall(input: WaterfallInput, run: WaterfallRun): WaterfallExplanation {
  const { terms } = input;
  const row = terms.calendar[run.period - 1];
  const phase = terms.phases[run.phaseRun];
  const firstStep = phase?.firstStep ?? 0;
  return {
    deal: terms.dealId,
    period: run.period,
    month: formatMonth(row?.collectionMonth ?? 0),
    paymentDate: formatDate(row?.paymentDay ?? 0),
    phase: phase?.name ?? "",
    phaseAfter: terms.phases[run.phaseAfter]?.name ?? "",
    accruals: [...explainInterest(input, run), ...explainFees(input, run)],
    steps: run.records.map((record) => explainStep(terms, record, firstStep + record.index)),
  };
}
