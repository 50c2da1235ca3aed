import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AbiCoder, id, keccak256 } from "ethers";
import fc from "fast-check";
import * as tree from "../../../server/lib/merkle-sum-tree.ts";
import type {
  PlacedNode,
  SumNode,
  TapeLeaf,
  TapeProof,
} from "../../../server/lib/merkle-sum-tree.ts";

const leafOf = (index: number, endingBalanceCents: bigint): TapeLeaf => ({
  version: tree.LEAF_VERSION,
  dealId: "deal",
  period: 1,
  loanId: `loan ${index}`,
  endingBalanceCents,
  rowHash: Buffer.alloc(32, index),
  salt: Buffer.alloc(32, 255 - index),
});

/** All nodes, the root and the proof of each leaf. */
function build(balances: readonly bigint[]): { root: SumNode; proofs: TapeProof[] } {
  const leaves = balances.map((balance, index) => leafOf(index, balance));
  const builder = tree.startSumTree();
  const placed: PlacedNode[] = leaves.flatMap((leaf) => builder.add(tree.leafNode(leaf)));
  const { root, nodes } = builder.finish();
  placed.push(...nodes);
  const at = (level: number, position: number): PlacedNode | undefined =>
    placed.find((node) => node.level === level && node.position === position);
  const proofs = leaves.map((leaf, index) => {
    const siblings: TapeProof["siblings"] = [];
    for (let level = 0, position = index; ; level += 1, position >>= 1) {
      const sibling = at(level, position ^ 1);
      if (sibling !== undefined) {
        siblings.push({ ...sibling, side: position % 2 === 0 ? "right" : "left" });
      }
      if (at(level + 1, position >> 1) === undefined) return { leaf, siblings };
    }
  });
  return { root, proofs };
}

const balances = fc.array(fc.bigInt(0n, 10n ** 12n), { minLength: 1, maxLength: 40 });

describe("the salted Merkle sum tree", () => {
  it("carries the count and the sum of its leaves in the root", () => {
    fc.assert(
      fc.property(balances, (list) => {
        const { root } = build(list);
        assert.equal(
          root.balanceCents,
          list.reduce((sum, balance) => sum + balance, 0n),
        );
        assert.equal(root.loanCount, list.filter((balance) => balance > 0n).length);
      }),
    );
  });

  it("proves every leaf, and no leaf with another balance", () => {
    fc.assert(
      fc.property(balances, fc.bigInt(1n, 100n), (list, more) => {
        const { root, proofs } = build(list);
        for (const proof of proofs) {
          assert.ok(tree.verifyProof(proof, root));
          const endingBalanceCents = proof.leaf.endingBalanceCents + more;
          const other = { ...proof, leaf: { ...proof.leaf, endingBalanceCents } };
          assert.equal(tree.verifyProof(other, root), false);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("refuses a sibling with a negative sum, which could hide a balance", () => {
    const leaf = leafOf(0, 500n);
    const hidden = { hash: Buffer.alloc(32, 9), loanCount: 0, balanceCents: -500n };
    const root = tree.joinNodes(tree.leafNode(leaf), hidden);
    assert.equal(root.balanceCents, 0n);
    assert.equal(tree.verifyProof({ leaf, siblings: [{ ...hidden, side: "right" }] }, root), false);
  });

  it("is the hash of the same words that Solidity's abi.encode writes", () => {
    const coder = AbiCoder.defaultAbiCoder();
    const hex = (hash: Buffer): string => `0x${hash.toString("hex")}`;
    const leaf = leafOf(3, 12_345n);
    const expectedLeaf = keccak256(
      coder.encode(
        [
          ...["bytes32", "uint256", "bytes32", "uint256", "bytes32"],
          ...["int256", "uint256", "bytes32", "bytes32"],
        ],
        [
          id("penstock.tape.leaf/1"),
          1,
          id("deal"),
          1,
          id("loan 3"),
          12_345,
          1,
          leaf.rowHash,
          leaf.salt,
        ],
      ),
    );
    const left = tree.leafNode(leaf);
    assert.equal(hex(left.hash), expectedLeaf);
    const right = tree.leafNode(leafOf(4, 0n));
    const expectedNode = keccak256(
      coder.encode(
        ["bytes32", "bytes32", "uint256", "int256", "bytes32", "uint256", "int256"],
        [id("penstock.tape.node/1"), left.hash, 1, 12_345, right.hash, 0, 0],
      ),
    );
    const joined = tree.joinNodes(left, right);
    assert.equal(hex(joined.hash), expectedNode);
    const expected = keccak256(
      coder.encode(["bytes32", "int256", "int256"], [joined.hash, 1, 12_345]),
    );
    assert.equal(hex(tree.tapeCommitment(joined)), expected);
  });

  it("has a root of its own for a tape without a row", () => {
    const { root } = tree.startSumTree().finish();
    assert.deepEqual([root.loanCount, root.balanceCents], [0, 0n]);
    assert.equal(root.hash.length, 32);
  });

  it("does not change when one leaf's place is proved from the other side", () => {
    const { root, proofs } = build([1n, 2n, 3n]);
    for (const { leaf, siblings } of proofs) {
      const turned = siblings.map((node) => ({
        ...node,
        side: node.side === "left" ? ("right" as const) : ("left" as const),
      }));
      assert.equal(tree.verifyProof({ leaf, siblings: turned }, root), false);
    }
  });
});
