import { sql, type Insertable, type Kysely, type Selectable, type Transaction } from "kysely";
import type { Database, ReportSignaturesTable, ReportsTable } from "../db/tables.ts";
import { problem } from "../errors.ts";

export type StoredReport = Selectable<ReportsTable>;
export type StoredSignature = Selectable<ReportSignaturesTable>;

export interface ReportKey {
  dealId: string;
  /** Ordinal, from 1. */
  period: number;
}

/** The period as it was closed last, with its tape's tree and the preview that was made of it. */
export interface ClosedPeriodFacts {
  closeVersion: number;
  closeHash: string;
  figures: string[];
  treeHash: string;
  /** Undefined while the waterfall has not been previewed. */
  preview: { resultHash: string; flags: number } | undefined;
}

/** @throws Problem period-not-closed */
export async function getClosedPeriodFacts(
  db: Kysely<Database>,
  { dealId, period }: ReportKey,
): Promise<ClosedPeriodFacts> {
  const row = await db
    .selectFrom("closed_periods as closed")
    .innerJoin("tapes as tape", "tape.id", "closed.tape_id")
    .leftJoin("waterfall_previews as preview", (join) =>
      join
        .onRef("preview.deal_id", "=", "closed.deal_id")
        .onRef("preview.period", "=", "closed.period")
        .onRef("preview.close_version", "=", "closed.version"),
    )
    .select([
      "closed.version",
      "closed.close_hash",
      "closed.figures",
      "tape.tree_hash",
      "preview.result_hash",
      "preview.flags",
    ])
    .where("closed.deal_id", "=", dealId)
    .where("closed.period", "=", period)
    .orderBy("closed.version", "desc")
    .executeTakeFirst();
  if (row === undefined) throw problem("period-not-closed", { deal: dealId, period });
  const { result_hash: resultHash, flags } = row;
  return {
    closeVersion: row.version,
    closeHash: row.close_hash,
    figures: row.figures,
    treeHash: row.tree_hash,
    preview: resultHash === null || flags === null ? undefined : { resultHash, flags },
  };
}

/** Hash of the period as it was closed last; undefined when it was not closed here. */
export async function findCloseHash(
  db: Kysely<Database>,
  { dealId, period }: ReportKey,
): Promise<string | undefined> {
  const row = await db
    .selectFrom("closed_periods")
    .select("close_hash")
    .where("deal_id", "=", dealId)
    .where("period", "=", period)
    .orderBy("version", "desc")
    .executeTakeFirst();
  return row?.close_hash;
}

/** Somebody who made a period, with the wallet that is registered for them. */
export interface Maker {
  id: string;
  address: string | null;
}

/** Everyone who made the period: uploaded or accepted any version of its tape, or closed it. */
export async function listMakers(
  db: Kysely<Database>,
  { dealId, period }: ReportKey,
): Promise<Maker[]> {
  const uploads = db
    .selectFrom("tapes")
    .select("uploaded_by as user_id")
    .where("deal_id", "=", dealId)
    .where("period", "=", period);
  const closes = db
    .selectFrom("closed_periods")
    .select("closed_by as user_id")
    .where("deal_id", "=", dealId)
    .where("period", "=", period);
  const acceptances = db
    .selectFrom("tape_acceptances")
    .select("accepted_by as user_id")
    .where("deal_id", "=", dealId)
    .where("period", "=", period);
  return db
    .selectFrom("users")
    .select(["id", "address"])
    .where("id", "in", uploads.union(closes).union(acceptances))
    .execute();
}

/** The last close of a period when no report was built of it yet. */
export async function findUnreportedClose(
  db: Kysely<Database>,
  { dealId, period }: ReportKey,
): Promise<number | undefined> {
  const row = await db
    .selectFrom("closed_periods as closed")
    .leftJoin("reports as report", (join) =>
      join
        .onRef("report.deal_id", "=", "closed.deal_id")
        .onRef("report.period", "=", "closed.period")
        .onRef("report.close_version", "=", "closed.version"),
    )
    .select(["closed.version", sql<boolean>`report.digest is not null`.as("reported")])
    .where("closed.deal_id", "=", dealId)
    .where("closed.period", "=", period)
    .orderBy("closed.version", "desc")
    .executeTakeFirst();
  return row === undefined || row.reported ? undefined : row.version;
}

