import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { AbiCoder, keccak256 } from "ethers";
import fc from "fast-check";
import { saltsOf, startSalts } from "../../../server/lib/tape-salts.ts";
import { startTapeTree } from "../../../server/lib/tape-tree.ts";
import type { PlacedNode } from "../../../server/lib/tape-tree.ts";
import * as layout from "../../../server/lib/tape-tree-layout.ts";
import type { LeafSums } from "../../../server/lib/tape-tree-layout.ts";
import * as proofs from "../../../server/lib/tape-tree-proof.ts";
import * as shape from "../../../server/lib/tape-tree-shape.ts";
import { build, openBlock, proveRow, rowsOf, SECRET, turned } from "./made-tree.ts";

const balances = fc.array(fc.record({ cents: fc.maxSafeNat(), bucket: fc.nat(5) }), {
  minLength: 0,
  maxLength: 700,
  size: "max",
});

const leafOf = ({ cents, bucket }: { cents: number; bucket: number }): LeafSums => ({
  counted: cents > 0 ? 1 : 0,
  balanceCents: cents,
  bucket,
});

describe("the tree of a tape", () => {
  it("carries the count, the balance and the balance by bucket in the root, exactly", () => {
    fc.assert(
      fc.property(balances, (list) => {
        const { root } = build(list.map(leafOf));
        const sum = (some: typeof list): bigint =>
          some.reduce((total, { cents }) => total + BigInt(cents), 0n);
        assert.equal(root.balanceCents, sum(list));
        assert.equal(root.loanCount, list.filter(({ cents }) => cents > 0).length);
        for (let bucket = 0; bucket < 6; bucket += 1) {
          assert.equal(root.bucketCents[bucket], sum(list.filter((row) => row.bucket === bucket)));
        }
      }),
      { numRuns: 40 },
    );
  });

  it("keeps the rest of the rows in its last block: 256 to 511 rows, fewer only in a smaller tape", () => {
    const blocks = (rows: number): number[] =>
      Array.from({ length: shape.countBlocks(rows) }, (_, at) => shape.rangeOfBlock(at, rows).rows);
    assert.deepEqual(blocks(0), []);
    assert.deepEqual(blocks(1), [1]);
    assert.deepEqual(blocks(256), [256]);
    assert.deepEqual(blocks(511), [511]);
    assert.deepEqual(blocks(512), [256, 256]);
    assert.deepEqual(blocks(1000), [256, 256, 488]);
  });

  it("proves every row and opens every block, whatever the number of rows", () => {
    for (const count of [1, 2, 15, 16, 17, 255, 256, 257, 511, 512, 513, 767, 768, 1300, 2049]) {
      const tree = build(rowsOf(count));
      const step = Math.max(1, Math.floor(count / 40));
      for (let position = 0; position < count; position += step) {
        assert.deepEqual(proofs.rootOfRow(tree.tape, proveRow(tree, position)), tree.root);
      }
      assert.deepEqual(proofs.rootOfRow(tree.tape, proveRow(tree, count - 1)), tree.root);
      for (let block = 0; block < shape.countBlocks(count); block += 1) {
        assert.deepEqual(proofs.rootOfBlock(tree.tape, openBlock(tree, block)), tree.root);
      }
    }
  });

  it("has a root of its own for a tape without a row, of which there is nothing to prove", () => {
    const { tape, root, nodes } = build([]);
    assert.deepEqual([root.loanCount, root.balanceCents, nodes.length], [0, 0n, 0]);
    const opened = { block: 0, rows: [], siblings: [] };
    assert.equal(proofs.rootOfBlock(tape, opened), null);
    assert.notDeepEqual(root.hash, build(rowsOf(1)).root.hash);
  });

  it("gives the nodes from the blocks up, each once, and never more than it was fed", () => {
    const { nodes } = build(rowsOf(256 * 5));
    const places = nodes.map(({ level, position }) => `${level}/${position}`);
    // Five blocks, two pairs, their parent, and the odd block on each level up to the root's.
    assert.deepEqual(places.toSorted(), [
      "0/0",
      "0/1",
      "0/2",
      "0/3",
      "0/4",
      "1/0",
      "1/1",
      "1/2",
      "2/0",
      "2/1",
      "3/0",
    ]);
  });

  it("refuses a row whose balance is negative or not exact, or whose count or bucket cannot be", () => {
    const add = (sums: object): (() => void) => {
      const row = { counted: 1, balanceCents: 5, bucket: 0, ...sums } as LeafSums;
      return () =>
        startTapeTree({ dealId: "d", period: 1, secret: SECRET }).add(Buffer.from("x"), 0, 1, row);
    };
    add({})();
    for (const wrong of [
      { balanceCents: -1 },
      { balanceCents: 0.5 },
      { balanceCents: Number.NaN },
      { balanceCents: 2 ** 53 },
      { counted: 0 },
      { balanceCents: 0 },
      { bucket: 6 },
      { bucket: -1 },
    ]) {
      assert.throws(add(wrong), RangeError, JSON.stringify(wrong));
    }
  });
});

