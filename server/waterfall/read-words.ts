import type { DealTerms } from "../deals/deal-terms.ts";
import { laneLayoutOf } from "../deals/lane-layout.ts";
import { OPERATIONS, type Operation } from "../deals/terms-format.ts";
import { WORDS_FORMAT } from "./encode-run.ts";
import { stateFromWords, unpackLanes, type WaterfallState } from "./waterfall-state.ts";

/** One step as the chain recorded it; amounts in cents. */
export interface RecordedStep {
  operation: Operation;
  demand: bigint;
  paid: bigint;
  before: bigint;
  flags: number;
}

/** What a class got in the run, cents. */
export interface RecordedClass {
  interestDue: bigint;
  interestPaid: bigint;
  principalPaid: bigint;
  interestCurrent: bigint;
}

/** The words of a run taken apart: the inverse of encodeRun. */
export interface RecordedRun {
  chainDealId: bigint;
  period: number;
  phaseBefore: number;
  /** Phase whose program ran. */
  phaseRun: number;
  phaseAfter: number;
  /** Bit q: notice q was in force. */
  notices: number;
  flags: number;
  steps: RecordedStep[];
  /** State after the run, and the words that the chain stores it in. */
  state: WaterfallState;
  classWords: bigint[];
  laneWords: bigint[];
  classes: RecordedClass[];
  /** Cents paid to each payee. */
  payees: bigint[];
  /** Fixings of the feed indices (WAD), then the price of the purchase list where the deal buys. */
  extras: bigint[];
}

function bits(word: bigint, lowest: number, width: number): bigint {
  return (word >> BigInt(lowest)) & ((1n << BigInt(width)) - 1n);
}

function readStep(word: bigint, position: number): RecordedStep {
  const operation = OPERATIONS[Number(bits(word, 240, 8)) - 1];
  if (operation === undefined || Number(bits(word, 248, 8)) !== position) {
    throw new RangeError(`words: record ${position} is not one of this step`);
  }
  return {
    operation,
    demand: bits(word, 128, 64),
    paid: bits(word, 64, 64),
    before: bits(word, 0, 64),
    flags: Number(bits(word, 224, 16)),
  };
}

function readClass(word: bigint): RecordedClass {
  const [interestDue, interestPaid, principalPaid, interestCurrent] = unpackLanes([word], 4);
  return {
    interestDue: interestDue ?? 0n,
    interestPaid: interestPaid ?? 0n,
    principalPaid: principalPaid ?? 0n,
    interestCurrent: interestCurrent ?? 0n,
  };
}

/** How many words the terms make of a run that executed `steps` steps; checks the header's counts. */
function readLayout(terms: DealTerms, header: bigint) {
  const { classes, payees, indices, buys } = terms;
  const lanes = Math.ceil(laneLayoutOf(terms).count / 4);
  const steps = Number(bits(header, 208, 8));
  const phase = terms.phases[Number(bits(header, 160, 8))];
  const fits =
    bits(header, 248, 8) === BigInt(WORDS_FORMAT) &&
    steps === phase?.stepCount &&
    bits(header, 200, 8) === BigInt(classes.length) &&
    bits(header, 192, 8) === BigInt(lanes) &&
    bits(header, 184, 8) === BigInt(payees.length);
  if (!fits) throw new RangeError("words: the header is not that of a run of these terms");
  const payeeWords = Math.ceil(payees.length / 4);
  return {
    steps,
    lanes,
    classes: classes.length,
    payeeWords,
    extras: indices.length + (buys ? 1 : 0),
  };
}

/**
 * Takes the words of a run apart.
 * @throws RangeError when they are not the words of a run of these terms
 */
export function readWords(terms: DealTerms, words: readonly bigint[]): RecordedRun {
  const header = words[0] ?? 0n;
  const { steps, lanes, classes, payeeWords, extras } = readLayout(terms, header);
  const length = 1 + steps + classes + lanes + classes + payeeWords + extras;
  if (words.length !== length) throw new RangeError(`words: ${words.length}, not ${length}`);
  let at = 1;
  const take = (count: number): bigint[] => words.slice(at, (at += count));
  const recorded = take(steps).map(readStep);
  const [classWords, laneWords] = [take(classes), take(lanes)];
  const [period, phaseAfter] = [Number(bits(header, 216, 16)), Number(bits(header, 232, 8))];
  return {
    chainDealId: bits(header, 0, 64),
    period,
    phaseBefore: Number(bits(header, 240, 8)),
    phaseRun: Number(bits(header, 160, 8)),
    phaseAfter,
    notices: Number(bits(header, 144, 16)),
    flags: Number(bits(header, 168, 16)),
    steps: recorded,
    state: stateFromWords(terms, { phase: phaseAfter, lastPeriod: period, classWords, laneWords }),
    classWords,
    laneWords,
    classes: take(classes).map(readClass),
    payees: unpackLanes(take(payeeWords), terms.payees.length),
    extras: take(extras).map((word) => BigInt.asIntN(256, word)),
  };
}
