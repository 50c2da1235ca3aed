import { expect } from "chai";
import type { AnyContract } from "../deals/any-contract.ts";
import * as at from "./distribution-fixture.ts";
import * as simple from "./simple-deal.ts";

const { ethers, networkHelpers } = at;

/** The habits of the awkward cash token, by recipient. */
const HABIT = { none: 0, reverts: 1, returnsFalse: 2, burnsGas: 3, returnsMuch: 4 } as const;
const [TAKES_FEE, CALLS_BACK] = [5, 6];

async function openAwkwardDeal() {
  const platform = await at.deployWithPeople();
  const cash: AnyContract = await ethers.deployContract("AwkwardCash");
  const deal = await at.openDeal(platform, simple.simpleDeal, { cash });
  return { platform, deal, cash, distributor: platform.distributor };
}

const load = () => networkHelpers.loadFixture(openAwkwardDeal);
const units = (cents: bigint) => cents * at.UNITS_PER_CENT;

describe("WaterfallDistributor: payees", () => {
  for (const habit of ["reverts", "returnsFalse", "burnsGas", "returnsMuch"] as const) {
    it(`pays everybody else when the push to a payee ${habit}, and the payee later [F3] [F6]`, async () => {
      const { platform, deal, cash, distributor } = await load();
      const [trustee, residual] = deal.payees as [string, string];
      await cash.setHabit(trustee, HABIT[habit]);
      const funds = simple.INTEREST_MONTH + 5_000n;
      const sent = await at.runPeriod(platform, deal, simple.monthReport(deal, 1, { funds }));
      await expect(sent).to.emit(distributor, "PayeeBooked").withArgs(deal.dealId, 0, simple.FEE);
      expect(await cash.balanceOf(residual)).to.equal(units(5_000n));
      expect(await distributor.payeeOwed(deal.dealId, 0)).to.equal(simple.FEE);
      expect(await at.heldUnits(platform, deal)).to.equal(
        await cash.balanceOf(await distributor.getAddress()),
      );

      await cash.setHabit(trustee, HABIT.none);
      await expect(distributor.connect(platform.anyone).withdrawPayee(deal.dealId, 0))
        .to.emit(distributor, "PayeeWithdrawn")
        .withArgs(deal.dealId, 0, simple.FEE);
      expect(await cash.balanceOf(trustee)).to.equal(units(simple.FEE));
      await expect(distributor.withdrawPayee(deal.dealId, 0))
        .to.be.revertedWithCustomError(distributor, "PayeeOwedNothing")
        .withArgs(deal.dealId, 0);
    });
  }

  it("leaves a payee that burns gas no more than its share of the transaction [F3]", async () => {
    const { platform, deal, cash } = await load();
    await cash.setHabit(deal.payees[0]!, HABIT.burnsGas);
    const sent = await at.runPeriod(platform, deal, simple.monthReport(deal, 1));
    expect((await sent.wait())!.gasUsed).to.be.below(900_000n);
  });

  it("refuses a run with too little gas to push, so that no caller can starve a payee [F3]", async () => {
    const { platform, deal, cash, distributor } = await load();
    await cash.setHabit(deal.payees[0]!, HABIT.reverts);
    const report = simple.monthReport(deal, 1);
    await at.publish(platform, deal, report);
    await at.fund(platform, deal, simple.INTEREST_MONTH);
    await at.moveTo(deal.calendar[0]!.paymentTime);
    const enough: bigint = await distributor.distribute.estimateGas(report);
    await expect(
      distributor.distribute(report, { gasLimit: enough - 20_000n }),
    ).to.be.revertedWithCustomError(distributor, "GasShort");
    await distributor.distribute(report, { gasLimit: enough + 20_000n });
  });

  it("lets nobody re-enter while cash moves [C14] [C12]", async () => {
    const { platform, deal, cash, distributor } = await load();
    await cash.setHabit(deal.payees[0]!, CALLS_BACK);
    const report = simple.monthReport(deal, 1);
    const calls = [
      distributor.interface.encodeFunctionData("distribute", [report]),
      distributor.interface.encodeFunctionData("fund", [deal.dealId, 1n]),
      distributor.interface.encodeFunctionData("withdrawPayee", [deal.dealId, 0]),
      distributor.interface.encodeFunctionData("claim", [
        ...[await deal.tokens[0]!.getAddress(), deal.holders[0]!],
      ]),
    ];
    for (const [i, call] of calls.entries()) {
      await cash.setCallBack(await distributor.getAddress(), call);
      await at.runPeriod(platform, deal, simple.monthReport(deal, i + 1));
      expect(await cash.lastCallBack()).to.equal(1);
      expect(await cash.balanceOf(deal.payees[0]!)).to.equal(units(simple.FEE) * BigInt(i + 1));
    }
    await cash.setHabit(deal.holders[0]!, CALLS_BACK);
    await distributor.claim(deal.tokens[0]!, deal.holders[0]!);
    expect(await cash.lastCallBack()).to.equal(1);
    expect(await cash.balanceOf(deal.holders[0]!)).to.equal(units(4n * simple.INTEREST_A));
  });

  it("refuses cash that arrives short because the token takes a fee [C1]", async () => {
    const { platform, deal, cash, distributor } = await load();
    await cash.setHabit(await distributor.getAddress(), TAKES_FEE);
    await cash.mint(platform.anyone.address, units(100n));
    await cash.connect(platform.anyone).approve(await distributor.getAddress(), units(100n));
    await expect(distributor.connect(platform.anyone).fund(deal.dealId, 100n))
      .to.be.revertedWithCustomError(distributor, "CashReceivedWrong")
      .withArgs(units(100n), units(99n));
    expect((await distributor.cashOf(deal.dealId)).collections).to.equal(0n);
  });

  it("keeps the cash of a holder whom the cash token blocks, and pays the others [C10] [C1]", async () => {
    const { platform, deal, cash, distributor } = await load();
    await at.runPeriod(platform, deal, simple.monthReport(deal, 1));
    await cash.setHabit(deal.holders[0]!, HABIT.reverts);
    const token = deal.tokens[0]!;
    await expect(distributor.claim(token, deal.holders[0]!)).to.be.revertedWithCustomError(
      ...[cash, "ERC20InvalidReceiver"],
    );
    await distributor.claim(deal.tokens[1]!, deal.holders[1]!);
    expect((await distributor.escrowOf(token)).unclaimedUnits).to.equal(units(simple.INTEREST_A));
    await cash.setHabit(deal.holders[0]!, HABIT.none);
    await distributor.claim(token, deal.holders[0]!);
    expect(await cash.balanceOf(deal.holders[0]!)).to.equal(units(simple.INTEREST_A));
  });
});
