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
