/** One random deal in every program that reads its bytes: compiler, creation checks, both engines. */
import { isDeepStrictEqual } from "node:util";
import { compileDeal } from "../../server/deals/compile-deal.ts";
import type { CompiledDeal } from "../../server/deals/compile-deal.ts";
import type { DealTerms } from "../../server/deals/deal-terms.ts";
import { describeStep } from "../../server/deals/describe-step.ts";
import { encodeTerms } from "../../server/deals/encode-terms.ts";
import { readTerms } from "../../server/deals/read-terms.ts";
import { showDeal } from "../../server/deals/show-deal.ts";
import { advanceWaterfall } from "../../server/waterfall/advance-waterfall.ts";
import { explainWaterfall } from "../../server/waterfall/explain-waterfall.ts";
import { readWords } from "../../server/waterfall/read-words.ts";
import { runWaterfall } from "../../server/waterfall/run-waterfall.ts";
import type { WaterfallInput, WaterfallRun } from "../../server/waterfall/run-waterfall.ts";
import {
  openingState,
  stateFromWords,
  stateToWords,
} from "../../server/waterfall/waterfall-state.ts";
import { DEAL_ID } from "./engine-calls.ts";
import type { Contracts, GivenRun } from "./engine-calls.ts";
import { nameDifference } from "./name-difference.ts";
import { randomDealText } from "./random-deal-text.ts";
import { randomDraw } from "./random-draw.ts";
import type { Draw } from "./random-draw.ts";
import { randomInputs, randomState, wipedOut } from "./random-run.ts";
import { brokenLaws } from "./run-laws.ts";

/** Runs of one deal, those of its life from closing among them. */
export const RUNS_PER_DEAL = 20;
const LIFE = 8;
/** The choices of runs have a stream of their own, so that a shrunk deal keeps its states. */
const RUN_STREAM = 1 << 30;
/** A deal may have more of something than fits; every other error is a fault of compiler or generator. */
const LIMIT_CODES = new Set(["wrong-count", "too-many", "too-long", "too-large"]);

/** What is wrong, with everything that brings it back. */
export interface Finding {
  seed: number;
  /** Number of the deal. */
  number: number;
  what: string;
  text: string;
  given: GivenRun | null;
}

export interface DealOutcome {
  /** Null: more of something than fits. */
  deal: CompiledDeal | null;
  runs: WaterfallRun[];
  findings: Finding[];
}

export function inputOf(terms: DealTerms, given: GivenRun): WaterfallInput {
  return { terms, ...given, period: given.state.lastPeriod + 1, chainDealId: DEAL_ID };
}

export const hexOfWords = (words: readonly bigint[]) =>
  words.map((word) => word.toString(16).padStart(64, "0")).join("");

/** The first periods of a deal's life one after the other, what comes after its notes are written off, any states. */
function* runsOf(draw: Draw, terms: DealTerms): Generator<GivenRun, void, WaterfallRun> {
  let state = openingState(terms);
  const life = Math.min(LIFE, terms.calendar.length);
  for (let period = 1; period <= life; period += 1) {
    const run = yield { state, ...randomInputs(draw, terms, state) };
    ({ state } = run);
  }
  for (let i = life; i < RUNS_PER_DEAL; i += 1) {
    const reached = i === life && state.lastPeriod < terms.calendar.length;
    const any = reached ? wipedOut(state) : randomState(draw, terms);
    yield { state: any, ...randomInputs(draw, terms, any) };
  }
}

/** What the bytes say, read again and in words. */
export function readingFaults({ terms, bytes, file }: CompiledDeal): string[] {
  const faults: string[] = [];
  if (!isDeepStrictEqual(readTerms(bytes), terms)) faults.push("readTerms(bytes) are other terms");
  if (!isDeepStrictEqual(encodeTerms(readTerms(bytes)), bytes)) faults.push("other bytes");
  if (showDeal(terms) === "" || showDeal(terms, file) === "") faults.push("show is empty");
  terms.steps.forEach((_, i) => {
    if (describeStep(terms, i).includes("?")) faults.push(`step ${i} has no words`);
  });
  return faults;
}

