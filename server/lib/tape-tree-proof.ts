/** Proofs over a tape's tree (tape-tree-layout.ts), made and checked. Needs nothing but its arguments. */
import * as layout from "./tape-tree-layout.ts";
import type { LeafSums, SumNode, Sums, TapeFacts } from "./tape-tree-layout.ts";
import { blockOfRow, countBlocks, rangeOfBlock, siblingPlaces } from "./tape-tree-shape.ts";
import type { BlockRange } from "./tape-tree-shape.ts";

const { BUCKETS, GROUP_ROWS, HASH_BYTES, SALT_AT } = layout;

/** What a leaf's hash covers, beside the tape and its place there. */
export interface OpenedRow extends LeafSums {
  /** 32 bytes. */
  salt: Buffer;
  /** The row as COPY's text prints it, without line end. */
  line: Buffer;
}

/** One row: everything else in its block is hashes. */
export interface RowProof {
  position: number;
  row: OpenedRow;
  /** Hashes of the other leaves under the same hash of level 1, in order: at most 15. */
  leaves: readonly Buffer[];
  /** The other hashes of level 1 in the block, in order: at most 31. */
  groups: readonly Buffer[];
  /** Sums of the block. */
  sums: Sums;
  /** From the block upwards, as siblingPlaces has them. */
  siblings: readonly SumNode[];
}

/** All rows of a block. */
export interface BlockOpening {
  block: number;
  rows: readonly OpenedRow[];
  siblings: readonly SumNode[];
}

/** A proof that cannot be one, whatever the root is. */
class NoProof extends Error {}

function demand(holds: boolean, what: string): asserts holds {
  if (!holds) throw new NoProof(what);
}

/** The result of `reach`, or null where something in the proof cannot be. */
function reached(reach: () => SumNode): SumNode | null {
  try {
    return reach();
  } catch (error) {
    if (error instanceof NoProof) return null;
    throw error;
  }
}

/** The root that a row's proof leads to, or null when it leads nowhere. */
export function rootOfRow(tape: TapeFacts, proof: RowProof): SumNode | null {
  return reached(() => {
    demandFacts(tape);
    const { position, row, sums } = proof;
    demand(isCount(position, tape.rowCount - 1), "a position in the tape");
    const range = blockOfRow(position, tape.rowCount);
    demandSums(sums, range.rows);
    const ofBucket = sums.bucketCents[row.bucket] ?? 0n;
    demand(ofBucket >= BigInt(row.balanceCents), "a block that holds the balance");
    const inner = innerOfRow(leafHasher(tape)(position, row), range, proof);
    return climb(tape, { ...range, node: layout.blockNode(inner, sums) }, proof.siblings);
  });
}

/** The root that the rows of a block lead to, the block's sums being theirs; null when nowhere. */
export function rootOfBlock(tape: TapeFacts, opening: BlockOpening): SumNode | null {
  return reached(() => {
    demandFacts(tape);
    const { block, rows } = opening;
    demand(isCount(block, countBlocks(tape.rowCount) - 1), "a block of the tape");
    const range = rangeOfBlock(block, tape.rowCount);
    demand(rows.length === range.rows, "every row of the block");
    const hashLeaf = leafHasher(tape);
    const leaves = rows.map((row, at) => hashLeaf(range.first + at, row));
    const inner = joinHashes(2, joinGroups(leaves));
    return climb(tape, { ...range, node: layout.blockNode(inner, sumsOf(rows)) }, opening.siblings);
  });
}

/** The hashes beside a row's way inside its block, from the leaves of the block. */
export function besideRow(
  leaves: readonly Buffer[],
  inBlock: number,
): Pick<RowProof, "leaves" | "groups"> {
  const group = Math.floor(inBlock / GROUP_ROWS);
  const start = group * GROUP_ROWS;
  const others = (hashes: readonly Buffer[], own: number): Buffer[] =>
    hashes.filter((_hash, at) => at !== own);
  return {
    leaves: others(leaves.slice(start, start + GROUP_ROWS), inBlock - start),
    groups: others(joinGroups(leaves), group),
  };
}

