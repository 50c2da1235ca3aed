import type { Kysely } from "kysely";
import type { Database } from "../db/tables.ts";
import { problem } from "../errors.ts";
import type { TapeDeal } from "./tape-deal.ts";

export async function getTapeDeal(db: Kysely<Database>, dealId: string): Promise<TapeDeal> {
  const row = await db.selectFrom("deals").select("source").where("id", "=", dealId).executeTakeFirst();
  if (row === undefined) throw problem("deal-unknown", { deal: dealId });
  return JSON.parse(row.source, (_k, v) => (typeof v === "string" && /^-?\d+n$/.test(v) ? BigInt(v.slice(0, -1)) : v)) as TapeDeal;
}
