/** Writes what a run reads beside its report, derived from the events of RunInputs; a run reads it by `waterfall/run-inputs-queries.ts`. */
import { sql, type Kysely, type Transaction } from "kysely";
import type { Database } from "../db/tables.ts";

/** Stores fixings whose event has none yet. */
export async function insertIndexFixings(trx: Transaction<Database>): Promise<void> {
  await sql`
    insert into index_fixings (deal_id, period, position, rate_wad, round_id, answered_at,
      transaction_hash, block_number, log_index)
    select deal_id, period, (args->>'index')::integer, (args->>'rate')::numeric,
      (args->>'roundId')::numeric, to_timestamp((args->>'updatedAt')::double precision),
      transaction_hash, block_number, log_index
    from chain_events where name = 'IndexFixed' and deal_id is not null
    on conflict do nothing`.execute(trx);
}

/** Stores purchase lists whose event has none yet. */
export async function insertPurchaseLists(trx: Transaction<Database>): Promise<void> {
  await sql`
    insert into purchase_lists (deal_id, period, version, list_root, loan_count, balance_cents,
      price_cents, transaction_hash, block_number, log_index)
    select deal_id, period, (args->>'version')::integer, args->>'listRoot',
      (args->>'loanCount')::numeric, (args->>'balance')::numeric, (args->>'price')::numeric,
      transaction_hash, block_number, log_index
    from chain_events where name = 'LoansOffered' and deal_id is not null
    on conflict do nothing`.execute(trx);
}

/** Stores notices, given or withdrawn, whose event has none yet. */
export async function insertNotices(trx: Transaction<Database>): Promise<void> {
  await sql`
    insert into notices (deal_id, position, action, party, transaction_hash, block_number, log_index)
    select deal_id, (args->>'notice')::integer,
      case name when 'NoticeGiven' then 'given' else 'withdrawn' end, args->>'by',
      transaction_hash, block_number, log_index
    from chain_events where name in ('NoticeGiven', 'NoticeWithdrawn') and deal_id is not null
    on conflict do nothing`.execute(trx);
}

/** The fixings of a deal from a period on, as "period:position". */
export async function listFixed(
  db: Kysely<Database>,
  { dealId, from }: { dealId: string; from: number },
): Promise<Set<string>> {
  const rows = await db
    .selectFrom("index_fixings")
    .select(["period", "position"])
    .where("deal_id", "=", dealId)
    .where("period", ">=", from)
    .execute();
  return new Set(rows.map(({ period, position }) => `${period}:${position}`));
}
