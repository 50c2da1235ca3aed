/** What a deal carries from one run of its priority of payments to the next. */
import { putUint, takeUint } from "../lib/big-endian.ts";
import type { DealTerms } from "../deals/deal-terms.ts";

export interface ClassState {
  /** Principal outstanding, cents. */
  balance: bigint;
  /** Interest unpaid from earlier periods, cents. */
  shortfall: bigint;
  /** Unpaid interest on that shortfall, cents. */
  shortfallInterest: bigint;
  /** Principal written down and not yet written up again, cents. */
  written: bigint;
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
  /** Paid under each annual cap in its current year, cents. */
  capsUsed: bigint[];
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
    })),
    accounts: terms.accounts.map(({ initialDepositCents }) => initialDepositCents),
    feesUnpaid: terms.fees.map(() => 0n),
    capsUsed: terms.caps.map(() => 0n),
  };
}

/** The largest amount that a lane of 64 bits holds; what is above is cut to it, as on chain. */
export const MAX_CENTS = (1n << 64n) - 1n;

export function cutToLane(cents: bigint): bigint {
  return cents < MAX_CENTS ? cents : MAX_CENTS;
}

/** Packs 64-bit lanes four a word, the first in the top bits. */
export function packLanes(lanes: readonly bigint[]): bigint[] {
  const words: bigint[] = [];
  for (let i = 0; i < lanes.length; i += 4) {
    const bytes = new Uint8Array(32);
    lanes
      .slice(i, i + 4)
      .forEach((lane, j) => putUint(bytes, { offset: 8 * j, size: 8 }, cutToLane(lane)));
    words.push(takeUint(bytes, 0, 32));
  }
  return words;
}

/** The inverse of `packLanes`, for `count` lanes. */
export function unpackLanes(words: readonly bigint[], count: number): bigint[] {
  return Array.from({ length: count }, (_, i) => {
    const word = words[Math.floor(i / 4)] ?? 0n;
    return (word >> BigInt(192 - 64 * (i % 4))) & 0xffff_ffff_ffff_ffffn;
  });
}

export function stateToWords(state: WaterfallState): StateWords {
  const { phase, lastPeriod, classes, accounts, feesUnpaid, capsUsed } = state;
  const classWords = classes.flatMap(({ balance, shortfall, shortfallInterest, written }) =>
    packLanes([balance, shortfall, shortfallInterest, written]),
  );
  return {
    phase,
    lastPeriod,
    classWords,
    laneWords: packLanes([...accounts, ...feesUnpaid, ...capsUsed]),
  };
}

/** Reads back the words that the chain's `stateOf` gives. */
export function stateFromWords(terms: DealTerms, words: StateWords): WaterfallState {
  const { accounts, fees, caps } = terms;
  const lanes = unpackLanes(words.laneWords, accounts.length + fees.length + caps.length);
  const capsFrom = accounts.length + fees.length;
  return {
    phase: words.phase,
    lastPeriod: words.lastPeriod,
    classes: terms.classes.map((_, i) => {
      const [balance, shortfall, shortfallInterest, written] = unpackLanes(
        words.classWords.slice(i, i + 1),
        4,
      ) as [bigint, bigint, bigint, bigint];
      return { balance, shortfall, shortfallInterest, written };
    }),
    accounts: lanes.slice(0, accounts.length),
    feesUnpaid: lanes.slice(accounts.length, capsFrom),
    capsUsed: lanes.slice(capsFrom),
  };
}
