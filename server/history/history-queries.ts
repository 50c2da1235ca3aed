import type { Kysely, Selectable } from "kysely";
import { listVersions } from "../reports/report-life-queries.ts";
import type { DistributionsTable, WaterfallLinesTable } from "../db/chain-tables.ts";
import type {
  ClosedPeriodsTable,
  Database,
  ReportsTable,
  TapeProblemsTable,
  TapesTable,
} from "../db/tables.ts";

export type Distribution = Selectable<DistributionsTable>;
export type WaterfallLine = Selectable<WaterfallLinesTable>;

const CLOSING_EVENTS = [
  ...["DealCreated", "DealOpened", "DealClosed"],
  ...["SubscriptionFilled", "IssueSettled"],
];

/** What the chain tells of a deal's creation and closing, in its order. */
export async function listClosingEvents(
  db: Kysely<Database>,
  dealId: string,
): Promise<{ name: string; args: Record<string, unknown> }[]> {
  return await db
    .selectFrom("chain_events")
    .select(["name", "args"])
    .where("deal_id", "=", dealId)
    .where("name", "in", CLOSING_EVENTS)
    .orderBy("block_number")
    .orderBy("log_index")
    .execute();
}

/** Distributions of a deal from a period on, in order; all without a limit. */
export async function listDistributions(
  db: Kysely<Database>,
  dealId: string,
  page: { after?: number | undefined; limit?: number | undefined } = {},
): Promise<Distribution[]> {
  let query = db.selectFrom("distributions").selectAll().where("deal_id", "=", dealId);
  if (page.after !== undefined) query = query.where("period", ">", page.after);
  if (page.limit !== undefined) query = query.limit(page.limit);
  return await query.orderBy("period").execute();
}

/** The last period that was distributed; null before the first. */
export async function findLastDistributed(
  db: Kysely<Database>,
  dealId: string,
): Promise<number | null> {
  const { period } = await db
    .selectFrom("distributions")
    .select(({ fn }) => fn.max("period").as("period"))
    .where("deal_id", "=", dealId)
    .executeTakeFirstOrThrow();
  return period;
}

/** The distribution of one period. */
export async function findDistribution(
  db: Kysely<Database>,
  dealId: string,
  period: number,
): Promise<Distribution | undefined> {
  return await db
    .selectFrom("distributions")
    .selectAll()
    .where("deal_id", "=", dealId)
    .where("period", "=", period)
    .executeTakeFirst();
}

/** Waterfall lines of some periods, in order. */
export async function listLines(
  db: Kysely<Database>,
  dealId: string,
  periods: readonly number[],
): Promise<WaterfallLine[]> {
  if (periods.length === 0) return [];
  return await db
    .selectFrom("waterfall_lines")
    .selectAll()
    .where("deal_id", "=", dealId)
    .where("period", "in", [...periods])
    .orderBy("period")
    .orderBy("step")
    .execute();
}

/** The stored report of a hash: what a distribution ran on. */
export async function findReportByHash(
  db: Kysely<Database>,
  dealId: string,
  reportHash: string,
): Promise<Selectable<ReportsTable> | undefined> {
  return await db
    .selectFrom("reports")
    .selectAll()
    .where("deal_id", "=", dealId)
    .where("report_hash", "=", reportHash)
    .executeTakeFirst();
}

/** Hash of the report that stands at the registry for a period, as far as events are read. */
export async function findAcceptedHash(
  db: Kysely<Database>,
  dealId: string,
  period: number,
): Promise<string | undefined> {
  const versions = await listVersions(db, { dealId, period });
  return versions.findLast(({ restates, status }) => !restates && status !== "rejected")
    ?.reportHash;
}

/** A closed period: one version of it, or the last. */
export async function findClosedPeriod(
  db: Kysely<Database>,
  dealId: string,
  period: number,
  version?: number,
): Promise<(Selectable<ClosedPeriodsTable> & { closed_by_name: string }) | undefined> {
  let query = db
    .selectFrom("closed_periods as closed")
    .innerJoin("users as closer", "closer.id", "closed.closed_by")
    .selectAll("closed")
    .select("closer.name as closed_by_name")
    .where("closed.deal_id", "=", dealId)
    .where("closed.period", "=", period);
  if (version !== undefined) query = query.where("closed.version", "=", version);
  return await query.orderBy("closed.version", "desc").limit(1).executeTakeFirst();
}

/** The tape with the name of whoever uploaded it. */
export async function findTape(
  db: Kysely<Database>,
  tapeId: string,
): Promise<(Selectable<TapesTable> & { uploaded_by_name: string }) | undefined> {
  return await db
    .selectFrom("tapes as tape")
    .innerJoin("users as uploader", "uploader.id", "tape.uploaded_by")
    .selectAll("tape")
    .select("uploader.name as uploaded_by_name")
    .where("tape.id", "=", tapeId)
    .executeTakeFirst();
}

/** Findings of a tape with the name of whoever accepted each. */
export async function listFindings(
  db: Kysely<Database>,
  dealId: string,
  tapeId: string,
): Promise<(Selectable<TapeProblemsTable> & { accepted_by_name: string | null })[]> {
  return await db
    .selectFrom("tape_problems as finding")
    .leftJoin("users as accepter", "accepter.id", "finding.accepted_by")
    .selectAll("finding")
    .select("accepter.name as accepted_by_name")
    .where("finding.deal_id", "=", dealId)
    .where("finding.tape_id", "=", tapeId)
    .orderBy("finding.ordinal")
    .execute();
}

/** Who signed a report: wallet, and the person behind it where it is one of ours. */
export async function listSigners(
  db: Kysely<Database>,
  digest: string,
): Promise<{ signer: string; name: string | null; role: string | null; signed_at: Date }[]> {
  return await db
    .selectFrom("report_signatures as signature")
    .leftJoin("users as person", "person.id", "signature.user_id")
    .select(["signature.signer", "person.name", "person.role", "signature.signed_at"])
    .where("signature.digest", "=", digest)
    .orderBy("signature.signer")
    .execute();
}