/**
 * Periods that were closed again after they had been distributed on, by a close whose report the chain
 * has not accepted: they are being restated.
 */
export async function listPeriodsToRestate(
  db: Kysely<Database>,
  dealId: string,
): Promise<number[]> {
  const { rows } = await sql<{ period: number }>`
    select closed.period from (
      select distinct on (period) period, version, close_hash, closed_at from closed_periods
      where deal_id = ${dealId} order by period, version desc
    ) as closed
    join distributions as done on done.deal_id = ${dealId} and done.period = closed.period
    where closed.version > 1 and closed.closed_at > done.distributed_at and not exists (
      select from reports as report join report_moves as move
        on move.deal_id = report.deal_id and move.report_hash = report.report_hash
      where report.deal_id = ${dealId} and report.period = closed.period
        and report.close_version = closed.version)
    order by closed.period`.execute(db);
  return rows.map(({ period }) => period);
}

/**
 * The report that stands: of the last close version, in the version that the registry expects, over
 * the waterfall as it was previewed last.
 */
export async function findReport(
  db: Kysely<Database>,
  { dealId, period }: ReportKey,
): Promise<StoredReport | undefined> {
  return db
    .selectFrom("reports as report")
    .leftJoin("waterfall_previews as preview", (join) =>
      join
        .onRef("preview.deal_id", "=", "report.deal_id")
        .onRef("preview.period", "=", "report.period")
        .onRef("preview.close_version", "=", "report.close_version"),
    )
    .selectAll("report")
    .where("report.deal_id", "=", dealId)
    .where("report.period", "=", period)
    .orderBy("report.close_version", "desc")
    .orderBy("report.version", "desc")
    .orderBy(sql`report.message->>'resultHash' = preview.result_hash`, (order) =>
      order.desc().nullsLast(),
    )
    .orderBy("report.created_at", "desc")
    .executeTakeFirst();
}

/** @throws Problem report-unknown */
export async function getReport(db: Kysely<Database>, key: ReportKey): Promise<StoredReport> {
  const report = await findReport(db, key);
  if (report === undefined)
    throw problem("report-unknown", { deal: key.dealId, period: key.period });
  return report;
}

/** Every report of the period, also those that a later close has voided. */
export async function listReports(
  db: Kysely<Database>,
  { dealId, period }: ReportKey,
): Promise<StoredReport[]> {
  return db
    .selectFrom("reports")
    .selectAll()
    .where("deal_id", "=", dealId)
    .where("period", "=", period)
    .execute();
}

/** Stores a report; the same digest again changes nothing. */
export async function insertReport(
  trx: Transaction<Database>,
  report: Insertable<ReportsTable>,
): Promise<void> {
  await trx
    .insertInto("reports")
    .values(report)
    .onConflict((conflict) => conflict.column("digest").doNothing())
    .execute();
}

/** Signatures over one digest, signers ascending. */
export async function listSignatures(
  db: Kysely<Database>,
  digest: string,
): Promise<StoredSignature[]> {
  return db
    .selectFrom("report_signatures")
    .selectAll()
    .where("digest", "=", digest)
    .orderBy("signer")
    .execute();
}

/**
 * The signatures of a report that count: without those of persons who made the period after they
 * had approved it.
 */
export async function listStandingSignatures(
  db: Kysely<Database>,
  report: StoredReport,
): Promise<StoredSignature[]> {
  const makers = await listMakers(db, { dealId: report.deal_id, period: report.period });
  const ids = new Set(makers.map(({ id }) => id));
  const stored = await listSignatures(db, report.digest);
  return stored.filter(({ user_id }) => user_id === null || !ids.has(user_id));
}

/** @returns whether it is new; the same signer over the same digest again changes nothing */
export async function insertSignature(
  db: Kysely<Database>,
  signature: Insertable<ReportSignaturesTable>,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto("report_signatures")
    .values(signature)
    .onConflict((conflict) => conflict.columns(["digest", "signer"]).doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}
