import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import * as layout from "../../../server/lib/tape-tree-layout.ts";
import type { SumNode, TapeFacts } from "../../../server/lib/tape-tree-layout.ts";
import * as proofs from "../../../server/lib/tape-tree-proof.ts";
import type { BlockOpening, RowProof } from "../../../server/lib/tape-tree-proof.ts";
import * as shape from "../../../server/lib/tape-tree-shape.ts";
import { bitsOf, build, openBlock, proveRow, rowsOf, turned } from "./made-tree.ts";
import type { Tree } from "./made-tree.ts";

describe("a proof that was tampered with", () => {
  const tree = build(rowsOf(256 * 3 + 40));
  const position = 300;
  const proof = proveRow(tree, position);
  const opening = openBlock(tree, 1);

  function refuse(changed: Partial<RowProof>, tape: Partial<TapeFacts> = {}): void {
    const found = proofs.rootOfRow({ ...tree.tape, ...tape }, { ...proof, ...changed });
    assert.notDeepEqual(found?.hash, tree.root.hash);
  }

  it("fails with any bit of the line, the salt or a hash turned", () => {
    const { row, leaves, groups, siblings } = proof;
    for (const bit of bitsOf(row.line)) refuse({ row: { ...row, line: turned(row.line, bit) } });
    for (const bit of bitsOf(row.salt)) refuse({ row: { ...row, salt: turned(row.salt, bit) } });
    for (const name of ["leaves", "groups"] as const) {
      const hashes = { leaves, groups }[name];
      assert.equal(hashes.length, 15);
      hashes.forEach((hash, at) => {
        for (const bit of bitsOf(hash)) refuse({ [name]: hashes.with(at, turned(hash, bit)) });
      });
    }
    siblings.forEach((node, at) => {
      for (const bit of bitsOf(node.hash)) {
        refuse({ siblings: siblings.with(at, { ...node, hash: turned(node.hash, bit) }) });
      }
    });
  });

  it("fails with any part of the header changed", () => {
    const { row } = proof;
    for (const other of [299, 301, 255, 0, 512, -1, 0.5]) refuse({ position: other });
    for (const other of [0, 3, 5, 6, -1])
      refuse({ row: { ...row, bucket: row.bucket === other ? 1 : other } });
    for (let bit = 0; bit < 52; bit += 1) {
      refuse({
        row: { ...row, balanceCents: Number(BigInt(row.balanceCents) ^ (1n << BigInt(bit))) },
      });
    }
    refuse({ row: { ...row, counted: 0 } });
    refuse({ row: { ...row, counted: 0, balanceCents: 0 } });
    refuse({ row: { ...row, balanceCents: -row.balanceCents } });
    for (const dealId of ["Deal", "dea", "deal ", ""]) refuse({}, { dealId });
    for (const period of [0, 1, 2, 4, 2 ** 32, -1]) refuse({}, { period });
    for (const rowCount of [0, 1, 301, 807, 809, 2 ** 31]) refuse({}, { rowCount });
    for (const columns of [
      ["line"],
      ["loan_id", "line"],
      ["line", "loan_id", ""],
      ["lineloan_id"],
    ]) {
      refuse({}, { columns });
    }
  });

  it("fails with any sum changed, hidden behind a negative one or shifted between buckets", () => {
    const changes = (node: SumNode | RowProof["sums"]): object[] => [
      ...[-1, 1, 1000].map((more) => ({ loanCount: node.loanCount + more })),
      ...[-1n, 1n, 1n << 62n, 1n << 63n].map((more) => ({
        balanceCents: node.balanceCents + more,
      })),
      ...node.bucketCents.flatMap((cents, bucket) => [
        { bucketCents: node.bucketCents.with(bucket, cents + 1n) },
        { bucketCents: node.bucketCents.with(bucket, -cents) },
        {
          bucketCents: node.bucketCents.with(bucket, cents + 1n),
          balanceCents: node.balanceCents + 1n,
        },
        {
          bucketCents: node.bucketCents
            .with(bucket, cents - 1n)
            .with((bucket + 1) % 6, node.bucketCents[(bucket + 1) % 6]! + 1n),
        },
      ]),
      { bucketCents: node.bucketCents.slice(1) },
    ];
    for (const change of changes(proof.sums)) refuse({ sums: { ...proof.sums, ...change } });
    proof.siblings.forEach((node, at) => {
      for (const change of changes(node)) {
        refuse({ siblings: proof.siblings.with(at, { ...node, ...change }) });
      }
    });
  });

  it("fails with hashes or siblings missing, added or in another order", () => {
    for (const name of ["leaves", "groups", "siblings"] as const) {
      refuse({ [name]: proof[name].slice(1) });
      refuse({ [name]: [...proof[name], proof[name][0]] });
      refuse({ [name]: proof[name].toReversed() });
    }
  });

  it("fails for a block with a row missing, moved, added or changed", () => {
    const refuseBlock = (changed: Partial<BlockOpening>): void => {
      const found = proofs.rootOfBlock(tree.tape, { ...opening, ...changed });
      assert.notDeepEqual(found?.hash, tree.root.hash);
    };
    assert.deepEqual(proofs.rootOfBlock(tree.tape, opening), tree.root);
    const { rows } = opening;
    refuseBlock({ rows: rows.slice(1) });
    refuseBlock({ rows: [...rows, rows[0]!] });
    refuseBlock({ rows: rows.toReversed() });
    for (const block of [0, 2, 3, -1, 0.5]) refuseBlock({ block });
    rows.forEach((row, at) => {
      refuseBlock({ rows: rows.with(at, { ...row, line: turned(row.line, at % 40) }) });
      refuseBlock({ rows: rows.with(at, { ...row, balanceCents: row.balanceCents + 1 }) });
      refuseBlock({ rows: rows.with(at, { ...row, bucket: (row.bucket + 1) % 6 }) });
    });
  });

  it("is refused though its hashes fit, where somebody made a tree of sums that cannot be", () => {
    // The sibling's sums are made up and everything above is hashed over them as it should be: only the
    // sums themselves can tell. The honest one has 256 rows, the loans 1 to 255 of 0 to 255 cents.
    const two = build(rowsOf(512));
    const last = proveRow(two, 400);
    const [honest] = last.siblings;
    const node = layout.blockNode(innerOf(last, two), last.sums);
    const reach = (sums: Partial<SumNode>): [SumNode | null, SumNode] => {
      const sibling = { ...honest!, ...sums };
      const made = layout.rootNode(two.tape, layout.joinNodes(sibling, node));
      return [proofs.rootOfRow(two.tape, { ...last, siblings: [sibling] }), made];
    };
    const [reached, made] = reach({});
    assert.deepEqual([reached, made], [two.root, two.root]);
    const { balanceCents, bucketCents } = honest!;
    const none = [0n, 0n, 0n, 0n, 0n, 0n];
    for (const impossible of [
      { balanceCents: balanceCents - 1n },
      { bucketCents: bucketCents.with(0, bucketCents[0]! + 1n) },
      { loanCount: 257 },
      { loanCount: 0 },
      { balanceCents: 0n, bucketCents: none },
      { balanceCents: 1n << 63n, bucketCents: none.with(0, 1n << 63n) },
    ]) {
      assert.equal(reach(impossible)[0], null, JSON.stringify(Object.keys(impossible)));
    }
    // A sum below zero, which could hide a balance, has no bytes at all.
    assert.throws(() => layout.sumsBytes({ ...honest!, balanceCents: -1n }), RangeError);
    const hidden = { ...honest!, balanceCents: -1n, bucketCents: none.with(0, -1n) };
    assert.equal(proofs.rootOfRow(two.tape, { ...last, siblings: [hidden] }), null);
  });

  it("is refused where the block's own sums are less than the row's", () => {
    const one = build([
      { counted: 1, balanceCents: 500, bucket: 2 },
      { counted: 1, balanceCents: 70, bucket: 0 },
    ]);
    const row = proveRow(one, 0);
    const reach = (loanCount: number, buckets: bigint[]): SumNode | null => {
      const balanceCents = buckets.reduce((sum, cents) => sum + cents, 0n);
      const sums = { loanCount, balanceCents, bucketCents: buckets };
      return proofs.rootOfRow(one.tape, { ...row, sums });
    };
    assert.deepEqual(reach(2, [70n, 0n, 500n, 0n, 0n, 0n]), one.root);
    // Another root would be reached, if these sums were not less than what the row itself brings.
    assert.notEqual(reach(2, [0n, 0n, 500n, 0n, 0n, 0n]), null);
    assert.equal(reach(2, [70n, 0n, 499n, 0n, 0n, 0n]), null);
    assert.equal(reach(1, [570n, 0n, 0n, 0n, 0n, 0n]), null);
    assert.equal(reach(0, [0n, 0n, 0n, 0n, 0n, 0n]), null);
  });
});

