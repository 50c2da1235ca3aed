import { expect } from "chai";
import { network } from "hardhat";
import { openContracts } from "../../fuzz/engine-calls.ts";
import type { Contracts } from "../../fuzz/engine-calls.ts";
import { fuzzCases } from "../../fuzz/fuzz-cases.ts";
import { fuzzDeal } from "../../fuzz/fuzz-deal.ts";
import type { Finding } from "../../fuzz/fuzz-deal.ts";
import { describeFinding, shrinkFinding } from "../../fuzz/shrink-finding.ts";

const { provider } = await network.create();
const contracts = await openContracts(provider);

/** An engine whose last word is wrong in deals that write balances down. */
const wrong: Contracts = {
  ...contracts,
  run: async (bytes, terms, runs) => {
    const answers = await contracts.run(bytes, terms, runs);
    const writes = terms.steps.some(({ operation }) => operation === "LOSS");
    return writes ? answers.map((words) => words.replace(/.$/, "f")) : answers;
  },
};

describe("Random deals of the language", () => {
  it("[W2] run alike in both engines, keep every law, and pass the creation checks", async () => {
    const tally = await fuzzCases(contracts, { seed: 20_261_121, first: 0, cases: 2_000 });
    expect(tally.findings.map(describeFinding)).to.deep.equal([]);
    expect(Object.keys(tally.steps)).to.have.length(16);
    expect(Object.keys(tally.flags)).to.have.length(4);
    expect(tally.mutants.refused).to.be.above(0);
    expect(tally.mutants.compared).to.be.above(0);
  }).timeout(120_000);

  it("show a wrong engine, the word that differs, and a smaller deal that differs too", async () => {
    let finding: Finding | undefined;
    for (let number = 0; finding === undefined; number += 1) {
      ({
        findings: [finding],
      } = await fuzzDeal(wrong, { seed: 1, number }));
    }
    expect(finding.what).to.match(/^word \d+, .*: contract .*, TypeScript /);
    const small = await shrinkFinding(wrong, finding);
    const programs = small.text.slice(small.text.indexOf("\nprograms:"));
    expect(programs).to.include("LOSS");
    expect(programs.length).to.be.below(finding.text.length / 4);
  }).timeout(60_000);
});
