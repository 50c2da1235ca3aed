import { type Kysely, sql } from "kysely";
import type { Database } from "../db/tables.ts";
import type { RequestUser } from "./app-type.ts";

/** The key's stored hash with its user; undefined when the key is unknown or revoked. */
export async function findUserOfKey(
  db: Kysely<Database>,
  keyId: string,
): Promise<(RequestUser & { secretHash: string }) | undefined> {
  return await db
    .selectFrom("api_keys")
    .innerJoin("users", "users.id", "api_keys.user_id")
    .where("api_keys.id", "=", keyId)
    .where("api_keys.revoked_at", "is", null)
    .select([
      "users.id",
      "users.name",
      "users.role",
      "users.address",
      "api_keys.secret_hash as secretHash",
    ])
    .executeTakeFirst();
}

/** Whether the deal exists, and whether the user is one of its members. */
export async function findMembership(
  db: Kysely<Database>,
  deal: string,
  user: string,
): Promise<{ member: boolean } | undefined> {
  return await db
    .selectFrom("deals")
    .where("deals.id", "=", deal)
    .select(({ exists, selectFrom }) =>
      exists(
        selectFrom("deal_members")
          .whereRef("deal_members.deal_id", "=", "deals.id")
          .where("deal_members.user_id", "=", user)
          .select(sql`1`.as("one")),
      )
        .$castTo<boolean>()
        .as("member"),
    )
    .executeTakeFirst();
}
