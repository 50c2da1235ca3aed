import type { Kysely } from "kysely";
import type { Database } from "../db/tables.ts";
import { problem } from "../errors.ts";
import { SALT_BYTES, saltsOf } from "../lib/tape-salts.ts";
import type { SumNode } from "../lib/tape-tree-layout.ts";
import { besideRow, leafHasher, sumsOf } from "../lib/tape-tree-proof.ts";
import type { OpenedRow } from "../lib/tape-tree-proof.ts";
import { blockOfRow, countBlocks, rangeOfBlock, siblingPlaces } from "../lib/tape-tree-shape.ts";
import type { BlockRange } from "../lib/tape-tree-shape.ts";
import { buildBlockOpening } from "./block-opening.ts";
import type { BlockOpening } from "./block-opening.ts";
import { treeColumns } from "./loan-month-columns.ts";
import { buildLoanProof } from "./loan-proof.ts";
import type { LoanProof } from "./loan-proof.ts";
import { findLoanPosition, listLines, listSiblings } from "./proof-queries.ts";
import { bytesOf, readRow } from "./proof-parts.ts";
import type { ProvenTape } from "./proof-parts.ts";
import type { TapeDeal } from "./tape-deal.ts";
import type { Tape } from "./tapes-queries.ts";

/** The proof of one loan's row in a stored tape: reads its block alone. @throws Problem loan-unknown */
export async function proveLoan(
  db: Kysely<Database>,
  { deal, tape }: { deal: TapeDeal; tape: Tape },
  loanId: string,
): Promise<LoanProof> {
  const key = { dealKey: deal.key, period: tape.period, version: tape.version };
  const position = await findLoanPosition(db, key, loanId);
  if (position === undefined) throw problem("loan-unknown", { deal: deal.id, loan: loanId });
  const proven = provenTape(tape);
  const range = blockOfRow(position, tape.row_count);
  const { rows, siblings } = await readBlock(db, { deal, tape }, range);
  const facts = { ...proven, columns: treeColumns(tape.attribute_names) };
  const hashLeaf = leafHasher(facts);
  const leaves = rows.map((row, at) => hashLeaf(range.first + at, row));
  const inBlock = position - range.first;
  const row = rows[inBlock];
  if (row === undefined) throw new Error(`tape ${tape.id} has no row ${position}`);
  const sums = sumsOf(rows);
  const proof = { position, row, ...besideRow(leaves, inBlock), sums, siblings };
  return buildLoanProof(proven, { loanId, proof });
}

/** All rows of a block of a stored tape, with their salts. @throws Problem block-unknown */
export async function openBlock(
  db: Kysely<Database>,
  { deal, tape }: { deal: TapeDeal; tape: Tape },
  block: number,
): Promise<BlockOpening> {
  const blocks = countBlocks(tape.row_count);
  if (block >= blocks) throw problem("block-unknown", { tape: tape.id, block, blocks });
  const range = rangeOfBlock(block, tape.row_count);
  const opened = { block, ...(await readBlock(db, { deal, tape }, range)) };
  return buildBlockOpening(provenTape(tape), opened);
}

function provenTape(tape: Tape): ProvenTape {
  return {
    dealId: tape.deal_id,
    period: tape.period,
    rowCount: tape.row_count,
    attributeNames: tape.attribute_names,
    root: {
      hash: bytesOf(tape.tree_hash),
      loanCount: tape.loan_count,
      balanceCents: tape.closing_balance_cents,
      bucketCents: tape.bucket_cents,
    },
  };
}

async function readBlock(
  db: Kysely<Database>,
  { deal, tape }: { deal: TapeDeal; tape: Tape },
  range: BlockRange,
): Promise<{ rows: OpenedRow[]; siblings: SumNode[] }> {
  const key = { dealKey: deal.key, period: tape.period, version: tape.version };
  const [lines, nodes] = await Promise.all([
    listLines(db, key, range),
    listSiblings(db, key, siblingPlaces(range.block, tape.row_count)),
  ]);
  const salts = saltsOf(tape.leaf_secret, range.first, range.rows);
  const rows = lines.map((line, at) => {
    const salt = salts.subarray(at * SALT_BYTES, (at + 1) * SALT_BYTES);
    const row = readRow({ line, salt });
    if (row === null) throw new Error(`row ${range.first + at} of tape ${tape.id} is no line`);
    return row;
  });
  const siblings = nodes.map((node) => ({
    hash: node.hash,
    loanCount: node.loan_count,
    balanceCents: node.balance_cents,
    bucketCents: node.bucket_cents,
  }));
  return { rows, siblings };
}
