/**
 * Compiled terms made by hand, so that a test sees the tokens that the engine walks. Expressions are
 * postfix text: opcode and operand ("BAL 0"), or a number, which becomes a constant; `;` between.
 */
import type {
  CapTerms,
  ClassTerms,
  DealTerms,
  Expression,
  FeeTerms,
  ScheduleTerms,
  SeriesTerms,
  StepTerms,
  TransitionTerms,
  TriggerTerms,
} from "../../../server/deals/deal-terms.ts";
import { AVAILABLE_FUNDS, FIXED_FIGURES, OPCODE } from "../../../server/deals/terms-format.ts";
import type { Operation } from "../../../server/deals/terms-format.ts";

type Written<T, Keys extends keyof T> = Omit<Partial<T>, Keys> & { [K in Keys]?: string };

type ClassParts = Written<Omit<ClassTerms, "lanes">, "coupon" | "availableFundsCap"> & {
  /** Own lanes: d deferred, c carry-over, p capitalised. */
  own?: string;
};
type FeeParts = Written<FeeTerms, "expression">;
type StepParts = Written<StepTerms, "amount" | "weights" | "cap"> & { operation: Operation };
type TriggerParts = Written<TriggerTerms, "numerator" | "denominator" | "threshold">;

export interface DealParts {
  classes?: ClassParts[];
  /** Account 0 collects. */
  accounts?: { deposit?: bigint; receives?: number }[];
  fees?: FeeParts[];
  caps?: Partial<CapTerms>[];
  /** How many figures stand behind the four fixed ones. */
  figures?: number;
  payees?: number;
  /** One program a phase, or one for all. */
  programs?: StepParts[][];
  transitions?: Written<TransitionTerms, "when">[];
  ledgers?: number;
  variables?: bigint[];
  series?: Written<SeriesTerms, "value">[];
  triggers?: TriggerParts[];
  indices?: number;
  notices?: number;
  schedules?: ScheduleTerms["rows"][];
  buys?: boolean;
  splitRounding?: DealTerms["splitRounding"];
}

const PERIODS = 60;
/** 2023-12-20; the first payment is 2024-01-15, the closing year 2023. */
const CLOSING_DAY = 19711;

/** Denominators of the deal's bases; numerators are 30, 31 and 366 in every period. */
export const BASES = [360, 360, 365];

/** The literals of a deal, collected while its expressions are put together. */
function assembler() {
  const constants: bigint[] = [];
  const token = (word: string) => {
    const [name = "", operand = "0"] = word.trim().split(/\s+/);
    if (/^-?\d+$/.test(name)) return { code: OPCODE.CONST, operand: literal(BigInt(name)) };
    const code = OPCODE[name as keyof typeof OPCODE];
    if (code === undefined) throw new Error(`no opcode ${name}`);
    return { code, operand: Number(operand) };
  };
  const literal = (value: bigint) => {
    const known = constants.indexOf(value);
    return known >= 0 ? known : constants.push(value) - 1;
  };
  const postfix = (text: string | undefined): Expression | null =>
    text === undefined ? null : text.split(";").map(token);
  return { constants, postfix };
}

type Postfix = ReturnType<typeof assembler>["postfix"];

function makeClass(parts: ClassParts, name: string, postfix: Postfix): Omit<ClassTerms, "lanes"> {
  const { own: _own, coupon, availableFundsCap, ...rest } = parts;
  return {
    name,
    seniority: "senior",
    faceCents: 100_000_000n,
    couponWad: 12n * 10n ** 16n,
    basis: 0,
    rounding: "half-up",
    interestOnShortfall: true,
    interestOnDeferred: false,
    interestOnCarryOver: false,
    deferrable: false,
    componentOrder: ["interestOnShortfall", "shortfall", "current"],
    finalDay: CLOSING_DAY + 365 * 5,
    ...rest,
    coupon: postfix(coupon),
    availableFundsCap: postfix(availableFundsCap),
  };
}

function makeStep(parts: StepParts, name: string, postfix: Postfix): StepTerms {
  const { amount, weights, cap, ...rest } = parts;
  return {
    mode: rest.operation === "FEE" || rest.operation === "INT" ? "PRORATA" : "none",
    source: 0,
    destination: 0,
    toPayee: false,
    capEach: false,
    part: null,
    list: [],
    label: rest.operation === "LET" ? name : null,
    clause: "1",
    jump: 0,
    ...rest,
    amount: postfix(amount),
    weights: postfix(weights),
    cap: postfix(cap),
  };
}

function makeFee(parts: FeeParts, name: string, postfix: Postfix): FeeTerms {
  return {
    name,
    kind: "fixed",
    amount: 0n,
    basis: 0,
    rounding: "half-up",
    payee: 0,
    baseFigure: null,
    cap: null,
    ...parts,
    expression: postfix(parts.expression),
  };
}

function makeTrigger(parts: TriggerParts, name: string, postfix: Postfix) {
  return {
    name,
    clause: "5",
    at: "before" as const,
    comparison: ">" as const,
    breaches: 1,
    tests: 1,
    cure: 0,
    cureNotice: null,
    ...parts,
    numerator: postfix(parts.numerator ?? "0") ?? [],
    denominator: postfix(parts.denominator),
    threshold: postfix(parts.threshold ?? "0") ?? [],
  };
}

