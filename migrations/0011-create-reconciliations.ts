/** What each comparison of the books found: one row per deal and period, replaced when compared again. */
import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("reconciliations")
    .addColumn("deal_id", "text", (column) => column.notNull().references("deals.id"))
    .addColumn("period", "integer", (column) => column.notNull())
    .addColumn("block_number", "bigint", (column) => column.notNull())
    .addColumn("compared_count", "integer", (column) => column.notNull())
    .addColumn("differences", "jsonb", (column) => column.notNull())
    .addColumn("reconciled_at", "timestamptz", (column) => column.notNull())
    .addPrimaryKeyConstraint("reconciliations_pkey", ["deal_id", "period"])
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("reconciliations").execute();
}
