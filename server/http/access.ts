/** The roles that most routes are open to. */
import type { Role } from "../db/tables.ts";

/** Whose business a deal's books are: everybody but investors. */
export const BOOKKEEPERS: readonly Role[] = [
  "servicer",
  "approver",
  "trustee",
  "auditor",
  "administrator",
];

/** Everybody with a key. */
export const EVERYBODY: readonly Role[] = ["investor", ...BOOKKEEPERS];