/** What hashes the leaves of one tape. */
export function leafHasher(tape: TapeFacts): (position: number, row: OpenedRow) => Buffer {
  const header = layout.leafHeader(tape);
  return (position, row) => {
    demand(isCount(row.balanceCents, Number.MAX_SAFE_INTEGER), "a balance that is not negative");
    demand(row.counted === (row.balanceCents > 0 ? 1 : 0), "a count of the balance");
    demand(isCount(row.bucket, BUCKETS - 1), "a delinquency bucket");
    demand(row.salt.length === HASH_BYTES, "a salt of 32 bytes");
    layout.putLeaf(header, position, row);
    row.salt.copy(header, SALT_AT);
    return layout.sha256(Buffer.concat([header, row.line]));
  };
}

export function sumsOf(rows: readonly LeafSums[]): Sums {
  const bucketCents = Array.from({ length: BUCKETS }, () => 0n);
  for (const { bucket, balanceCents } of rows) {
    bucketCents[bucket] = (bucketCents[bucket] ?? 0n) + BigInt(balanceCents);
  }
  return {
    loanCount: rows.reduce((sum, { counted }) => sum + counted, 0),
    balanceCents: bucketCents.reduce((sum, cents) => sum + cents, 0n),
    bucketCents,
  };
}

function isCount(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= most;
}

function demandFacts(tape: TapeFacts): void {
  demand(isCount(tape.period, 0xffff_ffff), "a period");
  demand(isCount(tape.rowCount, 0xffff_ffff), "a number of rows");
}

/** A negative sum, or buckets that are not the balance, would let a balance be hidden. */
function demandSums({ loanCount, balanceCents, bucketCents }: Sums, rows: number): void {
  demand(isCount(loanCount, rows), "no more loans than rows");
  demand(bucketCents.length === BUCKETS, "six buckets");
  const all = [balanceCents, ...bucketCents];
  demand(
    all.every((cents) => cents >= 0n && cents < 1n << 63n),
    "sums that are not negative",
  );
  demand(
    bucketCents.reduce((sum, cents) => sum + cents, 0n) === balanceCents,
    "buckets that add up",
  );
  demand((loanCount === 0) === (balanceCents === 0n), "a balance if and only if a loan has one");
}

function joinHashes(level: number, hashes: readonly Buffer[]): Buffer {
  demand(
    hashes.every(({ length }) => length === HASH_BYTES),
    "hashes of 32 bytes",
  );
  const bytes = layout.joinBytes(level, hashes.length);
  hashes.forEach((hash, at) => hash.copy(bytes, layout.JOINED_AT + at * HASH_BYTES));
  return layout.sha256(layout.filledJoin(bytes, hashes.length));
}

function joinGroups(leaves: readonly Buffer[]): Buffer[] {
  const groups: Buffer[] = [];
  for (let at = 0; at < leaves.length; at += GROUP_ROWS) {
    groups.push(joinHashes(1, leaves.slice(at, at + GROUP_ROWS)));
  }
  return groups;
}

/** The block's join of level 2, reached from one leaf. */
function innerOfRow(leaf: Buffer, { first, rows }: BlockRange, proof: RowProof): Buffer {
  const inBlock = proof.position - first;
  const group = Math.floor(inBlock / GROUP_ROWS);
  const inGroup = Math.min(GROUP_ROWS, rows - group * GROUP_ROWS);
  demand(proof.leaves.length === inGroup - 1, "the other leaves of the group");
  demand(proof.groups.length === Math.ceil(rows / GROUP_ROWS) - 1, "the other groups");
  const own = joinHashes(1, proof.leaves.toSpliced(inBlock % GROUP_ROWS, 0, leaf));
  return joinHashes(2, proof.groups.toSpliced(group, 0, own));
}

function climb(
  tape: TapeFacts,
  { block, node }: { block: number; node: SumNode },
  siblings: readonly SumNode[],
): SumNode {
  const places = siblingPlaces(block, tape.rowCount);
  demand(siblings.length === places.length, "a sibling on every level that has one");
  const top = places.reduce((below, { side, rows }, level) => {
    const sibling = siblings[level];
    demand(sibling?.hash.length === HASH_BYTES, "a sibling's hash of 32 bytes");
    demandSums(sibling, rows);
    const above =
      side === "left" ? layout.joinNodes(sibling, below) : layout.joinNodes(below, sibling);
    demandSums(above, tape.rowCount);
    return above;
  }, node);
  return layout.rootNode(tape, top);
}
