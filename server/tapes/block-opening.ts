/** All rows of a block of a tape with their salts: what an auditor adds up. Pure. */
import { Type } from "typebox";
import type { Static } from "typebox";
import { rootOfBlock } from "../lib/tape-tree-proof.ts";
import type { BlockOpening as OpenedBlock } from "../lib/tape-tree-proof.ts";
import { countBlocks } from "../lib/tape-tree-shape.ts";
import * as parts from "./proof-parts.ts";

export const BlockOpeningSchema = Type.Object({
  ...parts.tapeSchema,
  block: Type.Integer({ description: "rows 256 b to 256 b + 255, the last block with the rest" }),
  blocks: Type.Integer({ description: "of the tape: who opens all of them has audited it" }),
  rows: Type.Array(Type.Object(parts.rowSchema), { maxItems: 511 }),
  ...parts.rootSchema,
});
export type BlockOpening = Static<typeof BlockOpeningSchema>;

/** An opening as JSON. */
export function buildBlockOpening(tape: parts.ProvenTape, opened: OpenedBlock): BlockOpening {
  return {
    ...parts.commonParts(tape, opened.siblings),
    block: opened.block,
    blocks: countBlocks(tape.rowCount),
    rows: opened.rows.map(({ line, salt }) => ({ line: line.toString(), salt: parts.hex(salt) })),
  };
}

/**
 * Whether the rows are a block of the tape that the commitment is of: their own balances are the block's
 * sums, which the tape's count and balance are added up from.
 * @param commitment what the report registry answers for the period, 0x and 64 hex digits
 */
export function verifyBlockOpening(opening: BlockOpening, commitment: string): boolean {
  const facts = parts.readFacts(opening);
  const rows = opening.rows.map(parts.readRowJson).filter((row) => row !== null);
  if (facts === null || rows.length !== opening.rows.length) return false;
  if (opening.blocks !== countBlocks(opening.rowCount)) return false;
  const siblings = parts.readSiblings(opening);
  const reached = rootOfBlock(facts, { block: opening.block, rows, siblings });
  return parts.leadsTo(reached, opening, commitment);
}
