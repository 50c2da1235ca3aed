/** `npm run replay -- --deal --inputs`: any deal over a file of periods, compared figure by figure. */
import type { CompiledDeal } from "../../server/deals/compile-deal.ts";
import { newComparison } from "../../server/history/compare-books.ts";
import { compareWords } from "../../server/history/compare-words.ts";
import { printableText } from "../../server/lib/printable-text.ts";
import type { BoundInputs } from "./bind-inputs.ts";
import { COMPARED_DATES } from "./compare-dates.ts";
import { formatDifference } from "./figure-comparison.ts";
import { readBoundInputs, readDeal } from "./read-files.ts";
import type { InputsSource } from "./read-inputs.ts";
import {
  type PeriodEngine,
  type ReplayedPeriods,
  runPeriods,
  typescriptEngine,
} from "./run-periods.ts";

type Say = (line: string) => void;

/** Keys of `dates` that nothing can be compared with: said, not left out in silence. */
function uncomparedDates({ inputs }: InputsSource): string[] {
  const stated = inputs.periods.flatMap(({ dates }) => Object.keys(dates ?? {}));
  const compared: readonly string[] = COMPARED_DATES;
  return [...new Set(stated)].filter((key) => !compared.includes(key));
}

const count = (number: number, what: string): string =>
  `${number} ${what}${number === 1 ? "" : "s"}`;

interface Outcome extends ReplayedPeriods {
  /** What the contracts computed otherwise than the TypeScript engine, one a line. */
  disagreements: string[];
}

/** Differences one a line, then the count. @returns the exit code */
function printOutcome({ comparisons, dates, disagreements }: Outcome, say: Say): number {
  const different = comparisons.filter(({ equal }) => !equal);
  for (const { period, key, expected, got } of dates) say(`${period} ${key} ${expected} ${got}`);
  for (const comparison of different) say(formatDifference(comparison));
  for (const line of disagreements) say(line);
  if (dates.length > 0) say(`${count(dates.length, "date")} not as in the deal's calendar`);
  const derived = comparisons.filter(({ basis }) => basis !== undefined).length;
  if (derived > 0) say(`${count(derived, "figure")} not published but derived, as its basis says`);
  say(`${comparisons.length} figures compared, ${comparisons.length - different.length} equal`);
  return different.length + dates.length + disagreements.length > 0 ? 1 : 0;
}

/** The contracts' runs, with every word in which they are not those of the TypeScript engine. */
async function replayOnChain(deal: CompiledDeal, bound: BoundInputs, note: Say): Promise<Outcome> {
  const { terms } = deal;
  const work = async (engine: PeriodEngine): Promise<Outcome> => {
    const replayed = await runPeriods(terms, bound, engine);
    const again = await runPeriods(terms, bound, typescriptEngine(terms, engine.chainDealId));
    const disagreements = bound.periods.flatMap(({ period }, i) => {
      const comparison = newComparison();
      const [chain, typescript] = [replayed.words[i] ?? [], again.words[i] ?? []];
      compareWords(comparison, terms, { chain, typescript });
      return comparison.differences.map(
        ({ item, books }) => `${period} ${item}: ${JSON.stringify(books)}`,
      );
    });
    return { ...replayed, disagreements };
  };
  // Loaded only here: a replay in TypeScript starts without the contracts' machinery.
  const { withChainEngine } = await import("./with-chain-engine.ts");
  return withChainEngine(deal, bound, { note, work });
}

async function replayInTypescript(deal: CompiledDeal, bound: BoundInputs): Promise<Outcome> {
  return {
    ...(await runPeriods(deal.terms, bound, typescriptEngine(deal.terms))),
    disagreements: [],
  };
}

/**
 * Runs a deal over a file of periods, in TypeScript or (with `chain`) on a chain of its own, and prints
 * every difference.
 * @returns the exit code: 1 on any difference
 * @throws InputsError when either file cannot be used, with every fault and its place
 */
export async function replayInputs(files: {
  deal: string;
  inputs: string;
  chain: boolean;
}): Promise<number> {
  const say: Say = (line) => console.log(printableText(line));
  const note: Say = (line) => console.error(printableText(line));
  const begun = performance.now();
  const deal = await readDeal(files.deal);
  const { source, bound } = await readBoundInputs(deal, files.inputs);
  for (const key of uncomparedDates(source)) note(`dates.${key} is not compared`);
  const outcome = files.chain
    ? await replayOnChain(deal, bound, note)
    : await replayInTypescript(deal, bound);
  const engine = files.chain ? "by the contracts" : "in TypeScript";
  const seconds = (milliseconds: number): string => (milliseconds / 1_000).toFixed(2);
  note(
    `${count(bound.periods.length, "period")} read, run ${engine} and compared in ` +
      `${seconds(performance.now() - begun)} s, after ${seconds(begun)} s of start-up`,
  );
  return printOutcome(outcome, say);
}
