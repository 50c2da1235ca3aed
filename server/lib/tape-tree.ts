/**
 * The salted Merkle sum tree of a tape, built while the tape is written. The root proves how many loans
 * have a balance, what they sum to, and that sum by delinquency bucket. Rows are hashed one by one;
 * inside a block of 256 rows only hashes are joined, so a proof of one loan shows the sums of no fewer
 * rows; from the blocks up every hash covers the sums of what is below it. What is hashed stands in
 * tape-tree-layout.ts, how a proof is checked in tape-tree-proof.ts.
 */
import { hash } from "node:crypto";
import { startSalts } from "./tape-salts.ts";
import * as layout from "./tape-tree-layout.ts";
import type { LeafSums, SumNode, Sums, TapeName } from "./tape-tree-layout.ts";

const { BLOCK_ROWS, BUCKETS, GROUP_ROWS, HASH_BYTES, JOINED_AT, LINE_AT, SALT_AT } = layout;

export interface PlacedNode extends SumNode {
  /** 0 for the blocks. */
  level: number;
  position: number;
}

export interface TapeTreeBuilder {
  /**
   * Takes the next row, whose line is bytes[start, end), as COPY's text prints it and without its line end.
   * @throws RangeError for a balance that is negative or no safe integer, or a bucket outside 0 to 5
   */
  add(bytes: Buffer, start: number, end: number, sums: LeafSums): void;
  /** The nodes that stand since the last call: to be stored. */
  takeNodes(): PlacedNode[];
  /**
   * Ends the tape. `nodes` are those that takeNodes has not given yet.
   * @param columns names of the line's columns, then of the values inside its attributes
   */
  finish(columns: readonly string[]): { root: SumNode; nodes: PlacedNode[]; rowCount: number };
}

/**
 * Starts the tree of a tape. Memory grows with the height only, as long as the nodes are taken.
 * @param tape.secret 32 random bytes, of this tape alone: the salts come from it
 */
export function startTapeTree(tape: TapeName & { secret: Buffer }): TapeTreeBuilder {
  const putSalt = startSalts(tape.secret);
  const blocks = startBlocks();
  const upper = startUpperTree();
  let leaf = layout.leafHeader(tape);
  let position = 0;

  return {
    add(bytes, start, end, sums) {
      requireSums(sums);
      const length = LINE_AT + end - start;
      if (length > leaf.length) leaf = Buffer.concat([leaf], 2 * length);
      layout.putLeaf(leaf, position, sums);
      putSalt(leaf, SALT_AT);
      bytes.copy(leaf, LINE_AT, start, end);
      const closed = blocks.add(hash("sha256", leaf.subarray(0, length), "binary"), sums);
      if (closed !== null) upper.add(closed);
      position += 1;
    },
    takeNodes: upper.take,
    finish(columns) {
      const last = blocks.finish();
      if (last !== null) upper.add(last);
      const facts = { dealId: tape.dealId, period: tape.period, rowCount: position, columns };
      const root = layout.rootNode(facts, upper.finish());
      return { root, nodes: upper.take(), rowCount: position };
    },
  };
}

function requireSums({ counted, balanceCents, bucket }: LeafSums): void {
  if (!Number.isSafeInteger(balanceCents) || balanceCents < 0) {
    throw new RangeError(`${balanceCents} is no balance of a leaf`);
  }
  if (counted !== (balanceCents > 0 ? 1 : 0)) throw new RangeError(`count ${counted} of a leaf`);
  if (!Number.isInteger(bucket) || bucket < 0 || bucket >= BUCKETS) {
    throw new RangeError(`${bucket} is no delinquency bucket`);
  }
}

/** Sums of a block's rows as pairs of doubles, exact whatever the amounts. */
class BlockSums {
  loanCount = 0;
  readonly #high = new Float64Array(BUCKETS);
  readonly #low = new Float64Array(BUCKETS);

