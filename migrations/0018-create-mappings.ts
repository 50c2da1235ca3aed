import type { Kysely } from "kysely";
import { sql } from "kysely";

/**
 * How a deal's own files are read: version 0 stands in the deal file, each one stored here takes the
 * place of the one before for the tapes that come after it. A tape names the version that read it, and
 * the same file read by another one is another version of the tape.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table tape_mappings (
      deal_id text not null references deals (id),
      version integer not null check (version >= 1),
      source text not null,
      stored_by uuid not null references users (id),
      stored_at timestamptz not null,
      primary key (deal_id, version)
    )
  `.execute(db);
  await sql`
    create function refuse_mapping_change() returns trigger language plpgsql as $$
    begin
      raise exception 'a mapping that read tapes does not change: store a new version';
    end $$
  `.execute(db);
  await sql`
    create trigger tape_mappings_stay before update or delete on tape_mappings
    for each row execute function refuse_mapping_change()
  `.execute(db);
  await sql`
    alter table tapes
      add column mapping_version integer check (mapping_version >= 0),
      drop constraint tapes_content,
      add constraint tapes_content
        unique nulls not distinct (deal_id, period, content_hash, mapping_version)
  `.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table tapes
      drop constraint tapes_content,
      add constraint tapes_content unique (deal_id, period, content_hash),
      drop column mapping_version
  `.execute(db);
  await sql`drop table tape_mappings`.execute(db);
  await sql`drop function refuse_mapping_change()`.execute(db);
}
