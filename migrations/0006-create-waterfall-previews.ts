import type { Kysely } from "kysely";
import { sql } from "kysely";

/** What the TypeScript engine says that a closed period will pay; one row per close version. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("waterfall_previews")
    .addColumn("deal_id", "text", (column) => column.notNull())
    .addColumn("period", "integer", (column) => column.notNull())
    .addColumn("close_version", "integer", (column) => column.notNull())
    .addColumn("result_hash", "text", (column) =>
      column.notNull().check(sql`result_hash ~ '^0x[0-9a-f]{64}$'`),
    )
    .addColumn("flags", "integer", (column) => column.notNull())
    .addColumn("words", "jsonb", (column) => column.notNull())
    .addColumn("created_at", "timestamptz", (column) => column.notNull())
    .addPrimaryKeyConstraint("waterfall_previews_pkey", ["deal_id", "period", "close_version"])
    .addForeignKeyConstraint(
      "waterfall_previews_closed_period",
      ["deal_id", "period", "close_version"],
      "closed_periods",
      ["deal_id", "period", "version"],
    )
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("waterfall_previews").execute();
}
