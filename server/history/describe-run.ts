import { unitOf, writeValue } from "../deals/deal-notes.ts";
import type { DealTerms } from "../deals/deal-terms.ts";
import { formatDate, formatMonth } from "../lib/dates.ts";
import { formatCents } from "../lib/money.ts";
import { formatPercent } from "../lib/money.ts";
import { readWords } from "../waterfall/read-words.ts";
import { formatFactor, formatPerThousand } from "./format-ratio.ts";
import type { Distribution, WaterfallLine } from "./history-queries.ts";

/** One step of a run in words of the deal. Amounts are null where the step has none of the kind. */
export interface HistoryStep {
  /** Counted from 1. */
  step: number;
  operation: string;
  label: string | null;
  clause: string;
  /** Account that paid. */
  source: string | null;
  due: string | null;
  paid: string | null;
  short: string | null;
  sourceBefore: string | null;
  sourceAfter: string | null;
  /** Of an IF: whether its block ran; of a TEST: whether the trigger is in breach. */
  condition: boolean | null;
  /** The step stands in a block that did not run. */
  skipped: boolean;
  flags: string[];
}

/** What one class was due and got, and where it stands after. */
export interface HistoryClass {
  class: string;
  interestAccrued: string;
  interestDue: string;
  interestPaid: string;
  principalPaid: string;
  balance: string;
  /** Seven digits. */
  factor: string;
  shortfall: string;
  shortfallInterest: string;
  writtenDown: string;
  /** Per $1,000 of original face, seven digits. */
  interestPerThousand: string;
  principalPerThousand: string;
}

/** What the run read beside its report. */
export interface HistoryInputs {
  /** Annual rate in percent. */
  fixings: { index: string; rate: string }[];
  /** Of the loans offered to a deal that buys; null where the deal does not. */
  purchasePrice: string | null;
  /** Names of the notices in force. */
  notices: string[];
  /** What restatements of earlier periods added to reported figures. */
  carried: { figure: string; difference: string }[];
}

/** One distribution, whole. */
export interface HistoryPeriod {
  period: number;
  /** Collection month, YYYY-MM. */
  month: string;
  paymentDate: string;
  phase: string;
  phaseAfter: string;
  inputs: HistoryInputs;
  steps: HistoryStep[];
  classes: HistoryClass[];
  accounts: { account: string; balance: string }[];
  reserve: string | null;
  fees: { fee: string; unpaid: string }[];
  caps: { cap: string; used: string }[];
  payees: { payee: string; paid: string }[];
  flags: string[];
  reportHash: string;
  resultHash: string;
  transaction: string;
  block: number;
  distributedAt: string;
}

const flagNames = [
  [1, "negative"],
  [2, "division by zero"],
  [4, "overflow"],
  [16, "unmatched purchase"],
] as const;
const skippedFlag = 8;

function namesOf(flags: number): string[] {
  return flagNames.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
}

/** Steps whose record holds no amounts but what was decided: a branch, a test, a phase or a constant. */
const DECIDING = new Set(["IF", "ELSE", "TEST", "SET"]);
const HOLDING = new Set(["IF", "TEST"]);

/** A LET's `due` is its value; LOSS and GAIN book what could be allocated as paid. */
function describeStep(line: WaterfallLine): HistoryStep {
  const { due_cents: due, paid_cents: paid, source_before_cents: before } = line;
  const decides = DECIDING.has(line.operation);
  const moves = !decides && line.operation !== "LET";
  const skipped = (line.flags & skippedFlag) !== 0;
  return {
    step: line.step + 1,
    operation: line.operation,
    label: line.label,
    clause: line.clause,
    source: line.source,
    due: decides ? null : formatCents(due),
    paid: moves ? formatCents(paid) : null,
    short: moves ? formatCents(due - paid) : null,
    sourceBefore: line.source === null ? null : formatCents(before),
    sourceAfter: line.source === null ? null : formatCents(before - paid),
    condition: HOLDING.has(line.operation) && !skipped ? due !== 0n : null,
    skipped,
    flags: namesOf(line.flags),
  };
}

