import { randomUUID } from "node:crypto";
import { getAddress, isAddress } from "ethers";
import type { Context } from "../context.ts";
import type { Role } from "../db/tables.ts";
import { problem } from "../errors.ts";
import {
  type User,
  getUserByName,
  insertMemberships,
  insertUser,
  listDealsOfUser,
  listKnownDeals,
} from "./users-queries.ts";

export interface NewUser {
  name: string;
  role: Role;
  /** The wallet that the person signs with, when they have one. */
  address: string | null;
  deals: string[];
}

/**
 * Adds a user and their deals. The same facts again change nothing; further deals are added.
 * @throws deal-unknown, address-invalid, user-exists (the name is there with another role or address)
 */
export async function createUser(
  context: Context,
  facts: NewUser,
): Promise<{ user: User; deals: string[]; created: boolean }> {
  const address = facts.address === null ? null : checksummed(facts.address);
  const known = await listKnownDeals(context.db, facts.deals);
  for (const deal of facts.deals) {
    if (!known.includes(deal)) throw problem("deal-unknown", { deal });
  }
  return await context.db.transaction().execute(async (trx) => {
    const { name, role } = facts;
    const created_at = context.clock.now();
    const inserted = await insertUser(trx, { id: randomUUID(), name, role, address, created_at });
    const user = inserted ?? (await getUserByName(trx, name));
    if (user.role !== role || user.address !== address) {
      throw problem("user-exists", {
        name,
        role: user.role,
        wallet: user.address === null ? "no wallet" : `wallet ${user.address}`,
      });
    }
    await insertMemberships(trx, user.id, facts.deals);
    const deals = await listDealsOfUser(trx, user.id);
    return { user, deals, created: inserted !== undefined };
  });
}

function checksummed(address: string): string {
  if (!address.startsWith("0x") || !isAddress(address))
    throw problem("address-invalid", { address });
  return getAddress(address);
}
