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
function readingFaults({ terms, bytes, file }: CompiledDeal): string[] {
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
function repetitionFaults(input: WaterfallInput, run: WaterfallRun): string[] {
  const { terms } = input;
  const faults: string[] = [];
  if (!isDeepStrictEqual(runWaterfall(input).words, run.words)) faults.push("not deterministic");
  const { records: _1, derivations: _2, claims: _3, feesDue: _4, words, resultHash: _5, ...rest } = run;
  if (!isDeepStrictEqual(advanceWaterfall(input), rest)) faults.push("without records: another run");
  const { state } = readWords(terms, words);
  if (!isDeepStrictEqual(state, run.state)) faults.push("the words hold another state");
  const again = stateFromWords(terms, stateToWords(terms, run.state));
  if (!isDeepStrictEqual(again, run.state)) faults.push("the state does not come back from its words");
  const { steps } = explainWaterfall(input, run);
  if (steps.length !== run.records.length || JSON.stringify(steps).includes('"?')) {
    faults.push("a step is not explained");
  }
  return faults;
}

/** Runs in TypeScript; each is judged as soon as it ran. */
function runHere(
  draw: Draw,
  terms: DealTerms,
  judge: (given: GivenRun, run: WaterfallRun) => void,
): { given: GivenRun; run: WaterfallRun }[] {
  const done: { given: GivenRun; run: WaterfallRun }[] = [];
  const cases = runsOf(draw, terms);
  let next = cases.next();
  while (next.done !== true) {
    const given = next.value;
    const run = runWaterfall(inputOf(terms, given));
    judge(given, run);
    done.push({ given, run });
    next = cases.next(run);
  }
  return done;
}

/** What a deal file makes of a case: compiled, checked, run in both engines, judged. */
export async function fuzzDeal(
  contracts: Contracts,
  { seed, number, text = randomDealText(seed, number) }: { seed: number; number: number; text?: string },
): Promise<DealOutcome> {
  const findings: Finding[] = [];
  const find = (what: string, given: GivenRun | null = null) =>
    void findings.push({ seed, number, what, text, given });
  const { deal, problems } = compileDeal(text);
  if (deal === null) {
    const errors = problems.filter(({ severity }) => severity === "error");
    const fault = errors.find(({ code }) => !LIMIT_CODES.has(code));
    if (fault !== undefined) find(`the compiler refuses: line ${fault.line}: ${fault.message}`);
    return { deal, runs: [], findings };
  }
  const { terms, bytes } = deal;
  const faults = readingFaults(deal);
  if (faults.length > 0) find(faults.join("; "));
  const refusal = await contracts.refusal(bytes);
  if (refusal !== null) find(`the creation checks refuse: ${refusal}`);
  const draw = randomDraw(seed, RUN_STREAM + number);
  let repeated = draw.below(RUNS_PER_DEAL);
  const done = runHere(draw, terms, (given, run) => {
    const broken = brokenLaws(terms, given, run);
    if (repeated === 0) broken.push(...repetitionFaults(inputOf(terms, given), run));
    repeated -= 1;
    if (broken.length > 0) find(broken.join("; "), given);
  });
  const answers = await contracts.run(bytes, terms, done.map(({ given }) => given));
  done.forEach(({ given, run }, i) => {
    const here = hexOfWords(run.words);
    const difference = nameDifference(terms, run, { there: answers[i] ?? "", here });
    if (difference !== null) find(difference, given);
  });
  return { deal, runs: done.map(({ run }) => run), findings };
}
