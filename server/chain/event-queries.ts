import { sql, type Insertable, type Kysely, type Selectable, type Transaction } from "kysely";
import type {
  ChainEventsTable,
  DistributionsTable,
  PunctualityChangesTable,
  ReportMovesTable,
  WaterfallLinesTable,
} from "../db/chain-tables.ts";
import type { Database } from "../db/tables.ts";
import type { DecodedEvent } from "./decode-event.ts";

export type ChainEvent = Selectable<ChainEventsTable>;

export interface Block {
  number: bigint;
  hash: string;
  minedAt: Date;
}

/** The highest block that was read; undefined before the first range. */
export async function findLastBlock(db: Kysely<Database>): Promise<Block | undefined> {
  const [last] = await listBlocksBelow(db, { below: null, limit: 1 });
  return last;
}

/** Stored blocks from the highest down, below a number or from the top. */
export async function listBlocksBelow(
  db: Kysely<Database>,
  { below, limit }: { below: bigint | null; limit: number },
): Promise<Block[]> {
  let query = db.selectFrom("chain_blocks").selectAll().orderBy("number", "desc").limit(limit);
  if (below !== null) query = query.where("number", "<", below);
  const rows = await query.execute();
  return rows.map(({ number, hash, mined_at }) => ({ number, hash, minedAt: mined_at }));
}

export async function insertBlocks(
  trx: Transaction<Database>,
  blocks: readonly Block[],
): Promise<void> {
  await trx
    .insertInto("chain_blocks")
    .values(blocks.map(({ number, hash, minedAt }) => ({ number, hash, mined_at: minedAt })))
    .onConflict((conflict) => conflict.column("number").doNothing())
    .execute();
}

/** Blocks behind the head of which every range's end is kept, for the search of a fork. */
const KEPT_BLOCKS = 1_024n;

/**
 * Forgets old blocks that hold no event of ours. A fork deeper than what is left is found at the
 * last block that holds one: more is read again, nothing is lost.
 */
export async function deleteEmptyBlocks(trx: Transaction<Database>, head: bigint): Promise<void> {
  await trx
    .deleteFrom("chain_blocks as block")
    .where("block.number", "<", head - KEPT_BLOCKS)
    .where("block.number", ">=", head - 10n * KEPT_BLOCKS)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("chain_events")
            .select("log_index")
            .whereRef("chain_events.block_number", "=", "block.number"),
        ),
      ),
    )
    .execute();
}

/** Stores the events; `deal_id` is named by `nameDeals` afterwards. */
export async function insertEvents(
  trx: Transaction<Database>,
  events: readonly DecodedEvent[],
): Promise<void> {
  if (events.length === 0) return;
  await trx
    .insertInto("chain_events")
    .values(
      events.map((event) => ({
        block_number: event.blockNumber,
        block_hash: event.blockHash,
        log_index: event.logIndex,
        transaction_hash: event.transactionHash,
        address: event.address,
        name: event.name,
        deal_id: null,
        period: "period" in event.args ? Number(event.args["period"]) : null,
        args: JSON.stringify(event.args),
      })),
    )
    .onConflict((conflict) => conflict.columns(["block_number", "log_index"]).doNothing())
    .execute();
}

/**
 * Finds the deals of this database on chain, by the hash of their terms, and gives events the deal
 * that they belong to: by the id that they carry, or as events of one of its class tokens. Also for
 * events that were stored before the deal was known here.
 * @returns how many events were named
 */
export async function nameDeals(trx: Transaction<Database>): Promise<bigint> {
  await sql`
    update deals as deal
    set chain_deal_id = (created.args->>'dealId')::bigint, code_address = created.args->>'code'
    from (
      select distinct on (args->>'termsHash') args from chain_events
      where name = 'DealCreated' order by args->>'termsHash', block_number, log_index
    ) as created
    where deal.chain_deal_id is null and deal.terms_hash = created.args->>'termsHash'`.execute(trx);
  const own = await sql`
    update chain_events as event set deal_id = deal.id from deals as deal
    where event.deal_id is null and deal.chain_deal_id::text = event.args->>'dealId'`.execute(trx);
  const ofTokens = await sql`
    update chain_events as event set deal_id = created.deal_id
    from chain_events as created
      cross join lateral jsonb_array_elements_text(created.args->'tokens') as token(address)
    where event.deal_id is null and created.deal_id is not null and created.name = 'DealCreated'
      and event.address = lower(token.address)`.execute(trx);
  return (own.numAffectedRows ?? 0n) + (ofTokens.numAffectedRows ?? 0n);
}

/** Class tokens of every deal that the factory created, lower case. */
export async function listTokens(db: Kysely<Database>): Promise<string[]> {
  const rows = await db
    .selectFrom("chain_events")
    .select("args")
    .where("name", "=", "DealCreated")
    .execute();
  return rows.flatMap(({ args }) => tokensOf(args));
}

