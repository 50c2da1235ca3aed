import { expect } from "chai";
import * as at from "./distribution-fixture.ts";
import * as simple from "./simple-deal.ts";

const load = () => at.networkHelpers.loadFixture(simple.openSimpleDeal);
const units = (cents: bigint) => cents * at.UNITS_PER_CENT;

describe("WaterfallDistributor: late runs", () => {
  it("keeps the class amounts of a late run for the next run in its window", async () => {
    const { platform, deal, distributor } = await load();
    const first = simple.monthReport(deal, 1, { closing: deal.cutOffPool - 100n });
    await at.publish(platform, deal, first);
    await at.fund(platform, deal, simple.INTEREST_MONTH);
    await at.moveTo(deal.calendar[1]!.recordTime);
    const late = await distributor.distribute(first);
    await expect(late).to.emit(distributor, "PaymentWindowMissed").withArgs(deal.dealId, 1);
    expect([...(await distributor.carryOf(deal.dealId, 0))]).to.deep.equal([simple.INTEREST_A, 0n]);
    expect(await deal.tokens[0]!.lastFundedPeriod()).to.equal(0n);
    await at.expectHeld(platform, deal);

    const month = { opening: deal.cutOffPool - 100n };
    await at.runPeriod(platform, deal, simple.monthReport(deal, 2, month));
    expect([...(await distributor.carryOf(deal.dealId, 0))]).to.deep.equal([0n, 0n]);
    await distributor.claim(deal.tokens[0]!, deal.holders[0]!);
    expect(await deal.cash.balanceOf(deal.holders[0]!)).to.equal(units(2n * simple.INTEREST_A));
    await at.expectHeld(platform, deal);
  });

  it("adds up the carry of several late runs and tells the tokens their balances", async () => {
    const { platform, deal, distributor } = await load();
    const closing = deal.cutOffPool - 1_000n;
    await at.fund(platform, deal, 3n * simple.INTEREST_MONTH);
    const reports = [1, 2].map((period) =>
      simple.monthReport(deal, period, {
        ...{ closing, funds: simple.INTEREST_MONTH + (period === 1 ? 1_000n : 0n) },
        opening: period === 1 ? deal.cutOffPool : closing,
      }),
    );
    await at.moveTo(deal.calendar[2]!.recordTime);
    for (const report of reports) {
      await at.publish(platform, deal, report);
      await distributor.distribute(report);
    }
    expect([...(await distributor.carryOf(deal.dealId, 0))]).to.deep.equal([
      // The second month's interest is on 1,000 less: 1,000 x 6% x 30/360 = 5.
      ...[2n * simple.INTEREST_A - 5n, 1_000n],
    ]);
    expect(await deal.tokens[0]!.principalBalance()).to.equal(simple.FACE_A - 1_000n);
    await at.expectHeld(platform, deal);
  });
});
