/**
 * The bytes under every hash of a tape's tree, LEAF_VERSION 2, so that a program in another language can
 * check a proof. The hash is sha256; integers are unsigned and big-endian; a tag is 16 bytes of ASCII
 * filled up with zero bytes, another one for each kind, so that none can be read as another.
 *
 * sums, 64 bytes (of the rows below; the six buckets add up to the balance):
 *   0 loan count, 8 | 8 balance, cents, 8 | 16 balance by delinquency bucket, cents, 6 x 8
 *   (current, 1-29, 30-59, 60-89, 90-119, 120+)
 *
 * leaf, one row of the tape:
 *   0 tag "penstock.leaf/2" | 16 sha256 of the deal's id in UTF-8, 32 | 48 period, 4 | 52 position, 4
 *   56 loan count, 4: 1 while the row has a balance, else 0 | 60 bucket, 4: 0 to 5
 *   64 balance, cents, 8 | 72 salt, 32 | 104 line: the row as COPY's text prints it, without line end
 *
 * join, hashes of one level inside a block (level 1 joins up to 16 leaves, level 2 all that level 1 made):
 *   0 tag "penstock.join/2" | 16 level, 4 | 20 number of hashes, 4 | 24 hashes, 32 each
 *
 * block: the rows from 256 b up to 256 (b + 1), the last block with the rest below 512 too:
 *   0 tag "penstock.block/2" | 16 hash of its join of level 2, 32 | 48 sums, 64
 *
 * node, two neighbours of the level below; an odd one at the end stands on the next level as it is:
 *   0 tag "penstock.node/2" | 16 left hash, 32 | 48 left sums, 64 | 112 right hash, 32 | 144 right sums, 64
 *
 * root:
 *   0 tag "penstock.root/2" | 16 sha256 of the deal's id, 32 | 48 period, 4 | 52 number of rows, 4
 *   56 sha256 of the columns' names, 32: those of the line, then those inside its attributes, each as
 *   its length in bytes, 4, and its UTF-8 | 88 hash of the topmost node, 32 zero bytes without a row
 *   120 sums, 64
 */
import { hash } from "node:crypto";
import { keccak256 } from "./keccak.ts";

export const LEAF_VERSION = 2;
export const HASH_BYTES = 32;
export const BUCKETS = 6;
/** Rows of a block; the last one has up to 255 more, so that no sum is of fewer rows. */
export const BLOCK_ROWS = 256;
/** Leaves under one hash of level 1. */
export const GROUP_ROWS = 16;

const TAG_BYTES = 16;
export const SUMS_BYTES = 64;
/** A leaf's bytes before its salt, and before its line. */
export const SALT_AT = 72;
export const LINE_AT = 104;
/** A join's bytes before its hashes. */
export const JOINED_AT = 24;

function tag(name: string): Buffer {
  const bytes = Buffer.alloc(TAG_BYTES);
  bytes.write(`penstock.${name}/2`, "latin1");
  return bytes;
}

const TAGS = {
  leaf: tag("leaf"),
  join: tag("join"),
  block: tag("block"),
  node: tag("node"),
  root: tag("root"),
};

export interface Sums {
  /** Loans with a balance above zero. */
  loanCount: number;
  /** Sum of the ending balances, in cents; never negative. */
  balanceCents: bigint;
  /** The balance by delinquency bucket. */
  bucketCents: readonly bigint[];
}

export interface SumNode extends Sums {
  /** 32 bytes. */
  hash: Buffer;
}

/** What a leaf says beside its line. */
export interface LeafSums {
  /** 1 while the row has a balance, 0 afterwards. */
  counted: 0 | 1;
  /** Exact integer, not negative. */
  balanceCents: number;
  /** Position in the delinquency buckets, 0 to 5. */
  bucket: number;
}

/** Which tape it is. */
export interface TapeName {
  dealId: string;
  /** 0 is the cut-off, 1 the first collection period. */
  period: number;
}

export const sha256 = (bytes: Buffer): Buffer => Buffer.from(hash("sha256", bytes, "hex"), "hex");

