/** Step 1: a file to an accepted tape, whole or not at all, in one transaction. */
import { randomUUID } from "node:crypto";
import type { Context } from "../context.ts";
import { copyTransaction } from "../db/copy-transaction.ts";
import type { CopyTransaction } from "../db/copy-transaction.ts";
import { problem } from "../errors.ts";
import { formatCents } from "../lib/money.ts";
import { buildTapeLoan } from "./build-tape-loan.ts";
import type { LoanMonth } from "./loan-month.ts";
import { measureBytes } from "./measure-bytes.ts";
import type { MeasuredBytes } from "./measure-bytes.ts";
import { parseTape } from "./parse-tape.ts";
import { refuseTape } from "./refuse-tape.ts";
import { UnreadableTape } from "./tape-record.ts";
import * as staged from "./staged-tape-queries.ts";
import { storeTape } from "./store-tape.ts";
import { getTapeDeal } from "./tape-deal-queries.ts";
import { monthOfPeriod, periodOfMonth } from "./tape-deal.ts";
import type { TapeDeal } from "./tape-deal.ts";
import { LISTED_PROBLEMS, startProblemList } from "./tape-problem.ts";
import type { ProblemList, TapeProblem } from "./tape-problem.ts";
import { tapeReading } from "./tape-reading.ts";
import type { TapePeriod } from "./tape-terms.ts";
import * as tapes from "./tapes-queries.ts";
import type { Tape } from "./tapes-queries.ts";
import { uploadInTurn } from "./upload-in-turn.ts";
import { validateLoanPair, validateMeanRate } from "./validate-month-chain.ts";
import { validateRow } from "./validate-tape.ts";

export interface TapeUpload {
  dealId: string;
  /** The collection month, YYYY-MM. */
  month: string;
  fileName: string;
  bytes: AsyncIterable<Uint8Array>;
  /** User id. */
  uploadedBy: string;
}

/** A sender that is silent for so long is taken for gone. */
const LONGEST_SILENCE_MS = 60_000;

/** Rows are staged when at least so many have come together. */
const STAGED_AT_ONCE = 1000;

/**
 * Reads, checks and stores a tape as it comes in; memory does not grow with the file. The same content
 * for the same period answers the tape that it made the first time and changes nothing.
 * @throws Problem deal-unknown, period-unknown, tape-out-of-order, tape-too-large, upload-broken-off,
 *   uploads-too-many, or one of the tape-… codes with the list of what is wrong; nothing is stored then
 */
export async function uploadTape(
  context: Context,
  upload: TapeUpload,
): Promise<{ tape: Tape; created: boolean }> {
  const deal = await getTapeDeal(context.db, upload.dealId);
  const period = periodOfMonth(deal, upload.month);
  await requirePreviousTape(context.db, deal, period);
  const measured = measureBytes(upload.bytes, {
    bytes: context.config.uploadLimitBytes,
    silenceMs: LONGEST_SILENCE_MS,
  });
  return await uploadInTurn(context.db, () =>
    storeUpload(context, upload, { deal, period, measured }),
  );
}

async function storeUpload(
  context: Context,
  upload: TapeUpload,
  facts: { deal: TapeDeal; period: TapePeriod; measured: MeasuredBytes },
): Promise<{ tape: Tape; created: boolean }> {
  const { deal, period, measured } = facts;
  return await copyTransaction(context.db, async (transaction) => {
    const { trx } = transaction;
    const problems = startProblemList();
    const counts = await stageTape(transaction, measured.bytes, { deal, period, problems });
    const contentHash = measured.contentHash();
    await tapes.lockTapesOfDeal(trx, deal.id);
    const key = { dealId: deal.id, period: period.ordinal };
    const same = await tapes.findTapeByContent(trx, { ...key, contentHash });
    if (same !== undefined) return { tape: same, created: false };
    await validateWholeTape(trx, { deal, period, problems, counts });
    refuseTape(problems, { deal: deal.id, period: upload.month, rows: counts.rows });
    const version = ((await tapes.findTape(trx, key))?.version ?? 0) + 1;
    const { root, rowCount } = await storeTape(transaction, { ...key, version });
    const tape: Tape = {
      id: randomUUID(),
      deal_id: deal.id,
      period: period.ordinal,
      version,
      content_hash: contentHash,
      file_name: upload.fileName,
      format: deal.terms.format,
      byte_count: measured.byteCount(),
      row_count: rowCount,
      closing_balance_cents: root.balanceCents,
      loan_count: root.loanCount,
      tree_hash: `0x${root.hash.toString("hex")}`,
      uploaded_by: upload.uploadedBy,
      uploaded_at: context.clock.now(),
    };
    await tapes.insertTape(trx, tape);
    await tapes.insertTapeProblems(trx, { dealId: deal.id, id: tape.id }, storedProblems(problems));
    return { tape, created: true };
  });
}

/** All reasons and the first notes; how many more notes there were stands in the last one. */
function storedProblems(problems: ProblemList): TapeProblem[] {
  const more = problems.count("note") - LISTED_PROBLEMS;
  const whole = { line: 0, column: null, field: "", loanId: null, severity: "note" } as const;
  const value = `${more} more notes`;
  const last = { ...whole, code: "more-notes", value, expected: "at most 1000 listed" } as const;
  return more > 0 ? [...problems.listed(), last] : problems.listed();
}

