import type { DealBooks } from "../chain/deal-record.ts";
import type { DealTerms } from "../deals/deal-terms.ts";
import { centsToUnits } from "../lib/money.ts";
import { describeLastRate, isLastRate } from "../waterfall/last-rate.ts";
import { carryInto } from "../waterfall/carry-differences.ts";
import { hashHistory } from "../waterfall/hash-history.ts";
import { hashWords } from "../waterfall/hash-words.ts";
import { readWords } from "../waterfall/read-words.ts";
import { runWaterfall } from "../waterfall/run-waterfall.ts";
import { openingState } from "../waterfall/waterfall-state.ts";
import { compareBooks, type Comparison } from "./compare-books.ts";
import { compareWords } from "./compare-words.ts";
import type { Distribution } from "./history-queries.ts";
import type { PostgresBooks } from "./books-queries.ts";

/** A deal with what its books say, ready to be compared. */
export interface BooksOfDeal {
  terms: DealTerms;
  termsHash: string;
  chainDealId: bigint;
  /** Class tokens, in the order of the terms. */
  tokens: readonly string[];
  postgres: PostgresBooks;
}

const sum = (amounts: Iterable<bigint>): bigint => [...amounts].reduce((a, b) => a + b, 0n);
const wordsOf = (distribution: Distribution): bigint[] =>
  distribution.words.map((word) => BigInt(word));

/** The engine, run again on the stored report over the state that the run before left. */
function runAgain(books: BooksOfDeal, distribution: Distribution): bigint[] | undefined {
  const { terms, postgres } = books;
  const figures = postgres.figures.get(distribution.report_hash);
  const before = postgres.distributions.find(({ period }) => period === distribution.period - 1);
  const { inputs } = postgres;
  if (figures === undefined || inputs === undefined) return undefined;
  if (before === undefined && distribution.period > 1) return undefined;
  const state =
    before === undefined ? openingState(terms) : readWords(terms, wordsOf(before)).state;
  const { carried, ...others } = inputs;
  return runWaterfall({
    ...others,
    terms,
    state,
    period: distribution.period,
    figures: carryInto(figures, carried?.differences).figures,
    chainDealId: books.chainDealId,
  }).words;
}

/** A demand may be as high as 2^64 - 1 (then it is flagged); the column ends below 2^63. */
function columnCents(cents: bigint): bigint {
  const limit = (1n << 63n) - 1n;
  return cents > limit ? limit : cents;
}

function compareLines(comparison: Comparison, books: BooksOfDeal, words: readonly bigint[]): void {
  const { steps } = readWords(books.terms, words);
  compareBooks(comparison, "number of waterfall lines", {
    postgres: books.postgres.lines.length,
    words: steps.length,
  });
  for (const line of books.postgres.lines) {
    const record = steps[line.step];
    const what = `line ${line.step + 1} ${line.operation} ${line.label ?? line.clause}`;
    compareBooks(comparison, `${what}, due`, {
      postgres: line.due_cents,
      words: record === undefined ? undefined : columnCents(record.demand),
    });
    compareBooks(comparison, `${what}, paid`, { postgres: line.paid_cents, words: record?.paid });
    compareBooks(comparison, `${what}, flags`, { postgres: line.flags, words: record?.flags });
  }
}

/** A rate that no round of the feed gave is that of the period before, or the initial one of the terms. */
function compareLastRates(comparison: Comparison, { terms, postgres }: BooksOfDeal): void {
  for (const { period, position, rate_wad } of postgres.fixings.filter(isLastRate)) {
    const index = terms.indices[position];
    const before = postgres.fixingsBefore.find((fixing) => fixing.position === position);
    const item = `fixing of ${index?.name}: ${describeLastRate(period)}`;
    compareBooks(comparison, item, {
      postgres: rate_wad,
      ...(period === 1 ? { terms: index?.initialRateWad } : { before: before?.rate_wad }),
    });
  }
}

/**
 * One run: the stored words against their hash, the engine run again on the stored report, the
 * preview that was attested, and the lines that the statements are made of. The chain keeps one hash
 * over the result hashes of all runs: it agrees when every one of them does, this one included.
 */
export function compareRun(
  comparison: Comparison,
  books: BooksOfDeal,
  { distribution, historyHash }: { distribution: Distribution; historyHash: string },
): void {
  const words = wordsOf(distribution);
  const again = runAgain(books, distribution);
  const hashes = books.postgres.distributions.map(({ result_hash }) => result_hash);
  compareBooks(comparison, "history hash, over the result hashes of all runs", {
    chain: historyHash,
    postgres: hashHistory(books.termsHash, hashes),
  });
  compareBooks(comparison, "result hash", {
    postgres: distribution.result_hash,
    "postgres words": hashWords(words),
    engine: again === undefined ? undefined : hashWords(again),
    // A restatement between preview and run makes them differ: then the preview says nothing of it.
    ...(books.postgres.previewHash === undefined ? {} : { preview: books.postgres.previewHash }),
  });
  if (again !== undefined) {
    compareWords(comparison, books.terms, { postgres: words, engine: again });
  }
  compareLastRates(comparison, books);
  compareLines(comparison, books, words);
}

