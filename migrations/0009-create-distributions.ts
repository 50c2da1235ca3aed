/** Runs of the priority of payments as the chain recorded them, and one line per step. */
import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("distributions")
    .addColumn("deal_id", "text", (column) => column.notNull().references("deals.id"))
    .addColumn("period", "integer", (column) => column.notNull())
    .addColumn("phase", "text", (column) => column.notNull())
    .addColumn("report_hash", "text", (column) => column.notNull())
    .addColumn("result_hash", "text", (column) => column.notNull())
    .addColumn("words", "jsonb", (column) => column.notNull())
    .addColumn("transaction_hash", "text", (column) => column.notNull())
    .addColumn("block_number", "bigint", (column) => column.notNull())
    .addColumn("distributed_at", "timestamptz", (column) => column.notNull())
    .addPrimaryKeyConstraint("distributions_key", ["deal_id", "period"])
    .execute();
  await db.schema
    .createIndex("distributions_block")
    .on("distributions")
    .column("block_number")
    .execute();

  await db.schema
    .createTable("waterfall_lines")
    .addColumn("deal_id", "text", (column) => column.notNull())
    .addColumn("period", "integer", (column) => column.notNull())
    .addColumn("step", "integer", (column) => column.notNull())
    .addColumn("operation", "text", (column) => column.notNull())
    .addColumn("label", "text")
    .addColumn("clause", "text", (column) => column.notNull())
    .addColumn("source", "text")
    .addColumn("due_cents", "bigint", (column) => column.notNull())
    .addColumn("paid_cents", "bigint", (column) => column.notNull())
    .addColumn("source_before_cents", "bigint", (column) => column.notNull())
    .addColumn("flags", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("waterfall_lines_key", ["deal_id", "period", "step"])
    // A re-org that takes the run away takes its lines away.
    .addForeignKeyConstraint(
      "waterfall_lines_distribution",
      ["deal_id", "period"],
      "distributions",
      ["deal_id", "period"],
      (constraint) => constraint.onDelete("cascade"),
    )
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("waterfall_lines").execute();
  await db.schema.dropTable("distributions").execute();
}
