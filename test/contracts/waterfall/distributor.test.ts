import { expect } from "chai";
import { concat, keccak256, solidityPacked } from "ethers";
import type { AnyContract } from "../deals/any-contract.ts";
import { createSmallDeal } from "../deals/platform-fixture.ts";
import * as at from "./distribution-fixture.ts";
import * as simple from "./simple-deal.ts";

const { ethers, networkHelpers } = at;

const load = () => networkHelpers.loadFixture(simple.openSimpleDeal);
const units = (cents: bigint) => cents * at.UNITS_PER_CENT;

describe("WaterfallDistributor: when a period may run", () => {
  it("refuses a period without an accepted report [R1] [T3]", async () => {
    const { platform, deal, distributor } = await load();
    await at.fund(platform, deal, simple.INTEREST_MONTH);
    await at.moveTo(deal.calendar[0]!.paymentTime);
    await expect(distributor.distribute(simple.monthReport(deal, 1)))
      .to.be.revertedWithCustomError(platform.reports, "ReportUnknown")
      .withArgs(deal.dealId, 1);
  });

  it("refuses another report than the accepted one [R3]", async () => {
    const { platform, deal, distributor } = await load();
    await at.publish(platform, deal, simple.monthReport(deal, 1));
    await at.fund(platform, deal, simple.INTEREST_MONTH);
    await at.moveTo(deal.calendar[0]!.paymentTime);
    const other = simple.monthReport(deal, 1, { loss: 1n });
    await expect(distributor.distribute(other)).to.be.revertedWithCustomError(
      ...[platform.reports, "ReportMismatch"],
    );
  });

  it("refuses a period out of order, and one that has run [R2] [R6] [W1]", async () => {
    const { platform, deal, distributor } = await load();
    await expect(distributor.distribute(simple.monthReport(deal, 2)))
      .to.be.revertedWithCustomError(distributor, "PeriodNotNext")
      .withArgs(deal.dealId, 2, 1);
    const report = simple.monthReport(deal, 1);
    await at.runPeriod(platform, deal, report);
    const before = await distributor.stateOf(deal.dealId);
    await expect(distributor.distribute(report)).to.be.revertedWithCustomError(
      ...[distributor, "PeriodNotNext"],
    );
    expect(await distributor.stateOf(deal.dealId)).to.deep.equal(before);
  });

  it("refuses a run before the payment time", async () => {
    const { platform, deal, distributor } = await load();
    const report = simple.monthReport(deal, 1);
    await at.publish(platform, deal, report);
    await at.fund(platform, deal, simple.INTEREST_MONTH);
    const { paymentTime } = deal.calendar[0]!;
    await expect(distributor.distribute(report))
      .to.be.revertedWithCustomError(distributor, "PaymentNotDue")
      .withArgs(deal.dealId, 1, paymentTime);
  });

  it("refuses a run while the reported funds are not escrowed, and is late after grace [R1] [R8]", async () => {
    const { platform, deal, distributor } = await load();
    const report = simple.monthReport(deal, 1);
    await at.publish(platform, deal, report);
    await at.fund(platform, deal, simple.INTEREST_MONTH - 1n);
    await at.moveTo(deal.calendar[0]!.paymentTime);
    await expect(distributor.distribute(report))
      .to.be.revertedWithCustomError(distributor, "CollectionsShort")
      .withArgs(simple.INTEREST_MONTH - 1n, simple.INTEREST_MONTH);
    expect(await distributor.isLate(deal.dealId)).to.equal(false);
    await networkHelpers.time.increase(at.DAY + 1);
    expect(await distributor.isLate(deal.dealId)).to.equal(true);
    await at.fund(platform, deal, 1n);
    await distributor.distribute(report);
    expect(await distributor.isLate(deal.dealId)).to.equal(false);
  });

  it("goes on when less came in than was reported: the report is lowered, then the next may follow [R2]", async () => {
    const { platform, deal, distributor } = await load();
    const reported = simple.monthReport(deal, 1, { funds: 3n * simple.INTEREST_MONTH });
    await at.publish(platform, deal, reported);
    await at.fund(platform, deal, simple.INTEREST_MONTH);
    await at.moveTo(deal.calendar[1]!.determinationTime);
    await expect(
      at.publish(platform, deal, simple.monthReport(deal, 2)),
    ).to.be.revertedWithCustomError(platform.reports, "ReportNotUsed");
    const lowered = { ...simple.monthReport(deal, 1), version: 2 };
    await at.publish(platform, deal, lowered);
    await distributor.distribute(lowered);
    await at.runPeriod(platform, deal, simple.monthReport(deal, 2));
    expect((await distributor.stateOf(deal.dealId)).lastPeriod).to.equal(2n);
  });

  it("refuses a deal that is not registered or not closed", async () => {
    const { platform, deal, distributor } = await load();
    const report = { ...simple.monthReport(deal, 1), dealId: 99n };
    await expect(distributor.distribute(report)).to.be.revertedWithCustomError(
      ...[distributor, "DealUnknown"],
    );
    await expect(distributor.fund(99, 1)).to.be.revertedWithCustomError(distributor, "DealUnknown");
    await expect(
      distributor.registerDeal(5, platform.admin.address, []),
    ).to.be.revertedWithCustomError(distributor, "CallerNotFactory");
    await expect(
      distributor.openDeal(deal.dealId, platform.admin.address),
    ).to.be.revertedWithCustomError(distributor, "CallerNotFactory");
  });

  it("cannot be initialised a second time, nor its implementation at all [U1]", async () => {
    const { platform, distributor } = await load();
    const { address } = platform.admin;
    await expect(distributor.initialize(address)).to.be.revertedWithCustomError(
      distributor,
      "InvalidInitialization",
    );
    const engine = await (await ethers.deployContract("WaterfallEngine")).getAddress();
    const links = { engine, factory: address, reports: address };
    const bare: AnyContract = await ethers.deployContract("WaterfallDistributor", [
      { ...links, compliance: address, inputs: address },
    ]);
    await expect(bare.initialize(address)).to.be.revertedWithCustomError(
      bare,
      "InvalidInitialization",
    );
  });
});

