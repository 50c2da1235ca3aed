import { keccak256 } from "ethers";
import { putUint } from "../lib/big-endian.ts";

/** keccak256 of the words of a run laid end to end, 32 bytes each: the result hash, 0x-hex. */
export function hashWords(words: readonly bigint[]): string {
  const bytes = new Uint8Array(32 * words.length);
  words.forEach((word, i) => putUint(bytes, { offset: 32 * i, size: 32 }, word));
  return keccak256(bytes);
}
