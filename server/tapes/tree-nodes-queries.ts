import type { CopyTransaction } from "../db/copy-transaction.ts";
import { copyRows } from "../db/copy-rows.ts";
import type { PlacedNode } from "../lib/tape-tree.ts";
import type { SumNode } from "../lib/tape-tree-layout.ts";
import type { TapeVersion } from "./partitions-queries.ts";

/** A tape's tree: its root, and the nodes from the blocks up. */
export interface BuiltTree {
  root: SumNode;
  nodes: PlacedNode[];
}

const TREE_NODES = {
  name: "tape_tree_nodes",
  columns: [
    "deal_key",
    "period",
    "version",
    "level",
    "position",
    "hash",
    "loan_count",
    "balance_cents",
    "bucket_cents",
  ],
};

export async function insertTreeNodes(
  { client }: CopyTransaction,
  { dealKey, period, version }: TapeVersion,
  nodes: readonly PlacedNode[],
): Promise<void> {
  const rows = nodes.map((node) => [
    dealKey,
    period,
    version,
    node.level,
    node.position,
    node.hash,
    node.loanCount,
    node.balanceCents,
    `{${node.bucketCents.join(",")}}`,
  ]);
  await copyRows(client, TREE_NODES, rows);
}
