import { advanceWaterfall } from "./advance-waterfall.ts";
import type { PeriodInput, PeriodOutcome } from "./advance-waterfall.ts";
import { encodeRun } from "./encode-run.ts";
import { hashWords } from "./hash-words.ts";
import { newTrace } from "./run-memory.ts";
import type { RunTrace } from "./run-memory.ts";

export interface WaterfallInput extends PeriodInput {
  /** The deal's number on chain; 0 before it has one. */
  chainDealId: bigint;
}

export interface WaterfallRun extends PeriodOutcome, RunTrace {
  /** The run as the chain emits it, and keccak256 of that. */
  words: bigint[];
  resultHash: string;
}

/**
 * Runs one period and keeps everything: step records, readings, claims, the words and the result hash.
 * @throws RangeError when the period, phase or figures do not fit the terms; never for any balance.
 */
export function runWaterfall(input: WaterfallInput): WaterfallRun {
  const trace = newTrace();
  const outcome = advanceWaterfall(input, trace);
  const words = encodeRun(input, outcome, trace.records);
  return { ...outcome, ...trace, words, resultHash: hashWords(words) };
}
