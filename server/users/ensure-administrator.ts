import { randomUUID } from "node:crypto";
import type { Context } from "../context.ts";
import { hashSecret, parseApiKey } from "../http/api-key.ts";
import { createApiKey } from "./create-api-key.ts";
import { type User, findAdministrator, insertApiKey, insertUser } from "./users-queries.ts";

/**
 * Makes sure that somebody can administrate: a first administrator is made on the first start, with
 * the key of the configuration (PENSTOCK_ADMIN_KEY, also taken later on) or a new one.
 * @returns the whole new key, to be shown once; null when none was made
 */
export async function ensureAdministrator(context: Context): Promise<string | null> {
  const { adminKey } = context.config;
  const existing = await findAdministrator(context.db);
  const administrator = existing ?? (await addAdministrator(context));
  if (administrator === undefined) return null;
  const key = adminKey === null ? null : parseApiKey(adminKey);
  if (key !== null) {
    await insertApiKey(context.db, {
      id: key.id,
      user_id: administrator.id,
      secret_hash: hashSecret(key.secret),
      created_at: context.clock.now(),
    });
    return null;
  }
  return existing === undefined ? (await createApiKey(context, administrator.id)).key : null;
}

/** Undefined when another process was quicker: the key is then shown there. */
async function addAdministrator(context: Context): Promise<User | undefined> {
  return await insertUser(context.db, {
    id: randomUUID(),
    name: "administrator",
    role: "administrator",
    address: null,
    created_at: context.clock.now(),
  });
}
