/**
 * An upper bound of the gas of a distribution, from the compiled terms: what a run does at most, times
 * what each of it costs at most. The prices were measured with the contracts (random terms with every
 * step and opcode, and the lives of the golden deals) and rounded up; a test measures again and holds
 * the bound above what is measured and below three times that.
 */
import type { DealTerms, Expression, StepTerms } from "./deal-terms.ts";
import { encodeTerms } from "./encode-terms.ts";
import { laneLayoutOf } from "./lane-layout.ts";
import { OPCODE } from "./terms-format.ts";

const CALENDAR_OFFSET_FIELD = 40;
const CALENDAR_STRIDE_FIELD = 15;

/** Gas of one of each thing that a run does. */
export const ENGINE_GAS = {
  /** Whatever the deal: opening, hashing and handing back a run. */
  run: 9_000,
  /** 32 bytes of the terms that an engine reads. */
  termsWord: 10,
  class: 4_300,
  fee: 950,
  account: 200,
  /** A word of state: classes, lanes, payees, figures, results. */
  word: 1_200,
  /** Whatever it does: a named amount, a condition, a setting. */
  step: 450,
  /** What a step costs more that moves money or losses. */
  movement: 1_600,
  /** A class or fee in the list of a step. */
  listEntry: 260,
  /** The same, when it is paid pro rata. */
  prorataEntry: 360,
  token: 215,
  /** An operation of 512 bits. */
  wideToken: 260,
  /** A class or period that a sum, a history or a cure looks at. */
  summand: 130,
  trigger: 17_200,
  series: 900,
  transition: 250,
  scheduleRow: 850,
} as const;

/** Gas of storing the outcome, funding the classes and paying the payees, beside the engine's. */
export const SETTLEMENT_GAS = {
  /** The transaction, its calldata, the report's check, the deal's own record. */
  distribution: 150_000,
  /** Its entitlement, in slots that may be new, behind a proxy. */
  class: 48_000,
  payee: 25_000,
  /** A word of state that changes: a class, or four lanes. */
  word: 5_000,
  /** Its words in the event. */
  step: 600,
  /** A fixing that is looked up. */
  feed: 30_000,
} as const;

/** A distribution above this may find no block that takes it. */
export const BLOCK_GAS = 16_000_000;

export type GasUnit = keyof typeof ENGINE_GAS;
export type GasCounts = Record<GasUnit, number>;

export const NOTHING: GasCounts = Object.fromEntries(
  Object.keys(ENGINE_GAS).map((unit) => [unit, 0]),
) as GasCounts;

export function countsOf(counts: Partial<GasCounts>): GasCounts {
  return { ...NOTHING, ...counts };
}

export function addCounts(...all: readonly GasCounts[]): GasCounts {
  const sum = { ...NOTHING };
  for (const counts of all) {
    for (const unit of Object.keys(ENGINE_GAS) as GasUnit[]) sum[unit] += counts[unit];
  }
  return sum;
}

/** Prices times counts. */
export function gasOf(counts: GasCounts): number {
  return (Object.keys(ENGINE_GAS) as GasUnit[]).reduce(
    (gas, unit) => gas + counts[unit] * ENGINE_GAS[unit],
    0,
  );
}

const WIDE = new Set<number>([
  OPCODE.PCT,
  OPCODE.PCTUP,
  OPCODE.MULDIV,
  OPCODE.MULDIVUP,
  OPCODE.MUL,
  OPCODE.SMULDIV,
]);
const MASKS = new Set<number>([
  OPCODE.SUMBAL,
  OPCODE.SUMDUE,
  OPCODE.SUMWRITTEN,
  OPCODE.SUMFDUE,
  OPCODE.CUREIC,
]);
const HISTORIES = new Set<number>([OPCODE.HISTSUM, OPCODE.HISTMAX, OPCODE.HISTCOUNT]);

function bitsIn(mask: number): number {
  return mask.toString(2).replaceAll("0", "").length;
}

/** Both arms of an iff are counted: the bound does not know which is taken. */
function countExpression(terms: DealTerms, tokens: Expression | null): GasCounts {
  const counts = { ...NOTHING };
  for (const { code, operand } of tokens ?? []) {
    counts.token += 1;
    if (WIDE.has(code)) counts.wideToken += 1;
    if (MASKS.has(code)) counts.summand += bitsIn(operand);
    if (code === OPCODE.CUREIC) counts.wideToken += bitsIn(operand);
    if (HISTORIES.has(code)) counts.summand += operand & 0xff;
    if (code === OPCODE.SCHED) counts.scheduleRow += terms.schedules[operand]?.rows.length ?? 0;
  }
  return counts;
}

const PLAIN = new Set<StepTerms["operation"]>(["LET", "IF", "ELSE", "SET"]);

function countStep(terms: DealTerms, step: StepTerms): GasCounts {
  const entries = step.list.length;
  const parts = [step.amount, step.weights, step.cap].map((part) => countExpression(terms, part));
  const isPlain = PLAIN.has(step.operation);
  const own = countsOf({
    step: 1,
    movement: isPlain ? 0 : 1,
    listEntry: entries,
    prorataEntry: step.mode === "PRORATA" ? entries : 0,
  });
  const { numerator, denominator, threshold } =
    step.operation === "TEST" ? (terms.triggers[step.destination] ?? NO_TEST) : NO_TEST;
  const test = [numerator, denominator, threshold].map((part) => countExpression(terms, part));
  return addCounts(own, ...parts, ...test);
}

