import { keccak256 } from "ethers";

/**
 * The distributor's `historyHash` after the named runs: the terms' hash, then for every run
 * keccak256(history hash ‖ result hash). It commits to every run and to their order. 0x-hex.
 */
export function hashHistory(termsHash: string, resultHashes: readonly string[]): string {
  return resultHashes.reduce(
    (history, resultHash) => keccak256(`${history}${resultHash.slice(2)}`),
    termsHash,
  );
}
