/** Many deals of one seed, and what came of them. */
import type { WaterfallRun } from "../../server/waterfall/run-waterfall.ts";
import { FLAG } from "../../server/deals/terms-format.ts";
import type { Contracts } from "./engine-calls.ts";
import { fuzzDeal, RUNS_PER_DEAL } from "./fuzz-deal.ts";
import type { Finding } from "./fuzz-deal.ts";
import { fuzzMutation, type MutationOutcome } from "./mutate-terms.ts";
import { randomDraw } from "./random-draw.ts";

const MUTATION_STREAM = 1 << 29;

/** Counts that add up over ranges of deals. */
export interface Tally {
  /** Runs in both engines. */
  cases: number;
  deals: number;
  /** Deals with more of something than fits, which no engine ran. */
  tooLarge: number;
  /** Steps executed, by operation. */
  steps: Record<string, number>;
  /** Runs that raised each flag. */
  flags: Record<string, number>;
  /** Deals with changed bytes, by what became of them. */
  mutants: Record<MutationOutcome["end"], number>;
  findings: Finding[];
}

export function emptyTally(): Tally {
  const mutants = { refused: 0, resized: 0, alone: 0, compared: 0 };
  return { cases: 0, deals: 0, tooLarge: 0, steps: {}, flags: {}, mutants, findings: [] };
}

function count(counts: Record<string, number>, key: string, by = 1): void {
  counts[key] = (counts[key] ?? 0) + by;
}

function countRun(tally: Tally, run: WaterfallRun): void {
  tally.cases += 1;
  for (const { operation, flags } of run.records) {
    if ((flags & FLAG.SKIPPED) === 0) count(tally.steps, operation);
  }
  for (const [name, bit] of Object.entries(FLAG)) {
    if ((run.flags & bit) !== 0) count(tally.flags, name);
  }
}

/** Deals from `first` on until `cases` runs are done, with one changed copy of each deal. */
export async function fuzzCases(
  contracts: Contracts,
  { seed, first, cases }: { seed: number; first: number; cases: number },
): Promise<Tally> {
  const tally = emptyTally();
  for (let number = first; tally.cases < cases; number += 1) {
    const { deal, runs, findings } = await fuzzDeal(contracts, { seed, number });
    tally.findings.push(...findings);
    if (deal === null) {
      tally.tooLarge += 1;
      continue;
    }
    tally.deals += 1;
    for (const run of runs) countRun(tally, run);
    const draw = randomDraw(seed, MUTATION_STREAM + number);
    const { end, fault, bytes } = await fuzzMutation(contracts, draw, deal);
    tally.mutants[end] += 1;
    if (fault !== null) {
      const text = `0x${Buffer.from(bytes).toString("hex")}`;
      tally.findings.push({ seed, number, what: `changed terms: ${fault}`, text, given: null });
    }
  }
  return tally;
}

/** Where the deals of the n-th of several processes begin: far behind those of the one before. */
export const firstDealOf = (part: number, cases: number) =>
  part * 2 * Math.ceil(cases / RUNS_PER_DEAL);

export function addTallies(tallies: readonly Tally[]): Tally {
  const sum = emptyTally();
  for (const tally of tallies) {
    sum.cases += tally.cases;
    sum.deals += tally.deals;
    sum.tooLarge += tally.tooLarge;
    for (const [key, by] of Object.entries(tally.steps)) count(sum.steps, key, by);
    for (const [key, by] of Object.entries(tally.flags)) count(sum.flags, key, by);
    for (const key of ["refused", "resized", "alone", "compared"] as const) {
      sum.mutants[key] += tally.mutants[key];
    }
    sum.findings.push(...tally.findings);
  }
  return sum;
}
