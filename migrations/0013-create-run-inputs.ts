/**
 * What a run reads beside its report, as the chain's events tell it: fixings of indices, lists of loans
 * offered to a deal that buys, and notices. The block number lets a re-org take rows back. Integers that
 * the chain does not hold to 63 bits are numeric.
 */
import type { CreateTableBuilder, Kysely } from "kysely";
import { sql } from "kysely";

/** Where the event stands. */
function withPlace<T extends string, C extends string>(table: CreateTableBuilder<T, C>) {
  return table
    .addColumn("transaction_hash", "text", (column) => column.notNull())
    .addColumn("block_number", "bigint", (column) => column.notNull())
    .addColumn("log_index", "integer", (column) => column.notNull());
}

export async function up(db: Kysely<unknown>): Promise<void> {
  const fixings = db.schema
    .createTable("index_fixings")
    .addColumn("deal_id", "text", (column) => column.notNull().references("deals.id"))
    .addColumn("period", "integer", (column) => column.notNull())
    .addColumn("position", "integer", (column) => column.notNull())
    .addColumn("rate_wad", sql`numeric(39, 0)`, (column) => column.notNull())
    .addColumn("round_id", sql`numeric(25, 0)`, (column) => column.notNull())
    .addColumn("answered_at", "timestamptz", (column) => column.notNull());
  await withPlace(fixings)
    .addPrimaryKeyConstraint("index_fixings_key", ["deal_id", "period", "position"])
    .execute();

  const lists = db.schema
    .createTable("purchase_lists")
    .addColumn("deal_id", "text", (column) => column.notNull().references("deals.id"))
    .addColumn("period", "integer", (column) => column.notNull())
    .addColumn("version", "integer", (column) => column.notNull())
    .addColumn("list_root", "text", (column) => column.notNull())
    .addColumn("loan_count", sql`numeric(20, 0)`, (column) => column.notNull())
    .addColumn("balance_cents", sql`numeric(20, 0)`, (column) => column.notNull())
    .addColumn("price_cents", sql`numeric(20, 0)`, (column) => column.notNull());
  await withPlace(lists)
    .addPrimaryKeyConstraint("purchase_lists_key", ["deal_id", "period", "version"])
    .execute();

  const notices = db.schema
    .createTable("notices")
    .addColumn("deal_id", "text", (column) => column.notNull().references("deals.id"))
    .addColumn("position", "integer", (column) => column.notNull())
    .addColumn("action", "text", (column) =>
      column.notNull().check(sql`action in ('given', 'withdrawn')`),
    )
    .addColumn("party", "text", (column) => column.notNull());
  await withPlace(notices)
    .addPrimaryKeyConstraint("notices_key", ["block_number", "log_index"])
    .execute();
  await db.schema
    .createIndex("notices_deal")
    .on("notices")
    .columns(["deal_id", "position"])
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("notices").execute();
  await db.schema.dropTable("purchase_lists").execute();
  await db.schema.dropTable("index_fixings").execute();
}
