import { type Kysely, sql } from "kysely";
import type { Database } from "../db/tables.ts";

/** Resolves when the database answers. */
export async function pingDatabase(db: Kysely<Database>): Promise<void> {
  await sql`select 1`.execute(db);
}

/** Stored tapes and their rows per deal. */
export async function countTapes(
  db: Kysely<Database>,
): Promise<{ deal: string; tapes: number; rows: number }[]> {
  const found = await db
    .selectFrom("tapes")
    .groupBy("deal_id")
    .select(({ fn }) => [
      "deal_id as deal",
      fn.countAll<bigint>().as("tapes"),
      fn.sum<bigint>("row_count").as("rows"),
    ])
    .execute();
  return found.map(({ deal, tapes, rows }) => ({ deal, tapes: Number(tapes), rows: Number(rows) }));
}

/** Uploads that can be or could be taken up again, by their state. */
export async function countUploads(
  db: Kysely<Database>,
): Promise<{ state: string; uploads: number }[]> {
  const found = await db
    .selectFrom("uploads")
    .groupBy("state")
    .select(({ fn }) => ["state", fn.countAll<bigint>().as("uploads")])
    .execute();
  return found.map(({ state, uploads }) => ({ state, uploads: Number(uploads) }));
}

/** Bytes of uploads that are kept in parts; where a part ends is read, not its bytes. */
export async function countPartBytes(db: Kysely<Database>): Promise<number> {
  const { bytes } = await db
    .selectFrom("upload_parts")
    .select(sql<string>`coalesce(sum(length(bytes)), 0)::text`.as("bytes"))
    .executeTakeFirstOrThrow();
  return Number(bytes);
}

/** The highest block that the books have read; null when none. */
export async function findLastBlockRead(db: Kysely<Database>): Promise<bigint | null> {
  const { last } = await db
    .selectFrom("chain_blocks")
    .select(({ fn }) => fn.max("number").as("last"))
    .executeTakeFirstOrThrow();
  return last ?? null;
}

/** Values that differ between the books, over the stored comparisons of each deal. */
export async function countDifferences(
  db: Kysely<Database>,
): Promise<{ deal: string; differences: number }[]> {
  const found = await db
    .selectFrom("reconciliations")
    .groupBy("deal_id")
    .select(["deal_id as deal", sql<string>`sum(jsonb_array_length(differences))`.as("count")])
    .execute();
  return found.map(({ deal, count }) => ({ deal, differences: Number(count) }));
}
