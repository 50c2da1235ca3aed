/** A tape's tree over made rows, with everything that its proofs are made of. */
import assert from "node:assert/strict";
import { saltsOf } from "../../../server/lib/tape-salts.ts";
import { startTapeTree } from "../../../server/lib/tape-tree.ts";
import type { PlacedNode } from "../../../server/lib/tape-tree.ts";
import type { LeafSums, SumNode, TapeFacts } from "../../../server/lib/tape-tree-layout.ts";
import * as proofs from "../../../server/lib/tape-tree-proof.ts";
import type { BlockOpening, OpenedRow, RowProof } from "../../../server/lib/tape-tree-proof.ts";
import * as shape from "../../../server/lib/tape-tree-shape.ts";

export const SECRET = Buffer.alloc(32, 7);
const COLUMNS = ["line", "loan_id"];

export interface Tree {
  tape: TapeFacts;
  rows: OpenedRow[];
  nodes: PlacedNode[];
  root: SumNode;
}

export function build(rows: readonly LeafSums[], secret = SECRET): Tree {
  const builder = startTapeTree({ dealId: "deal", period: 3, secret });
  const salts = saltsOf(secret, 0, rows.length);
  const opened = rows.map((sums, at) => ({
    ...sums,
    salt: salts.subarray(32 * at, 32 * at + 32),
    line: Buffer.from(`${at + 2}\tloan ${at}`),
  }));
  const nodes: PlacedNode[] = [];
  for (const row of opened) {
    // In the middle of a longer buffer, as the upload's rows are.
    builder.add(
      Buffer.concat([Buffer.from("before"), row.line, Buffer.from("\n")]),
      6,
      6 + row.line.length,
      row,
    );
    nodes.push(...builder.takeNodes());
  }
  const { root, nodes: last, rowCount } = builder.finish(COLUMNS);
  const tape = { dealId: "deal", period: 3, rowCount, columns: COLUMNS };
  return { tape, rows: opened, nodes: [...nodes, ...last], root };
}

/** `count` rows: balances 0, 1, 2, ... cents in buckets 0 to 5 by turns. */
export const rowsOf = (count: number): LeafSums[] =>
  Array.from({ length: count }, (_, at) => ({
    counted: at > 0 ? 1 : 0,
    balanceCents: at,
    bucket: at % 6,
  }));

function siblingsOf({ tape, nodes }: Tree, block: number): SumNode[] {
  return shape.siblingPlaces(block, tape.rowCount).map(({ level, position }) => {
    const found = nodes.find((node) => node.level === level && node.position === position);
    assert.ok(found, `node ${level}/${position}`);
    return found;
  });
}

export function proveRow(tree: Tree, position: number): RowProof {
  const { block, first, rows } = shape.blockOfRow(position, tree.tape.rowCount);
  const inBlock = tree.rows.slice(first, first + rows);
  const leaves = inBlock.map((row, at) => proofs.leafHasher(tree.tape)(first + at, row));
  return {
    position,
    row: tree.rows[position]!,
    ...proofs.besideRow(leaves, position - first),
    sums: proofs.sumsOf(inBlock),
    siblings: siblingsOf(tree, block),
  };
}

export function openBlock(tree: Tree, block: number): BlockOpening {
  const { first, rows } = shape.rangeOfBlock(block, tree.tape.rowCount);
  return { block, rows: tree.rows.slice(first, first + rows), siblings: siblingsOf(tree, block) };
}

/** The same bytes with bit `bit` turned. */
export function turned(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

export const bitsOf = (bytes: Buffer): number[] =>
  Array.from({ length: 8 * bytes.length }, (_, bit) => bit);
