import type { Context } from "../context.ts";
import { listApiKeys, listMemberships, type User } from "./users-queries.ts";

/** Users as an administrator sees them: with their deals, and the ids and states of their keys. */
export async function describeUsers({ db }: Context, users: readonly User[]) {
  const ids = users.map(({ id }) => id);
  const deals = Map.groupBy(await listMemberships(db, ids), ({ user_id }) => user_id);
  const keys = Map.groupBy(await listApiKeys(db, ids), ({ user_id }) => user_id);
  return users.map(({ id, name, role, address, created_at }) => ({
    id,
    name,
    role,
    address,
    deals: (deals.get(id) ?? []).map(({ deal_id }) => deal_id),
    createdAt: created_at.toISOString(),
    keys: (keys.get(id) ?? []).map((key) => ({
      id: key.id,
      state: key.revoked_at === null ? ("active" as const) : ("revoked" as const),
      createdAt: key.created_at.toISOString(),
      revokedAt: key.revoked_at?.toISOString() ?? null,
    })),
  }));
}
