/** `npm run replay -- --deal --inputs`: any deal over a file of periods, compared figure by figure. */
import { readFile } from "node:fs/promises";
import { type CompiledDeal, compileDeal } from "../../server/deals/compile-deal.ts";
import { printableText } from "../../server/lib/printable-text.ts";
import { type BoundInputs, bindInputs } from "./bind-inputs.ts";
import { COMPARED_DATES } from "./compare-dates.ts";
import { formatDifference } from "./figure-comparison.ts";
import { InputsError, type InputsSource, readInputs } from "./read-inputs.ts";
import { type ReplayedPeriods, runPeriods, typescriptEngine } from "./run-periods.ts";
import { withChainEngine } from "./with-chain-engine.ts";

/** Reads and compiles a deal file. @throws InputsError listing its errors with their places */
export async function readDeal(file: string): Promise<CompiledDeal> {
  const { deal, problems } = compileDeal(await readFile(file, "utf8"));
  if (deal !== null) return deal;
  const lines = problems
    .filter(({ severity }) => severity === "error")
    .map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`);
  throw new InputsError(lines.join("\n"));
}

/** Reads an inputs file and looks its names up in the deal. @throws InputsError with every fault */
export async function readBoundInputs(
  deal: CompiledDeal,
  file: string,
): Promise<{ source: InputsSource; bound: BoundInputs }> {
  const source = readInputs(file, await readFile(file, "utf8"));
  return { source, bound: bindInputs(deal, file, source) };
}

/** Keys of `dates` that nothing can be compared with: said, not left out in silence. */
function uncomparedDates({ inputs }: InputsSource): string[] {
  const stated = inputs.periods.flatMap(({ dates }) => Object.keys(dates ?? {}));
  const compared: readonly string[] = COMPARED_DATES;
  return [...new Set(stated)].filter((key) => !compared.includes(key));
}

const count = (number: number, what: string): string =>
  `${number} ${what}${number === 1 ? "" : "s"}`;

/** Differences one a line, then the count. @returns the exit code */
export function printReplay({ comparisons, dates }: ReplayedPeriods, say: (line: string) => void) {
  const different = comparisons.filter(({ equal }) => !equal);
  for (const { period, key, expected, got } of dates) say(`${period} ${key} ${expected} ${got}`);
  for (const comparison of different) say(formatDifference(comparison));
  if (dates.length > 0) say(`${count(dates.length, "date")} not as in the deal's calendar`);
  const derived = comparisons.filter(({ basis }) => basis !== undefined).length;
  if (derived > 0) say(`${count(derived, "figure")} of these not published but derived`);
  say(
    `${comparisons.length} figures compared, ${comparisons.length - different.length} equal`,
  );
  return different.length + dates.length > 0 ? 1 : 0;
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
  const say = (line: string): void => console.log(printableText(line));
  const note = (line: string): void => console.error(printableText(line));
  const deal = await readDeal(files.deal);
  const { source, bound } = await readBoundInputs(deal, files.inputs);
  for (const key of uncomparedDates(source)) note(`dates.${key} is not compared`);
  const begun = performance.now();
  const replayed = files.chain
    ? await withChainEngine(deal, bound, { note }, (engine) => runPeriods(deal.terms, bound, engine))
    : await runPeriods(deal.terms, bound, typescriptEngine(deal.terms));
  const seconds = ((performance.now() - begun) / 1_000).toFixed(files.chain ? 1 : 3);
  const engine = files.chain ? "by the contracts" : "in TypeScript";
  note(`${count(bound.periods.length, "period")} run ${engine} in ${seconds} s`);
  return printReplay(replayed, say);
}