function compareState(comparison: Comparison, books: BooksOfDeal, chain: DealBooks): void {
  const last = books.postgres.distributions.at(-1);
  if (last === undefined) return;
  const run = readWords(books.terms, wordsOf(last));
  compareBooks(comparison, "last period", { chain: chain.lastPeriod, postgres: last.period });
  compareBooks(comparison, "phase", {
    chain: chain.phase,
    postgres: run.phaseAfter,
  });
  chain.classWords.forEach((word, i) => {
    compareBooks(comparison, `class ${books.terms.classes[i]?.name} state word`, {
      chain: word,
      postgres: run.classWords[i],
    });
  });
  chain.laneWords.forEach((word, i) => {
    compareBooks(comparison, `accounts, fees and caps, state word ${i}`, {
      chain: word,
      postgres: run.laneWords[i],
    });
  });
}

function compareCash(comparison: Comparison, books: BooksOfDeal, chain: DealBooks): void {
  const { terms, postgres } = books;
  const runs = postgres.distributions.map((found) => readWords(terms, wordsOf(found)));
  const spent = sum(
    postgres.distributions.map(
      ({ report_hash, carried: taken }) =>
        (postgres.figures.get(report_hash)?.[3] ?? 0n) + BigInt(taken[3] ?? 0),
    ),
  );
  const classPaid = sum(
    runs.flatMap(({ classes }) => classes.map((paid) => paid.interestPaid + paid.principalPaid)),
  );
  const entitled = sum(postgres.entitledUnits.values());
  const claimed = sum(postgres.claims.map(({ units }) => units));
  const { cash } = chain;
  const units = (cents: bigint): bigint => centsToUnits(cents, terms.cashDecimals);
  compareBooks(comparison, "collections", {
    chain: chain.collectionsCents,
    "chain cash": cash.collectionsCents,
    postgres: postgres.fundedCents - spent,
  });
  compareBooks(comparison, "accounts", {
    chain: cash.accountsCents,
    postgres: sum(runs.at(-1)?.state.accounts ?? []),
  });
  compareBooks(comparison, "unclaimed units", {
    chain: cash.unclaimedUnits,
    postgres: entitled - claimed,
  });
  compareBooks(comparison, "owed to payees", {
    chain: cash.payeeOwedCents,
    postgres: postgres.payeeOwedCents,
  });
  compareBooks(comparison, "carry, units", {
    chain: units(cash.carryCents),
    postgres: units(classPaid) - entitled,
  });
  compareBooks(comparison, "distributor holds at least its deals' cash, units", {
    chain: chain.distributorHeldUnits < chain.allDealsUnits ? chain.distributorHeldUnits : "yes",
    postgres: "yes",
  });
}

function compareHolders(comparison: Comparison, books: BooksOfDeal, chain: DealBooks): void {
  const { terms, postgres } = books;
  const faces = new Map(
    postgres.holdings.map(({ class_id, holder, face_cents }) => [
      `${class_id} ${holder}`,
      face_cents,
    ]),
  );
  for (const { classIndex, holder, faceCents } of chain.holders) {
    const className = terms.classes[classIndex]?.name;
    compareBooks(comparison, `class ${className} face of ${holder}`, {
      chain: faceCents,
      postgres: faces.get(`${className} ${holder}`) ?? 0n,
    });
  }
}

function compareTokens(comparison: Comparison, books: BooksOfDeal, chain: DealBooks): void {
  const { terms, tokens, postgres } = books;
  const last = postgres.distributions.at(-1);
  const after = last === undefined ? undefined : readWords(terms, wordsOf(last));
  terms.classes.forEach(({ name, faceCents }, i) => {
    const ofClass = chain.holders.filter(({ classIndex }) => classIndex === i);
    const claimable = sum(ofClass.map((held) => held.interestUnits + held.principalUnits));
    const claimed = sum(
      postgres.claims.filter(({ class_id }) => class_id === name).map(({ units }) => units),
    );
    const entitled = postgres.entitledUnits.get(tokens[i]?.toLowerCase() ?? "") ?? 0n;
    const unclaimed = entitled - claimed;
    const held = postgres.holdings.filter(({ class_id }) => class_id === name);
    compareBooks(comparison, `class ${name} supply`, {
      chain: chain.tokens[i]?.supplyCents,
      postgres: sum(held.map(({ face_cents }) => face_cents)),
      terms: faceCents,
    });
    compareBooks(comparison, `class ${name} principal balance`, {
      chain: chain.tokens[i]?.principalBalanceCents,
      postgres: after?.state.classes[i]?.balance,
    });
    // What is left is the fractions of the holders and of the index: below a unit for each of
    // them, interest and principal apart (securitisation iii.3, the fourth rounding).
    const dust = unclaimed - claimable;
    const fits = dust >= 0n && dust <= 2n * BigInt(ofClass.length + 1);
    compareBooks(comparison, `class ${name} claimable + claimed = funded, to the dust`, {
      chain: fits ? "yes" : `${claimable} units claimable`,
      postgres: fits ? "yes" : `${unclaimed} units unclaimed`,
    });
  });
}

/** Where everything stands at the block up to which Postgres has the events. */
export function compareStanding(
  comparison: Comparison,
  books: BooksOfDeal,
  chain: DealBooks,
): void {
  compareState(comparison, books, chain);
  compareCash(comparison, books, chain);
  compareTokens(comparison, books, chain);
  compareHolders(comparison, books, chain);
}
