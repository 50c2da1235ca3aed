import { OPERATIONS } from "../deals/terms-format.ts";
import type { PeriodOutcome } from "./advance-waterfall.ts";
import type { StepRecord } from "./run-memory.ts";
import type { WaterfallInput } from "./run-waterfall.ts";
import { cutToLane, packLanes, stateToWords } from "./waterfall-state.ts";

/** Format of the words. */
export const WORDS_FORMAT = 2;

/** [value, lowest bit] pairs into one word. */
function word(...parts: [bigint | number, number][]): bigint {
  return parts.reduce((sum, [value, shift]) => sum | (BigInt(value) << BigInt(shift)), 0n);
}

function stepWord(record: StepRecord): bigint {
  const code = OPERATIONS.indexOf(record.operation) + 1;
  return word(
    [record.index, 248],
    [code, 240],
    [record.flags, 224],
    [record.demand, 128],
    [cutToLane(record.paid), 64],
    [cutToLane(record.before), 0],
  );
}

/**
 * A run as the chain emits and hashes it: header, steps, state after, class and payee results, then
 * the fixings and the price that were used.
 */
export function encodeRun(
  { terms, chainDealId }: WaterfallInput,
  run: PeriodOutcome,
  records: readonly StepRecord[],
): bigint[] {
  const { classWords, laneWords } = stateToWords(terms, run.state);
  const header = word(
    [WORDS_FORMAT, 248],
    [run.phaseBefore, 240],
    [run.phaseAfter, 232],
    [run.period, 216],
    [records.length, 208],
    [classWords.length, 200],
    [laneWords.length, 192],
    [run.payees.length, 184],
    [run.flags, 168],
    [run.phaseRun, 160],
    [run.notices, 144],
    [chainDealId, 0],
  );
  const results = run.classes.flatMap((result) =>
    packLanes([
      result.interestDue,
      result.interestPaid,
      result.principalPaid,
      result.interestCurrent,
    ]),
  );
  const extras = run.extras.map((value) => BigInt.asUintN(256, value));
  return [
    header,
    ...records.map(stepWord),
    ...classWords,
    ...laneWords,
    ...results,
    ...packLanes(run.payees),
    ...extras,
  ];
}
