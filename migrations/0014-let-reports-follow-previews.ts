/**
 * A notice or a purchase list that comes between two previews of one close makes another report of it: the
 * digest alone names a report, and the one over the last preview stands.
 */
import type { Kysely } from "kysely";

const KEY = ["deal_id", "period", "close_version", "version"] as const;

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("reports").dropConstraint("reports_key").execute();
  await db.schema
    .createIndex("reports_period")
    .on("reports")
    .columns([...KEY])
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex("reports_period").execute();
  await db.schema
    .alterTable("reports")
    .addPrimaryKeyConstraint("reports_key", [...KEY])
    .execute();
}
