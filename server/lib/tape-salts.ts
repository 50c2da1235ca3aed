import { createCipheriv } from "node:crypto";

export const SALT_BYTES = 32;

/** Salts of so many rows are made at once. */
const AT_ONCE = 512;
const ZEROS = Buffer.alloc(AT_ONCE * SALT_BYTES);
/** Blocks of AES in a salt. */
const CIPHER_BLOCKS = 2;

/**
 * The keystream of AES-256-CTR under the tape's secret, from the salt of `position` on. The counter of
 * 16 bytes, big-endian, begins with 0, so salt i is the keystream's bytes [32 i, 32 i + 32). Whoever has
 * some salts learns nothing of the others, which takes the secret.
 * @param secret 32 random bytes, another one for every tape
 */
function keystream(secret: Buffer, position: number) {
  const counter = Buffer.alloc(16);
  counter.writeBigUInt64BE(BigInt(position * CIPHER_BLOCKS), 8);
  return createCipheriv("aes-256-ctr", secret, counter);
}

/** The salts of `count` rows from `first` on, one after the other. */
export function saltsOf(secret: Buffer, first: number, count: number): Buffer {
  return keystream(secret, first).update(Buffer.alloc(count * SALT_BYTES));
}

/** Gives the salts of rows 0, 1, 2, ...: each call writes the next 32 bytes at `offset` of `target`. */
export function startSalts(secret: Buffer): (target: Buffer, offset: number) => void {
  const cipher = keystream(secret, 0);
  let made = Buffer.alloc(0);
  let at = 0;
  return (target, offset) => {
    if (at === made.length) {
      made = cipher.update(ZEROS);
      at = 0;
    }
    made.copy(target, offset, at, at + SALT_BYTES);
    at += SALT_BYTES;
  };
}
