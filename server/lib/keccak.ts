import { keccak256 as keccakHex } from "ethers";

/** keccak256 as the chain computes it: bytes in, 32 bytes out. */
export function keccak256(bytes: Uint8Array): Buffer {
  return Buffer.from(keccakHex(bytes).slice(2), "hex");
}
