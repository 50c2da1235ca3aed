/**
 * Reports as they are signed, and the signatures. A report row is never changed: a new close
 * version gives a new row, and a signature names the digest that it was made over, so that it can
 * never be taken for a signature of another version.
 */
import type { Kysely } from "kysely";
import { sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("reports")
    .addColumn("deal_id", "text", (column) => column.notNull())
    .addColumn("period", "integer", (column) => column.notNull())
    .addColumn("version", "integer", (column) => column.notNull())
    .addColumn("close_version", "integer", (column) => column.notNull())
    .addColumn("message", "jsonb", (column) => column.notNull())
    .addColumn("digest", "text", (column) => column.notNull().unique())
    .addColumn("report_hash", "text", (column) => column.notNull())
    .addColumn("created_at", "timestamptz", (column) => column.notNull())
    .addPrimaryKeyConstraint("reports_key", ["deal_id", "period", "close_version", "version"])
    .addForeignKeyConstraint(
      "reports_closed_period",
      ["deal_id", "period", "close_version"],
      "closed_periods",
      ["deal_id", "period", "version"],
    )
    .execute();

  await db.schema
    .createTable("report_signatures")
    .addColumn("deal_id", "text", (column) => column.notNull())
    .addColumn("period", "integer", (column) => column.notNull())
    .addColumn("version", "integer", (column) => column.notNull())
    .addColumn("digest", "text", (column) => column.notNull().references("reports.digest"))
    .addColumn("signer", "text", (column) => column.notNull())
    .addColumn("signature", "text", (column) => column.notNull())
    .addColumn("user_id", "uuid", (column) => column.references("users.id"))
    .addColumn("signed_at", "timestamptz", (column) => column.notNull())
    .addPrimaryKeyConstraint("report_signatures_key", ["digest", "signer"])
    .addCheckConstraint("report_signatures_length", sql`signature ~ '^0x[0-9a-f]{130}$'`)
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("report_signatures").execute();
  await db.schema.dropTable("reports").execute();
}