async function requirePreviousTape(
  db: Context["db"],
  deal: TapeDeal,
  period: TapePeriod,
): Promise<void> {
  if (period.ordinal === 0) return;
  const previous = period.ordinal - 1;
  const tape = await tapes.findTape(db, { dealId: deal.id, period: previous });
  if (tape !== undefined) return;
  throw problem("tape-out-of-order", {
    deal: deal.id,
    period: monthOfPeriod(deal, period.ordinal),
    previous: monthOfPeriod(deal, previous),
  });
}

interface Checking {
  deal: TapeDeal;
  period: TapePeriod;
  problems: ProblemList;
}

interface RowCounts {
  rows: number;
  /** Rows that could not be read, and so are not among the staged ones. */
  unreadable: number;
}

/** Parses, checks row by row and stages what can be read. @throws Problem when the file cannot be read */
async function stageTape(
  { trx, client }: CopyTransaction,
  bytes: AsyncIterable<Uint8Array>,
  { deal, period, problems }: Checking,
): Promise<RowCounts> {
  await staged.createStagedTape(trx);
  const reading = tapeReading(deal.terms);
  const rules = { terms: deal.terms, period, names: reading.names };
  const counts: RowCounts = { rows: 0, unreadable: 0 };
  let waiting: LoanMonth[] = [];
  try {
    for await (const batch of parseTape(bytes, deal.terms, problems)) {
      for (const source of batch) {
        counts.rows += 1;
        const row = buildTapeLoan(source, reading, problems);
        if (row === null) {
          counts.unreadable += 1;
          continue;
        }
        validateRow(row, rules, problems);
        waiting.push(row.loan);
      }
      if (waiting.length < STAGED_AT_ONCE) continue;
      await staged.stageLoans(client, waiting);
      waiting = [];
    }
  } catch (error) {
    if (!(error instanceof UnreadableTape)) throw error;
    refuseTape(problems, { deal: deal.id, period: period.end.slice(0, 7), rows: counts.rows });
  }
  await staged.stageLoans(client, waiting);
  return counts;
}

/** What only the whole tape shows: repeated loans, the chain from the tape before, the cut-off. */
async function validateWholeTape(
  trx: Context["db"],
  { deal, period, problems, counts }: Checking & { counts: RowCounts },
): Promise<void> {
  await findRepeatedLoans(trx, problems);
  if (counts.unreadable === 0 && problems.countOf("field-count") === 0) {
    if (period.ordinal === 0) await checkCutOff(trx, deal, problems);
    else await checkChain(trx, { deal, period, problems });
  }
  if (problems.count("reason") <= LISTED_PROBLEMS) return;
  problems.add({
    line: 0,
    column: null,
    field: "",
    code: "too-many-reasons",
    severity: "refuse",
    loanId: null,
    value: String(problems.count("reason")),
    expected: `at most ${LISTED_PROBLEMS} rows that need a reason`,
  });
}

async function findRepeatedLoans(trx: Context["db"], problems: ProblemList): Promise<void> {
  for await (const batch of staged.readRepeatedLoans(trx)) {
    for (const repeated of batch) {
      problems.add({
        line: repeated.line,
        column: null,
        field: "loanId",
        code: "loan-repeated",
        severity: "refuse",
        loanId: repeated.loan_id,
        value: repeated.same
          ? `an exact copy of line ${repeated.first_line}`
          : `other values than in line ${repeated.first_line}`,
        expected: "one row per loan",
      });
    }
  }
}

async function checkChain(trx: Context["db"], { deal, period, problems }: Checking): Promise<void> {
  const key = { dealId: deal.id, period: period.ordinal - 1 };
  const previous = await tapes.findTape(trx, key);
  if (previous === undefined) throw new Error(`tape ${deal.id}/${key.period} has gone`);
  const before = { ...key, version: previous.version };
  const pairs = staged.readLoanPairs(trx, before, "staged");
  for await (const batch of pairs) {
    for (const pair of batch) {
      const found = validateLoanPair(pair);
      if (found !== null) problems.add(found);
    }
  }
  const shifted = validateMeanRate(
    await staged.findMeanRate(trx, before),
    await staged.findMeanRate(trx, "staged"),
  );
  if (shifted !== null) problems.add(shifted);
}

/** The cut-off tape is the pool that was sold: its balance and count are terms of the deal. */
async function checkCutOff(
  trx: Context["db"],
  deal: TapeDeal,
  problems: ProblemList,
): Promise<void> {
  const sums = await staged.sumStagedLoans(trx);
  const whole = { line: 0, column: null, severity: "refuse", loanId: null } as const;
  if (sums.closingBalanceCents !== deal.cutOffBalanceCents) {
    problems.add({
      ...whole,
      field: "endingBalance",
      code: "cut-off-balance",
      value: formatCents(sums.closingBalanceCents),
      expected: `${formatCents(deal.cutOffBalanceCents)}, the deal's cut-off balance`,
    });
  }
  if (sums.loanCount !== deal.cutOffLoans) {
    problems.add({
      ...whole,
      field: "loanId",
      code: "cut-off-loans",
      value: String(sums.loanCount),
      expected: `${deal.cutOffLoans} loans with a balance, as the deal has`,
    });
  }
}
