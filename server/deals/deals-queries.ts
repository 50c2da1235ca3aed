import type { Insertable, Kysely, Selectable } from "kysely";
import type { Database, DealsTable } from "../db/tables.ts";
import { problem } from "../errors.ts";

export type Deal = Selectable<DealsTable>;

export async function findDeal(db: Kysely<Database>, id: string): Promise<Deal | undefined> {
  return db.selectFrom("deals").selectAll().where("id", "=", id).executeTakeFirst();
}

/** @throws Problem deal-unknown */
export async function getDeal(db: Kysely<Database>, id: string): Promise<Deal> {
  const deal = await findDeal(db, id);
  if (deal === undefined) throw problem("deal-unknown", { deal: id });
  return deal;
}

/** @returns whether it is new; a deal that is there is left as it is */
export async function insertDeal(
  db: Kysely<Database>,
  deal: Insertable<DealsTable>,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto("deals")
    .values(deal)
    .onConflict((conflict) => conflict.column("id").doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

export interface DealPage {
  /** Ids above this one. */
  after: string;
  limit: number;
  /** Only deals that this user is a member of; null: all. */
  memberId: string | null;
}

/** Deals by id. */
export async function listDeals(db: Kysely<Database>, page: DealPage): Promise<Deal[]> {
  const { after, limit, memberId } = page;
  let query = db.selectFrom("deals").selectAll().where("id", ">", after);
  if (memberId !== null) {
    query = query.where("id", "in", (inner) =>
      inner.selectFrom("deal_members").select("deal_id").where("user_id", "=", memberId),
    );
  }
  return query.orderBy("id").limit(limit).execute();
}
