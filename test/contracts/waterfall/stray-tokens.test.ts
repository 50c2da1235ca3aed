import { expect } from "chai";
import type { AnyContract } from "../deals/any-contract.ts";
import { HABIT } from "../deals/issuance-fixture.ts";
import * as at from "./distribution-fixture.ts";
import * as simple from "./simple-deal.ts";

const { ethers, networkHelpers } = at;
const units = (cents: bigint) => cents * at.UNITS_PER_CENT;
/** What somebody sends by accident: no round number of cents. */
const STRAY = 12_345_678_901n;

/** Two deals pay in one token and one in another; of the first, a month has run: its cash is everywhere. */
async function openThreeDeals() {
  const platform = await at.deployWithPeople();
  const cash: AnyContract = await ethers.deployContract("AwkwardCash");
  const other: AnyContract = await ethers.deployContract("AwkwardCash");
  const first = await at.openDeal(platform, simple.simpleDeal, { cash });
  const second = await at.openDeal(platform, simple.simpleDeal, { cash });
  const third = await at.openDeal(platform, simple.simpleDeal, { cash: other });
  await cash.setHabit(first.payees[0]!, HABIT.blocked);
  await at.fund(platform, second, 777n);
  await at.fund(platform, third, 888n);
  await at.fund(platform, first, 999n);
  await at.runPeriod(platform, first, simple.monthReport(first, 1));
  const { distributor } = platform;
  return { platform, cash, other, deals: [first, second, third], distributor };
}

const load = () => networkHelpers.loadFixture(openThreeDeals);
type Loaded = Awaited<ReturnType<typeof load>>;

/** Everything that anybody can read about the deals' cash. */
async function viewsOf({ deals, distributor, platform }: Loaded) {
  const views: unknown[] = [];
  for (const deal of deals) {
    views.push([...(await distributor.cashOf(deal.dealId))]);
    views.push(await distributor.stateOf(deal.dealId), await distributor.payeeOwed(deal.dealId, 0));
    for (const [i, token] of deal.tokens.entries()) {
      views.push([...(await distributor.escrowOf(token))]);
      views.push([...(await distributor.carryOf(deal.dealId, i))]);
      views.push([...(await token.entitlementOf(deal.holders[i]!))]);
    }
    views.push(await distributor.heldFor(deal.cash));
  }
  views.push(await platform.factory.dealCount());
  return views;
}

