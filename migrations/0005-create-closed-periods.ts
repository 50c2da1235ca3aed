import type { Kysely } from "kysely";
import { sql } from "kysely";

/** The pool's figures of a period, frozen from one tape version; a re-close is a new version. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("closed_periods")
    .addColumn("deal_id", "text", (column) => column.notNull().references("deals.id"))
    .addColumn("period", "integer", (column) => column.notNull().check(sql`period >= 1`))
    .addColumn("version", "integer", (column) => column.notNull().check(sql`version >= 1`))
    .addColumn("tape_id", "uuid", (column) => column.notNull().references("tapes.id"))
    .addColumn("close_hash", "text", (column) =>
      column.notNull().check(sql`close_hash ~ '^0x[0-9a-f]{64}$'`),
    )
    .addColumn("figures", "jsonb", (column) => column.notNull())
    .addColumn("statistics", "jsonb", (column) => column.notNull())
    .addColumn("closed_by", "uuid", (column) => column.notNull().references("users.id"))
    .addColumn("closed_at", "timestamptz", (column) => column.notNull())
    .addPrimaryKeyConstraint("closed_periods_pkey", ["deal_id", "period", "version"])
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("closed_periods").execute();
}
