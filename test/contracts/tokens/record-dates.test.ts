import { expect } from "chai";
import {
  admit,
  deployTranches,
  enterWindow,
  identityAddress,
  link,
  networkHelpers,
  REASON,
  windowEnd,
} from "./deploy-tranches.ts";

/** Faces of one class of 1,000.00: Alder 600.00, Birch 300.00, Cedar 100.00; cash units are 1e-6. */
async function threeHolders() {
  const deal = await deployTranches({ faces: [1_000_00n], periods: 6 });
  const [alder, birch, cedar, dogwood] = deal.wallets;
  const holders = { alder: alder!, birch: birch!, cedar: cedar!, dogwood: dogwood! };
  await admit(deal, "Alder", holders.alder);
  await admit(deal, "Birch", holders.birch);
  await admit(deal, "Cedar", holders.cedar);
  await admit(deal, "Dogwood", holders.dogwood);
  const asFactory = deal.token.connect(deal.factory);
  await asFactory.mint(holders.alder, 600_00n);
  await asFactory.mint(holders.birch, 300_00n);
  await asFactory.mint(holders.cedar, 100_00n);
  const paying = deal.token.connect(deal.distributor);
  return { ...deal, ...holders, paying, deal };
}

describe("Entitlement by record date", () => {
  const load = () => networkHelpers.loadFixture(threeHolders);

  it("pays whoever held at the record time, though the cash comes after a sale", async () => {
    const { token, paying, alder, dogwood, deal } = await load();
    await enterWindow(deal, 1, 60);
    await token.connect(alder).transfer(dogwood, 600_00n);
    await paying.fund(1, windowEnd(deal, 1), 10_000_000n, 50_000_000n);
    // 600 / 1000 of 10.00 and of 50.00
    expect(await token.entitlementOf(alder)).to.deep.equal([6_000_000n, 30_000_000n]);
    expect(await token.entitlementOf(dogwood)).to.deep.equal([0n, 0n]);
    await enterWindow(deal, 2, 60);
    await paying.fund(2, windowEnd(deal, 2), 10_000_000n, 0n);
    expect(await token.entitlementOf(alder)).to.deep.equal([6_000_000n, 30_000_000n]);
    expect(await token.entitlementOf(dogwood)).to.deep.equal([6_000_000n, 0n]);
  });

  it("[C2] rounds every holder down and keeps the fraction", async () => {
    const { token, paying, alder, birch, cedar, deal } = await load();
    await enterWindow(deal, 1);
    // 1.000001 over 100,000 cents: 10 units a cent and 1 unit left to share.
    await paying.fund(1, windowEnd(deal, 1), 1_000_001n, 0n);
    const units = await Promise.all(
      [alder, birch, cedar].map(async (holder) => (await token.entitlementOf(holder))[0]),
    );
    expect(units).to.deep.equal([600_000n, 300_000n, 100_000n]);
    // The index step is floor((1000001 << 24) / 100000) = 167772327; 100000 * step + 77216 = 1000001 << 24.
    const entry = await token.indexAt(1);
    expect(entry.interestIndex).to.equal((1_000_001n << 24n) / 100_000n);
    expect(entry.interestIndex * 100_000n + entry.interestRemainder).to.equal(1_000_001n << 24n);
    expect(await token.owedFractionsOf(alder)).to.deep.equal([entry.interestIndex * 60_000n, 0n]);
  });

  it("carries the remainder, so that an odd amount each period is paid in full over time", async () => {
    const { token, paying, alder, birch, cedar, deal } = await load();
    for (const period of [1, 2, 3]) {
      await enterWindow(deal, period);
      await paying.fund(period, windowEnd(deal, period), 33_333n, 0n);
    }
    const owed = await Promise.all(
      [alder, birch, cedar].map(async (holder) => (await token.owedFractionsOf(holder))[0]),
    );
    const { interestRemainder } = await token.indexAt(3);
    expect(owed.reduce((sum, part) => sum + part, interestRemainder)).to.equal(99_999n << 24n);
  });

  it("[C3] [C11] gives the same total to one who claims each period and to one who claims once, at the same cost", async () => {
    const { token, paying, alder, birch, deal } = await load();
    await token.connect(alder).transfer(birch, 150_00n);
    let early = 0n;
    let firstClaim = 0n;
    for (const period of [1, 2, 3, 4, 5]) {
      await enterWindow(deal, period);
      await paying.fund(period, windowEnd(deal, period), 1_234_567n, 7_654_321n);
      early += (await paying.collect.staticCall(alder))[0];
      const receipt = await (await paying.collect(alder)).wait();
      if (period === 2) firstClaim = receipt!.gasUsed;
    }
    const late = await paying.collect.staticCall(birch);
    const receipt = await (await paying.collect(birch)).wait();
    expect(late[0]).to.equal(early);
    // Birch has settled nothing before: one load less.
    expect(receipt!.gasUsed).to.be.at.most(firstClaim);
    expect(await token.entitlementOf(birch)).to.deep.equal([0n, 0n]);
  });

  it("[C4] refuses a second funding of a period and one for an earlier period", async () => {
    const { token, paying, deal } = await load();
    await enterWindow(deal, 2);
    await paying.fund(2, windowEnd(deal, 2), 1n, 0n);
    await expect(paying.fund(2, windowEnd(deal, 2), 1n, 0n))
      .to.be.revertedWithCustomError(token, "PeriodAlreadyFunded")
      .withArgs(2, 2);
    await expect(paying.fund(1, windowEnd(deal, 1), 1n, 0n))
      .to.be.revertedWithCustomError(token, "RecordWindowClosed")
      .withArgs(1, 2);
  });

  it("[C5] books interest and principal apart", async () => {
    const { paying, token, cedar, deal } = await load();
    await enterWindow(deal, 1);
    await paying.fund(1, windowEnd(deal, 1), 0n, 20_000_000n);
    expect(await token.entitlementOf(cedar)).to.deep.equal([0n, 2_000_000n]);
    await enterWindow(deal, 2);
    await paying.fund(2, windowEnd(deal, 2), 5_000_000n, 0n);
    expect(await paying.collect.staticCall(cedar)).to.deep.equal([500_000n, 2_000_000n]);
  });

  it("[C6] [C7] lets a transfer of nothing, by anyone, change nobody's entitlement", async () => {
    const { token, paying, alder, birch, dogwood, deal } = await load();
    await enterWindow(deal, 1);
    await paying.fund(1, windowEnd(deal, 1), 9_999_999n, 1n);
    const before = await token.owedFractionsOf(alder);
    await token.connect(dogwood).transferFrom(alder, birch, 0n);
    await token.connect(alder).transfer(alder, 600_00n);
    await enterWindow(deal, 2);
    await token.connect(dogwood).transferFrom(alder, birch, 0n);
    expect(await token.owedFractionsOf(alder)).to.deep.equal(before);
    await expect(token.connect(dogwood).collect(alder))
      .to.be.revertedWithCustomError(token, "DistributorOnly")
      .withArgs(dogwood.address);
  });

  it("[C8] keeps a missed period out of every later claim, without an entry", async () => {
    const { token, paying, alder, deal } = await load();
    await enterWindow(deal, 1);
    await paying.fund(1, windowEnd(deal, 1), 1_000_000n, 0n);
    await enterWindow(deal, 3);
    await expect(paying.fund(2, windowEnd(deal, 2), 1_000_000n, 0n))
      .to.be.revertedWithCustomError(token, "RecordWindowClosed")
      .withArgs(2, 3);
    await paying.fund(3, windowEnd(deal, 3), 2_000_000n, 0n);
    expect([...(await token.indexAt(2))]).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n]);
    // 3,000,000 << 24 over 100,000 cents of face: 30 << 24 each, and nothing left.
    const each = 30n << 24n;
    expect([...(await token.indexAt(3))]).to.deep.equal([3_000_000n, 0n, each, 0n, 0n, 0n]);
    expect((await token.entitlementOf(alder))[0]).to.equal(1_800_000n);
  });

  it("[C9] [W8] pays nothing for a balance held only between record times, or after one", async () => {
    const { token, paying, alder, dogwood, deal } = await load();
    await token.connect(alder).transfer(dogwood, 600_00n);
    await token.connect(dogwood).transfer(alder, 600_00n);
    await enterWindow(deal, 1);
    await token.connect(alder).transfer(dogwood, 600_00n);
    await paying.fund(1, windowEnd(deal, 1), 10_000_000n, 0n);
    await token.connect(dogwood).transfer(alder, 600_00n);
    expect((await token.entitlementOf(dogwood))[0]).to.equal(0n);
    expect((await token.entitlementOf(alder))[0]).to.equal(6_000_000n);
  });

  it("[C10] escrows a frozen account's cash: not lost, not shared out, not diluting others", async () => {
    const { token, paying, registrar, alder, birch, deal } = await load();
    await token.connect(registrar).setAddressFrozen(alder, true);
    await enterWindow(deal, 1);
    await paying.fund(1, windowEnd(deal, 1), 10_000_000n, 0n);
    await expect(paying.collect(alder))
      .to.be.revertedWithCustomError(token, "AccountFrozen")
      .withArgs(alder.address);
    expect((await token.entitlementOf(alder))[0]).to.equal(6_000_000n);
    expect((await paying.collect.staticCall(birch))[0]).to.equal(3_000_000n);
    await token.connect(registrar).setAddressFrozen(alder, false);
    expect((await paying.collect.staticCall(alder))[0]).to.equal(6_000_000n);
  });

  it("[K3] pays cash already owed though the holder was frozen, expired or barred in the registry", async () => {
    const { token, paying, registry, deal, alder } = await load();
    await enterWindow(deal, 1);
    await paying.fund(1, windowEnd(deal, 1), 10_000_000n, 0n);
    const id = await registry.identityOf(alder);
    await registry.setIdentity(id, 1, 643, REASON);
    await registry.setCountryListed(token, 643, true, REASON);
    await registry.setIdentityFrozen(id, true, REASON);
    expect(await token.canSend(alder)).to.equal(false);
    expect((await paying.collect.staticCall(alder))[0]).to.equal(6_000_000n);
  });

  it("[C13] moves no window when funded early or with nothing", async () => {
    const { token, paying, deal } = await load();
    await expect(paying.fund(1, windowEnd(deal, 1), 1n, 0n))
      .to.be.revertedWithCustomError(token, "RecordWindowClosed")
      .withArgs(1, 0);
    await paying.fund(1, windowEnd(deal, 1), 0n, 0n);
    expect(await token.lastFundedPeriod()).to.equal(0n);
    expect(await token.recordPeriod()).to.equal(0n);
    await enterWindow(deal, 1);
    expect(await token.recordPeriod()).to.equal(1n);
    await paying.fund(1, windowEnd(deal, 1), 1n, 0n);
    expect(await token.lastFundedPeriod()).to.equal(1n);
  });

  it("leaves what a forced transfer's old holder is owed where it is", async () => {
    const { token, paying, registrar, alder, dogwood, deal } = await load();
    await enterWindow(deal, 1);
    await token.connect(registrar).forcedTransfer(alder, dogwood, 600_00n);
    await paying.fund(1, windowEnd(deal, 1), 10_000_000n, 0n);
    expect((await token.entitlementOf(alder))[0]).to.equal(6_000_000n);
    expect((await token.entitlementOf(dogwood))[0]).to.equal(0n);
  });

  it("moves face, record, owed cash and freezes of a lost wallet to another of its identity", async () => {
    const { token, paying, registrar, registry, alder, birch, dogwood, deal } = await load();
    await link(deal, dogwood, await registry.identityOf(alder));
    await enterWindow(deal, 1);
    await paying.fund(1, windowEnd(deal, 1), 10_000_001n, 0n);
    await enterWindow(deal, 2);
    await token.connect(registrar).setFrozenTokens(alder, 50_00n);
    const owed = (await token.owedFractionsOf(alder))[0];
    await expect(token.connect(registrar).recoveryAddress(alder, dogwood, identityAddress("Alder")))
      .to.emit(token, "AccountRecovered")
      .withArgs(alder.address, dogwood.address, 600_00n);
    await paying.fund(2, windowEnd(deal, 2), 10_000_000n, 0n);
    expect(await token.balanceOf(dogwood)).to.equal(600_00n);
    expect(await token.getFrozenTokens(dogwood)).to.equal(50_00n);
    expect(await token.entitlementOf(alder)).to.deep.equal([0n, 0n]);
    const { interestIndex } = await token.indexAt(2);
    const step = BigInt(interestIndex) - BigInt((await token.indexAt(1)).interestIndex);
    expect((await token.owedFractionsOf(dogwood))[0]).to.equal(owed + step * 600_00n);
    await expect(token.connect(registrar).recoveryAddress(dogwood, birch, identityAddress("Alder")))
      .to.be.revertedWithCustomError(token, "IdentityMismatch")
      .withArgs(dogwood.address, birch.address);
  });

  it("recovers in a funded window whether or not either wallet has settled it", async () => {
    const { token, paying, registrar, registry, alder, birch, deal } = await load();
    await link(deal, birch, await registry.identityOf(alder));
    await enterWindow(deal, 1);
    await token.connect(alder).transfer(birch, 100_00n);
    await paying.fund(1, windowEnd(deal, 1), 10_000_000n, 0n);
    await paying.collect(birch);
    // Alder held 600.00 at the record time and has not settled; Birch has.
    await token.connect(registrar).recoveryAddress(alder, birch, identityAddress("Alder"));
    expect((await token.entitlementOf(birch))[0]).to.equal(6_000_000n);
  });

  it("counts the record windows by the clock, to the last and beyond", async () => {
    const { token, deal, terms } = await load();
    for (const [index, time] of terms.recordTimes.entries()) {
      await networkHelpers.time.increaseTo(time - 1);
      expect(await token.recordPeriod()).to.equal(index);
      await networkHelpers.time.increaseTo(time);
      expect(await token.recordPeriod()).to.equal(index + 1);
    }
    await enterWindow(deal, 6, 10_000_000);
    expect(await token.recordPeriod()).to.equal(6n);
  });

  it("takes the window's end from the distributor and rolls to it", async () => {
    const { token, paying, alder, birch, deal } = await load();
    await enterWindow(deal, 2);
    await paying.fund(2, windowEnd(deal, 2), 1_000_000n, 0n);
    await token.connect(alder).transfer(birch, 600_00n);
    expect((await token.entitlementOf(alder))[0]).to.equal(600_000n);
    await enterWindow(deal, 4);
    await expect(paying.fund(3, windowEnd(deal, 3), 1n, 0n))
      .to.be.revertedWithCustomError(token, "RecordWindowClosed")
      .withArgs(3, 4);
    await expect(paying.fund(2, windowEnd(deal, 2), 1n, 0n)).to.be.revertedWithCustomError(
      token,
      "RecordWindowClosed",
    );
    // Nothing may be funded at any time: nothing happens.
    await paying.fund(3, windowEnd(deal, 3), 0n, 0n);
    expect(await token.lastFundedPeriod()).to.equal(2n);
    await paying.fund(4, windowEnd(deal, 4), 1_000_000n, 0n);
    await expect(paying.fund(4, windowEnd(deal, 4), 1n, 0n)).to.be.revertedWithCustomError(
      token,
      "PeriodAlreadyFunded",
    );
    await expect(
      token.connect(alder).fund(4, windowEnd(deal, 4), 1n, 0n),
    ).to.be.revertedWithCustomError(token, "DistributorOnly");
    expect((await token.entitlementOf(birch))[0]).to.equal(300_000n + 900_000n);
    await enterWindow(deal, 6);
    await paying.fund(6, windowEnd(deal, 6), 1_000_000n, 0n);
    expect(await token.recordPeriod()).to.equal(6n);
    await token.connect(birch).transfer(alder, 1n);
    expect((await token.entitlementOf(birch))[0]).to.equal(300_000n + 1_800_000n);
  });

  it("counts what was funded in the cash token's own units, up to 64 bits of cents and no further", async () => {
    const deal = await deployTranches({ faces: [1_000_00n], periods: 6, cashDecimals: 8 });
    const [alder] = deal.wallets;
    await admit(deal, "Alder", alder!);
    // One cent of face only: what it is owed is the whole, the greatest that an index can be.
    await deal.token.connect(deal.factory).mint(alder!, 1n);
    const paying = deal.token.connect(deal.distributor);
    const most = 2n ** 64n - 1n;
    await enterWindow(deal, 1);
    await expect(paying.fund(1, windowEnd(deal, 1), most, most))
      .to.emit(deal.token, "EntitlementFunded")
      .withArgs(1, most * 1_000_000n, most * 1_000_000n);
    await enterWindow(deal, 2);
    await expect(paying.fund(2, windowEnd(deal, 2), 1n, 0n))
      .to.be.revertedWithCustomError(deal.token, "FundingTooLarge")
      .withArgs(most + 1n, most);
    const owed = most * 1_000_000n;
    expect(await paying.collect.staticCall(alder)).to.deep.equal([owed, owed]);
    await paying.collect(alder);
    expect(await deal.token.owedFractionsOf(alder)).to.deep.equal([0n, 0n]);
  });

  it("settles holders of any two periods alike, whichever share a slot and whichever were skipped", async () => {
    const deal = await deployTranches({ faces: [100n, 100n], periods: 9 });
    const names = ["Alder", "Birch", "Cedar", "Dogwood"];
    for (const [i, name] of names.entries()) await admit(deal, name, deal.wallets[i]!);
    for (const token of deal.tokens) {
      for (const wallet of deal.wallets.slice(0, 4))
        await token.connect(deal.factory).mint(wallet, 25n);
    }
    // Periods 3, 6 and 7 are skipped; period p pays 100 * p of interest and 100 of principal: p and 1 a cent of face.
    let interest = 0n;
    let principal = 0n;
    const settledAt = new Map<number, bigint[]>();
    for (const period of [1, 2, 4, 5, 8, 9]) {
      await enterWindow(deal, period);
      for (const token of deal.tokens) {
        const paying = token.connect(deal.distributor);
        await paying.fund(period, windowEnd(deal, period), 100n * BigInt(period), 100n);
      }
      interest += BigInt(period);
      principal += 1n;
      // One holder after the other settles, and has then all periods between two of any parity to catch up with.
      const claimant = period % 4;
      const paid = settledAt.get(claimant) ?? [0n, 0n];
      for (const token of deal.tokens) {
        const paying = token.connect(deal.distributor);
        const due = [25n * interest - paid[0]!, 25n * principal - paid[1]!];
        expect(await paying.collect.staticCall(deal.wallets[claimant]!)).to.deep.equal(due);
        await paying.collect(deal.wallets[claimant]!);
      }
      settledAt.set(claimant, [25n * interest, 25n * principal]);
    }
  });

  it("refuses cash when nobody holds anything", async () => {
    const empty = await deployTranches();
    const paying = empty.token.connect(empty.distributor);
    await enterWindow(empty, 1);
    await expect(paying.fund(1, windowEnd(empty, 1), 1n, 0n)).to.be.revertedWithCustomError(
      empty.token,
      "SupplyZero",
    );
    expect(await empty.token.factor()).to.equal(10n ** 18n);
  });
});
