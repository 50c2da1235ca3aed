/** The contracts as an engine for a deal that uses the whole language: feeds, purchases, notices, phases. */
import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import { bindInputs } from "../../../scripts/replay/bind-inputs.ts";
import { readDeal } from "../../../scripts/replay/read-files.ts";
import { readInputs } from "../../../scripts/replay/read-inputs.ts";
import { runPeriods, typescriptEngine } from "../../../scripts/replay/run-periods.ts";
import { withChainEngine } from "../../../scripts/replay/with-chain-engine.ts";
import { GOLDEN } from "../../../scripts/conformance/find-sources.ts";
import { formatCents } from "../../../server/lib/money.ts";
import { readWords } from "../../../server/waterfall/read-words.ts";

const PRINCIPAL = 12_000_000_00n;
const PURCHASE = 9_000_000_00n;
const MONTHS = 6;

/** Six months: two purchases, losses that rise, a month with little cash, a waiver, an acceleration. */
function sixMonths(): unknown {
  let pool = 500_000_000_00n;
  let netLoss = 0n;
  const periods = Array.from({ length: MONTHS }, (_, i) => {
    const period = i + 1;
    const chargeOffs = 2_000_000_00n * BigInt(period);
    const recoveries = 300_000_00n;
    const price = period < 3 ? PURCHASE : 0n;
    pool += price - PRINCIPAL - chargeOffs;
    netLoss += chargeOffs - recoveries;
    const money = {
      poolClosing: pool,
      principal: PRINCIPAL,
      chargeOffs,
      recoveries,
      delinquent60: 20_000_000_00n,
      cumNetLoss: netLoss,
      reviewCosts: 60_000_00n,
      indemnities: 10_00n,
      newReceivables: price,
    };
    const figures = Object.entries(money).map(([name, cents]) => [name, formatCents(cents)]);
    return {
      period,
      figures: {
        ...Object.fromEntries(figures),
        ...{ loanCount: "20000", netWac: "8.1", reviews: "3", servicerDefault: "0" },
      },
      cash: { COLL: period === 4 ? "900000.00" : "4000000.00", PR: formatCents(PRINCIPAL) },
      index: { LIBOR1M: "4.81", SOFR30: "5.30125" },
      purchasePrice: formatCents(price),
      notices: period === 3 ? ["waiver"] : period === 5 ? ["acceleration"] : [],
    };
  });
  return { periods };
}

describe("the contracts over a file of periods", () => {
  it("give word for word what the TypeScript engine gives, with feeds, purchases and notices", async () => {
    const deal = await readDeal(path.join(GOLDEN, "every-feature/deal.yaml"));
    const text = JSON.stringify(sixMonths());
    const bound = bindInputs(deal, "inputs.json", readInputs("inputs.json", text));
    const notes: string[] = [];
    const { chain, number } = await withChainEngine(deal, bound, {
      note: (line) => notes.push(line),
      work: async (engine) => ({
        chain: await runPeriods(deal.terms, bound, engine),
        number: engine.chainDealId,
      }),
    });
    const other = await runPeriods(deal.terms, bound, typescriptEngine(deal.terms, number));
    assert.deepEqual(chain.words, other.words);
    const runs = chain.words.map((words) => readWords(deal.terms, words));
    // One feed index, then the price of the list.
    assert.deepEqual(
      runs.map(({ extras }) => extras),
      runs.map(({ period }) => [53_012_500_000_000_000n, period < 3 ? PURCHASE : 0n]),
    );
    const phases = runs.map(({ phaseRun }) => deal.terms.phases[phaseRun]?.name);
    assert.equal(phases[0], "REVOLVING");
    assert.equal(phases.at(-1), "ACCELERATED");
    assert.match(notes.join("\n"), /^a distribution took at most [\d,]+ gas$/);
  });

  it("are not asked to buy at any price", async () => {
    const deal = await readDeal(path.join(GOLDEN, "every-feature/deal.yaml"));
    const inputs = sixMonths() as { periods: { purchasePrice: string }[] };
    for (const period of inputs.periods) period.purchasePrice = "any";
    const text = JSON.stringify(inputs);
    const bound = bindInputs(deal, "inputs.json", readInputs("inputs.json", text));
    const nothing = { note: () => undefined, work: async () => undefined };
    await assert.rejects(withChainEngine(deal, bound, nothing), /a contract buys at a price/);
  });
});
