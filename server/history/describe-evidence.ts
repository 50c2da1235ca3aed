/** What a proof is of, in words, and what stands in it: for the command line. Pure. */
import { formatCents } from "../lib/money.ts";
import { rangeOfBlock } from "../lib/tape-tree-shape.ts";
import { sumsOf } from "../lib/tape-tree-proof.ts";
import type { BlockOpening } from "../tapes/block-opening.ts";
import { DELINQUENCY_BUCKETS } from "../tapes/canonical-fields.ts";
import type { LoanProof } from "../tapes/loan-proof.ts";
import { readCopyValue, readLoanLine } from "../tapes/read-loan-line.ts";
import type { TapeEvidence } from "./check-proof.ts";

const ATTRIBUTES_APART = "\u001F";

/** @returns `lines` are `name value`, one fact each */
export function describeEvidence(evidence: TapeEvidence): { subject: string; lines: string[] } {
  return evidence.kind === "loan" ? describeLoan(evidence.proof) : describeBlock(evidence.proof);
}

function describeLoan(proof: LoanProof): { subject: string; lines: string[] } {
  const values = readLoanLine(proof.line)?.cells.map(readCopyValue) ?? [];
  const facts = proof.columns.map((name, at) => [name, values[at] ?? null] as const);
  const attributes = facts.find(([name]) => name === "attributes")?.[1]?.split(ATTRIBUTES_APART);
  const lines = [
    ...facts.filter(([name]) => name !== "attributes"),
    ...proof.attributeNames.map((name, at) => [name, attributes?.[at] ?? null] as const),
  ]
    .filter(([, value]) => value !== null && value !== "")
    .map(([name, value]) => `  ${name} ${value}`);
  const subject = `the row of loan ${proof.loan} in period ${proof.period} of ${proof.deal}`;
  return { subject, lines };
}

function describeBlock(opening: BlockOpening): { subject: string; lines: string[] } {
  const { block, blocks, period, deal } = opening;
  const { first, rows } = rangeOfBlock(block, opening.rowCount);
  const read = opening.rows
    .map(({ line }) => readLoanLine(line)?.sums)
    .filter((sums) => sums !== undefined);
  const { loanCount, balanceCents, bucketCents } = sumsOf(read);
  const lines = [
    `  loans with a balance ${loanCount}`,
    `  balance ${formatCents(balanceCents)}`,
    ...DELINQUENCY_BUCKETS.map(
      (name, at) => `  of it ${name} ${formatCents(bucketCents[at] ?? 0n)}`,
    ),
  ];
  const place = `block ${block} of ${blocks}, rows ${first} to ${first + rows - 1}`;
  return { subject: `${place} of period ${period} of ${deal}`, lines };
}
