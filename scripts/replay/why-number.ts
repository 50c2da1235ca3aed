/** `npm run replay -- --deal --inputs --why --period`: the tree of one amount of one period, as text. */
import type { CompiledDeal } from "../../server/deals/compile-deal.ts";
import { printableText } from "../../server/lib/printable-text.ts";
import { findAmount, listAmounts, tellStory } from "../../server/waterfall/explain-amounts.ts";
import { drawTree } from "../../server/waterfall/explain-node.ts";
import type { InputSources, RunStory } from "../../server/waterfall/explain-story.ts";
import { NO_SOURCES } from "../../server/waterfall/explain-story.ts";
import { formatExplanation } from "../../server/waterfall/explain-text.ts";
import { runWaterfall } from "../../server/waterfall/run-waterfall.ts";
import type { WaterfallInput } from "../../server/waterfall/run-waterfall.ts";
import type { WaterfallState } from "../../server/waterfall/waterfall-state.ts";
import type { BoundInputs, BoundPeriod } from "./bind-inputs.ts";
import { readBoundInputs, readDeal } from "./read-files.ts";
import { InputsError } from "./read-inputs.ts";
import { extrasOf } from "./run-periods.ts";

export interface WhyQuestion {
  deal: string;
  inputs: string;
  /** Address of the amount, as classes.A-1.principal; "list" for all of them with their values. */
  why: string;
  /** Number of the period, from 1. */
  period: number;
  /** Levels below the amount; undefined: down to the leaves. */
  depth?: number | undefined;
}

/** What the engine takes of a period. */
export function inputOf(
  { terms }: CompiledDeal,
  bound: BoundPeriod,
  state: WaterfallState,
): WaterfallInput {
  const { period, figures, notices, purchasePrice } = bound;
  const given = { terms, state, period, figures, notices, chainDealId: 0n };
  if (purchasePrice !== "any") return { ...given, extras: extrasOf(terms, bound) };
  return { ...given, extras: bound.fixings, purchasePrice };
}

/** The file of inputs stands behind every figure. */
function sourcesIn({ terms }: CompiledDeal, file: string, period: number): InputSources {
  const words = `stated in ${file}, period ${period}`;
  const all = (names: readonly { name: string }[]) =>
    new Map(names.map(({ name }): [string, string] => [name, words]));
  return {
    ...NO_SOURCES,
    figures: all(terms.figures),
    fixings: all(terms.indices),
    notices: all(terms.notices),
    purchaseList: words,
  };
}

/** The run of one period, with the state rolling up to it. */
function tellPeriod(deal: CompiledDeal, bound: BoundInputs, question: WhyQuestion): RunStory {
  let { state } = bound;
  for (const period of bound.periods) {
    const input = inputOf(deal, period, state);
    const run = runWaterfall(input);
    if (period.period === question.period) {
      const sources = sourcesIn(deal, question.inputs, period.period);
      return tellStory({ input, run, file: deal.file, sources });
    }
    ({ state } = run);
  }
  throw new InputsError(`${question.inputs}: has no period ${question.period}`);
}

/**
 * Prints why an amount is what it is.
 * @returns the exit code
 * @throws InputsError when a file cannot be used, or there is no such period or amount
 */
export async function whyNumber(question: WhyQuestion): Promise<number> {
  const deal = await readDeal(question.deal);
  const { bound } = await readBoundInputs(deal, question.inputs);
  const story = tellPeriod(deal, bound, question);
  const say = (text: string): void => console.log(text.split("\n").map(printableText).join("\n"));
  if (question.why === "list") {
    for (const { address, valueText, words } of listAmounts(story)) {
      say(`${address ?? ""} = ${valueText}  ${words}`);
    }
    return 0;
  }
  const amount = findAmount(story, question.why);
  if (amount === undefined) {
    throw new InputsError(`there is no amount ${question.why}; --why list names them all`);
  }
  say(formatExplanation(drawTree(amount, { depth: question.depth })).trimEnd());
  return 0;
}
