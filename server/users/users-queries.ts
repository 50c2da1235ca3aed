import type { Kysely, Selectable } from "kysely";
import type { Database, Role, UsersTable } from "../db/tables.ts";

export type User = Selectable<UsersTable>;

/** Adds a user unless the name is taken; undefined when it is. */
export async function insertUser(
  db: Kysely<Database>,
  user: { id: string; name: string; role: Role; address: string | null; created_at: Date },
): Promise<User | undefined> {
  return await db
    .insertInto("users")
    .values(user)
    .onConflict((conflict) => conflict.column("name").doNothing())
    .returningAll()
    .executeTakeFirst();
}

export async function getUserByName(db: Kysely<Database>, name: string): Promise<User> {
  return await db
    .selectFrom("users")
    .where("name", "=", name)
    .selectAll()
    .executeTakeFirstOrThrow();
}

export async function findUser(db: Kysely<Database>, id: string): Promise<User | undefined> {
  return await db.selectFrom("users").where("id", "=", id).selectAll().executeTakeFirst();
}

export async function findAdministrator(db: Kysely<Database>): Promise<User | undefined> {
  return await db
    .selectFrom("users")
    .where("role", "=", "administrator")
    .orderBy("created_at")
    .selectAll()
    .executeTakeFirst();
}

/** Those of the deals that exist. */
export async function listKnownDeals(db: Kysely<Database>, deals: string[]): Promise<string[]> {
  if (deals.length === 0) return [];
  const rows = await db.selectFrom("deals").where("id", "in", deals).select("id").execute();
  return rows.map((row) => row.id);
}

export async function insertMemberships(
  db: Kysely<Database>,
  user: string,
  deals: string[],
): Promise<void> {
  if (deals.length === 0) return;
  await db
    .insertInto("deal_members")
    .values(deals.map((deal) => ({ deal_id: deal, user_id: user })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Users by name, from the one after `after`. */
export async function listUsers(
  db: Kysely<Database>,
  page: { after: string | undefined; limit: number },
): Promise<User[]> {
  let query = db.selectFrom("users").selectAll();
  if (page.after !== undefined) query = query.where("name", ">", page.after);
  return await query.orderBy("name").limit(page.limit).execute();
}

/** Which deals the users are members of. */
export async function listMemberships(
  db: Kysely<Database>,
  users: readonly string[],
): Promise<{ user_id: string; deal_id: string }[]> {
  if (users.length === 0) return [];
  return await db
    .selectFrom("deal_members")
    .select(["user_id", "deal_id"])
    .where("user_id", "in", [...users])
    .orderBy("deal_id")
    .execute();
}

/** The users' keys without their hashes, oldest first. */
export async function listApiKeys(
  db: Kysely<Database>,
  users: readonly string[],
): Promise<{ id: string; user_id: string; created_at: Date; revoked_at: Date | null }[]> {
  if (users.length === 0) return [];
  return await db
    .selectFrom("api_keys")
    .select(["id", "user_id", "created_at", "revoked_at"])
    .where("user_id", "in", [...users])
    .orderBy("created_at")
    .orderBy("id")
    .execute();
}

export async function listDealsOfUser(db: Kysely<Database>, user: string): Promise<string[]> {
  const rows = await db
    .selectFrom("deal_members")
    .where("user_id", "=", user)
    .orderBy("deal_id")
    .select("deal_id")
    .execute();
  return rows.map((row) => row.deal_id);
}

/** Stores a key's hash; false when a key with this id is there already. */
export async function insertApiKey(
  db: Kysely<Database>,
  key: { id: string; user_id: string; secret_hash: string; created_at: Date },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto("api_keys")
    .values(key)
    .onConflict((conflict) => conflict.column("id").doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** Revokes a key for good; the first time counts. False when there is no such key. */
export async function revokeApiKey(db: Kysely<Database>, id: string, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("api_keys")
    .set((columns) => ({ revoked_at: columns.fn.coalesce("revoked_at", columns.val(at)) }))
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}
