/**
 * What is sent to the chain and what is read back from it. `chain_blocks` is sparse: the blocks
 * that hold an event of ours and the last block of every range that was read.
 */
import type { Kysely } from "kysely";
import { sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await createTransactions(db);
  await createEvents(db);
}

async function createTransactions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("chain_transactions")
    .addColumn("id", "bigint", (column) => column.primaryKey().generatedAlwaysAsIdentity())
    .addColumn("idempotency_key", "text", (column) => column.notNull().unique())
    .addColumn("deal_id", "text")
    .addColumn("period", "integer")
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("sender", "text", (column) => column.notNull())
    .addColumn("recipient", "text", (column) => column.notNull())
    .addColumn("data", "text", (column) => column.notNull())
    .addColumn("nonce", "integer")
    .addColumn("raw", "text")
    .addColumn("hash", "text")
    .addColumn("earlier_hashes", "jsonb", (column) => column.notNull().defaultTo(sql`'[]'::jsonb`))
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("gas_used", "bigint")
    .addColumn("block_number", "bigint")
    .addColumn("error", "text")
    .addColumn("created_at", "timestamptz", (column) => column.notNull())
    .addColumn("sent_block", "bigint")
    .addColumn("settled_at", "timestamptz")
    .addCheckConstraint(
      "chain_transactions_status",
      sql`status in ('intended', 'sent', 'mined', 'failed')`,
    )
    // Signed means all three; what was sent was signed before.
    .addCheckConstraint(
      "chain_transactions_signed",
      sql`num_nulls(nonce, raw, hash) in (0, 3) and (status not in ('sent', 'mined') or raw is not null)`,
    )
    .execute();
  // Two transactions of one sender can never share a nonce, whatever the processes do.
  await db.schema
    .createIndex("chain_transactions_nonce")
    .on("chain_transactions")
    .columns(["sender", "nonce"])
    .unique()
    .where(sql.ref("nonce"), "is not", null)
    .execute();
  await db.schema
    .createIndex("chain_transactions_open")
    .on("chain_transactions")
    .column("id")
    .where(sql.ref("status"), "in", ["intended", "sent"])
    .execute();
}

async function createEvents(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("chain_blocks")
    .addColumn("number", "bigint", (column) => column.primaryKey())
    .addColumn("hash", "text", (column) => column.notNull())
    .addColumn("mined_at", "timestamptz", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("chain_events")
    .addColumn("block_number", "bigint", (column) =>
      column.notNull().references("chain_blocks.number"),
    )
    .addColumn("block_hash", "text", (column) => column.notNull())
    .addColumn("log_index", "integer", (column) => column.notNull())
    .addColumn("transaction_hash", "text", (column) => column.notNull())
    .addColumn("address", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("deal_id", "text", (column) => column.references("deals.id"))
    .addColumn("period", "integer")
    .addColumn("args", "jsonb", (column) => column.notNull())
    .addPrimaryKeyConstraint("chain_events_key", ["block_number", "log_index"])
    .execute();
  await db.schema
    .createIndex("chain_events_deal")
    .on("chain_events")
    .columns(["deal_id", "name", "period"])
    .execute();
  await db.schema.createIndex("chain_events_name").on("chain_events").column("name").execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("chain_events").execute();
  await db.schema.dropTable("chain_blocks").execute();
  await db.schema.dropTable("chain_transactions").execute();
}
