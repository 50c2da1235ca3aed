/**
 * The salted Merkle sum tree of a tape. Every node carries how many loans with a balance are below it
 * and what they sum to, and a parent's hash covers both of its children's sums, so that the root
 * proves the tape's loan count and closing balance. Every preimage is a run of 32-byte words, as
 * Solidity's abi.encode writes static values, and begins with a tag: a node can never be read as a
 * leaf. The salt keeps a row with few possible values from being guessed from its hash.
 */
import { keccak256 } from "./keccak.ts";

export const LEAF_VERSION = 1;

const LEAF_TAG = keccak256(Buffer.from("penstock.tape.leaf/1"));
const NODE_TAG = keccak256(Buffer.from("penstock.tape.node/1"));
const EMPTY_TAG = keccak256(Buffer.from("penstock.tape.empty/1"));

export interface SumNode {
  /** 32 bytes. */
  hash: Buffer;
  /** Loans with a balance above zero. */
  loanCount: number;
  /** Sum of the ending balances, in cents; never negative. */
  balanceCents: bigint;
}

export interface PlacedNode extends SumNode {
  /** 0 for the leaves. */
  level: number;
  position: number;
}

/** Everything that a leaf's hash covers. */
export interface TapeLeaf {
  version: number;
  dealId: string;
  period: number;
  loanId: string;
  endingBalanceCents: bigint;
  /** keccak256 of the loan month's canonical JSON, 32 bytes. */
  rowHash: Buffer;
  /** 32 random bytes. */
  salt: Buffer;
}

export interface TapeProof {
  leaf: TapeLeaf;
  /** From the leaf upwards; a level where the node was promoted for want of a sibling is left out. */
  siblings: (SumNode & { side: "left" | "right" })[];
}

/** An integer as a two's complement word of 32 bytes. */
function integerWord(value: bigint): Buffer {
  return Buffer.from(BigInt.asUintN(256, value).toString(16).padStart(64, "0"), "hex");
}

/** The leaf's node: count 1 while the loan has a balance, 0 afterwards. */
export function leafNode(leaf: TapeLeaf): SumNode {
  const loanCount = leaf.endingBalanceCents > 0n ? 1 : 0;
  const hash = keccak256(
    Buffer.concat([
      LEAF_TAG,
      integerWord(BigInt(leaf.version)),
      keccak256(Buffer.from(leaf.dealId)),
      integerWord(BigInt(leaf.period)),
      keccak256(Buffer.from(leaf.loanId)),
      integerWord(leaf.endingBalanceCents),
      integerWord(BigInt(loanCount)),
      leaf.rowHash,
      leaf.salt,
    ]),
  );
  return { hash, loanCount, balanceCents: leaf.endingBalanceCents };
}

/** The parent of two nodes; order matters. */
export function joinNodes(left: SumNode, right: SumNode): SumNode {
  const hash = keccak256(
    Buffer.concat([
      NODE_TAG,
      left.hash,
      integerWord(BigInt(left.loanCount)),
      integerWord(left.balanceCents),
      right.hash,
      integerWord(BigInt(right.loanCount)),
      integerWord(right.balanceCents),
    ]),
  );
  return {
    hash,
    loanCount: left.loanCount + right.loanCount,
    balanceCents: left.balanceCents + right.balanceCents,
  };
}

/** The root of a tape without a row, which is the last one of a pool that has paid out. */
function emptyRoot(): SumNode {
  return { hash: keccak256(EMPTY_TAG), loanCount: 0, balanceCents: 0n };
}

export interface SumTreeBuilder {
  /** Takes the next leaf and gives every node that it finished, the leaf included. */
  add(leaf: SumNode): PlacedNode[];
  /** Promotes the odd nodes up to the root, and gives the nodes that this placed. */
  finish(): { root: SumNode; nodes: PlacedNode[] };
}

/**
 * Builds the tree from left to right and keeps one waiting node per level, so that memory grows with
 * the height only. An odd node at the end of a level stands on the next level as it is.
 */
export function startSumTree(): SumTreeBuilder {
  const waiting: (SumNode | null)[] = [];
  const sizes: number[] = [];

  function place(node: SumNode, level: number): PlacedNode[] {
    const position = sizes[level] ?? 0;
    sizes[level] = position + 1;
    const placed = { ...node, level, position };
    const left = waiting[level] ?? null;
    waiting[level] = left === null ? node : null;
    return left === null ? [placed] : [placed, ...place(joinNodes(left, node), level + 1)];
  }

  function finish(): { root: SumNode; nodes: PlacedNode[] } {
    if (sizes.length === 0) return { root: emptyRoot(), nodes: [] };
    const nodes: PlacedNode[] = [];
    for (let level = 0; ; level += 1) {
      const odd = waiting[level] ?? null;
      if (odd === null) continue;
      if (sizes[level] === 1) return { root: odd, nodes };
      waiting[level] = null;
      nodes.push(...place(odd, level + 1));
    }
  }

  return { add: (leaf) => place(leaf, 0), finish };
}

/** The node that a proof leads to. */
function proofRoot(proof: TapeProof): SumNode {
  return proof.siblings.reduce<SumNode>(
    (node, sibling) =>
      sibling.side === "left" ? joinNodes(sibling, node) : joinNodes(node, sibling),
    leafNode(proof.leaf),
  );
}

/**
 * Whether the leaf is in the tape with this root and the root's count and balance are the sums of
 * what is below it. Needs nothing but its arguments. A sibling with a negative sum is refused: it
 * would let a balance be hidden.
 */
export function verifyProof(proof: TapeProof, root: SumNode): boolean {
  const sums = [proof.leaf.endingBalanceCents, ...proof.siblings.map((node) => node.balanceCents)];
  if (sums.some((sum) => sum < 0n)) return false;
  if (proof.siblings.some((node) => !Number.isSafeInteger(node.loanCount) || node.loanCount < 0)) {
    return false;
  }
  const reached = proofRoot(proof);
  return (
    reached.hash.equals(root.hash) &&
    reached.loanCount === root.loanCount &&
    reached.balanceCents === root.balanceCents
  );
}

/** What the report registry keeps: keccak256(abi.encode(bytes32 root, int256 count, int256 cents)). */
export function tapeCommitment(root: SumNode): Buffer {
  return keccak256(
    Buffer.concat([root.hash, integerWord(BigInt(root.loanCount)), integerWord(root.balanceCents)]),
  );
}
