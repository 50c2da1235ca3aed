/** Terms with some bytes changed: refused at creation, or run inside their own memory. */
import type { DealTerms } from "../../server/deals/deal-terms.ts";
import { AVAILABLE_FUNDS } from "../../server/deals/terms-format.ts";
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
    changed[place] = draw.pick([
      old ^ (1 << draw.below(8)),
      draw.below(256),
      old + 1,
      old - 1,
      255,
    ]);
  }
  return changed;
}

/** The terms that changed bytes mean; null where they mean none. */
function meaningOf(bytes: Uint8Array): DealTerms | null {
  try {
    return readTerms(bytes);
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

const total = (values: readonly bigint[]) => values.reduce((sum, value) => sum + value, 0n);

/** Cash out and left, as the words of a run tell it to the distributor. */
function cashIn(words: string, bytes: Uint8Array): bigint {
  const [classes = 0, accounts = 0, payees = 0] = [bytes[1], bytes[2], bytes[4]];
  const lanes = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) =>
      BigInt(`0x${words.slice(64 * from + 16 * i).slice(0, 16)}`),
    );
  const state = 1 + Number.parseInt(words.slice(10, 12), 16) + classes;
  const results = state + (bytes[91] ?? 0);
  const paid = lanes(results, 4 * classes).filter((_, i) => i % 4 === 1 || i % 4 === 2);
  return total([...lanes(state, accounts), ...paid, ...lanes(results + classes, payees)]);
}

/** Without a meaning that TypeScript could run: the run ends, and pays what it has. */
function strayFault(words: string, bytes: Uint8Array, { state, figures }: GivenRun): string | null {
  if (words.startsWith("ended")) return words;
  const held = total(state.accounts) + (figures[AVAILABLE_FUNDS] ?? 0n);
  const out = cashIn(words, bytes);
  return held === out ? null : `cash: ${held} in, ${out} out and left`;
}

/** Counts of the header that say how large a state, a report and a result are. */
const SIZES = [1, 2, 4, 6, 61, 63, 91];

const sameSizes = (a: Uint8Array, b: Uint8Array) => SIZES.every((at) => a[at] === b[at]);

export interface MutationOutcome {
  /**
   * Refused at creation; of another size than any state at hand, and not run; run by the contract alone, as
   * TypeScript cannot read them; or run by both engines.
   */
  end: "refused" | "resized" | "alone" | "compared";
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
  if ((await contracts.refusal(bytes)) !== null) return { end: "refused", fault: null, bytes };
  const meaning = meaningOf(bytes);
  const terms = meaning ?? deal.terms;
  // A state of the first terms is none of these.
  if (meaning === null && !sameSizes(bytes, deal.bytes))
    return { end: "resized", fault: null, bytes };
  const states = [openingState(terms), randomState(draw, terms), randomState(draw, terms)];
  const runs = states.map((state) => ({ state, ...randomInputs(draw, terms, state) }));
  const answers = await contracts.run(bytes, terms, runs);
  const end = meaning === null ? "alone" : "compared";
  for (const [i, given] of runs.entries()) {
    const there = answers[i] ?? "";
    const run = meaning === null ? null : runOf(meaning, given);
    const fault =
      run === null || meaning === null
        ? strayFault(there, bytes, given)
        : nameDifference(meaning, run, { there, here: hexOfWords(run.words) });
    if (fault !== null) return { end, fault, bytes };
  }
  return { end, fault: null, bytes };
}
