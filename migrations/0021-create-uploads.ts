import type { Kysely } from "kysely";
import { sql } from "kysely";

/**
 * Uploads that can be taken up again: what has come so far, in parts, and how far the reading is. They
 * are no record of the deal: a job removes them a day after their last change.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const counts = ["read_bytes", "row_count", "refusals", "reasons", "notes"];
  let uploads = db.schema
    .createTable("uploads")
    .addColumn("id", "uuid", (column) => column.primaryKey())
    .addColumn("deal_id", "text", (column) => column.notNull().references("deals.id"))
    .addColumn("period", "integer", (column) => column.notNull())
    .addColumn("file_name", "text", (column) => column.notNull())
    .addColumn("byte_count", "bigint", (column) => column.check(sql`byte_count >= 0`))
    .addColumn("content_hash", "text", (column) =>
      column.check(sql`content_hash ~ '^[0-9a-f]{64}$'`),
    )
    .addColumn("started_by", "uuid", (column) => column.notNull().references("users.id"))
    .addColumn("started_at", "timestamptz", (column) => column.notNull())
    .addColumn("changed_at", "timestamptz", (column) => column.notNull())
    .addColumn("state", "text", (column) =>
      column.notNull().check(sql`state in ('open', 'stored', 'refused', 'cancelled')`),
    )
    .addColumn("kept_bytes", "bigint", (column) => column.notNull().defaultTo(0))
    .addColumn("sender", "uuid")
    .addColumn("stage", "text", (column) =>
      column.notNull().check(sql`stage in ('waiting', 'rows', 'checks', 'storing', 'ended')`),
    )
    .addColumn("revision", "integer", (column) => column.notNull().defaultTo(1))
    .addColumn("tape_id", "uuid", (column) => column.references("tapes.id").onDelete("set null"))
    .addColumn("refusal", "jsonb");
  for (const name of counts) {
    uploads = uploads.addColumn(name, "bigint", (column) => column.notNull().defaultTo(0));
  }
  await uploads.execute();
  await db.schema.createIndex("uploads_deal").on("uploads").columns(["deal_id", "state"]).execute();
  await db.schema
    .createTable("upload_parts")
    .addColumn("upload_id", "uuid", (column) =>
      column.notNull().references("uploads.id").onDelete("cascade"),
    )
    .addColumn("begins_at", "bigint", (column) => column.notNull())
    .addColumn("bytes", "bytea", (column) => column.notNull())
    .addPrimaryKeyConstraint("upload_parts_pkey", ["upload_id", "begins_at"])
    .execute();
  // Parts are read once, if at all: the time to pack them would be lost.
  await sql`alter table upload_parts alter column bytes set storage external`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("upload_parts").execute();
  await db.schema.dropTable("uploads").execute();
}