describe("the bytes of the tree", () => {
  const sha = (...parts: (Buffer | string)[]): Buffer => {
    const hash = createHash("sha256");
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
  const tag = (name: string): Buffer => Buffer.from(name.padEnd(16, "\0"));
  const number = (value: number | bigint, bytes: number): Buffer =>
    Buffer.from(value.toString(16).padStart(2 * bytes, "0"), "hex");
  const sums = (count: number, buckets: number[]): Buffer =>
    Buffer.concat(
      [count, buckets.reduce((sum, cents) => sum + cents, 0), ...buckets].map((one) =>
        number(one, 8),
      ),
    );

  it("are those that the layout says, written out by hand", () => {
    const rows: LeafSums[] = [
      { counted: 1, balanceCents: 2 ** 40 + 5, bucket: 2 },
      { counted: 0, balanceCents: 0, bucket: 5 },
    ];
    const { rows: opened, root } = build(rows);
    const leaf = (position: number, count: number, bucket: number, cents: number): Buffer =>
      sha(
        ...[tag("penstock.leaf/2"), sha("deal"), number(3, 4), number(position, 4)],
        ...[number(count, 4), number(bucket, 4), number(cents, 8)],
        ...[opened[position]!.salt, `${position + 2}\tloan ${position}`],
      );
    const leaves = [leaf(0, 1, 2, 2 ** 40 + 5), leaf(1, 0, 5, 0)];
    const group = sha(tag("penstock.join/2"), number(1, 4), number(2, 4), ...leaves);
    const inner = sha(tag("penstock.join/2"), number(2, 4), number(1, 4), group);
    const total = sums(1, [0, 0, 2 ** 40 + 5, 0, 0, 0]);
    const block = sha(tag("penstock.block/2"), inner, total);
    const names = sha(number(4, 4), "line", number(7, 4), "loan_id");
    const facts = [sha("deal"), number(3, 4), number(2, 4), names];
    assert.deepEqual(root.hash, sha(tag("penstock.root/2"), ...facts, block, total));
  });

  it("join two nodes with the sums of both", () => {
    const { nodes } = build(rowsOf(512));
    const [left, right, top] = nodes;
    const node = ({ hash, loanCount, bucketCents }: PlacedNode): Buffer =>
      Buffer.concat([hash, sums(loanCount, bucketCents.map(Number))]);
    assert.deepEqual(top!.hash, sha(tag("penstock.node/2"), node(left!), node(right!)));
  });

  it("are committed to as Solidity's abi.encode writes root, count and cents", () => {
    const { root } = build(rowsOf(4));
    const words = [root.hash, 3, 0 + 1 + 2 + 3];
    const encoded = AbiCoder.defaultAbiCoder().encode(["bytes32", "int256", "int256"], words);
    assert.equal(`0x${layout.tapeCommitment(root).toString("hex")}`, keccak256(encoded));
  });
});

describe("the kinds of hashes", () => {
  it("cannot stand for each other: no hash of the tree comes twice, and none passes for a leaf", () => {
    const tree = build(rowsOf(512));
    const { root, rows } = tree;
    const inside = rows.map((row, at) => proofs.leafHasher(tree.tape)(at, row));
    const { groups } = proveRow(tree, 0);
    const all = [...tree.nodes.map(({ hash }) => hash), ...inside, ...groups, root.hash];
    assert.equal(new Set(all.map((hash) => hash.toString("hex"))).size, all.length);
    // What is hashed for a node, offered as a row's line: its tag stands behind a leaf's header then.
    const [left, right] = tree.nodes;
    for (const node of [left!, right!]) {
      const row = {
        ...rows[0]!,
        line: Buffer.concat([Buffer.from("penstock.block/2"), node.hash]),
      };
      assert.ok(all.every((hash) => !hash.equals(proofs.leafHasher(tree.tape)(0, row))));
    }
  });

  it("have tags that differ, so that the same bytes below give different hashes", () => {
    const one = build([{ counted: 0, balanceCents: 0, bucket: 0 }]);
    const [block] = one.nodes;
    assert.notDeepEqual(block!.hash, one.root.hash);
    assert.notDeepEqual(proofs.leafHasher(one.tape)(0, one.rows[0]!), block!.hash);
  });
});

describe("the salts of a tape", () => {
  it("are the keystream of AES-256-CTR, the same row by row and from any row on", () => {
    const next = startSalts(SECRET);
    const streamed = Buffer.alloc(32 * 1500);
    for (let at = 0; at < 1500; at += 1) next(streamed, 32 * at);
    assert.deepEqual(saltsOf(SECRET, 0, 1500), streamed);
    for (const first of [1, 2, 511, 512, 513, 1499]) {
      assert.deepEqual(saltsOf(SECRET, first, 1), streamed.subarray(32 * first, 32 * first + 32));
    }
    // Far behind the first 4 GiB of the keystream, where a counter of 32 bits would begin again.
    assert.notDeepEqual(saltsOf(SECRET, 2 ** 31, 1), saltsOf(SECRET, 0, 1));
  });

  it("begin with the cipher of a counter of zero, as AES-256 has it for the key 00 01 .. 1f", () => {
    const key = Buffer.from(Array.from({ length: 32 }, (_, at) => at));
    const salt = saltsOf(key, 0, 1);
    assert.equal(salt.subarray(0, 16).toString("hex"), "f29000b62a499fd0a9f39a6add2e7780");
  });

  it("are all different, and change altogether with the secret", () => {
    const count = 20_000;
    const salts = saltsOf(SECRET, 0, count);
    const others = saltsOf(turned(SECRET, 0), 0, count);
    const seen = new Set<string>();
    for (let at = 0; at < count; at += 1) {
      seen.add(salts.toString("hex", 32 * at, 32 * at + 32));
      seen.add(others.toString("hex", 32 * at, 32 * at + 32));
    }
    assert.equal(seen.size, 2 * count);
  });
});
