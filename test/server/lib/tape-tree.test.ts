import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { AbiCoder, keccak256 } from "ethers";
import fc from "fast-check";
import { saltsOf, startSalts } from "../../../server/lib/tape-salts.ts";
import { startTapeTree } from "../../../server/lib/tape-tree.ts";
import type { PlacedNode } from "../../../server/lib/tape-tree.ts";
import * as layout from "../../../server/lib/tape-tree-layout.ts";
import type { LeafSums, SumNode, TapeFacts } from "../../../server/lib/tape-tree-layout.ts";
import * as proofs from "../../../server/lib/tape-tree-proof.ts";
import type { BlockOpening, OpenedRow, RowProof } from "../../../server/lib/tape-tree-proof.ts";
import * as shape from "../../../server/lib/tape-tree-shape.ts";

const SECRET = Buffer.alloc(32, 7);
const COLUMNS = ["line", "loan_id"];

interface Tree {
  tape: TapeFacts;
  rows: OpenedRow[];
  nodes: PlacedNode[];
  root: SumNode;
}

function build(rows: readonly LeafSums[], secret = SECRET): Tree {
  const builder = startTapeTree({ dealId: "deal", period: 3, secret });
  const salts = saltsOf(secret, 0, rows.length);
  const opened = rows.map((sums, at) => ({
    ...sums,
    salt: salts.subarray(32 * at, 32 * at + 32),
    line: Buffer.from(`${at + 2}\tloan ${at}`),
  }));
  const nodes: PlacedNode[] = [];
  for (const row of opened) {
    // In the middle of a longer buffer, as the upload's rows are.
    builder.add(
      Buffer.concat([Buffer.from("before"), row.line, Buffer.from("\n")]),
      6,
      6 + row.line.length,
      row,
    );
    nodes.push(...builder.takeNodes());
  }
  const { root, nodes: last, rowCount } = builder.finish(COLUMNS);
  const tape = { dealId: "deal", period: 3, rowCount, columns: COLUMNS };
  return { tape, rows: opened, nodes: [...nodes, ...last], root };
}

/** `count` rows: balances 0, 1, 2, ... cents in buckets 0 to 5 by turns. */
const rowsOf = (count: number): LeafSums[] =>
  Array.from({ length: count }, (_, at) => ({
    counted: at > 0 ? 1 : 0,
    balanceCents: at,
    bucket: at % 6,
  }));

function siblingsOf({ tape, nodes }: Tree, block: number): SumNode[] {
  return shape.siblingPlaces(block, tape.rowCount).map(({ level, position }) => {
    const found = nodes.find((node) => node.level === level && node.position === position);
    assert.ok(found, `node ${level}/${position}`);
    return found;
  });
}

function proveRow(tree: Tree, position: number): RowProof {
  const { block, first, rows } = shape.blockOfRow(position, tree.tape.rowCount);
  const inBlock = tree.rows.slice(first, first + rows);
  const leaves = inBlock.map((row, at) => proofs.leafHasher(tree.tape)(first + at, row));
  return {
    position,
    row: tree.rows[position]!,
    ...proofs.besideRow(leaves, position - first),
    sums: proofs.sumsOf(inBlock),
    siblings: siblingsOf(tree, block),
  };
}

function openBlock(tree: Tree, block: number): BlockOpening {
  const { first, rows } = shape.rangeOfBlock(block, tree.tape.rowCount);
  return { block, rows: tree.rows.slice(first, first + rows), siblings: siblingsOf(tree, block) };
}

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

/** The same bytes with bit `bit` turned. */
function turned(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

const bitsOf = (bytes: Buffer): number[] =>
  Array.from({ length: 8 * bytes.length }, (_, bit) => bit);

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
