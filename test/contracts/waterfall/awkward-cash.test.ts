import { expect } from "chai";
import type { AnyContract } from "../deals/any-contract.ts";
import { HABIT } from "../deals/issuance-fixture.ts";
import * as sold from "../deals/issuance-fixture.ts";
import * as at from "./distribution-fixture.ts";
import * as simple from "./simple-deal.ts";

const { ethers, networkHelpers } = at;
const units = (cents: bigint) => cents * at.UNITS_PER_CENT;

/** An open deal in awkward cash; one month is paid, but the trustee's fee, which waits. The token is an issuer: the worst case. */
async function paidMonth() {
  const platform = await at.deployWithPeople();
  const cash: AnyContract = await ethers.deployContract("AwkwardCash");
  const deal = await at.openDeal(platform, simple.simpleDeal, { cash });
  await cash.setHabit(deal.payees[0]!, HABIT.reverts);
  await at.runPeriod(platform, deal, simple.monthReport(deal, 1));
  await cash.setHabit(deal.payees[0]!, HABIT.none);
  await platform.manager.grantRole(1, await cash.getAddress(), 0);
  const { distributor } = platform;
  const here = await distributor.getAddress();
  return { platform, cash, deal, distributor, here };
}

const load = () => networkHelpers.loadFixture(paidMonth);
type Loaded = Awaited<ReturnType<typeof load>>;

/** What moves cash, with the account that gets it; each works in the state that `load` leaves. */
async function movesOf({ platform, cash, deal, distributor, here }: Loaded) {
  const report = simple.monthReport(deal, 2);
  await at.publish(platform, deal, report);
  await at.fund(platform, deal, simple.INTEREST_MONTH);
  await at.moveTo(deal.calendar[1]!.paymentTime);
  await cash.mint(here, 5n);
  await cash.mint(platform.anyone.address, units(3n));
  const token = await deal.tokens[0]!.getAddress();
  const holder = deal.holders[0]!;
  const { anyone } = platform;
  const checkData = ethers.AbiCoder.defaultAbiCoder().encode(
    [distributor.interface.getFunction("distribute")!.inputs[0]!],
    [report],
  );
  const moves: { name: string; args: unknown[]; receiver: string }[] = [
    { name: "fund", args: [deal.dealId, 3n], receiver: here },
    {
      name: "deliver",
      args: [...(await at.signReport(platform, { ...report, version: 2 })), 3n],
      receiver: here,
    },
    { name: "distribute", args: [report], receiver: deal.payees[0]! },
    { name: "performUpkeep", args: [checkData], receiver: deal.payees[0]! },
    { name: "claim", args: [token, holder], receiver: holder },
    { name: "claimBatch", args: [[{ token, holder }]], receiver: holder },
    { name: "withdrawPayee", args: [deal.dealId, 0], receiver: deal.payees[0]! },
    {
      name: "returnStray",
      args: [await cash.getAddress(), anyone.address],
      receiver: anyone.address,
    },
  ];
  const claimTo = [token, holder, anyone.address, 2n ** 40n, "0x"];
  const signer = (name: string) => (name === "returnStray" ? platform.admin : anyone);
  return { moves, claimTo, signer };
}

async function expectTies({ platform, cash, deal, distributor, here }: Loaded, stray: bigint) {
  expect(await distributor.heldFor(cash)).to.equal(await at.heldUnits(platform, deal));
  expect(await cash.balanceOf(here)).to.equal((await distributor.heldFor(cash)) + stray);
}

