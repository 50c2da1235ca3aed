/** Step 4: the staged rows into loan_months, and the tape's tree beside them. */
import { randomBytes } from "node:crypto";
import type { CopyTransaction } from "../db/copy-transaction.ts";
import { canonicalJson } from "../lib/canonical-json.ts";
import { keccak256 } from "../lib/keccak.ts";
import { LEAF_VERSION, leafNode, startSumTree } from "../lib/merkle-sum-tree.ts";
import type { PlacedNode, SumNode } from "../lib/merkle-sum-tree.ts";
import { copyRows } from "./copy-rows.ts";
import type { CopyValue } from "./copy-rows.ts";
import { createPartitions } from "./create-partitions.ts";
import { LOAN_MONTH_COLUMNS, loanMonthValues, toLoanMonth } from "./loan-month-columns.ts";
import type { LoanMonth } from "./loan-month.ts";
import { readStagedLoans } from "./staged-tape-queries.ts";
import type { TapeVersion } from "./staged-tape-queries.ts";

const LOAN_MONTHS = {
  name: "loan_months",
  columns: ["deal_id", "period", "version", "leaf_position", "leaf_salt", ...LOAN_MONTH_COLUMNS],
};

const TREE_NODES = {
  name: "tape_tree_nodes",
  columns: [
    "deal_id",
    "period",
    "version",
    "level",
    "position",
    "hash",
    "loan_count",
    "balance_cents",
  ],
};

/** keccak256 of a loan month's canonical JSON: the part of the leaf that covers the whole row. */
export function loanMonthHash(loan: LoanMonth): Buffer {
  return keccak256(Buffer.from(canonicalJson({ ...loan })));
}

/**
 * Stores the staged rows by loan id and builds the tree over them in the same order, each leaf with 32
 * random bytes of salt. Reads and writes by turns on the transaction's one connection.
 * @returns the root and the number of rows
 */
export async function storeTape(
  { trx, client }: CopyTransaction,
  tape: TapeVersion,
): Promise<{ root: SumNode; rowCount: number }> {
  await createPartitions(trx, tape.dealId, tape.period);
  const key = [tape.dealId, tape.period, tape.version];
  const nodeValues = (node: PlacedNode): CopyValue[] => [
    ...key,
    node.level,
    node.position,
    node.hash,
    node.loanCount,
    node.balanceCents,
  ];
  const tree = startSumTree();
  let rowCount = 0;
  for await (const batch of readStagedLoans(trx)) {
    const rows: CopyValue[][] = [];
    const nodes: CopyValue[][] = [];
    for (const loan of batch.map(toLoanMonth)) {
      const salt = randomBytes(32);
      rows.push([...key, rowCount, salt, ...loanMonthValues(loan)]);
      nodes.push(...tree.add(leafOf(tape, loan, salt)).map(nodeValues));
      rowCount += 1;
    }
    await copyRows(client, LOAN_MONTHS, rows);
    await copyRows(client, TREE_NODES, nodes);
  }
  const { root, nodes } = tree.finish();
  await copyRows(client, TREE_NODES, nodes.map(nodeValues));
  return { root, rowCount };
}

function leafOf(tape: TapeVersion, loan: LoanMonth, salt: Buffer): SumNode {
  return leafNode({
    version: LEAF_VERSION,
    dealId: tape.dealId,
    period: tape.period,
    loanId: loan.loanId,
    endingBalanceCents: loan.endingBalanceCents,
    rowHash: loanMonthHash(loan),
    salt,
  });
}
