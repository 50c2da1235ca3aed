/** Terms with some bytes changed: refused at creation, or run inside their own memory. */
import { isDeepStrictEqual } from "node:util";
import type { DealTerms } from "../../server/deals/deal-terms.ts";
import { encodeTerms } from "../../server/deals/encode-terms.ts";
import { readTerms } from "../../server/deals/read-terms.ts";
import { runWaterfall } from "../../server/waterfall/run-waterfall.ts";
import type { WaterfallRun } from "../../server/waterfall/run-waterfall.ts";
import { openingState } from "../../server/waterfall/waterfall-state.ts";
import type { Contracts, GivenRun } from "./engine-calls.ts";
import { hexOfWords, inputOf } from "./fuzz-deal.ts";
import { nameDifference } from "./name-difference.ts";
import type { Draw } from "./random-draw.ts";
import { randomInputs, randomState } from "./random-run.ts";

const HEADER = 96;

/** Where a byte decides what is run: in the header, or between classes and calendar. */
function mutated(draw: Draw, bytes: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(bytes);
  const calendar = ((bytes[40] ?? 0) << 8) | (bytes[41] ?? 0);
  for (let i = 0; i <= draw.below(3); i += 1) {
    const place = draw.chance(0.1) ? draw.below(HEADER) : HEADER + draw.below(calendar - HEADER);
    const old = changed[place] ?? 0;
    changed[place] = draw.pick([old ^ (1 << draw.below(8)), draw.below(256), old + 1, old - 1, 255]);
  }
  return changed;
}

/** The terms that changed bytes mean; null where they mean none that could be written so. */
function meaningOf(bytes: Uint8Array): DealTerms | null {
  try {
    const terms = readTerms(bytes);
    return isDeepStrictEqual(encodeTerms(terms), bytes) ? terms : null;
  } catch {
    return null;
  }
}

function runOf(terms: DealTerms, given: GivenRun): WaterfallRun | null {
  try {
    return runWaterfall(inputOf(terms, given));
  } catch (error) {
    // Available funds below zero and the like never reach an engine.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

export interface MutationOutcome {
  /** Null: refused at creation. */
  accepted: boolean;
  compared: number;
  fault: string | null;
  bytes: Uint8Array;
}

/** Changes bytes of valid terms; what the creation checks still take must run, in both engines alike. */
export async function fuzzMutation(
  contracts: Contracts,
  draw: Draw,
  deal: { terms: DealTerms; bytes: Uint8Array },
): Promise<MutationOutcome> {
  const bytes = mutated(draw, deal.bytes);
  if ((await contracts.refusal(bytes)) !== null) {
    return { accepted: false, compared: 0, fault: null, bytes };
  }
  const meaning = meaningOf(bytes);
  const terms = meaning ?? deal.terms;
  const states = [openingState(terms), randomState(draw, terms), randomState(draw, terms)];
  const runs = states.map((state) => ({ state, ...randomInputs(draw, terms, state) }));
  const answers = await contracts.run(bytes, terms, runs);
  let compared = 0;
  for (const [i, given] of runs.entries()) {
    const there = answers[i] ?? "";
    const run = meaning === null ? null : runOf(meaning, given);
    if (run === null || meaning === null) {
      if (there.startsWith("ended")) return { accepted: true, compared, fault: there, bytes };
      continue;
    }
    compared += 1;
    const fault = nameDifference(meaning, run, { there, here: hexOfWords(run.words) });
    if (fault !== null) return { accepted: true, compared, fault, bytes };
  }
  return { accepted: true, compared, fault: null, bytes };
}
