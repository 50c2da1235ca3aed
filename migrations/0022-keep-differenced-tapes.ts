import type { Kysely } from "kysely";
import { sql } from "kysely";

/**
 * Amounts that a tape states since origination are counted from the tape before: over another one the
 * same file has other flows, and is another version.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table tapes
      add column differenced_from uuid references tapes (id),
      drop constraint tapes_content,
      add constraint tapes_content unique nulls not distinct
        (deal_id, period, content_hash, mapping_version, differenced_from)
  `.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table tapes
      drop constraint tapes_content,
      add constraint tapes_content
        unique nulls not distinct (deal_id, period, content_hash, mapping_version),
      drop column differenced_from
  `.execute(db);
}
