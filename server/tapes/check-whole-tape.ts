/** Step 3, second half: what only the whole tape shows, alone and beside the tape before. */
import type { Kysely } from "kysely";
import type { Database } from "../db/tables.ts";
import { parseDate } from "../lib/dates.ts";
import { checkCutOff } from "./check-cut-off.ts";
import type { LoadedTape } from "./load-tape.ts";
import { versionTable } from "./partitions-queries.ts";
import type { TapeVersion } from "./partitions-queries.ts";
import { rewriteTape } from "./rewrite-tape-queries.ts";
import type { ControlTotals } from "./reading/read-totals.ts";
import * as checks from "./tape-checks-queries.ts";
import { monthOfPeriod } from "./tape-deal.ts";
import type { TapeDeal } from "./tape-deal.ts";
import { LISTED_PROBLEMS } from "./tape-problem.ts";
import type { ProblemList } from "./tape-problem.ts";
import type { TapePeriod } from "./tape-terms.ts";
import type { Tape } from "./tapes-queries.ts";
import { validateControlTotals } from "./validate-control-totals.ts";
import type { GivenTotals } from "./validate-control-totals.ts";
import { validateMeanRates } from "./validate-mean-rate.ts";
import { validateReturnedLoans, validateRowCount, validateTapePair } from "./validate-tape-pair.ts";

export interface TapeToCheck {
  deal: TapeDeal;
  period: TapePeriod;
  /** The tape of the period before; null for the cut-off tape. */
  previous: Tape | null;
  loaded: LoadedTape;
  /** What the loaded rows are marked as. */
  version: TapeVersion;
  /** Control totals that came with the tape. */
  given: GivenTotals;
  problems: ProblemList;
}

/**
 * Runs the checks over a loaded tape and makes its key. Exact copies of rows are taken out and what the
 * format does not state of the month is computed: then `loaded` names another table, without a tree.
 */
export async function checkWholeTape(trx: Kysely<Database>, tape: TapeToCheck): Promise<void> {
  const { period, previous, loaded, problems } = tape;
  const unique = await checks.indexLoans(trx, loaded.table);
  const repeated = unique ? NO_REPEATED : await findRepeatedLoans(trx, loaded, problems);
  await rewriteLoaded(trx, tape, repeated);
  // A row that could not be read would look like a loan that has gone.
  if (loaded.unreadable === 0 && problems.countOf("field-count") === 0) {
    for (const found of validateControlTotals(tape.given, loaded.totals)) problems.add(found);
    if (period.ordinal === 0) checkCutOff(tape.deal, tape.loaded.sums, tape.problems);
    if (previous !== null) await checkAgainstTapeBefore(trx, { ...tape, previous });
  }
  const reasons = problems.count("reason");
  if (reasons <= LISTED_PROBLEMS) return;
  problems.add({
    ...WHOLE_TAPE,
    field: "",
    code: "too-many-reasons",
    value: String(reasons),
    expected: `at most ${LISTED_PROBLEMS} rows that need a reason`,
  });
}

const NO_REPEATED = { copies: 0, others: 0 };

const WHOLE_TAPE = { line: 0, column: null, loanId: null } as const;

/** Exact copies of a row are dropped; rows of one loan that differ refuse the tape. */
async function findRepeatedLoans(
  trx: Kysely<Database>,
  { table }: LoadedTape,
  problems: ProblemList,
): Promise<{ copies: number; others: number }> {
  const { listed, copies, others } = await checks.findRepeatedLoans(trx, table);
  for (const loan of listed) {
    problems.add({
      line: loan.line,
      column: null,
      field: "loanId",
      code: loan.same ? "loan-repeated-same" : "loan-repeated",
      loanId: loan.loan_id,
      value: `${loan.same ? "an exact copy of" : "other values than in"} line ${loan.first_line}`,
      expected: "one row per loan",
    });
  }
  problems.countMore("loan-repeated-same", Math.max(0, copies - LISTED_PROBLEMS));
  problems.countMore("loan-repeated", Math.max(0, others - LISTED_PROBLEMS));
  return { copies, others };
}

async function rewriteLoaded(
  trx: Kysely<Database>,
  { deal, previous, loaded, version }: TapeToCheck,
  { copies, others }: { copies: number; others: number },
): Promise<void> {
  const { cumulative, format } = loaded;
  const differenced = format.differenced === true;
  const derived = previous !== null && (differenced || cumulative.length > 0);
  if (copies === 0 && !derived) return;
  loaded.tree = null;
  loaded.table = await rewriteTape(trx, {
    ...{ table: loaded.table, version, cumulative, differenced },
    copies: copies > 0,
    previousTable: derived ? tableOf(deal, previous) : null,
  });
  if (others === 0 && !(await checks.indexLoans(trx, loaded.table))) {
    throw new Error("a loan stands twice in a tape without its copies");
  }
  loaded.sums = await checks.sumTape(trx, loaded.table);
}

function tableOf(deal: TapeDeal, { period, version }: Tape): string {
  return versionTable({ dealKey: deal.key, period, version });
}

async function checkAgainstTapeBefore(
  trx: Kysely<Database>,
  { deal, period, previous, loaded, problems }: TapeToCheck & { previous: Tape },
): Promise<void> {
  const found = await checks.comparePair(trx, {
    table: loaded.table,
    previousTable: tableOf(deal, previous),
    days: parseDate(period.end) - parseDate(period.begin) + 1,
    cumulative: loaded.cumulative.length > 0,
  });
  validateTapePair(found, problems);
  const added = found.filter((pair) => pair.found === "added").map((pair) => pair.loan_id);
  const place = { dealKey: deal.key, before: previous.period };
  const earlier = await checks.listEarlierLoans(trx, added, place);
  const monthOf = (ordinal: number): string => monthOfPeriod(deal, ordinal);
  validateReturnedLoans(found, earlier, { problems, monthOf });
  const rows = { rows: loaded.sums.rows, previousRows: previous.row_count };
  validateRowCount(found, rows, problems);
  const before = previous.control_totals as unknown as ControlTotals;
  for (const shifted of validateMeanRates(before, loaded.totals)) problems.add(shifted);
}
