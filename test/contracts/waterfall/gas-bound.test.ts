import { readFileSync } from "node:fs";
import { expect } from "chai";
import { boundGas } from "../../../server/deals/bound-gas.ts";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { type Case, compileCase, runTrials } from "../../fuzz/fuzz-deal.ts";
import { randomDealText } from "../../fuzz/random-deal-text.ts";
import { GOLDEN_FILES } from "../../server/deals/golden-files.ts";
import { deployTerms, engineGas, runBoth } from "./run-both.ts";

const GAS_REPORT = readFileSync(`${import.meta.dirname}/../gas-report.md`, "utf8");
const SEED = 2;
const RANDOM_DEALS = 40;

/**
 * Runs each trial in the contract's engine: the bound of a phase is above every run in it, and below
 * three times the dearest of them. (Some runs pass over most of their steps.)
 */
async function expectBounds(terms: DealTerms, trialsOf: Case): Promise<void> {
  const code = await deployTerms(terms);
  const dearest = new Map<string, number>();
  for (const trial of runTrials(terms, trialsOf)) {
    const given = { terms, code, ...trial.given };
    const name = terms.phases[(await runBoth(given)).phaseRun]?.name ?? "";
    const gas = await engineGas(given);
    dearest.set(name, Math.max(gas, dearest.get(name) ?? 0));
  }
  const bounds = boundGas(terms);
  for (const [name, gas] of dearest) {
    const bound = bounds.find(({ phases }) => phases.includes(name))?.engine ?? 0;
    expect(bound, `${terms.dealId} in ${name}`).to.be.within(gas, 3 * gas);
  }
}

/** Least and most gas of a deal's distributions, from the committed report. */
function lifeOf(deal: string): [least: number, most: number] {
  const line = GAS_REPORT.split("\n").find((one) => one.startsWith(`| ${deal} `)) ?? "";
  const cells = line.split("|").map((cell) => Number(cell.replaceAll(",", "")));
  return [cells[6] ?? Number.NaN, cells[8] ?? Number.NaN];
}

describe("The bound of a run's gas is above what the engine uses, and below three times that", () => {
  for (const { name, text } of GOLDEN_FILES) {
    it(`for ${name}`, async () => {
      const terms = compileDeal(text).deal?.terms;
      if (terms === undefined) throw new Error(`${name} does not compile`);
      await expectBounds(terms, { seed: SEED, number: 0 });
    });
  }

  it("for random programs with every step and opcode", async () => {
    for (let number = 1; number <= RANDOM_DEALS; number += 1) {
      const { deal } = compileCase(randomDealText(SEED, number));
      if (deal !== null) await expectBounds(deal.terms, { seed: SEED, number });
    }
  }).timeout(300_000);

  it("and that of a whole distribution holds for the demo deal and CarMax, as they were measured", () => {
    const measured: [name: string, least: number, most: number][] = [
      ["amcar-2017-4/deal.yaml", ...lifeOf("AmeriCredit 2017-4, twelve loans")],
      ["carmax-2020-2/deal.yaml", ...lifeOf("CarMax Auto Owner Trust 2020-2")],
    ];
    for (const [name, least, most] of measured) {
      const terms = compileDeal(GOLDEN_FILES.find((one) => one.name === name)?.text ?? "").deal
        ?.terms;
      const [first] = terms === undefined ? [] : boundGas(terms);
      expect(first?.total, name).to.be.within(most, 3 * least);
    }
  });
});
