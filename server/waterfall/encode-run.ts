import { OPERATIONS } from "../deals/terms-format.ts";
import type { StepRecord } from "./execute-step.ts";
import type { WaterfallRun } from "./run-waterfall.ts";
import { cutToLane, packLanes, stateToWords } from "./waterfall-state.ts";

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

/** A run as the chain emits and hashes it: header, steps, state after, class and payee results. */
export function encodeRun(
  run: Omit<WaterfallRun, "words" | "resultHash">,
  chainDealId: bigint,
): bigint[] {
  const { classWords, laneWords } = stateToWords(run.state);
  const header = word(
    [1, 248],
    [run.phaseBefore, 240],
    [run.phaseAfter, 232],
    [run.period, 216],
    [run.records.length, 208],
    [classWords.length, 200],
    [laneWords.length, 192],
    [run.payees.length, 184],
    [run.flags, 168],
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
  const steps = run.records.map(stepWord);
  return [header, ...steps, ...classWords, ...laneWords, ...results, ...packLanes(run.payees)];
}
