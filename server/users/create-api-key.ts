import { randomUUID } from "node:crypto";
import type { Context } from "../context.ts";
import { problem } from "../errors.ts";
import { formatApiKey, hashSecret, makeSecret } from "../http/api-key.ts";
import { findUser, insertApiKey } from "./users-queries.ts";

/**
 * Gives a user a new key. Only its hash is stored: the answer is the one time that it is seen.
 * @throws user-unknown
 */
export async function createApiKey(
  context: Context,
  user: string,
): Promise<{ id: string; key: string }> {
  if ((await findUser(context.db, user)) === undefined) throw problem("user-unknown", { user });
  const key = { id: randomUUID(), secret: makeSecret() };
  await insertApiKey(context.db, {
    id: key.id,
    user_id: user,
    secret_hash: hashSecret(key.secret),
    created_at: context.clock.now(),
  });
  return { id: key.id, key: formatApiKey(key) };
}
