import type { Kysely } from "kysely";
import { sql } from "kysely";

/** Accepted tapes and what was found in them. A corrected file is a new version; nothing is updated. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("tapes")
    .addColumn("id", "uuid", (column) => column.primaryKey())
    .addColumn("deal_id", "text", (column) => column.notNull().references("deals.id"))
    .addColumn("period", "integer", (column) => column.notNull().check(sql`period >= 0`))
    .addColumn("version", "integer", (column) => column.notNull().check(sql`version >= 1`))
    .addColumn("content_hash", "text", (column) =>
      column.notNull().check(sql`content_hash ~ '^[0-9a-f]{64}$'`),
    )
    .addColumn("file_name", "text", (column) => column.notNull())
    .addColumn("format", "text", (column) => column.notNull())
    .addColumn("byte_count", "bigint", (column) => column.notNull())
    .addColumn("row_count", "integer", (column) => column.notNull())
    .addColumn("closing_balance_cents", "bigint", (column) =>
      column.notNull().check(sql`closing_balance_cents >= 0`),
    )
    .addColumn("loan_count", "integer", (column) => column.notNull())
    .addColumn("tree_hash", "text", (column) =>
      column.notNull().check(sql`tree_hash ~ '^0x[0-9a-f]{64}$'`),
    )
    .addColumn("uploaded_by", "uuid", (column) => column.notNull().references("users.id"))
    .addColumn("uploaded_at", "timestamptz", (column) => column.notNull())
    .addUniqueConstraint("tapes_version", ["deal_id", "period", "version"])
    .addUniqueConstraint("tapes_content", ["deal_id", "period", "content_hash"])
    .execute();
  await db.schema
    .createTable("tape_problems")
    .addColumn("deal_id", "text", (column) => column.notNull())
    .addColumn("tape_id", "uuid", (column) => column.notNull().references("tapes.id"))
    .addColumn("ordinal", "integer", (column) => column.notNull())
    .addColumn("line", "integer", (column) => column.notNull())
    .addColumn("column_number", "integer")
    .addColumn("field", "text", (column) => column.notNull())
    .addColumn("code", "text", (column) => column.notNull())
    .addColumn("severity", "text", (column) =>
      column.notNull().check(sql`severity in ('reason', 'note')`),
    )
    .addColumn("loan_id", "text")
    .addColumn("value", "text", (column) => column.notNull())
    .addColumn("expected", "text", (column) => column.notNull())
    .addColumn("accepted_by", "uuid", (column) => column.references("users.id"))
    .addColumn("accepted_at", "timestamptz")
    .addColumn("reason", "text")
    .addPrimaryKeyConstraint("tape_problems_pkey", ["deal_id", "tape_id", "ordinal"])
    .addCheckConstraint(
      "tape_problems_acceptance",
      sql`(accepted_by is null) = (reason is null) and (accepted_by is null) = (accepted_at is null)`,
    )
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("tape_problems").execute();
  await db.schema.dropTable("tapes").execute();
}
