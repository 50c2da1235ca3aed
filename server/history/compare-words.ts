import type { DealTerms } from "../deals/deal-terms.ts";
import { readWords } from "../waterfall/read-words.ts";
import { compareBooks, type Comparison } from "./compare-books.ts";

/** Every value of a run by its name in words of the deal, in the order of the words. */
function nameValues(terms: DealTerms, words: readonly bigint[]): [string, bigint][] {
  const run = readWords(terms, words);
  const first = terms.phases[run.phaseRun]?.firstStep ?? 0;
  const steps = run.steps.flatMap((record, i): [string, bigint][] => {
    const step = terms.steps[first + i];
    const name =
      `step ${i + 1} ${step?.operation ?? "?"} ${step?.label ?? step?.clause ?? ""}`.trimEnd();
    return [
      [`${name}, due`, record.demand],
      [`${name}, paid`, record.paid],
      [`${name}, source before`, record.before],
      [`${name}, flags`, BigInt(record.flags)],
    ];
  });
  const classes = terms.classes.flatMap(({ name }, i): [string, bigint][] =>
    Object.entries({ ...run.classes[i], ...run.state.classes[i] }).map(([field, value]) => [
      `class ${name} ${field}`,
      value,
    ]),
  );
  const lanes = [
    ...terms.accounts.map(({ name }, i) => [`account ${name}`, run.state.accounts[i]] as const),
    ...terms.fees.map(({ name }, i) => [`fee ${name} unpaid`, run.state.feesUnpaid[i]] as const),
    ...terms.caps.map(({ name }, i) => [`cap ${name} used`, run.state.capsUsed[i]] as const),
    ...terms.payees.map((name, i) => [`payee ${name} paid`, run.payees[i]] as const),
    ...terms.ledgers.map(({ name }, i) => [`ledger ${name}`, run.state.ledgers[i]] as const),
    ...terms.variables.map(({ name }, i) => [`variable ${name}`, run.state.variables[i]] as const),
    ...terms.indices.map(({ name }, i) => [`fixing of ${name}`, run.extras[i]] as const),
    ...(terms.buys ? [["price of the purchase list", run.extras.at(-1)] as const] : []),
  ].map(([name, value]): [string, bigint] => [name, value ?? 0n]);
  const header: [string, bigint][] = [
    ["header: period", BigInt(run.period)],
    ["header: phase before", BigInt(run.phaseBefore)],
    ["header: phase run", BigInt(run.phaseRun)],
    ["header: phase after", BigInt(run.phaseAfter)],
    ["header: notices", BigInt(run.notices)],
    ["header: flags", BigInt(run.flags)],
    ["header: deal", run.chainDealId],
  ];
  return [...header, ...steps, ...classes, ...lanes];
}

/** Names the values of words that may not be a run of these terms at all. */
function tryNameValues(terms: DealTerms, words: readonly bigint[]): Map<string, bigint> | null {
  try {
    return new Map(nameValues(terms, words));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function compareRaw(comparison: Comparison, books: Record<string, readonly bigint[]>): void {
  const entries = Object.entries(books);
  const length = Math.max(...entries.map(([, words]) => words.length));
  for (let i = 0; i < length; i += 1) {
    const values = entries.map(([book, words]) => [book, words[i]] as const);
    compareBooks(comparison, `word ${i}`, Object.fromEntries(values));
  }
}

/**
 * Compares the words of one run in several books, value by value and with the names that the terms
 * give them; what no name covers, and words that cannot be read, are compared as they are.
 */
export function compareWords(
  comparison: Comparison,
  terms: DealTerms,
  books: Record<string, readonly bigint[]>,
): void {
  const named = Object.entries(books).map(
    ([book, words]) => [book, tryNameValues(terms, words)] as const,
  );
  const before = comparison.differences.length;
  for (const name of new Set(named.flatMap(([, values]) => [...(values?.keys() ?? [])]))) {
    const values = named.map(([book, found]) => [book, found?.get(name)] as const);
    if (values.some(([, value]) => value === undefined)) continue;
    compareBooks(comparison, name, Object.fromEntries(values));
  }
  if (comparison.differences.length === before) compareRaw(comparison, books);
}