/** The first 104 bytes of a leaf, all zero behind the period. */
export function leafHeader(tape: TapeName): Buffer {
  const bytes = Buffer.alloc(LINE_AT);
  TAGS.leaf.copy(bytes);
  sha256(Buffer.from(tape.dealId)).copy(bytes, TAG_BYTES);
  bytes.writeUInt32BE(tape.period, 48);
  return bytes;
}

/** Writes what is a row's own into a leaf's header. */
export function putLeaf(header: Buffer, position: number, sums: LeafSums): void {
  const high = Math.floor(sums.balanceCents / 0x1_0000_0000);
  header.writeUInt32BE(position, 52);
  header.writeUInt32BE(sums.counted, 56);
  header.writeUInt32BE(sums.bucket, 60);
  header.writeUInt32BE(high, 64);
  header.writeUInt32BE(sums.balanceCents - high * 0x1_0000_0000, 68);
}

/** A join's bytes with room for `most` hashes; the number of hashes is written when it is known. */
export function joinBytes(level: number, most: number): Buffer {
  const bytes = Buffer.alloc(JOINED_AT + most * HASH_BYTES);
  TAGS.join.copy(bytes);
  bytes.writeUInt32BE(level, TAG_BYTES);
  return bytes;
}

/** The part of a join's bytes that its first `count` hashes fill. */
export function filledJoin(bytes: Buffer, count: number): Buffer {
  bytes.writeUInt32BE(count, TAG_BYTES + 4);
  return bytes.subarray(0, JOINED_AT + count * HASH_BYTES);
}

export function sumsBytes(sums: Sums): Buffer {
  const bytes = Buffer.alloc(SUMS_BYTES);
  bytes.writeBigUInt64BE(BigInt(sums.loanCount));
  bytes.writeBigUInt64BE(sums.balanceCents, 8);
  sums.bucketCents.forEach((cents, bucket) => bytes.writeBigUInt64BE(cents, 16 + 8 * bucket));
  return bytes;
}

/** @param inner hash of the block's join of level 2 */
export function blockNode(inner: Buffer, sums: Sums): SumNode {
  return { ...sums, hash: sha256(Buffer.concat([TAGS.block, inner, sumsBytes(sums)])) };
}

/** The parent of two nodes; order matters. */
export function joinNodes(left: SumNode, right: SumNode): SumNode {
  const bytes = [TAGS.node, left.hash, sumsBytes(left), right.hash, sumsBytes(right)];
  return {
    hash: sha256(Buffer.concat(bytes)),
    loanCount: left.loanCount + right.loanCount,
    balanceCents: left.balanceCents + right.balanceCents,
    bucketCents: left.bucketCents.map((cents, at) => cents + (right.bucketCents[at] ?? 0n)),
  };
}

export interface TapeFacts extends TapeName {
  rowCount: number;
  /** Names of the line's columns, then of the values inside its attributes. */
  columns: readonly string[];
}

/** The root over the topmost node; a tape without a row, the last one of a pool, has none. */
export function rootNode(tape: TapeFacts, top: SumNode | null): SumNode {
  const { hash: topHash, ...sums } = top ?? {
    hash: Buffer.alloc(HASH_BYTES),
    loanCount: 0,
    balanceCents: 0n,
    bucketCents: Array.from({ length: BUCKETS }, () => 0n),
  };
  const names = tape.columns.map((name) => Buffer.from(name));
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32BE(tape.period);
  numbers.writeUInt32BE(tape.rowCount, 4);
  const bytes = [
    TAGS.root,
    sha256(Buffer.from(tape.dealId)),
    numbers,
    sha256(Buffer.concat(names.flatMap((name) => [lengthOf(name), name]))),
    topHash,
    sumsBytes(sums),
  ];
  return { ...sums, hash: sha256(Buffer.concat(bytes)) };
}

function lengthOf(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return length;
}

/** What the report registry keeps: keccak256(abi.encode(bytes32 root, int256 count, int256 cents)). */
export function tapeCommitment(root: SumNode): Buffer {
  const word = (value: bigint): Buffer =>
    Buffer.from(BigInt.asUintN(256, value).toString(16).padStart(64, "0"), "hex");
  return keccak256(
    Buffer.concat([root.hash, word(BigInt(root.loanCount)), word(root.balanceCents)]),
  );
}