describe("WaterfallDistributor: what a run pays", () => {
  it("lowers a class's factor with its balance and leaves what is held at original face", async () => {
    const { platform, deal, distributor } = await load();
    const token = deal.tokens[0]!;
    expect(await token.factor()).to.equal(10n ** 18n);
    expect(await token.principalBalance()).to.equal(simple.FACE_A);
    const closing = deal.cutOffPool - 1_000_000n;
    const funds = simple.INTEREST_MONTH + 1_000_000n;
    await at.runPeriod(platform, deal, simple.monthReport(deal, 1, { closing, funds }));
    const left = simple.FACE_A - 1_000_000n;
    expect(await token.principalBalance()).to.equal(left);
    expect(await distributor.principalBalanceOf(token)).to.equal(left);
    expect(await token.factor()).to.equal((left * 10n ** 18n) / simple.FACE_A);
    const held = BigInt(await token.balanceOf(deal.holders[0]!));
    expect(await token.currentPrincipalOf(deal.holders[0]!)).to.equal(
      (held * left) / simple.FACE_A,
    );
    expect(await token.totalSupply()).to.equal(simple.FACE_A);
    expect(await distributor.principalBalanceOf(platform.admin)).to.equal(0n);
  });

  it("pays fees, interest, principal and residual to the cent, by anyone's call [W3] [C5] [F2]", async () => {
    const { platform, deal, distributor } = await load();
    // 1,000,000 of principal is due (the pool falls by it), and 5,000 are left for the residual.
    const funds = simple.INTEREST_MONTH + 1_000_000n + 5_000n;
    const closing = deal.cutOffPool - 1_000_000n;
    const sent = await at.runPeriod(
      platform,
      deal,
      simple.monthReport(deal, 1, { closing, funds }),
    );
    const run = await simple.runOf(platform, deal, sent);
    expect(run.classes.map(({ interestPaid }) => interestPaid)).to.deep.equal([
      ...[simple.INTEREST_A, simple.INTEREST_B],
    ]);
    expect(run.classes.map(({ principalPaid }) => principalPaid)).to.deep.equal([1_000_000n, 0n]);
    expect(await deal.cash.balanceOf(deal.payees[0]!)).to.equal(units(simple.FEE));
    expect(await deal.cash.balanceOf(deal.payees[1]!)).to.equal(units(5_000n));
    await at.expectHeld(platform, deal);

    await distributor.connect(platform.anyone).claim(deal.tokens[0]!, deal.holders[0]!);
    expect(await deal.cash.balanceOf(deal.holders[0]!)).to.equal(
      units(simple.INTEREST_A + 1_000_000n),
    );
    await distributor.claim(deal.tokens[1]!, deal.holders[1]!);
    expect(await deal.cash.balanceOf(deal.holders[1]!)).to.equal(units(simple.INTEREST_B));
    const cash = await distributor.cashOf(deal.dealId);
    expect([...cash]).to.deep.equal([0n, simple.RESERVE, 0n, 0n, 0n]);
    await at.expectHeld(platform, deal);
  });

  it("stores the hash of the emitted words and matches an attested preview of it", async () => {
    const { platform, deal, distributor } = await load();
    const sent = await at.runPeriod(platform, deal, simple.monthReport(deal, 1));
    const words = await simple.wordsOf(platform, sent);
    const hash = keccak256(
      solidityPacked(
        words.map(() => "uint256"),
        words,
      ),
    );
    const history = keccak256(concat([deal.termsHash, hash]));
    expect(await distributor.historyHash(deal.dealId)).to.equal(history);
    await expect(sent).to.emit(distributor, "WaterfallRun");
    await expect(sent).not.to.emit(distributor, "ResultMismatch");

    const expected = keccak256("0x99");
    const second = { ...simple.monthReport(deal, 2), resultHash: expected };
    const mismatch = await at.runPeriod(platform, deal, second);
    const [run] = await distributor.queryFilter(distributor.filters.WaterfallRun!(deal.dealId, 2));
    const actual = run!.args.resultHash;
    expect(await distributor.historyHash(deal.dealId)).to.equal(
      keccak256(concat([history, actual])),
    );
    await expect(mismatch)
      .to.emit(distributor, "ResultMismatch")
      .withArgs(deal.dealId, 2, expected, actual);
  });

  it("leaves funds above the report in the collections of the next period", async () => {
    const { platform, deal, distributor } = await load();
    await at.fund(platform, deal, 777n);
    await at.runPeriod(platform, deal, simple.monthReport(deal, 1));
    expect((await distributor.cashOf(deal.dealId)).collections).to.equal(777n);
    await expect(distributor.fund(deal.dealId, 0)).to.be.revertedWithCustomError(
      ...[distributor, "AmountZero"],
    );
  });

  it("takes no cash that nothing could spend: before closing, and after the last period [C8]", async () => {
    const { platform, deal: other, distributor } = await load();
    const unclosed = await createSmallDeal(platform);
    await expect(distributor.fund(unclosed.dealId, 1))
      .to.be.revertedWithCustomError(distributor, "DealNotOpen")
      .withArgs(unclosed.dealId);
    const deal = await at.openDeal(platform, {
      ...simple.simpleDeal,
      calendar: simple.simpleDeal.calendar.slice(0, 1),
    });
    await at.runPeriod(platform, deal, simple.monthReport(deal, 1));
    await expect(at.fund(platform, deal, 1n))
      .to.be.revertedWithCustomError(distributor, "PeriodsEnded")
      .withArgs(deal.dealId);
    await at.expectHeld(platform, other, deal);
  });

  it("runs without cash: every claim goes to the shortfall and the next date stands [W4] [C13]", async () => {
    const { platform, deal, distributor } = await load();
    await at.runPeriod(platform, deal, simple.monthReport(deal, 1, { funds: 0n }));
    const state = await distributor.stateOf(deal.dealId);
    expect(state.classWords.map((word: bigint) => (word >> 128n) & (2n ** 64n - 1n))).to.deep.equal(
      [...[simple.INTEREST_A, simple.INTEREST_B]],
    );
    // Twice the fee and twice the interest: nothing accrues on what is unpaid [F1].
    const funds = 2n * simple.INTEREST_MONTH;
    const sent = await at.runPeriod(platform, deal, simple.monthReport(deal, 2, { funds }));
    const run = await simple.runOf(platform, deal, sent);
    expect(run.payees).to.deep.equal([2n * simple.FEE, 0n]);
    expect(run.state.classes.map(({ shortfall }) => shortfall)).to.deep.equal([0n, 0n]);
    await at.expectHeld(platform, deal);
  });

  it("changes phase for the next run only [T3]", async () => {
    const { platform, deal, distributor } = await load();
    const first = await at.runPeriod(platform, deal, simple.monthReport(deal, 1, { trip: 1n }));
    await expect(first).to.emit(distributor, "PhaseChanged").withArgs(deal.dealId, 1, 0, 1);
    const funds = simple.INTEREST_A + 3_000_000n;
    const second = await at.runPeriod(platform, deal, simple.monthReport(deal, 2, { funds }));
    const run = await simple.runOf(platform, deal, second);
    expect(run.steps.length).to.equal(3);
    expect(run.classes[0]!.principalPaid).to.equal(3_000_000n);
    expect(run.classes[1]!.interestPaid).to.equal(0n);
  });

  it("completes with a loss above all classes, and later periods still run [L1] [L2]", async () => {
    const { platform, deal, distributor } = await load();
    const loss = simple.FACE_A + simple.FACE_B + 123n;
    const sent = await at.runPeriod(platform, deal, simple.monthReport(deal, 1, { loss }));
    const run = await simple.runOf(platform, deal, sent);
    expect(run.state.classes.map(({ balance }) => balance)).to.deep.equal([0n, 0n]);
    expect(run.state.classes.map(({ written }) => written)).to.deep.equal([
      ...[simple.FACE_A, simple.FACE_B],
    ]);
    expect(await deal.tokens[0]!.principalBalance()).to.equal(0n);
    const month = { funds: 5_000n };
    await at.runPeriod(platform, deal, simple.monthReport(deal, 2, month));
    expect((await distributor.stateOf(deal.dealId)).lastPeriod).to.equal(2n);
    await at.expectHeld(platform, deal);
  });

  it("restores written-down balances senior first and never above the loss [L3]", async () => {
    const { platform, deal } = await load();
    const loss = simple.FACE_B + 1_000n;
    await at.runPeriod(platform, deal, simple.monthReport(deal, 1, { loss }));
    const month = { recovery: loss + 500n };
    const sent = await at.runPeriod(platform, deal, simple.monthReport(deal, 2, month));
    const run = await simple.runOf(platform, deal, sent);
    expect(run.state.classes.map(({ balance }) => balance)).to.deep.equal([
      ...[simple.FACE_A, simple.FACE_B],
    ]);
    const gain = run.steps[5]!;
    expect([gain.demand, gain.paid]).to.deep.equal([loss + 500n, loss]);
  });
});