describe("WaterfallDistributor: cash tokens that call back", () => {
  for (const outer of ["fund", "deliver", "distribute", "claim", "withdrawPayee", "returnStray"]) {
    it(`lets nothing that moves cash in while ${outer} does [C14] [C12]`, async () => {
      const loaded = await load();
      const { cash, distributor, here } = loaded;
      const { moves, claimTo, signer } = await movesOf(loaded);
      const guard = distributor.interface.getError("ReentrancyGuardReentrantCall")!.selector;
      const { args, receiver } = moves.find(({ name }) => name === outer)!;
      const inner = [...moves, { name: "claimTo", args: claimTo, receiver: here }];
      await cash.setHabit(receiver, HABIT.callsBack);
      for (const call of inner) {
        const snapshot = await networkHelpers.takeSnapshot();
        const encoded = distributor.interface.encodeFunctionData(call.name, call.args);
        await cash.setCallBack(here, encoded);
        const sent = await distributor.connect(signer(outer))[outer](...args);
        if (call.name === "claimBatch") {
          // Each claim of a batch fails by itself, and the batch tells of it.
          await expect(sent).to.emit(distributor, "ClaimFailed");
        } else {
          expect(await cash.lastReason(), call.name).to.equal(guard);
        }
        await expectTies(loaded, outer === "returnStray" ? 0n : 5n);
        await snapshot.restore();
      }
    });
  }

  it("lets nothing in while the closing takes the deposit [C14]", async () => {
    const sale = await networkHelpers.loadFixture(sold.offerSmallDeal);
    const { platform, cash, dealId } = sale;
    const { distributor, issuance } = platform;
    const here = await distributor.getAddress();
    await platform.manager.grantRole(1, await cash.getAddress(), 0);
    await cash.setHabit(here, HABIT.callsBack);
    const calls = [
      distributor.interface.encodeFunctionData("fund", [dealId, 1n]),
      distributor.interface.encodeFunctionData("returnStray", [
        ...[await cash.getAddress(), platform.anyone.address],
      ]),
    ];
    const guard = distributor.interface.getError("ReentrancyGuardReentrantCall")!.selector;
    const orders = await sold.fullOrders(sale);
    for (const call of calls) {
      const snapshot = await networkHelpers.takeSnapshot();
      await cash.setCallBack(here, call);
      await issuance.close(dealId, orders);
      expect(await cash.lastReason()).to.equal(guard);
      expect(await distributor.heldFor(cash)).to.equal(await cash.balanceOf(here));
      await snapshot.restore();
    }
  });
});

describe("WaterfallDistributor: cash tokens that take a fee", () => {
  it("opens no deal whose deposit arrives short [C1]", async () => {
    const sale = await networkHelpers.loadFixture(sold.offerSmallDeal);
    const { platform, cash, dealId } = sale;
    const { distributor, issuance, factory } = platform;
    await cash.setHabit(await distributor.getAddress(), HABIT.takesFee);
    const deposit = units(platform.terms.reserveDeposit);
    await expect(issuance.close(dealId, await sold.fullOrders(sale)))
      .to.be.revertedWithCustomError(distributor, "CashReceivedWrong")
      .withArgs(deposit, (deposit * 99n) / 100n);
    expect(await factory.isClosed(dealId)).to.equal(false);
    expect(await distributor.heldFor(cash)).to.equal(0n);
  });
});

describe("WaterfallDistributor: cash tokens that answer oddly", () => {
  it("pays fees, claims and booked payees in a token that returns nothing at all [F3]", async () => {
    const loaded = await load();
    const { platform, cash, deal, distributor } = loaded;
    const receivers = [...deal.payees, ...deal.holders, await distributor.getAddress()];
    for (const receiver of receivers) await cash.setHabit(receiver, HABIT.returnsNothing);
    await distributor.withdrawPayee(deal.dealId, 0);
    await at.runPeriod(platform, deal, simple.monthReport(deal, 2));
    await distributor.claim(deal.tokens[0]!, deal.holders[0]!);
    expect(await cash.balanceOf(deal.payees[0]!)).to.equal(units(2n * simple.FEE));
    expect(await cash.balanceOf(deal.holders[0]!)).to.equal(units(2n * simple.INTEREST_A));
    await expectTies(loaded, 0n);
  });

  for (const habit of ["returnsFalse", "burnsGas", "returnsMuch", "blocked"] as const) {
    it(`keeps a holder's cash when the transfer to him ${habit}, and pays the others [F3] [C10]`, async () => {
      const loaded = await load();
      const { cash, deal, distributor } = loaded;
      const [holder, next] = deal.holders as [string, string];
      await cash.setHabit(holder, HABIT[habit]);
      const claims = [0, 1].map((i) => ({ token: deal.tokens[i]!, holder: deal.holders[i]! }));
      await expect(distributor.claimBatch(claims, { gasLimit: 16_000_000n }))
        .to.emit(distributor, "ClaimFailed")
        .withArgs(await deal.tokens[0]!.getAddress(), holder);
      expect(await cash.balanceOf(next)).to.equal(units(simple.INTEREST_B));
      expect((await distributor.cashOf(deal.dealId)).unclaimedUnits).to.equal(
        units(simple.INTEREST_A),
      );
      await expectTies(loaded, 0n);
      await cash.setHabit(holder, HABIT.none);
      await distributor.claim(deal.tokens[0]!, holder);
      expect(await cash.balanceOf(holder)).to.equal(units(simple.INTEREST_A));
      await expectTies(loaded, 0n);
    });
  }
});

