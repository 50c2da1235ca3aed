/** Step 1: a file to an accepted tape, whole or not at all, in one transaction. */
import { randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import type { Context } from "../context.ts";
import { copyTransaction } from "../db/copy-transaction.ts";
import type { CopyTransaction } from "../db/copy-transaction.ts";
import { orAborted } from "../db/or-aborted.ts";
import type { Database } from "../db/tables.ts";
import { problem } from "../errors.ts";
import { insertTapeAcceptance } from "./acceptances-queries.ts";
import { checkWholeTape } from "./check-whole-tape.ts";
import { hashTape } from "./hash-tape.ts";
import { loadTape } from "./load-tape.ts";
import type { LoadedTape } from "./load-tape.ts";
import { LONGEST_SILENCE_MS, measureBytes } from "./measure-bytes.ts";
import type { MeasuredBytes } from "./measure-bytes.ts";
import * as partitions from "./partitions-queries.ts";
import type { TapeVersion } from "./partitions-queries.ts";
import { refuseTape } from "./refuse-tape.ts";
import { getTapeDeal } from "./tape-deal-queries.ts";
import { monthOfPeriod, periodOfMonth } from "./tape-deal.ts";
import type { TapeDeal } from "./tape-deal.ts";
import { LISTED_PROBLEMS, startProblemList } from "./tape-problem.ts";
import type { ProblemList, TapeProblem } from "./tape-problem.ts";
import { UnreadableTape } from "./tape-record.ts";
import type { TapePeriod } from "./tape-terms.ts";
import * as tapes from "./tapes-queries.ts";
import type { Tape } from "./tapes-queries.ts";
import { insertTreeNodes } from "./tree-nodes-queries.ts";
import type { BuiltTree } from "./tree-nodes-queries.ts";
import type { GivenTotals } from "./validate-control-totals.ts";
import { uploadInTurn } from "./upload-in-turn.ts";

/** Versions of a period that may wait for somebody's decision, each as large as a tape. */
const MOST_PROPOSED = 8;

export interface TapeUpload {
  dealId: string;
  /** The collection month, YYYY-MM. */
  month: string;
  fileName: string;
  bytes: AsyncIterable<Uint8Array>;
  /** User id. */
  uploadedBy: string;
  /** What the tape must add up to (validate-control-totals.ts). */
  controlTotals?: GivenTotals;
}

/** How far an upload is: reading rows, checking the whole tape, storing it. */
export interface UploadProgress {
  stage: "rows" | "checks" | "storing";
  rows: number;
  bytes: number;
  /** Problems found so far, by severity. */
  refuse: number;
  reason: number;
  note: number;
}

export interface UploadOptions {
  /** Breaks the upload off at any point; nothing is stored then. */
  signal?: AbortSignal;
  /** Called once per piece of the file, and when a stage begins. */
  progress?(progress: UploadProgress): void;
  /**
   * Called last inside the transaction, also when the content was stored before: what it throws refuses
   * the upload.
   */
  seal?(trx: Kysely<Database>, tape: Tape): Promise<void>;
}

export interface UploadOutcome {
  tape: Tape;
  /** False when the same content was there already. */
  created: boolean;
}

/**
 * Reads, checks and stores a tape as it comes in; memory does not grow with the file. The same content
 * for the same period answers the tape that it made the first time and changes nothing.
 * @throws Problem deal-unknown, period-unknown, tape-out-of-order, tape-too-large, upload-broken-off,
 *   uploads-too-many, or one of the tape-… codes with the list of what is wrong; nothing is stored then
 * @throws the reason of options.signal when it is aborted
 */
export async function uploadTape(
  context: Context,
  upload: TapeUpload,
  options: UploadOptions = {},
): Promise<UploadOutcome> {
  const deal = await getTapeDeal(context.db, upload.dealId);
  const period = periodOfMonth(deal, upload.month);
  await getTapeBefore(context.db, deal, period);
  const mostBytes = context.config.uploadLimitBytes;
  const measured = measureBytes(upload.bytes, {
    bytes: mostBytes,
    silenceMs: LONGEST_SILENCE_MS,
    signal: options.signal,
  });
  const problems = startProblemList(deal.terms.checks);
  const facts = { upload, options, deal, period, measured, mostBytes, problems };
  return await uploadInTurn(context.db, deal.id, () =>
    copyTransaction(context.db, (transaction) =>
      orAborted(context.db, transaction.client, {
        signal: options.signal,
        work: () => storeUpload(context, transaction, facts),
      }),
    ),
  );
}

interface UploadFacts {
  upload: TapeUpload;
  options: UploadOptions;
  deal: TapeDeal;
  period: TapePeriod;
  measured: MeasuredBytes;
  /** Of the unpacked file. */
  mostBytes: number;
  problems: ProblemList;
}

async function storeUpload(
  context: Context,
  transaction: CopyTransaction,
  facts: UploadFacts,
): Promise<UploadOutcome> {
  const { upload, options, deal, period, measured, problems } = facts;
  const { trx } = transaction;
  const key = { dealId: deal.id, period: period.ordinal };
  const guessed = {
    ...{ dealKey: deal.key, period: period.ordinal },
    version: await nextVersion(trx, key),
  };
  const loaded = await loadOrRefuse(transaction, facts, guessed);
  const contentHash = measured.contentHash();
  const { mappingVersion } = deal;
  await tapes.lockTapesOfDeal(trx, deal.id);
  const previous = await getTapeBefore(trx, deal, period);
  const differencedFrom = isDifferenced(loaded) ? (previous?.id ?? null) : null;
  const basis = { contentHash, mappingVersion, differencedFrom };
  const same = await tapes.findTapeByContent(trx, { ...key, ...basis });
  if (same !== undefined) {
    await partitions.dropTable(trx, loaded.table);
    await options.seal?.(trx, same);
    return { tape: same, created: false };
  }
  report(facts, "checks", loaded.rows);
  const given = upload.controlTotals ?? {};
  await checkWholeTape(trx, { deal, period, previous, loaded, version: guessed, given, problems });
  refuseTape(problems, { deal: deal.id, period: upload.month, rows: loaded.rows });
  report(facts, "storing", loaded.rows);
  if ((await tapes.countProposed(trx, key)) >= MOST_PROPOSED) {
    throw problem("versions-too-many", { period: upload.month, limit: MOST_PROPOSED });
  }
  const place = { ...guessed, version: await nextVersion(trx, key) };
  if (place.version !== guessed.version) {
    await partitions.changeVersion(trx, loaded.table, place);
  }
  return {
    tape: await storeTape(context, transaction, { facts, loaded, place, basis }),
    created: true,
  };
}

interface CheckedTape {
  facts: UploadFacts;
  loaded: LoadedTape;
  /** Its version now that no other upload of the deal can take it. */
  place: TapeVersion;
  /** What makes it another tape than those that are stored. */
  basis: { contentHash: string; mappingVersion: number | null; differencedFrom: string | null };
}

/** Makes a checked tape, its tree and its problems part of what is stored. */
async function storeTape(
  context: Context,
  transaction: CopyTransaction,
  { facts, loaded, place, basis }: CheckedTape,
): Promise<Tape> {
  const { upload, options, deal, period, measured, problems } = facts;
  const { trx } = transaction;
  const key = { dealId: deal.id, period: period.ordinal };
  const tree = loaded.tree ?? (await hashTape(transaction, { ...key, ...loaded }));
  const tape = {
    id: randomUUID(),
    ...{ deal_id: deal.id, period: place.period, version: place.version },
    ...{ content_hash: basis.contentHash, file_name: upload.fileName },
    byte_count: measured.byteCount(),
    ...describeTape(loaded, tree),
    mapping_version: basis.mappingVersion,
    differenced_from: basis.differencedFrom,
    uploaded_by: upload.uploadedBy,
    uploaded_at: context.clock.now(),
  };
  await tapes.insertTape(trx, tape);
  await insertTreeNodes(transaction, place, tree.nodes);
  await tapes.insertTapeProblems(trx, { dealId: deal.id, id: tape.id }, storedProblems(problems));
  await partitions.attachVersionTable(trx, loaded.table, place);
  // The first tape of a period stands at once; another one is proposed until somebody accepts it.
  if ((await tapes.findTape(trx, key)) === undefined) {
    const acceptance = { accepted_by: tape.uploaded_by, accepted_at: tape.uploaded_at };
    await insertTapeAcceptance(trx, tape, { ...acceptance, reason: null });
  }
  await options.seal?.(trx, tape);
  return tape;
}

/** Whether flows of the month are counted from the tape before: over another one they are others. */
function isDifferenced({ format, cumulative }: LoadedTape): boolean {
  return format.differenced === true || cumulative.length > 0;
}

async function nextVersion(
  trx: Kysely<Database>,
  key: { dealId: string; period: number },
): Promise<number> {
  return (await tapes.findLastVersion(trx, key)) + 1;
}

function report(
  { options, measured, problems }: UploadFacts,
  stage: UploadProgress["stage"],
  rows: number,
): void {
  options.progress?.({
    ...{ stage, rows, bytes: Number(measured.byteCount()) },
    refuse: problems.count("refuse"),
    reason: problems.count("reason"),
    note: problems.count("note"),
  });
}

async function loadOrRefuse(
  transaction: CopyTransaction,
  facts: UploadFacts,
  { version }: TapeVersion,
): Promise<LoadedTape> {
  const { upload, deal, period, problems, measured, mostBytes } = facts;
  let rows = 0;
  const onRows = (read: number): void => {
    rows = read;
    report(facts, "rows", rows);
  };
  try {
    const parts = { bytes: measured.bytes, mostBytes, deal, period, version, problems, onRows };
    return await loadTape(transaction, parts);
  } catch (error) {
    if (!(error instanceof UnreadableTape)) throw error;
    refuseTape(problems, { deal: deal.id, period: upload.month, rows });
    throw error;
  }
}

/** The columns of `tapes` that the rows and their tree say. */
function describeTape(
  loaded: LoadedTape,
  { root }: BuiltTree,
): Pick<
  Tape,
  | "format"
  | "asset_class"
  | "row_count"
  | "closing_balance_cents"
  | "loan_count"
  | "bucket_cents"
  | "tree_hash"
  | "leaf_secret"
  | "attribute_names"
  | "control_totals"
> {
  const { sums } = loaded;
  if (root.balanceCents !== sums.balanceCents || root.loanCount !== sums.loanCount) {
    throw new Error("the rows of a tape do not sum to its tree");
  }
  return {
    format: loaded.format.id,
    asset_class: loaded.format.assetClass,
    row_count: sums.rows,
    closing_balance_cents: root.balanceCents,
    loan_count: root.loanCount,
    bucket_cents: [...root.bucketCents],
    tree_hash: `0x${root.hash.toString("hex")}`,
    leaf_secret: loaded.leafSecret,
    attribute_names: [...loaded.attributeNames],
    control_totals: { ...loaded.totals },
  };
}

/** All reasons and the first notes; how many more notes there were stands in the last one. */
function storedProblems(problems: ProblemList): TapeProblem[] {
  const more = problems.count("note") - LISTED_PROBLEMS;
  const whole = { line: 0, column: null, field: "", loanId: null, severity: "note" } as const;
  const value = `${more} more notes`;
  const last = { ...whole, code: "more-notes", value, expected: "at most 1000 listed" } as const;
  return more > 0 ? [...problems.listed(), last] : problems.listed();
}

/**
 * The tape of the period before, which must be there; null for the cut-off tape.
 * @throws Problem tape-out-of-order
 */
async function getTapeBefore(
  db: Kysely<Database>,
  deal: TapeDeal,
  { ordinal }: TapePeriod,
): Promise<Tape | null> {
  if (ordinal === 0) return null;
  const tape = await tapes.findTape(db, { dealId: deal.id, period: ordinal - 1 });
  if (tape !== undefined) return tape;
  throw problem("tape-out-of-order", {
    deal: deal.id,
    period: monthOfPeriod(deal, ordinal),
    previous: monthOfPeriod(deal, ordinal - 1),
  });
}
