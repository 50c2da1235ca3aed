import { expect } from "chai";
import type { TransactionResponse } from "ethers";
import { autoProgram } from "./auto-deal.ts";
import { compileParts } from "./compile-parts.ts";
import * as at from "./distribution-fixture.ts";

const POOL = 100_000_000_000n;

/** Program (a) with three classes, two fees, twelve named amounts and sixteen steps. */
const autoDeal = compileParts({
  classes: {
    A: { face: 80_000_000_000n, coupon: "3 %" },
    B: { face: 10_000_000_000n, coupon: "4 %" },
    C: { face: 8_000_000_000n, coupon: "6 %" },
  },
  payees: ["trustee", "servicer", "residual"],
  fees: {
    trusteeFee: { kind: "fixed", amount: "10000.00", payee: "trustee", cap: "admin" },
    servicingFee: {
      ...{ kind: "rate", rate: "1 %", on: "poolOpening", dayCount: "30/360" },
      ...{ accrualDates: "unadjusted", rounding: "half-up", payee: "servicer", cap: "none" },
    },
  },
  caps: { admin: { amount: "200000.00", year: "calendar year" } },
  accounts: { COLL: 0n, RES: 500_000_000n },
  figures: ["otherAdjustments"],
  programs: { normal: autoProgram("5000000.00", "1000000000.00") },
  cutOffBalance: POOL,
});

const gasOf = async (sent: Promise<TransactionResponse>) => (await (await sent).wait())!.gasUsed;

/** What each operation may cost: a little above what was measured, with the bar that the design names beside it. */
const LIMITS = [
  {
    operation: "distribute",
    state: "first run, payees' purses empty",
    limit: 384_500,
    bar: 350_000,
  },
  { operation: "distribute", state: "second run", limit: 350_000, bar: 350_000 },
  { operation: "distribute", state: "steady", limit: 350_000, bar: 350_000 },
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
