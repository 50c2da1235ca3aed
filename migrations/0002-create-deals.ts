import type { Kysely } from "kysely";
import { sql } from "kysely";

/** Deals: the file as uploaded, the bytes that it compiles to, and where it lives on chain. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("deals")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("source", "text", (column) => column.notNull())
    .addColumn("terms", "bytea", (column) => column.notNull())
    .addColumn("terms_hash", "text", (column) =>
      column.notNull().check(sql`terms_hash ~ '^0x[0-9a-f]{64}$'`),
    )
    .addColumn("chain_deal_id", "bigint", (column) => column.unique())
    .addColumn("code_address", "text", (column) =>
      column.check(sql`code_address ~ '^0x[0-9a-fA-F]{40}$'`),
    )
    .addColumn("created_at", "timestamptz", (column) => column.notNull())
    .addColumn("created_by", "uuid", (column) => column.notNull().references("users.id"))
    .addCheckConstraint("deals_on_chain", sql`(chain_deal_id is null) = (code_address is null)`)
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("deals").execute();
}
