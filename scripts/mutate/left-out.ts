import { globSync } from "node:fs";
import path from "node:path";

/**
 * Tests that judge what a rewritten contract cannot keep: gas, size, source text; and tests that run on
 * another node than the simulator, from which no probe is heard.
 */
export const LEFT_OUT = {
  files: [
    "test/contracts/deals/closing-gas.test.ts",
    "test/contracts/proofs/five-class-deal.test.ts",
    "test/contracts/rewritten-contracts.test.ts",
    "test/contracts/validate-upgrades/licences.test.ts",
    "test/contracts/validate-upgrades/storage-layouts.test.ts",
    "test/contracts/validate-upgrades/upgrade-safety.test.ts",
    "test/contracts/waterfall/gas-bound.test.ts",
    "test/contracts/waterfall/hostile-terms.test.ts",
  ],
  titles: [
    "the cost of a report stays below 150,000 gas with two signatures and twelve figures",
    "The venues of a deal end a call that has too little gas to ask, instead of answering something else",
    "WaterfallDistributor: whose its cash is is asked for at a cost that grows by the deal: hundreds of one token fit into a transaction",
  ],
  solidity: ["testFuzz_runCostIsBounded"],
  /** Not asked about mutants: it creates every golden deal, which judges the terms' creation checks. */
  slow: ["test/contracts/deals/golden-deals.test.ts"],
  /** Not asked which mutants they reach: they run the engine so often that every probe's call would take minutes. */
  engine: [
    "test/contracts/waterfall/engines-agree.test.ts",
    "test/contracts/waterfall/fuzz.test.ts",
  ],
} as const;

/** What those two run. */
export const ENGINE = /^contracts\/waterfall\/(Waterfall(?!Distributor)\w+|MemoryWords)\.sol$/;

export interface Suites {
  mocha: string[];
  solidity: string[];
}

/** @throws Error when a file that is left out is not there */
export function listSuites(root: string): Suites {
  const files = globSync("test/contracts/**/*.test.ts", { cwd: root }).toSorted();
  const missing = LEFT_OUT.files.filter((file) => !files.includes(file));
  if (missing.length > 0) throw new Error(`left out, but not there: ${missing.join(", ")}`);
  return {
    mocha: files.filter((file) => !LEFT_OUT.files.some((name) => name === file)),
    solidity: globSync("test/contracts/**/*.t.sol", { cwd: root })
      .toSorted()
      .map((file) => file.split(path.sep).join("/")),
  };
}