describe("WaterfallDistributor: stablecoins with a blocklist", () => {
  it("runs and pays everybody else when payees and the originator are blocked [F3]", async () => {
    const loaded = await load();
    const { platform, cash, deal, distributor } = loaded;
    for (const account of [...deal.payees, platform.originator.address]) {
      await cash.setHabit(account, HABIT.blocked);
    }
    const funds = simple.INTEREST_MONTH + 5_000n;
    await at.runPeriod(platform, deal, simple.monthReport(deal, 2, { funds }));
    expect(await distributor.payeeOwed(deal.dealId, 0)).to.equal(2n * simple.FEE);
    expect(await distributor.payeeOwed(deal.dealId, 1)).to.equal(5_000n);
    expect((await distributor.cashOf(deal.dealId)).owedToPayees).to.equal(2n * simple.FEE + 5_000n);
    await distributor.claim(deal.tokens[0]!, deal.holders[0]!);
    expect(await cash.balanceOf(deal.holders[0]!)).to.equal(units(2n * simple.INTEREST_A));
    await expectTies(loaded, 0n);
    await expect(distributor.withdrawPayee(deal.dealId, 0))
      .to.be.revertedWithCustomError(cash, "AccountBlocked")
      .withArgs(deal.payees[0]);
    expect(await distributor.payeeOwed(deal.dealId, 0)).to.equal(2n * simple.FEE);
  });

  it("books what it cannot pay when it is blocked itself, and pays all of it once it is not [F3] [C10]", async () => {
    const loaded = await load();
    const { platform, cash, deal, distributor, here } = loaded;
    const report = simple.monthReport(deal, 2);
    await at.publish(platform, deal, report);
    await at.fund(platform, deal, simple.INTEREST_MONTH);
    await at.moveTo(deal.calendar[1]!.paymentTime);
    await cash.setHabit(here, HABIT.blocked);
    await distributor.distribute(report);
    expect(await distributor.payeeOwed(deal.dealId, 0)).to.equal(2n * simple.FEE);
    expect((await deal.tokens[0]!.entitlementOf(deal.holders[0]!))[0]).to.equal(
      units(2n * simple.INTEREST_A),
    );
    await expect(
      distributor.claim(deal.tokens[0]!, deal.holders[0]!),
    ).to.be.revertedWithCustomError(cash, "AccountBlocked");
    await expect(at.fund(platform, deal, 1n)).to.be.revertedWithCustomError(cash, "AccountBlocked");
    await expectTies(loaded, 0n);
    await cash.setHabit(here, HABIT.none);
    await distributor.withdrawPayee(deal.dealId, 0);
    for (const i of [0, 1]) await distributor.claim(deal.tokens[i]!, deal.holders[i]!);
    expect(await cash.balanceOf(deal.payees[0]!)).to.equal(units(2n * simple.FEE));
    expect(await cash.balanceOf(deal.holders[0]!)).to.equal(units(2n * simple.INTEREST_A));
    await expectTies(loaded, 0n);
    expect([...(await distributor.cashOf(deal.dealId))]).to.deep.equal([
      ...[0n, simple.RESERVE, 0n, 0n, 0n],
    ]);
  });
});