/** The class tokens that a DealCreated event names, lower case. */
export function tokensOf(args: Record<string, unknown>): string[] {
  const { tokens } = args;
  return Array.isArray(tokens) ? tokens.map((token) => String(token).toLowerCase()) : [];
}

/** An event with the time of its block and the terms of its deal. */
export type TimedEvent = ChainEvent & { mined_at: Date; terms: Buffer };

/** Runs of the waterfall whose distribution is not derived yet, with what they carried. */
export async function listRunsToRecord(
  trx: Transaction<Database>,
): Promise<(TimedEvent & { carried: unknown })[]> {
  return (
    trx
      .selectFrom("chain_events as event")
      .innerJoin("chain_blocks as block", "block.number", "event.block_number")
      .innerJoin("deals as deal", "deal.id", "event.deal_id")
      .leftJoin("distributions as done", (join) =>
        join.onRef("done.deal_id", "=", "event.deal_id").onRef("done.period", "=", "event.period"),
      )
      // What the run took beside its report is told in its own transaction.
      .leftJoin("chain_events as carried", (join) =>
        join
          .onRef("carried.transaction_hash", "=", "event.transaction_hash")
          .onRef("carried.deal_id", "=", "event.deal_id")
          .onRef("carried.period", "=", "event.period")
          .on("carried.name", "=", "DifferencesCarried"),
      )
      .selectAll("event")
      .select(["block.mined_at", "deal.terms", sql`carried.args->'differences'`.as("carried")])
      .where("event.name", "=", "WaterfallRun")
      .where("done.deal_id", "is", null)
      .orderBy("event.block_number")
      .orderBy("event.log_index")
      .execute()
  );
}

/** Events of some names that one of two tables has no row of yet, in the order of the chain. */
export async function listEventsToRecord(
  trx: Transaction<Database>,
  { names, table }: { names: readonly string[]; table: "report_moves" | "punctuality_changes" },
): Promise<TimedEvent[]> {
  return trx
    .selectFrom("chain_events as event")
    .innerJoin("chain_blocks as block", "block.number", "event.block_number")
    .innerJoin("deals as deal", "deal.id", "event.deal_id")
    .selectAll("event")
    .select(["block.mined_at", "deal.terms"])
    .where("event.name", "in", [...names])
    .where(
      sql<boolean>`not exists (select from ${sql.table(table)} as done
        where (done.block_number, done.log_index) = (event.block_number, event.log_index))`,
    )
    .orderBy("event.block_number")
    .orderBy("event.log_index")
    .execute();
}

export async function insertReportMoves(
  trx: Transaction<Database>,
  moves: Insertable<ReportMovesTable>[],
): Promise<void> {
  if (moves.length > 0) await trx.insertInto("report_moves").values(moves).execute();
}

export async function insertPunctualityChanges(
  trx: Transaction<Database>,
  changes: Insertable<PunctualityChangesTable>[],
): Promise<void> {
  if (changes.length > 0) await trx.insertInto("punctuality_changes").values(changes).execute();
}

/** A run of the waterfall and its steps. */
export interface DistributionRows {
  distribution: Insertable<DistributionsTable>;
  lines: Insertable<WaterfallLinesTable>[];
}

export async function insertDistribution(
  trx: Transaction<Database>,
  { distribution, lines }: DistributionRows,
): Promise<void> {
  await trx.insertInto("distributions").values(distribution).execute();
  if (lines.length > 0) await trx.insertInto("waterfall_lines").values(lines).execute();
}

/** Takes back everything above a block: what a re-org removed, and what was derived from it. */
export async function deleteAbove(trx: Transaction<Database>, ancestor: bigint): Promise<void> {
  await sql`
    update deals as deal set chain_deal_id = null, code_address = null from chain_events as created
    where created.name = 'DealCreated' and created.block_number > ${ancestor}
      and created.deal_id = deal.id`.execute(trx);
  await trx.deleteFrom("distributions").where("block_number", ">", ancestor).execute();
  await trx.deleteFrom("index_fixings").where("block_number", ">", ancestor).execute();
  await trx.deleteFrom("purchase_lists").where("block_number", ">", ancestor).execute();
  await trx.deleteFrom("notices").where("block_number", ">", ancestor).execute();
  await trx.deleteFrom("report_moves").where("block_number", ">", ancestor).execute();
  await trx.deleteFrom("punctuality_changes").where("block_number", ">", ancestor).execute();
  await trx.deleteFrom("chain_events").where("block_number", ">", ancestor).execute();
  await trx.deleteFrom("chain_blocks").where("number", ">", ancestor).execute();
}
