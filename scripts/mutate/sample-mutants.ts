import { createHash } from "node:crypto";
import type { Mutant } from "./find-mutants.ts";

/** What a mutant is called in lists: it stays as long as its piece of source does. */
export function keyOf({ file, functionName, operator, before, after, nth }: Mutant): string {
  const change = after === "" ? before : `${before} => ${after}`;
  return `${file} ${functionName}: ${operator}: ${change}${nth === 1 ? "" : ` #${nth}`}`;
}

/**
 * A fair draw, the same for the same seed; a mutant keeps its place in it when others come or go.
 * @returns in the order of the draw
 */
export function sampleMutants(mutants: readonly Mutant[], size: number, seed: number): Mutant[] {
  const drawn = mutants.map((mutant) => ({
    mutant,
    lot: createHash("sha256")
      .update(`${seed} ${keyOf(mutant)}`)
      .digest("hex"),
  }));
  drawn.sort((a, b) => (a.lot < b.lot ? -1 : 1));
  return drawn.slice(0, size).map(({ mutant }) => mutant);
}
