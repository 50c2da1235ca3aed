import type { Kysely } from "kysely";
import { sql } from "kysely";

/** What is left of a proposed version that was dropped: its number is given to nothing else. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("tape_rejections")
    .addColumn("deal_id", "text", (column) => column.notNull().references("deals.id"))
    .addColumn("period", "integer", (column) => column.notNull())
    .addColumn("version", "integer", (column) => column.notNull())
    .addColumn("content_hash", "text", (column) =>
      column.notNull().check(sql`content_hash ~ '^[0-9a-f]{64}$'`),
    )
    .addColumn("tree_hash", "text", (column) => column.notNull())
    .addColumn("rejected_by", "uuid", (column) => column.notNull().references("users.id"))
    .addColumn("rejected_at", "timestamptz", (column) => column.notNull())
    .addPrimaryKeyConstraint("tape_rejections_pkey", ["deal_id", "period", "version"])
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("tape_rejections").execute();
}
