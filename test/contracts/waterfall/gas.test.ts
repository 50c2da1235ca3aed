import { expect } from "chai";
import type { TransactionResponse } from "ethers";
import { autoProgram, TWO_PERCENT } from "./auto-program.ts";
import * as at from "./distribution-fixture.ts";

const WAD = 10n ** 18n;
const parties = { classesA: ["A"], adminFees: ["trustee"], adminMode: "SEQ" as const };
const POOL = 100_000_000_000n;

/** Program (a) with three classes, two fees, twelve named amounts and sixteen steps. */
export const autoDeal: at.Draft = {
  classes: [
    { name: "A", face: 80_000_000_000n, couponWad: (3n * WAD) / 100n },
    { name: "B", face: 10_000_000_000n, couponWad: (4n * WAD) / 100n },
    { name: "C", face: 8_000_000_000n, couponWad: (6n * WAD) / 100n },
  ],
  fees: [
    { name: "trustee", payee: "trustee", amount: 1_000_000n, cap: "admin" },
    { name: "servicer", payee: "servicer", kind: 1, amount: WAD / 100n, base: "poolOpening" },
  ],
  caps: [{ name: "admin", cents: 20_000_000n }],
  accounts: [{ name: "COLL" }, { name: "RES", deposit: 500_000_000n }],
  figures: ["poolOpening", "poolClosing", "loanCount", "availableFunds", "ysoc"],
  payees: ["trustee", "servicer", "residual"],
  phases: [autoProgram(parties, 500_000_000n, TWO_PERCENT)],
  cutOffPool: POOL,
};

const gasOf = async (sent: Promise<TransactionResponse>) => (await (await sent).wait())!.gasUsed;

/** What each operation may cost: a little above what was measured, with the bar that the design names beside it. */
const LIMITS = [
  {
    operation: "distribute",
    state: "first run, payees' purses empty",
    limit: 397_500,
    bar: 350_000,
  },
  { operation: "distribute", state: "second run", limit: 363_500, bar: 330_000 },
  { operation: "distribute", state: "steady", limit: 363_500, bar: 330_000 },
  { operation: "claim", state: "1 period, holder with cash", limit: 80_000, bar: 80_000 },
  { operation: "claim", state: "3 periods, holder without cash", limit: 95_000, bar: undefined },
];

describe("Gas of distributions and claims", () => {
  it("stays below its limits, printed with state and bar", async () => {
    const platform = await at.deployWithPeople();
    const deal = await at.openDeal(platform, autoDeal);
    const { distributor } = platform;
    const measured: bigint[] = [];
    let pool = POOL;
    for (const period of [1, 2, 3]) {
      const next = pool - 3_000_000_000n;
      const figures = { poolClosing: next, availableFunds: 3_200_000_000n, others: [2_000_000n] };
      const report = at.reportOf(deal, period, pool, figures);
      measured.push(await gasOf(at.runPeriod(platform, deal, report)));
      pool = next;
      if (period === 2) {
        for (const token of deal.tokens) await distributor.claim(token, deal.holders[0]!);
      }
    }
    for (const i of [0, 1]) {
      measured.push(await gasOf(distributor.claim(deal.tokens[i]!, deal.holders[i]!)));
    }
    const table = LIMITS.map((row, i) => ({ ...row, gas: Number(measured[i]) }));
    console.table(table, ["operation", "state", "gas", "bar"]);
    for (const { operation, state, gas, limit } of table) {
      expect(gas, `${operation}, ${state}`).to.be.at.most(limit);
    }
  });
});