const NO_TEST = { numerator: null, denominator: null, threshold: null };

/** What a way through steps does, and the steps on it. */
interface Way {
  counts: GasCounts;
  /** Absolute positions. */
  steps: number[];
}

/** The dearest way from one position up to another. */
function dearestWay(terms: DealTerms, from: number, to: number): Way {
  const way: Way = { counts: NOTHING, steps: [] };
  const go = ({ counts, steps }: Way) => {
    way.counts = addCounts(way.counts, counts);
    way.steps.push(...steps);
  };
  for (let at = from; at < to; at += 1) {
    const step = terms.steps[at];
    if (step === undefined) break;
    go({ counts: countStep(terms, step), steps: [at] });
    if (step.operation !== "IF") continue;
    const last = step.jump - 1;
    const hasElse = last > at && terms.steps[last]?.operation === "ELSE";
    const end = hasElse ? (terms.steps[last]?.jump ?? step.jump) : step.jump;
    const yes = dearestWay(terms, at + 1, step.jump);
    const no = dearestWay(terms, step.jump, end);
    go(gasOf(yes.counts) >= gasOf(no.counts) ? yes : no);
    at = end - 1;
  }
  return way;
}

/** The part of the terms that an engine reads: what stands before the calendar, and one row of that. */
function engineBytes(terms: DealTerms): number {
  const view = new DataView(encodeTerms(terms).buffer);
  return view.getUint16(CALENDAR_OFFSET_FIELD) + view.getUint8(CALENDAR_STRIDE_FIELD);
}

/** What every run does, whatever its program. */
function countFrame(terms: DealTerms): GasCounts {
  const lanes = Math.ceil(laneLayoutOf(terms).count / 4);
  const { classes, fees, payees, figures, indices } = terms;
  const of = (tokens: Expression | null) => countExpression(terms, tokens);
  return addCounts(
    countsOf({
      run: 1,
      termsWord: Math.ceil(engineBytes(terms) / 32),
      class: classes.length,
      fee: fees.length,
      account: terms.accounts.length,
      word: 2 * lanes + 3 * classes.length + payees.length + figures.length + indices.length,
      trigger: terms.triggers.length,
      series: terms.series.length,
      transition: terms.transitions.length,
    }),
    ...classes.flatMap((entry) => [of(entry.coupon), of(entry.availableFundsCap)]),
    ...fees.map(({ expression }) => of(expression)),
    ...terms.series.map(({ value }) => of(value)),
    ...terms.triggers
      .filter(({ at }) => at !== "within")
      .flatMap((one) => [of(one.numerator), of(one.denominator), of(one.threshold)]),
    ...terms.transitions.map(({ when }) => of(when)),
  );
}

/** The most that a distribution in some phases can cost. */
export interface GasBound {
  phases: string[];
  /** What the engine does on the dearest way. */
  counts: GasCounts;
  /** Of the engine's run alone. */
  engine: number;
  /** Of the whole transaction. */
  total: number;
  /** Steps on the dearest way, 1-based within the program, and how many the program has. */
  path: number[];
  stepCount: number;
}

function settlementGas(terms: DealTerms, steps: number): number {
  const { classes, payees, indices } = terms;
  const words = classes.length + Math.ceil(laneLayoutOf(terms).count / 4);
  return (
    SETTLEMENT_GAS.distribution +
    SETTLEMENT_GAS.class * classes.length +
    SETTLEMENT_GAS.payee * payees.length +
    SETTLEMENT_GAS.word * words +
    SETTLEMENT_GAS.step * steps +
    SETTLEMENT_GAS.feed * indices.length
  );
}

/** Bounds the gas of a distribution, for each program once. */
export function boundGas(terms: DealTerms): GasBound[] {
  const starts = [...new Set(terms.phases.map(({ firstStep }) => firstStep))];
  const frame = countFrame(terms);
  return starts.map((firstStep) => {
    const phases = terms.phases.filter((phase) => phase.firstStep === firstStep);
    const stepCount = phases[0]?.stepCount ?? 0;
    const way = dearestWay(terms, firstStep, firstStep + stepCount);
    const counts = addCounts(frame, way.counts);
    const engine = gasOf(counts);
    return {
      phases: phases.map(({ name }) => name),
      counts,
      engine,
      total: engine + settlementGas(terms, stepCount),
      path: way.steps.map((at) => at - firstStep + 1),
      stepCount,
    };
  });
}

/** [1, 2, 3, 7] -> "1-3, 7". */
function rangesOf(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(", ");
}

/** A bound in one line. */
export function describeBound({ phases, engine, total, path, stepCount }: GasBound): string {
  const gas = (amount: number) => amount.toLocaleString("en-US");
  const way =
    path.length === stepCount
      ? `all ${stepCount} steps`
      : `steps ${rangesOf(path)} of ${stepCount}`;
  return (
    `a distribution in phase ${phases.join(", ")} takes at most ${gas(total)} gas ` +
    `(${gas(engine)} of it to run ${way}, the longest way)`
  );
}
