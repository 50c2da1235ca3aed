/** Holdings and claims as the chain's events tell them: written by record-claims, read by everyone else. */
import { sql, type Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("holdings")
    .addColumn("deal_id", "text", (column) => column.notNull().references("deals.id"))
    .addColumn("class_id", "text", (column) => column.notNull())
    .addColumn("holder", "text", (column) => column.notNull())
    .addColumn("face_cents", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("holdings_pkey", ["deal_id", "class_id", "holder"])
    .addCheckConstraint("holdings_face_positive", sql`face_cents > 0`)
    .execute();

  // How far a deal's Transfer events are in the holdings. It names the event itself, so that a
  // re-org that takes the event away is seen and the holdings are built anew.
  await db.schema
    .createTable("holding_cursors")
    .addColumn("deal_id", "text", (column) => column.primaryKey().references("deals.id"))
    .addColumn("block_number", "bigint", (column) => column.notNull())
    .addColumn("block_hash", "text", (column) => column.notNull())
    .addColumn("log_index", "integer", (column) => column.notNull())
    .execute();

  await db.schema
    .createTable("claims")
    .addColumn("deal_id", "text", (column) => column.notNull().references("deals.id"))
    .addColumn("class_id", "text", (column) => column.notNull())
    .addColumn("holder", "text", (column) => column.notNull())
    .addColumn("interest_units", "bigint", (column) => column.notNull())
    .addColumn("principal_units", "bigint", (column) => column.notNull())
    .addColumn("transaction_hash", "text", (column) => column.notNull())
    .addColumn("log_index", "integer", (column) => column.notNull())
    .addColumn("block_number", "bigint", (column) => column.notNull())
    .addColumn("claimed_at", "timestamptz", (column) => column.notNull())
    .addPrimaryKeyConstraint("claims_pkey", [
      "deal_id",
      "block_number",
      "log_index",
      "transaction_hash",
    ])
    .execute();
  await db.schema
    .createIndex("claims_holder")
    .on("claims")
    .columns(["deal_id", "holder", "block_number", "log_index"])
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("claims").execute();
  await db.schema.dropTable("holding_cursors").execute();
  await db.schema.dropTable("holdings").execute();
}
