import { expect } from "chai";
import { AbiCoder } from "ethers";
import * as at from "./distribution-fixture.ts";
import * as simple from "./simple-deal.ts";

const { networkHelpers } = at;

const load = () => networkHelpers.loadFixture(simple.openSimpleDeal);

describe("WaterfallDistributor: automation", () => {
  it("asks for upkeep exactly when a distribution can run, and performs it for anyone", async () => {
    const { platform, deal, distributor } = await load();
    const report = simple.monthReport(deal, 1);
    const fragment = distributor.interface.getFunction("distribute")!;
    const data = AbiCoder.defaultAbiCoder().encode([fragment.inputs[0]!], [report]);
    const needed = async () => (await distributor.checkUpkeep(data)).upkeepNeeded;
    expect(await needed()).to.equal(false);
    await at.publish(platform, deal, report);
    await at.fund(platform, deal, simple.INTEREST_MONTH);
    expect(await needed()).to.equal(false);
    await at.moveTo(deal.calendar[0]!.paymentTime);
    expect(await needed()).to.equal(true);
    await expect(distributor.connect(platform.anyone).performUpkeep(data)).to.emit(
      ...[distributor, "WaterfallRun"],
    );
    expect(await needed()).to.equal(false);
    await expect(distributor.performUpkeep(data)).to.be.revertedWithCustomError(
      ...[distributor, "PeriodNotNext"],
    );
  });
});