function makeCalendar(indices: number): DealTerms["calendar"] {
  return Array.from({ length: PERIODS }, (_, i) => {
    const paymentDay = CLOSING_DAY + 26 + 30 * i;
    const paymentTime = paymentDay * 86_400;
    return {
      determinationTime: paymentTime - 7200,
      recordTime: paymentTime - 3600,
      paymentTime,
      paymentDay,
      collectionMonth: 2023 * 12 + 11 + i,
      calendarYear: 1 + Math.floor(i / 12),
      closingYear: Math.floor(i / 12),
      numerators: [30, 31, 366],
      fixingTimes: Array.from({ length: indices }, () => paymentTime - 86_400 * 40),
    };
  });
}

const named = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, i) => ({ name: `${prefix}${i}` }));

/** Gives each class, trigger and series its lanes, behind those of the parties. */
function laneCounter(parts: DealParts) {
  const { accounts = [{}], fees = [], caps = [], ledgers = 0, variables = [] } = parts;
  let next = accounts.length + fees.length + caps.length + ledgers + variables.length;
  return (count = 1) => (next += count) - count;
}

/** Terms of a deal with the parts given; what is left out is plain. */
export function handMadeDeal(parts: DealParts): DealTerms {
  const { constants, postfix } = assembler();
  const { accounts = [{}], fees = [], caps = [], classes = [{}], programs = [[]] } = parts;
  const { indices = 0, notices = 0, series = [], triggers = [], schedules = [] } = parts;
  const take = laneCounter(parts);
  const own = (text: string | undefined, letter: string) =>
    text?.includes(letter) ? take() : null;
  const steps = programs.flat().map((step, i) => makeStep(step, `x${i}`, postfix));
  let first = 0;
  return {
    dealId: "hand-made",
    payees: named("payee", parts.payees ?? 1).map(({ name }) => name),
    constantNames: [],
    notes: [],
    classes: classes.map((entry, i) => ({
      ...makeClass(entry, `C${i}`, postfix),
      lanes: {
        deferred: own(entry.own, "d"),
        carryOver: own(entry.own, "c"),
        pik: own(entry.own, "p"),
      },
    })),
    fees: fees.map((fee, i) => makeFee(fee, `fee${i}`, postfix)),
    caps: caps.map((cap, i) => ({
      name: `cap${i}`,
      cents: 0n,
      year: "calendar year" as const,
      ...cap,
    })),
    accounts: accounts.map(({ deposit = 0n, receives = null }, i) => ({
      name: `account${i}`,
      retained: true,
      facility: false,
      receives,
      initialDepositCents: deposit,
    })),
    figures: [...FIXED_FIGURES, ...named("figure", parts.figures ?? 0).map(({ name }) => name)].map(
      (name, i) => ({
        ...{ name, minimum: -(2n ** 62n), maximum: 2n ** 62n },
        flow: i >= AVAILABLE_FUNDS,
      }),
    ),
    triggers: triggers.map((trigger, i) => ({
      ...makeTrigger(trigger, `trigger${i}`, postfix),
      lane: take(),
    })),
    series: series.map(({ value, depth = 1, at = "after" }, i) => ({
      name: `series${i}`,
      depth,
      at,
      value: postfix(value) ?? [],
      firstLane: take(depth),
    })),
    phases: programs.map(({ length }, i) => {
      first += length;
      return { name: `phase${i}`, firstStep: first - length, stepCount: length };
    }),
    transitions: (parts.transitions ?? []).map(({ when, ...rest }) => ({
      from: null,
      to: 0,
      at: "after" as const,
      clause: "9",
      ...rest,
      when: postfix(when) ?? [],
    })),
    steps,
    ledgers: named("ledger", parts.ledgers ?? 0),
    variables: (parts.variables ?? []).map((initial, i) => ({ name: `k.variable${i}`, initial })),
    indices: named("INDEX", indices).map(({ name }) => ({
      name,
      feedDecimals: 8,
      unit: "percent" as const,
      maxAgeSeconds: 604_800,
      initialRateWad: -(10n ** 15n),
    })),
    notices: named("notice", notices).map(({ name }) => ({
      name,
      payee: 0,
      kind: "standing" as const,
    })),
    schedules: schedules.map((rows, i) => ({ name: `schedule${i}`, rows })),
    constants,
    bases: BASES,
    buys: parts.buys ?? false,
    calendar: makeCalendar(indices),
    reporting: {
      ...{ dueLeadSeconds: 0, defaultGraceSeconds: null, challengeSeconds: 0, answerSeconds: 0 },
      ...{ holdersBps: null, verifier: null, trustee: null, successor: false, identities: [] },
    },
    collectionAccount: 0,
    reserveAccount: null,
    cashDecimals: 6,
    splitRounding: parts.splitRounding ?? "cumulative half-up",
    closingTime: CLOSING_DAY * 86_400,
    holderCapBps: null,
    graceSeconds: 86_400,
    cutOffBalanceCents: 100_000_000n,
    cutOffLoans: 10,
  };
}