describe("WaterfallDistributor: claims", () => {
  it("does nothing when nothing is owed, and knows no other token [C6]", async () => {
    const { platform, deal, distributor } = await load();
    const nothing = await distributor.claim(deal.tokens[0]!, deal.holders[0]!);
    await expect(nothing).not.to.emit(distributor, "Claimed");
    await expect(distributor.claim(platform.cash, deal.holders[0]!)).to.be.revertedWithCustomError(
      distributor,
      "TokenUnknown",
    );
  });

  it("pays the same whether a holder claims each period or once [C3]", async () => {
    const { platform, deal, distributor } = await load();
    await at.runPeriod(platform, deal, simple.monthReport(deal, 1));
    await distributor.claim(deal.tokens[0]!, deal.holders[0]!);
    await at.runPeriod(platform, deal, simple.monthReport(deal, 2));
    await distributor.claim(deal.tokens[0]!, deal.holders[0]!);
    await distributor.claim(deal.tokens[1]!, deal.holders[1]!);
    const balanceOf = (holder: string): Promise<bigint> => deal.cash.balanceOf(holder);
    expect(await balanceOf(deal.holders[0]!)).to.equal(units(2n * simple.INTEREST_A));
    expect(await balanceOf(deal.holders[1]!)).to.equal(units(2n * simple.INTEREST_B));
    const [unclaimed] = [(await distributor.cashOf(deal.dealId)).unclaimedUnits];
    expect(unclaimed).to.equal(0n);
  });

  it("is not changed by tokens sent to the contract by accident [C15] [W8]", async () => {
    const { platform, deal, distributor } = await load();
    await deal.cash.connect(platform.admin).mint(await distributor.getAddress(), 12_345n);
    const before = await distributor.cashOf(deal.dealId);
    await at.runPeriod(platform, deal, simple.monthReport(deal, 1));
    await distributor.claim(deal.tokens[0]!, deal.holders[0]!);
    const balance: bigint = await deal.cash.balanceOf(await distributor.getAddress());
    expect(balance - (await at.heldUnits(platform, deal))).to.equal(12_345n);
    expect(before.collections).to.equal(0n);
  });
});

describe("WaterfallDistributor: two deals", () => {
  it("never spends one deal's cash for another [C4] [U3] [R1]", async () => {
    const { platform, deal, distributor } = await load();
    const other = await at.openDeal(platform, simple.simpleDeal);
    await at.fund(platform, other, 10n * simple.INTEREST_MONTH);
    const report = simple.monthReport(deal, 1);
    await at.publish(platform, deal, report);
    await at.moveTo(deal.calendar[0]!.paymentTime);
    await expect(distributor.distribute(report))
      .to.be.revertedWithCustomError(distributor, "CollectionsShort")
      .withArgs(0, simple.INTEREST_MONTH);
    const untouched = await distributor.cashOf(other.dealId);
    await at.fund(platform, deal, simple.INTEREST_MONTH);
    await distributor.distribute(report);
    await distributor.claim(deal.tokens[0]!, deal.holders[0]!);
    expect(await distributor.cashOf(other.dealId)).to.deep.equal(untouched);
    await at.expectHeld(platform, deal, other);
    expect((await distributor.escrowOf(other.tokens[0]!)).dealId).to.equal(other.dealId);
  });
});
