import { parseAddress } from "../chain/parse-address.ts";
import { problem } from "../errors.ts";
import type { RequestUser } from "../http/app-type.ts";

/**
 * Whose holdings a request may see: an investor's own wallet and no other; for everyone else the
 * one that was asked for, or all (undefined).
 * @throws Problem address-missing, holder-forbidden, address-invalid
 */
export function holderOf(user: RequestUser, asked: string | undefined): string | undefined {
  const holder = asked === undefined ? undefined : parseAddress(asked);
  if (user.role !== "investor") return holder;
  if (user.address === null) throw problem("address-missing", { user: user.name });
  const own = parseAddress(user.address);
  if (holder !== undefined && holder !== own) throw problem("holder-forbidden", { holder });
  return own;
}
