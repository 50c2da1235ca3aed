import { sql, type Kysely } from "kysely";
import type { Database } from "../db/tables.ts";
import type { DealTerms } from "../deals/deal-terms.ts";
import { getDeal } from "../deals/deals-queries.ts";
import { readTerms } from "../deals/read-terms.ts";
import { problem } from "../errors.ts";
import { messageFromRow } from "../reports/report-codec.ts";
import { hashReport, type ReportMessage } from "../reports/report-message.ts";

/** A deal that lives on chain. */
export interface ChainDeal {
  id: string;
  chainDealId: bigint;
  termsHash: string;
  terms: DealTerms;
}

/** @throws Problem deal-unknown, deal-not-on-chain */
export async function getChainDeal(db: Kysely<Database>, dealId: string): Promise<ChainDeal> {
  const row = await getDeal(db, dealId);
  if (row.chain_deal_id === null) throw problem("deal-not-on-chain", { deal: dealId });
  return {
    id: row.id,
    chainDealId: row.chain_deal_id,
    termsHash: row.terms_hash,
    terms: readTerms(row.terms),
  };
}

/** The terms of a deal, whether it is on chain or not. @throws Problem deal-unknown */
export async function getDealTerms(db: Kysely<Database>, dealId: string): Promise<DealTerms> {
  return readTerms((await getDeal(db, dealId)).terms);
}

/** Deals whose accounts are open: issued, and not through their calendar. */
export async function listOpenDeals(db: Kysely<Database>): Promise<string[]> {
  const rows = await db
    .selectFrom("chain_events")
    .select("deal_id")
    .distinct()
    .where("name", "=", "DealOpened")
    .where("deal_id", "is not", null)
    .orderBy("deal_id")
    .execute();
  return rows.flatMap(({ deal_id }) => (deal_id === null ? [] : [deal_id]));
}

/** The period whose distribution comes next, as far as the events are read; from 1. */
export async function getNextPeriod(db: Kysely<Database>, dealId: string): Promise<number> {
  const { last } = await db
    .selectFrom("distributions")
    .select((select) => select.fn.max("period").as("last"))
    .where("deal_id", "=", dealId)
    .executeTakeFirstOrThrow();
  return Number(last ?? 0) + 1;
}

/** The cash token that the deal pays in, from its creation. @throws Problem deal-not-on-chain */
export async function getCashToken(db: Kysely<Database>, dealId: string): Promise<string> {
  return String((await getCreation(db, dealId))["cashToken"]);
}

/** The feeds of the deal's indices, in their order. @throws Problem deal-not-on-chain */
export async function getFeeds(db: Kysely<Database>, dealId: string): Promise<string[]> {
  return ((await getCreation(db, dealId))["feeds"] as string[]).map(String);
}

/** Arguments of the DealCreated event. */
async function getCreation(db: Kysely<Database>, dealId: string): Promise<Record<string, unknown>> {
  const row = await db
    .selectFrom("chain_events")
    .select("args")
    .where("deal_id", "=", dealId)
    .where("name", "=", "DealCreated")
    .executeTakeFirst();
  if (row === undefined) throw problem("deal-not-on-chain", { deal: dealId });
  return row.args;
}

/**
 * The report that the registry accepted last for a period, made whole again from its event:
 * whoever published it, the distribution needs it word for word.
 */
export async function findAcceptedReport(
  db: Kysely<Database>,
  { deal, period }: PeriodOfDeal,
): Promise<AcceptedMessage | undefined> {
  const brought = await listBroughtVersions(db, { deal, period });
  return brought.find(({ restates }) => !restates);
}

/** The version that stands: the last restatement that was not rejected, else the report distributed on. */
export async function findStandingReport(
  db: Kysely<Database>,
  { deal, period }: PeriodOfDeal,
): Promise<AcceptedMessage | undefined> {
  const brought = await listBroughtVersions(db, { deal, period });
  return brought.find(({ isRejected }) => !isRejected);
}

export interface PeriodOfDeal {
  deal: ChainDeal;
  period: number;
}

export interface AcceptedMessage {
  message: ReportMessage;
  reportHash: string;
  /** Took the place of a version that was distributed on. */
  restates: boolean;
  isRejected: boolean;
}

/** Every version that the registry accepted for a period, whole, the last first. */
export async function listBroughtVersions(
  db: Kysely<Database>,
  { deal, period }: PeriodOfDeal,
): Promise<AcceptedMessage[]> {
  const rows = await db
    .selectFrom("chain_events")
    .select(["name", "args"])
    .where("deal_id", "=", deal.id)
    .where("name", "in", ["ReportPublished", "ReportRestated", "ReportRejected"])
    .where("period", "=", period)
    .orderBy("block_number", "desc")
    .orderBy("log_index", "desc")
    .execute();
  const rejected = new Set(
    rows.flatMap(({ name, args }) => (name === "ReportRejected" ? [args["version"]] : [])),
  );
  return rows
    .filter(({ name }) => name !== "ReportRejected")
    .map(({ name, args }) => ({
      ...messageOf(args, { deal, period }),
      restates: name === "ReportRestated",
      isRejected: rejected.has(args["version"]),
    }));
}

/** A report made whole again from the event that carries it. */
function messageOf(
  args: Record<string, unknown>,
  { deal, period }: PeriodOfDeal,
): { message: ReportMessage; reportHash: string } {
  const message = messageFromRow({
    dealId: deal.chainDealId.toString(),
    period,
    version: Number(args["version"]),
    termsHash: deal.termsHash,
    tapeRoot: String(args["tapeRoot"]),
    closeHash: String(args["closeHash"]),
    resultHash: String(args["resultHash"]),
    figures: args["figures"] as string[],
  });
  return { message, reportHash: hashReport(message) };
}

/**
 * Collections that a deal holds, in cents, as far as the events are read: everything funded less
 * the available funds of the runs: those of the report and what restatements carried into them.
 */
export async function getCollections(db: Kysely<Database>, dealId: string): Promise<bigint> {
  const { rows } = await sql<{ collections: string }>`
    select (
      (select coalesce(sum((args->>'cents')::numeric), 0) from chain_events
        where deal_id = ${dealId} and name = 'CollectionsFunded')
      - (select coalesce(sum((report.args->'figures'->>3)::numeric + coalesce((done.carried->>3)::numeric, 0)), 0)
        from distributions as done
        join chain_events as report on report.deal_id = done.deal_id
          and report.name = 'ReportPublished' and report.period = done.period
          and report.args->>'reportHash' = done.report_hash
        where done.deal_id = ${dealId})
    )::text as collections`.execute(db);
  return BigInt(rows[0]?.collections ?? "0");
}

/** Who may attest a deal's reports as the events tell it; threshold 0 when none was read yet. */
export async function getAttestation(
  db: Kysely<Database>,
  dealId: string,
): Promise<{ attesters: string[]; threshold: number }> {
  const row = await db
    .selectFrom("chain_events")
    .select("args")
    .where("deal_id", "=", dealId)
    .where("name", "=", "AttestersSet")
    .orderBy("block_number", "desc")
    .orderBy("log_index", "desc")
    .executeTakeFirst();
  return {
    attesters: ((row?.args["attesters"] ?? []) as string[]).map(String),
    threshold: Number(row?.args["threshold"] ?? 0),
  };
}
