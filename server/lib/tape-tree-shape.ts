/** Where things are in a tape's tree, from the number of its rows alone (tape-tree-layout.ts). */
import { BLOCK_ROWS } from "./tape-tree-layout.ts";

export interface BlockRange {
  block: number;
  /** Position of its first row. */
  first: number;
  rows: number;
}

/** Blocks of a tape: a rest below 256 rows belongs to the last one. */
export function countBlocks(rowCount: number): number {
  if (rowCount === 0) return 0;
  return Math.max(1, Math.floor(rowCount / BLOCK_ROWS));
}

export function rangeOfBlock(block: number, rowCount: number): BlockRange {
  const first = block * BLOCK_ROWS;
  const isLast = block === countBlocks(rowCount) - 1;
  return { block, first, rows: isLast ? rowCount - first : BLOCK_ROWS };
}

/** The block that a row is in. */
export function blockOfRow(position: number, rowCount: number): BlockRange {
  const block = Math.min(Math.floor(position / BLOCK_ROWS), countBlocks(rowCount) - 1);
  return rangeOfBlock(block, rowCount);
}

export interface SiblingPlace {
  /** 0 for the blocks. */
  level: number;
  position: number;
  side: "left" | "right";
  /** Rows below it. */
  rows: number;
}

/**
 * The nodes beside the way from a block to the top, from the block upwards. A level on which the way has
 * no neighbour is left out: the node stands on the next level as it is.
 */
export function siblingPlaces(block: number, rowCount: number): SiblingPlace[] {
  const places: SiblingPlace[] = [];
  const blocks = countBlocks(rowCount);
  let position = block;
  for (let level = 0, size = blocks; size > 1; level += 1, size = Math.ceil(size / 2)) {
    const beside = position ^ 1;
    if (beside < size) {
      const side = beside < position ? ("left" as const) : ("right" as const);
      places.push({ level, position: beside, side, rows: rowsBelow(level, beside, rowCount) });
    }
    position >>>= 1;
  }
  return places;
}

function rowsBelow(level: number, position: number, rowCount: number): number {
  const width = 2 ** level;
  const last = Math.min((position + 1) * width, countBlocks(rowCount)) - 1;
  const { first, rows } = rangeOfBlock(last, rowCount);
  return first + rows - rangeOfBlock(position * width, rowCount).first;
}