/** The join of level 2 over a proof's block. */
function innerOf({ position }: RowProof, tree: Tree): Buffer {
  const { first, rows } = shape.blockOfRow(position, tree.tape.rowCount);
  const hashLeaf = proofs.leafHasher(tree.tape);
  const leaves = tree.rows.slice(first, first + rows).map((row, at) => hashLeaf(first + at, row));
  const join = (level: number, hashes: Buffer[]): Buffer => {
    const bytes = layout.joinBytes(level, hashes.length);
    hashes.forEach((hash, at) => hash.copy(bytes, layout.JOINED_AT + 32 * at));
    return layout.sha256(layout.filledJoin(bytes, hashes.length));
  };
  const groups: Buffer[] = [];
  for (let at = 0; at < leaves.length; at += 16) groups.push(join(1, leaves.slice(at, at + 16)));
  return join(2, groups);
}

describe("the proof of one loan tells nothing of the others", () => {
  const secret = randomBytes(32);
  const texts = (value: unknown): string =>
    JSON.stringify(value, (_key, inner: unknown) => {
      if (typeof inner === "bigint") return inner.toString();
      return inner;
    });

  it("shows hashes alone below the block: no line, no salt, no balance of another row", () => {
    const rows = rowsOf(800).map((row) => ({ ...row, balanceCents: row.balanceCents * 1_000_003 }));
    const tree = build(rows, secret);
    const { row, leaves, groups, sums, siblings } = proveRow(tree, 300);
    assert.ok([...leaves, ...groups].every((one) => Buffer.isBuffer(one) && one.length === 32));
    const shown = texts([
      sums,
      siblings.map(({ loanCount, balanceCents, bucketCents }) => ({
        loanCount,
        balanceCents,
        bucketCents,
      })),
    ]);
    for (const other of tree.rows) {
      if (other === row || other.balanceCents === 0) continue;
      assert.equal(shown.includes(`"${other.balanceCents}"`), false);
    }
  });

  it("shows sums of at least 256 rows, in a tape of any size", () => {
    for (const count of [256, 257, 300, 511, 512, 600, 1025, 5000]) {
      for (let block = 0; block < shape.countBlocks(count); block += 1) {
        assert.ok(shape.rangeOfBlock(block, count).rows >= 256);
        const places = shape.siblingPlaces(block, count);
        for (const { rows } of places) assert.ok(rows >= 256);
        // What the proof shows covers every row once.
        const all = places.reduce(
          (sum, { rows }) => sum + rows,
          shape.rangeOfBlock(block, count).rows,
        );
        assert.equal(all, count);
      }
    }
  });

  it("shows the public totals alone in a pool of up to 511 rows", () => {
    for (const count of [1, 12, 256, 511]) {
      const tree = build(rowsOf(count), secret);
      const { sums, siblings } = proveRow(tree, count - 1);
      const { hash: _hash, ...totals } = tree.root;
      assert.deepEqual(sums, totals);
      assert.deepEqual(siblings, []);
    }
  });

  it("leaves a guessed row unconfirmed: without its salt the right guess is as good as a wrong one", () => {
    const tree = build(rowsOf(16), secret);
    const proof = proveRow(tree, 0);
    // Who knows row 0 and guesses row 1 to the last byte has to guess its salt as well.
    const guess = { ...tree.rows[1]!, salt: proof.row.salt };
    const leaf = proofs.leafHasher(tree.tape)(1, guess);
    assert.ok(proof.leaves.every((hash) => !hash.equals(leaf)));
    assert.ok(proof.leaves[0]!.equals(proofs.leafHasher(tree.tape)(1, tree.rows[1]!)));
  });
});
