import { keccak256 } from "ethers";

const LANE = (1n << 64n) - 1n;

/** keccak256 of the words of a run laid end to end, 32 bytes each: the result hash, 0x-hex. */
export function hashWords(words: readonly bigint[]): string {
  const bytes = new DataView(new ArrayBuffer(32 * words.length));
  words.forEach((word, i) => {
    for (let lane = 0; lane < 4; lane += 1) {
      bytes.setBigUint64(32 * i + 8 * lane, (word >> BigInt(192 - 64 * lane)) & LANE);
    }
  });
  return keccak256(new Uint8Array(bytes.buffer));
}