/** What must hold of a run beside its laws: the same again, without records, read back and told. */
export function repetitionFaults(input: WaterfallInput, run: WaterfallRun): string[] {
  const { terms } = input;
  const faults: string[] = [];
  if (!isDeepStrictEqual(runWaterfall(input).words, run.words)) faults.push("not deterministic");
  const {
    records: _1,
    derivations: _2,
    claims: _3,
    feesDue: _4,
    words,
    resultHash: _5,
    ...rest
  } = run;
  if (!isDeepStrictEqual(advanceWaterfall(input), rest))
    faults.push("without records: another run");
  const { state } = readWords(terms, words);
  if (!isDeepStrictEqual(state, run.state)) faults.push("the words hold another state");
  const again = stateFromWords(terms, stateToWords(terms, run.state));
  if (!isDeepStrictEqual(again, run.state))
    faults.push("the state does not come back from its words");
  const { steps } = explainWaterfall(input, run);
  if (steps.length !== run.records.length || JSON.stringify(steps).includes('"?')) {
    faults.push("a step is not explained");
  }
  return faults;
}

/** A run of a deal and what it started from. */
export interface Trial {
  given: GivenRun;
  run: WaterfallRun;
}

/** The runs of a deal's case, in TypeScript. */
export function runTrials(terms: DealTerms, { seed, number }: Case): Trial[] {
  const trials: Trial[] = [];
  const cases = runsOf(randomDraw(seed, RUN_STREAM + number), terms);
  let next = cases.next();
  while (next.done !== true) {
    const given = next.value;
    const run = runWaterfall(inputOf(terms, given));
    trials.push({ given, run });
    next = cases.next(run);
  }
  return trials;
}

/** The deal of a case; null, with the fault of the compiler or the generator, when it does not compile. */
export function compileCase(text: string): { deal: CompiledDeal | null; fault: string | null } {
  const { deal, problems } = compileDeal(text);
  const error = problems.find(
    ({ severity, code }) => severity === "error" && !LIMIT_CODES.has(code),
  );
  return { deal, fault: error === undefined ? null : `line ${error.line}: ${error.message}` };
}

/** A seed and the number of a deal under it. */
export interface Case {
  seed: number;
  number: number;
}

/** What a deal file makes of a case: compiled, checked, run in both engines, judged. */
export async function fuzzDeal(contracts: Contracts, { seed, number }: Case): Promise<DealOutcome> {
  const findings: Finding[] = [];
  const text = randomDealText(seed, number);
  const find = (what: string, given: GivenRun | null = null) =>
    void findings.push({ seed, number, what, text, given });
  const { deal, fault } = compileCase(text);
  if (fault !== null) find(`the compiler refuses: ${fault}`);
  if (deal === null) return { deal, runs: [], findings };
  const { terms, bytes } = deal;
  for (const what of readingFaults(deal)) find(what);
  const refusal = await contracts.refusal(bytes);
  if (refusal !== null) find(`the creation checks refuse: ${refusal}`);
  const trials = runTrials(terms, { seed, number });
  const answers = await contracts.run(
    bytes,
    terms,
    trials.map(({ given }) => given),
  );
  for (const [i, { given, run }] of trials.entries()) {
    const here = hexOfWords(run.words);
    const difference = nameDifference(terms, run, { there: answers[i] ?? "", here });
    if (difference !== null) find(difference, given);
    const broken = brokenLaws(terms, given, run).map(({ what }) => what);
    if (i === number % trials.length) broken.push(...repetitionFaults(inputOf(terms, given), run));
    if (broken.length > 0) find(broken.join("; "), given);
  }
  return { deal, runs: trials.map(({ run }) => run), findings };
}