function describeClasses(terms: DealTerms, run: ReturnType<typeof readWords>): HistoryClass[] {
  return terms.classes.map(({ name, faceCents }, i) => {
    const result = run.classes[i];
    const after = run.state.classes[i];
    if (result === undefined || after === undefined)
      throw new RangeError(`the words have no class ${name}`);
    return {
      class: name,
      interestAccrued: formatCents(result.interestCurrent),
      interestDue: formatCents(result.interestDue),
      interestPaid: formatCents(result.interestPaid),
      principalPaid: formatCents(result.principalPaid),
      balance: formatCents(after.balance),
      factor: formatFactor(after.balance, faceCents),
      shortfall: formatCents(after.shortfall),
      shortfallInterest: formatCents(after.shortfallInterest),
      writtenDown: formatCents(after.written),
      interestPerThousand: formatPerThousand(result.interestPaid, faceCents),
      principalPerThousand: formatPerThousand(result.principalPaid, faceCents),
    };
  });
}

function describeCarried(terms: DealTerms, carried: readonly string[]): HistoryInputs["carried"] {
  return terms.figures.flatMap(({ name }, i) => {
    const difference = BigInt(carried[i] ?? "0");
    if (difference === 0n) return [];
    const unit = unitOf(terms, "figures", i);
    return [{ figure: name, difference: writeValue(difference, unit ?? "money") }];
  });
}

function describeInputs(
  terms: DealTerms,
  run: ReturnType<typeof readWords>,
  carried: readonly string[],
): HistoryInputs {
  const price = terms.buys ? run.extras.at(-1) : undefined;
  return {
    fixings: terms.indices.map(({ name }, i) => ({
      index: name,
      rate: formatPercent(run.extras[i] ?? 0n),
    })),
    purchasePrice: price === undefined ? null : formatCents(price),
    notices: terms.notices.filter((_, i) => (run.notices >> i) & 1).map(({ name }) => name),
    carried: describeCarried(terms, carried),
  };
}

/**
 * A stored distribution in words of its deal: nothing is computed again, amounts come from the
 * lines and words that the chain recorded.
 * @throws RangeError when the words are not those of a run of these terms
 */
export function describeRun(
  terms: DealTerms,
  distribution: Distribution,
  lines: readonly WaterfallLine[],
): HistoryPeriod {
  const run = readWords(
    terms,
    distribution.words.map((word) => BigInt(word)),
  );
  const row = terms.calendar[distribution.period - 1];
  if (row === undefined) throw new RangeError(`the calendar has no period ${distribution.period}`);
  const accounts = terms.accounts.map(({ name }, i) => ({
    account: name,
    balance: formatCents(run.state.accounts[i] ?? 0n),
  }));
  const { reserveAccount } = terms;
  return {
    period: distribution.period,
    month: formatMonth(row.collectionMonth),
    paymentDate: formatDate(row.paymentDay),
    phase: distribution.phase,
    phaseAfter: terms.phases[run.phaseAfter]?.name ?? String(run.phaseAfter),
    inputs: describeInputs(terms, run, distribution.carried),
    steps: lines.map(describeStep),
    classes: describeClasses(terms, run),
    accounts,
    reserve: reserveAccount === null ? null : (accounts[reserveAccount]?.balance ?? null),
    fees: terms.fees.map(({ name }, i) => ({
      fee: name,
      unpaid: formatCents(run.state.feesUnpaid[i] ?? 0n),
    })),
    caps: terms.caps.map(({ name }, i) => ({
      cap: name,
      used: formatCents(run.state.capsUsed[i] ?? 0n),
    })),
    payees: terms.payees.map((payee, i) => ({
      payee,
      paid: formatCents(run.payees[i] ?? 0n),
    })),
    flags: namesOf(run.flags),
    reportHash: distribution.report_hash,
    resultHash: distribution.result_hash,
    transaction: distribution.transaction_hash,
    block: Number(distribution.block_number),
    distributedAt: distribution.distributed_at.toISOString(),
  };
}
