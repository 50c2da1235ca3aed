import { sql } from "kysely";
import type { Kysely, Selectable } from "kysely";
import type { Database, TapeMappingsTable } from "../../db/tables.ts";

export type StoredMapping = Selectable<TapeMappingsTable>;

/** The newest version that was stored; undefined when the deal file's own is the only one. */
export async function findNewestMapping(
  db: Kysely<Database>,
  dealId: string,
): Promise<StoredMapping | undefined> {
  return await db
    .selectFrom("tape_mappings")
    .selectAll()
    .where("deal_id", "=", dealId)
    .orderBy("version", "desc")
    .limit(1)
    .executeTakeFirst();
}

/** Until the transaction ends, nobody else stores a mapping of this deal. */
export async function lockMappingsOfDeal(trx: Kysely<Database>, dealId: string): Promise<void> {
  await sql`
    select pg_advisory_xact_lock(hashtextextended(${`mappings ${dealId}`}, 0))
  `.execute(trx);
}

export async function insertMapping(trx: Kysely<Database>, mapping: StoredMapping): Promise<void> {
  await trx.insertInto("tape_mappings").values(mapping).execute();
}

/** The newest first, those before a version. */
export async function listMappings(
  db: Kysely<Database>,
  dealId: string,
  { before, limit }: { before: number; limit: number },
): Promise<StoredMapping[]> {
  return await db
    .selectFrom("tape_mappings")
    .selectAll()
    .where("deal_id", "=", dealId)
    .where("version", "<", before)
    .orderBy("version", "desc")
    .limit(limit)
    .execute();
}
