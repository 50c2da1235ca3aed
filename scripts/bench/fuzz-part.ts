/** One process of `bench fuzz`: `fuzz-part SEED FIRST CASES`; sends its tally to the process that began it. */
import { network } from "hardhat";
import { openContracts } from "../../test/fuzz/engine-calls.ts";
import { fuzzCases } from "../../test/fuzz/fuzz-cases.ts";
import { shrinkFinding } from "../../test/fuzz/shrink-finding.ts";

/** Findings that are made smaller; the others are told by their seed. */
const SHRUNK = 3;

const [seed = 0, first = 0, cases = 0] = process.argv.slice(2).map(Number);
const { provider } = await network.create();
const contracts = await openContracts(provider);
const tally = await fuzzCases(contracts, { seed, first, cases });
for (const [i, finding] of tally.findings.slice(0, SHRUNK).entries()) {
  tally.findings[i] = await shrinkFinding(contracts, finding);
}
process.send?.(tally, undefined, {}, () => process.exit(0));