  add({ counted, balanceCents, bucket }: LeafSums): void {
    const high = Math.floor(balanceCents / 0x1_0000_0000);
    this.loanCount += counted;
    this.#high[bucket] = (this.#high[bucket] ?? 0) + high;
    this.#low[bucket] = (this.#low[bucket] ?? 0) + (balanceCents - high * 0x1_0000_0000);
  }

  read(): Sums {
    const bucketCents = Array.from(
      this.#high,
      (high, bucket) => (BigInt(high) << 32n) + BigInt(this.#low[bucket] ?? 0),
    );
    const balanceCents = bucketCents.reduce((sum, cents) => sum + cents, 0n);
    return { loanCount: this.loanCount, balanceCents, bucketCents };
  }
}

const BLOCK_GROUPS = BLOCK_ROWS / GROUP_ROWS;

/**
 * Joins leaves to groups and groups to blocks. A block is closed when the rows after it make another
 * one: until then they may be the rest that belongs to it.
 */
function startBlocks() {
  const group = layout.joinBytes(1, GROUP_ROWS);
  const groups = layout.joinBytes(2, 2 * BLOCK_GROUPS);
  let leaves = 0;
  let joined = 0;
  let sums = new BlockSums();
  let next = new BlockSums();

  function closeGroup(): void {
    const bytes = layout.filledJoin(group, leaves);
    groups.write(hash("sha256", bytes, "binary"), JOINED_AT + joined * HASH_BYTES, "latin1");
    joined += 1;
    leaves = 0;
  }

  function closeBlock(count: number, total: Sums): SumNode {
    return layout.blockNode(layout.sha256(layout.filledJoin(groups, count)), total);
  }

  return {
    /** @param leaf the 32 bytes of its hash, a character each */
    add(leaf: string, of: LeafSums): SumNode | null {
      group.write(leaf, JOINED_AT + leaves * HASH_BYTES, "latin1");
      leaves += 1;
      (joined < BLOCK_GROUPS ? sums : next).add(of);
      if (leaves < GROUP_ROWS) return null;
      closeGroup();
      if (joined < 2 * BLOCK_GROUPS) return null;
      const closed = closeBlock(BLOCK_GROUPS, sums.read());
      groups.copyWithin(JOINED_AT, JOINED_AT + BLOCK_GROUPS * HASH_BYTES);
      joined = BLOCK_GROUPS;
      sums = next;
      next = new BlockSums();
      return closed;
    },
    /** The last block; null for a tape without a row. */
    finish(): SumNode | null {
      if (leaves > 0) closeGroup();
      return joined === 0 ? null : closeBlock(joined, addSums(sums.read(), next.read()));
    },
  };
}

function addSums(left: Sums, right: Sums): Sums {
  return {
    loanCount: left.loanCount + right.loanCount,
    balanceCents: left.balanceCents + right.balanceCents,
    bucketCents: left.bucketCents.map((cents, at) => cents + (right.bucketCents[at] ?? 0n)),
  };
}

/** The binary tree over the blocks: one waiting node a level. */
function startUpperTree() {
  const waiting: (SumNode | null)[] = [];
  const sizes: number[] = [];
  let placed: PlacedNode[] = [];

  function place(node: SumNode, level: number): void {
    const position = sizes[level] ?? 0;
    sizes[level] = position + 1;
    placed.push({ ...node, level, position });
    const left = waiting[level] ?? null;
    waiting[level] = left === null ? node : null;
    if (left !== null) place(layout.joinNodes(left, node), level + 1);
  }

  return {
    add: (block: SumNode): void => place(block, 0),
    take(): PlacedNode[] {
      const taken = placed;
      placed = [];
      return taken;
    },
    /** The topmost node, the odd ones carried up to it; null without a block. */
    finish(): SumNode | null {
      for (let level = 0; level < sizes.length; level += 1) {
        const odd = waiting[level] ?? null;
        if (odd === null) continue;
        if (sizes[level] === 1) return odd;
        waiting[level] = null;
        place(odd, level + 1);
      }
      return null;
    },
  };
}