describe("WaterfallDistributor: whose its cash is", () => {
  it("tells what belongs to the deals of a token, and it is what is there, to the unit [W3] [C4]", async () => {
    const { platform, cash, other, deals, distributor } = await load();
    const [first, second, third] = deals as [at.OpenDeal, at.OpenDeal, at.OpenDeal];
    const held = (await at.heldUnits(platform, first)) + (await at.heldUnits(platform, second));
    expect(await distributor.heldFor(cash)).to.equal(held);
    expect(await cash.balanceOf(await distributor.getAddress())).to.equal(held);
    // The first: 999 in collections, the reserve, both classes' interest and the blocked trustee's fee.
    expect([...(await distributor.cashOf(first.dealId))]).to.deep.equal([
      ...[999n, simple.RESERVE, units(simple.INTEREST_A + simple.INTEREST_B), simple.FEE, 0n],
    ]);
    const inThird = units(888n + simple.RESERVE);
    expect(await distributor.heldFor(other)).to.equal(inThird);
    expect(await at.heldUnits(platform, third)).to.equal(inThird);
    expect(await distributor.heldFor(platform.cash)).to.equal(0n);
  });

  it("is asked for at a cost that grows by the deal: hundreds of one token fit into a transaction", async () => {
    const { cash, other, distributor } = await load();
    const two: bigint = await distributor.heldFor.estimateGas(cash);
    const one: bigint = await distributor.heldFor.estimateGas(other);
    const each = two - one;
    console.log(`      heldFor: ${one} gas for one deal, ${each} for one more`);
    expect(each <= 40_000n, `${each} gas a deal`).to.equal(true);
  });

  it("changes nothing but what is stray when tokens are sent to it directly [C15]", async () => {
    const loaded = await load();
    const { platform, cash, other, deals, distributor } = loaded;
    const before = await viewsOf(loaded);
    for (const token of [cash, other, platform.cash]) {
      await token.mint(await distributor.getAddress(), STRAY);
    }
    expect(await viewsOf(loaded)).to.deep.equal(before);
    const [, second] = deals as [at.OpenDeal, at.OpenDeal];
    // Stray cash is no collections: a report over it still lacks its cash.
    const report = simple.monthReport(second, 1, { funds: 778n });
    await at.publish(platform, second, report);
    await at.moveTo(second.calendar[0]!.paymentTime);
    await expect(distributor.distribute(report))
      .to.be.revertedWithCustomError(distributor, "CollectionsShort")
      .withArgs(777n, 778n);
  });

  it("returns what is stray to the last unit, and never a unit more [U4]", async () => {
    const loaded = await load();
    const { platform, cash, other, distributor } = loaded;
    const to = platform.anyone.address;
    const already = await cash.balanceOf(to);
    const before = await viewsOf(loaded);
    for (const token of [cash, other, platform.cash]) {
      await expect(distributor.returnStray(token, to))
        .to.be.revertedWithCustomError(distributor, "StrayMissing")
        .withArgs(await token.getAddress());
    }
    for (const [i, token] of [cash, other, platform.cash].entries()) {
      await token.mint(await distributor.getAddress(), STRAY + BigInt(i));
      await expect(distributor.returnStray(token, to))
        .to.emit(distributor, "StrayReturned")
        .withArgs(await token.getAddress(), to, STRAY + BigInt(i));
      expect(await token.balanceOf(await distributor.getAddress())).to.equal(
        await distributor.heldFor(token),
      );
      await expect(distributor.returnStray(token, to)).to.be.revertedWithCustomError(
        ...[distributor, "StrayMissing"],
      );
    }
    expect(await cash.balanceOf(to)).to.equal(already + STRAY);
    expect(await viewsOf(loaded)).to.deep.equal(before);
  });

  it("returns nothing when less is there than belongs to deals [U4]", async () => {
    const { platform, cash, distributor } = await load();
    // The issuer of the stablecoin takes a cent away: what is left belongs to the deals all the more.
    await cash.moveAs(await distributor.getAddress(), platform.admin.address, units(1n));
    await expect(
      distributor.returnStray(cash, platform.anyone.address),
    ).to.be.revertedWithCustomError(distributor, "StrayMissing");
  });

  it("moves no deal's cash through a second address of its token [U4]", async () => {
    const { platform, cash, distributor } = await load();
    const door = await ethers.deployContract("SecondDoor", [cash]);
    const address = await door.getAddress();
    expect(await distributor.heldFor(address)).to.equal(0n);
    await expect(distributor.returnStray(address, platform.anyone.address))
      .to.be.revertedWithCustomError(distributor, "StrayNotApart")
      .withArgs(address);
  });

  it("is asked for by issuers only, who choose where it goes", async () => {
    const { platform, cash, distributor } = await load();
    await cash.mint(await distributor.getAddress(), STRAY);
    await expect(
      distributor.connect(platform.anyone).returnStray(cash, platform.anyone.address),
    ).to.be.revertedWithCustomError(distributor, "AccessManagedUnauthorized");
  });

  it("returns nothing while a claim is on its way, and no claim while it returns [U4] [C14]", async () => {
    const loaded = await load();
    const { platform, cash, deals, distributor } = loaded;
    const [first] = deals as [at.OpenDeal];
    await platform.manager.grantRole(1, await cash.getAddress(), 0);
    await cash.mint(await distributor.getAddress(), STRAY);
    const stray = distributor.interface.encodeFunctionData("returnStray", [
      ...[await cash.getAddress(), platform.anyone.address],
    ]);
    const guard = distributor.interface.getError("ReentrancyGuardReentrantCall")!.selector;
    await cash.setHabit(first.holders[0]!, HABIT.callsBack);
    await cash.setCallBack(await distributor.getAddress(), stray);
    await distributor.claim(first.tokens[0]!, first.holders[0]!);
    expect(await cash.lastReason()).to.equal(guard);
    const claim = distributor.interface.encodeFunctionData("claim", [
      ...[await first.tokens[1]!.getAddress(), first.holders[1]!],
    ]);
    await cash.setHabit(platform.anyone.address, HABIT.callsBack);
    await cash.setCallBack(await distributor.getAddress(), claim);
    await distributor.returnStray(cash, platform.anyone.address);
    expect(await cash.lastReason()).to.equal(guard);
    expect(await cash.balanceOf(await distributor.getAddress())).to.equal(
      await distributor.heldFor(cash),
    );
  });
});
