/** How a version of a tape differs from another one: by total, and loan by loan. */
import type { Context } from "../context.ts";
import type { CsvValue } from "../lib/csv-text.ts";
import { formatCents } from "../lib/money.ts";
import { compareLoanMonths } from "./compare-loan-months.ts";
import type { LoanDifference } from "./compare-loan-months.ts";
import * as queries from "./differences-queries.ts";
import type { ComparedVersions, DifferenceCounts, LoanPair } from "./differences-queries.ts";
import { monthOfPeriod } from "./tape-deal.ts";
import type { TapeDeal } from "./tape-deal.ts";
import { findTape } from "./tapes-queries.ts";
import type { Tape } from "./tapes-queries.ts";

type Db = Context["db"];

/** Two versions of a period's tape. */
export interface TapePair {
  deal: TapeDeal;
  tape: Tape;
  against: Tape;
}

const versionOf = (deal: TapeDeal, { period, version }: Tape) => ({
  ...{ dealKey: deal.key, period, version },
});

function comparedVersions({ deal, tape, against }: TapePair): ComparedVersions {
  const names = [tape, against].map(({ attribute_names }) => attribute_names.join("\u001f"));
  return {
    old: versionOf(deal, against),
    current: versionOf(deal, tape),
    sameAttributes: names[0] === names[1],
  };
}

function toDifference({ deal, tape, against }: TapePair, pair: LoanPair): LoanDifference {
  const side = (row: LoanPair["old"], of: Tape) =>
    row === null ? null : { row, attributeNames: of.attribute_names };
  return compareLoanMonths(deal, side(pair.old, against), side(pair.current, tape));
}

/** Loans that differ, by their id; one more than `limit` when there are more. */
export async function listDifferences(
  db: Db,
  pair: TapePair,
  page: { after: string; limit: number },
): Promise<LoanDifference[]> {
  const found = await queries.listDifferingLoans(db, comparedVersions(pair), {
    ...page,
    limit: page.limit + 1,
  });
  return found.map((one) => toDifference(pair, one));
}

export const DIFFERENCE_COLUMNS = [
  ...["loan", "change", "old_line", "new_line", "field", "old", "new"],
] as const;

/** All differences as rows of a sheet, one per field, a batch at a time on a connection of its own. */
export async function* readDifferenceRows(db: Db, pair: TapePair): AsyncGenerator<CsvValue[][]> {
  const trx = await db.startTransaction().execute();
  try {
    await queries.readWhole(trx);
    for await (const batch of queries.readDifferingLoans(trx, comparedVersions(pair))) {
      yield batch.flatMap((one) => {
        const { loan, change, oldLine, newLine, fields } = toDifference(pair, one);
        return fields.map((field) => [
          ...[loan, change, oldLine, newLine, field.field, field.old, field.new],
        ]);
      });
    }
  } finally {
    // It has only read; a reader who leaves early ends it too.
    await trx.rollback().execute();
  }
}

export interface TotalDifference {
  total: string;
  old: string | null;
  new: string | null;
  /** New less old. */
  difference: string;
}

/** Rows, loans and the sum of every amount in both versions. */
export async function compareTotals(
  db: Db,
  { deal, tape, against }: TapePair,
): Promise<TotalDifference[]> {
  const old = await queries.sumVersion(db, versionOf(deal, against));
  const current = await queries.sumVersion(db, versionOf(deal, tape));
  const count = (total: string, left: number, right: number): TotalDifference => ({
    ...{ total, old: String(left), new: String(right), difference: String(right - left) },
  });
  const sums = current.sums.flatMap(({ field, cents }, place): TotalDifference[] => {
    const before = old.sums[place]?.cents ?? null;
    if (cents === null && before === null) return [];
    const money = (value: bigint | null) => (value === null ? null : formatCents(value));
    const difference = formatCents((cents ?? 0n) - (before ?? 0n));
    return [{ total: field, old: money(before), new: money(cents), difference }];
  });
  return [count("rows", old.rows, current.rows), count("loans", old.loans, current.loans), ...sums];
}

export async function countDifferences(db: Db, pair: TapePair): Promise<DifferenceCounts> {
  return await queries.countDifferingLoans(db, comparedVersions(pair));
}

/** A tape next to a version in time, and how many loans do not carry over between the two. */
export interface ChainLink {
  month: string;
  version: number;
  /** Loans that do not begin where they ended, or have gone with a balance. */
  broken: number;
}

export interface TapeChain {
  before: ChainLink | null;
  after: ChainLink | null;
}

/** How a version fits between the tapes that stand for the periods before and after it. */
export async function checkChain(db: Db, deal: TapeDeal, tape: Tape): Promise<TapeChain> {
  const link = async (period: number): Promise<ChainLink | null> => {
    const neighbour = await findTape(db, { dealId: deal.id, period });
    if (neighbour === undefined) return null;
    const [first, second] = period < tape.period ? [neighbour, tape] : [tape, neighbour];
    const [before, after] = [versionOf(deal, first), versionOf(deal, second)];
    const broken = await queries.countBrokenLoans(db, before, after);
    return { month: monthOfPeriod(deal, period), version: neighbour.version, broken };
  };
  return { before: await link(tape.period - 1), after: await link(tape.period + 1) };
}
