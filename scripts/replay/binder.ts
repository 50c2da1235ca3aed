/** Looking up the names of an inputs file in a deal, with what is wrong kept for one message. */
import type { CompiledDeal } from "../../server/deals/compile-deal.ts";
import type { InputFault, InputPath } from "./read-inputs.ts";

/** Collects what is wrong, so that all of it is said at once. */
export interface Binder {
  deal: CompiledDeal;
  faults: InputFault[];
}

/** Names in the order of a table. */
export const namesOf = (entries: readonly { name: string }[]): string[] =>
  entries.map(({ name }) => name);

/** Position of a name in a list; a name that is not in it becomes a fault. */
export function positionOf(
  binder: Binder,
  known: readonly string[],
  { name, path, what }: { name: string; path: InputPath; what: string },
): number | null {
  const position = known.indexOf(name);
  if (position !== -1) return position;
  const list = known.length === 0 ? "it has none" : `known: ${known.join(", ")}`;
  binder.faults.push({ path, message: `the deal has no ${what} \`${name}\`; ${list}` });
  return null;
}

/** Reads a value; what `parse` refuses becomes a fault and 0. */
export function readValue(binder: Binder, path: InputPath, parse: () => bigint): bigint {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
    binder.faults.push({ path, message: error.message });
    return 0n;
  }
}
