/**
 * What becomes of a report after it was published, as the chain's events tell it: challenges and their
 * answers, restatements, and whether the deal's reports are in time. The block number lets a re-org take
 * rows back. A distribution keeps the differences of restatements that its run took, a preview those that
 * it expected, and a report says whether it takes the place of one that was distributed on.
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

async function createMoves(db: Kysely<unknown>): Promise<void> {
  const moves = db.schema
    .createTable("report_moves")
    .addColumn("deal_id", "text", (column) => column.notNull().references("deals.id"))
    .addColumn("period", "integer", (column) => column.notNull())
    .addColumn("version", "integer", (column) => column.notNull())
    .addColumn("move", "text", (column) =>
      column
        .notNull()
        .check(sql`move in ('published', 'restated', 'challenged', 'dismissed', 'rejected')`),
    )
    // Of the two moves that bring a version.
    .addColumn("report_hash", "text")
    .addColumn("figures", "jsonb")
    .addColumn("party", "text")
    .addColumn("backing_cents", sql`numeric(20, 0)`)
    .addColumn("reason", "text")
    .addColumn("moved_at", "timestamptz", (column) => column.notNull())
    .addColumn("final_at", "timestamptz", (column) => column.notNull());
  await withPlace(moves)
    .addPrimaryKeyConstraint("report_moves_key", ["block_number", "log_index"])
    .addCheckConstraint(
      "report_moves_brought",
      sql`(move in ('published', 'restated')) = (num_nulls(report_hash, figures) = 0)`,
    )
    .execute();
  await db.schema
    .createIndex("report_moves_deal")
    .on("report_moves")
    .columns(["deal_id", "period"])
    .execute();
}

export async function up(db: Kysely<unknown>): Promise<void> {
  await createMoves(db);
  const changes = db.schema
    .createTable("punctuality_changes")
    .addColumn("deal_id", "text", (column) => column.notNull().references("deals.id"))
    .addColumn("period", "integer", (column) => column.notNull())
    .addColumn("state", "text", (column) =>
      column.notNull().check(sql`state in ('on time', 'late', 'servicer default')`),
    )
    .addColumn("changed_at", "timestamptz", (column) => column.notNull());
  await withPlace(changes)
    .addPrimaryKeyConstraint("punctuality_changes_key", ["block_number", "log_index"])
    .execute();
  await db.schema
    .createIndex("punctuality_changes_deal")
    .on("punctuality_changes")
    .column("deal_id")
    .execute();
  for (const table of ["distributions", "waterfall_previews"]) {
    await db.schema
      .alterTable(table)
      .addColumn("carried", "jsonb", (column) => column.notNull().defaultTo(sql`'[]'::jsonb`))
      .execute();
  }
  await db.schema
    .alterTable("reports")
    .addColumn("restates", "boolean", (column) => column.notNull().defaultTo(false))
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("reports").dropColumn("restates").execute();
  for (const table of ["waterfall_previews", "distributions"]) {
    await db.schema.alterTable(table).dropColumn("carried").execute();
  }
  await db.schema.dropTable("punctuality_changes").execute();
  await db.schema.dropTable("report_moves").execute();
}
