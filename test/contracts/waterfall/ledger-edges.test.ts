import { expect } from "chai";
import { AbiCoder } from "ethers";
import type { AnyContract } from "../deals/any-contract.ts";
import * as at from "./distribution-fixture.ts";
import { networkHelpers } from "./distribution-fixture.ts";
import * as simple from "./simple-deal.ts";

const U64 = 2n ** 64n - 1n;

async function openSimpleDeal() {
  const platform = await at.deployWithPeople();
  // The simple deal with a single period, so that its end is near.
  const calendar = simple.simpleDeal.calendar.slice(0, 1);
  const deal = await at.openDeal(platform, { ...simple.simpleDeal, calendar });
  return { platform, deal, distributor: platform.distributor };
}

const load = () => networkHelpers.loadFixture(openSimpleDeal);

describe("WaterfallDistributor: at the edges of a ledger", () => {
  it("takes collections up to what their lane holds and not a cent more", async () => {
    const { platform, deal, distributor } = await load();
    const { anyone, admin } = platform;
    await deal.cash.connect(admin).getFunction("mint")(anyone.address, 2n ** 100n);
    await (deal.cash.connect(anyone) as AnyContract).approve(distributor, 2n ** 200n);
    const funding = distributor.connect(anyone) as AnyContract;
    await funding.fund(deal.dealId, U64 - 5n);
    await expect(funding.fund(deal.dealId, 6n))
      .to.be.revertedWithCustomError(distributor, "CollectionsTooLarge")
      .withArgs(deal.dealId);
    await funding.fund(deal.dealId, 5n);
    expect((await distributor.cashOf(deal.dealId)).collections).to.equal(U64);
  });

  it("says of a deal that has run its last period that it is not late and needs no upkeep", async () => {
    const { platform, deal, distributor } = await load();
    await at.runPeriod(platform, deal, simple.monthReport(deal, 1));
    await networkHelpers.time.increase(365 * at.DAY);
    expect(await distributor.isLate(deal.dealId)).to.equal(false);
    const { inputs } = distributor.interface.getFunction("distribute")!;
    const data = AbiCoder.defaultAbiCoder().encode([inputs[0]!], [simple.monthReport(deal, 2)]);
    expect((await distributor.checkUpkeep(data)).upkeepNeeded).to.equal(false);
    await expect(distributor.distribute(simple.monthReport(deal, 2))).to.be.revertedWithCustomError(
      { interface: new at.ethers.Interface(["error PeriodUnknown(address, uint256)"]) },
      "PeriodUnknown",
    );
  });

  it("says nothing when the run gives what its preview gave", async () => {
    const { platform, deal, distributor } = await load();
    const report = simple.monthReport(deal, 1);
    const start = await networkHelpers.takeSnapshot();
    await at.runPeriod(platform, deal, report);
    const [run] = await distributor.queryFilter(distributor.filters.WaterfallRun!(deal.dealId, 1));
    const { resultHash } = run!.args;
    await start.restore();
    const previewed = await at.runPeriod(platform, deal, { ...report, resultHash });
    await expect(previewed).not.to.emit(distributor, "ResultMismatch");
  });
});
