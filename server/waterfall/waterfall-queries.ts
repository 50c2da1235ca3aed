import type { Insertable, Kysely } from "kysely";
import type { Database, WaterfallPreviewsTable } from "../db/tables.ts";

/** Words of a period's run as the chain recorded it; undefined before it ran. */
export async function findDistributedWords(
  db: Kysely<Database>,
  dealId: string,
  period: number,
): Promise<bigint[] | undefined> {
  const row = await db
    .selectFrom("distributions")
    .select("words")
    .where("deal_id", "=", dealId)
    .where("period", "=", period)
    .executeTakeFirst();
  return row?.words.map((word) => BigInt(word));
}

/**
 * Keeps the preview of a close version. It is replaced when it comes out otherwise, which is when the
 * deal got its number on chain or the state before it changed.
 */
export async function storePreview(
  db: Kysely<Database>,
  preview: Insertable<WaterfallPreviewsTable>,
): Promise<void> {
  const { result_hash, flags, words, carried, created_at } = preview;
  await db
    .insertInto("waterfall_previews")
    .values(preview)
    .onConflict((conflict) =>
      conflict
        .columns(["deal_id", "period", "close_version"])
        .doUpdateSet({ result_hash, flags, words, carried, created_at })
        .where("waterfall_previews.result_hash", "!=", result_hash),
    )
    .execute();
}
