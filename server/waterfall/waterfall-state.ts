/** What a deal carries from one run of its priority of payments to the next. */
import type { DealTerms } from "../deals/deal-terms.ts";
import { laneLayoutOf } from "../deals/lane-layout.ts";
import type { LaneLayout } from "../deals/lane-layout.ts";

export interface ClassState {
  /** Principal outstanding, cents. */
  balance: bigint;
  /** Interest unpaid from earlier periods, cents. */
  shortfall: bigint;
  /** Unpaid interest on shortfall and on deferred interest, cents. */
  shortfallInterest: bigint;
  /** Principal written down and not yet written up again, cents. */
  written: bigint;
  /** Interest put off by a class that may defer, cents. */
  deferred: bigint;
  /** Interest above the available-funds cap, unpaid, cents. */
  carryOver: bigint;
  /** Interest capitalised and not yet repaid as principal, cents: the factor leaves it out. */
  pik: bigint;
}

export interface WaterfallState {
  phase: number;
  /** Last period run; 0 at closing. */
  lastPeriod: number;
  classes: ClassState[];
  /** Balance per account, cents. */
  accounts: bigint[];
  /** Fee due and unpaid from earlier periods, cents. */
  feesUnpaid: bigint[];
  /** Paid under each cap in its current year, cents. */
  capsUsed: bigint[];
  /** Balance per ledger, cents. */
  ledgers: bigint[];
  /** Value per variable, signed. */
  variables: bigint[];
  /** What each trigger remembers, as `readTriggerLane` takes it apart. */
  triggers: bigint[];
  /** Last values of each series, signed; period p stands at position p modulo the depth. */
  series: bigint[][];
}

/** A state as the chain stores it: one word a class, then lanes of 64 bits, four a word. */
export interface StateWords {
  phase: number;
  lastPeriod: number;
  classWords: bigint[];
  laneWords: bigint[];
}

/** The state at closing: original faces, and the accounts as the originator filled them. */
export function openingState(terms: DealTerms): WaterfallState {
  return {
    phase: 0,
    lastPeriod: 0,
    classes: terms.classes.map(({ faceCents }) => ({
      balance: faceCents,
      shortfall: 0n,
      shortfallInterest: 0n,
      written: 0n,
      deferred: 0n,
      carryOver: 0n,
      pik: 0n,
    })),
    accounts: terms.accounts.map(({ initialDepositCents }) => initialDepositCents),
    feesUnpaid: terms.fees.map(() => 0n),
    capsUsed: terms.caps.map(() => 0n),
    ledgers: terms.ledgers.map(() => 0n),
    variables: terms.variables.map(({ initial }) => initial),
    triggers: terms.triggers.map(() => 0n),
    series: terms.series.map(({ depth }) => Array.from({ length: depth }, () => 0n)),
  };
}

/** The largest amount that a lane of 64 bits holds; what is above is cut to it, as on chain. */
export const MAX_CENTS = (1n << 64n) - 1n;

export function cutToLane(cents: bigint): bigint {
  return cents < MAX_CENTS ? cents : MAX_CENTS;
}

/** All lanes of a state in the pinned order; variables and series keep their sign. */
export function stateToLanes(terms: DealTerms, state: WaterfallState): bigint[] {
  const lanes = [...state.accounts, ...state.feesUnpaid, ...state.capsUsed, ...state.ledgers];
  lanes.push(...state.variables);
  for (let i = 0; i < terms.classes.length; i += 1) {
    const own = terms.classes[i]?.lanes;
    const values = state.classes[i];
    if (own === undefined || values === undefined) continue;
    if (own.deferred !== null) lanes.push(values.deferred);
    if (own.carryOver !== null) lanes.push(values.carryOver);
    if (own.pik !== null) lanes.push(values.pik);
  }
  lanes.push(...state.triggers);
  for (const slots of state.series) lanes.push(...slots);
  return lanes;
}

/** The parts of a state that its lanes hold, by name. */
export function namedLanes(terms: DealTerms, layout: LaneLayout, lanes: readonly bigint[]) {
  return {
    accounts: lanes.slice(0, layout.fees),
    feesUnpaid: lanes.slice(layout.fees, layout.caps),
    capsUsed: lanes.slice(layout.caps, layout.ledgers),
    ledgers: lanes.slice(layout.ledgers, layout.variables),
    variables: lanes.slice(layout.variables, layout.classes),
    triggers: lanes.slice(layout.triggers, layout.series),
    series: terms.series.map(({ firstLane, depth }) => lanes.slice(firstLane, firstLane + depth)),
  };
}

/** Packs 64-bit lanes four a word, the first in the top bits; a negative one as two's complement. */
export function packLanes(lanes: readonly bigint[]): bigint[] {
  const words: bigint[] = [];
  for (let i = 0; i < lanes.length; i += 4) {
    let word = 0n;
    for (let j = i; j < i + 4; j += 1) {
      const lane = lanes[j] ?? 0n;
      word = (word << 64n) | (lane < 0n ? BigInt.asUintN(64, lane) : cutToLane(lane));
    }
    words.push(word);
  }
  return words;
}

/** The inverse of `packLanes`, for `count` lanes, without signs. */
export function unpackLanes(words: readonly bigint[], count: number): bigint[] {
  return Array.from({ length: count }, (_, i) => {
    const word = words[Math.floor(i / 4)] ?? 0n;
    return (word >> BigInt(192 - 64 * (i % 4))) & MAX_CENTS;
  });
}

export function stateToWords(terms: DealTerms, state: WaterfallState): StateWords {
  const classWords = state.classes.flatMap(({ balance, shortfall, shortfallInterest, written }) =>
    packLanes([balance, shortfall, shortfallInterest, written]),
  );
  const laneWords = packLanes(stateToLanes(terms, state));
  return { phase: state.phase, lastPeriod: state.lastPeriod, classWords, laneWords };
}

/** Reads back the words that the chain's `stateOf` gives. */
export function stateFromWords(terms: DealTerms, words: StateWords): WaterfallState {
  const layout = laneLayoutOf(terms);
  const signed = (i: number) => (i >= layout.variables && i < layout.classes) || i >= layout.series;
  const lanes = unpackLanes(words.laneWords, layout.count).map((lane, i) =>
    signed(i) ? BigInt.asIntN(64, lane) : lane,
  );
  const own = (lane: number | null) => (lane === null ? 0n : (lanes[lane] ?? 0n));
  return {
    phase: words.phase,
    lastPeriod: words.lastPeriod,
    classes: terms.classes.map((deal, i) => {
      const [balance, shortfall, shortfallInterest, written] = unpackLanes(
        words.classWords.slice(i, i + 1),
        4,
      ) as [bigint, bigint, bigint, bigint];
      const { deferred, carryOver, pik } = deal.lanes;
      return {
        balance,
        shortfall,
        shortfallInterest,
        written,
        deferred: own(deferred),
        carryOver: own(carryOver),
        pik: own(pik),
      };
    }),
    ...namedLanes(terms, layout, lanes),
  };
}
