import { expect } from "chai";
import { AbiCoder } from "ethers";
import { present } from "../deals/present.ts";
import { closingOf, DAY, REASON, reportOf, timesOf } from "./life-fixture.ts";
import type { Flows, Report } from "./life-fixture.ts";
import {
  deployLifeDeal,
  ethers,
  networkHelpers,
  publish,
  reach,
  runPeriod,
  signatures,
  UNITS,
} from "./life-platform.ts";
import type { LifeDeal } from "./life-platform.ts";

const OPENING = 1_050_000n;

/** Period 1 has run on 550.00; the clock stands after the end of period 2. */
async function deployRun() {
  const life = await deployLifeDeal();
  const first = reportOf(life, 1, OPENING);
  await runPeriod(life, first);
  await reach(timesOf(life.deal, 2).determination);
  return { ...life, first };
}

describe("a distribution under a life of reports", () => {
  let life: LifeDeal & { first: Report };
  let first: Report;

  beforeEach(async () => {
    life = await networkHelpers.loadFixture(deployRun);
    ({ first } = life);
  });

  const restate = async (flows: Flows) => {
    const restated = { ...reportOf(life, 1, OPENING, flows), version: 2 };
    await life.registry.restateReport(first, restated, ...(await signatures(life, restated)));
    await networkHelpers.time.increase(DAY);
    return restated;
  };
  const distribute = (report: Report) => life.distributor.connect(life.anyone).distribute(report);
  const fund = (cents: bigint) => life.distributor.connect(life.originator).fund(1, cents);
  const ready = async (report: Report) => {
    const fragment = present(life.distributor.interface.getFunction("distribute"));
    const data = AbiCoder.defaultAbiCoder().encode([present(fragment.inputs[0])], [report]);
    return (await life.distributor.checkUpkeep(data)).upkeepNeeded as boolean;
  };
  const collections = async () => (await life.distributor.cashOf(1)).collections as bigint;
  const resultOf = async (sent: Promise<{ wait(): Promise<unknown> }>) => {
    const receipt = (await (await sent).wait()) as { logs: { topics: string[]; data: string }[] };
    const log = receipt.logs
      .map((each) => life.distributor.interface.parseLog(each))
      .find((each) => each?.name === "WaterfallRun");
    return present(log).args;
  };

  it("[R1] [T3] runs on no report that is not final, even with the cash and at the payment time", async () => {
    const { registry, distributor, trustee } = life;
    await reach(timesOf(life.deal, 2).payment);
    const next = reportOf(life, 2, closingOf(first));
    await publish(life, next);
    await fund(55_000n);
    expect(await ready(next)).to.equal(false);
    await expect(distribute(next)).to.be.revertedWithCustomError(registry, "ReportNotFinal");
    await registry.connect(trustee).challengeReport(1, 2, 1, REASON);
    await networkHelpers.time.increase(DAY);
    expect(await ready(next)).to.equal(false);
    await expect(distribute(next)).to.be.revertedWithCustomError(registry, "ReportNotStanding");
    const second = { ...next, version: 2 };
    await publish(life, second);
    await networkHelpers.time.increase(DAY);
    expect(await ready(second)).to.equal(true);
    await expect(distribute(second)).to.emit(distributor, "WaterfallRun");
  });

  it("takes from the collections what the report states less what was stated too much before", async () => {
    const { registry, distributor } = life;
    // 19.00 less funds, 20.00 less principal: 550.00 - 19.00 = 531.00 is to be escrowed, and no more.
    const restated = await restate({ principal: 48_000n, funds: 53_100n });
    const next = reportOf(life, 2, closingOf(restated));
    await publish(life, next);
    await fund(53_099n);
    await reach(timesOf(life.deal, 2).payment);
    expect(await ready(next)).to.equal(false);
    await expect(distribute(next))
      .to.be.revertedWithCustomError(distributor, "CollectionsShort")
      .withArgs(53_099n, 53_100n);
    await fund(1n);
    expect(await ready(next)).to.equal(true);
    await expect(distribute(next))
      .to.emit(registry, "DifferencesCarried")
      .withArgs(1, 2, [0n, 0n, 0n, -1_900n, -2_000n, 0n, 0n, 0n, 0n, 0n, 0n, 0n]);
    expect(await collections()).to.equal(0n);
    await reach(timesOf(life.deal, 3).determination);
    const third = reportOf(life, 3, closingOf(next));
    await runPeriod(life, third);
    expect(await collections()).to.equal(0n);
  });

  it("gives the same words as a report that states the sums itself", async () => {
    const restated = await restate({ funds: 56_000n });
    const next = reportOf(life, 2, closingOf(restated));
    await publish(life, next);
    await fund(56_000n);
    await reach(timesOf(life.deal, 2).payment + 2 * DAY);
    const carried = await resultOf(distribute(next));
    const other = await deployRun();
    const stated = reportOf(other, 2, closingOf(other.first), { funds: 56_000n });
    life = other;
    await publish(other, stated);
    await networkHelpers.time.increase(DAY);
    await fund(56_000n);
    await reach(timesOf(other.deal, 2).payment + 2 * DAY);
    const plain = await resultOf(distribute(stated));
    expect(carried.resultHash).to.equal(plain.resultHash);
    expect([...carried.words]).to.deep.equal([...plain.words]);
  });

  it("[R1] needs a higher restated amount escrowed before it pays it", async () => {
    const restated = await restate({ funds: 55_100n });
    const next = reportOf(life, 2, closingOf(restated));
    await publish(life, next);
    await networkHelpers.time.increase(DAY);
    await reach(timesOf(life.deal, 2).payment);
    await fund(55_000n);
    await expect(distribute(next))
      .to.be.revertedWithCustomError(life.distributor, "CollectionsShort")
      .withArgs(55_000n, 55_100n);
    await fund(100n);
    await distribute(next);
    expect(await collections()).to.equal(0n);
  });

  it("[W3] pays nothing out of a period whose funds are all taken off, and the rest from the ones after", async () => {
    const restated = await restate({ funds: 0n });
    let opening = closingOf(restated);
    // 550.00 were paid too much: 200.00, 200.00 and 150.00 are held back.
    for (const [i, paid] of [0n, 0n, 5_000n].entries()) {
      await reach(timesOf(life.deal, i + 2).determination);
      const report = reportOf(life, i + 2, opening, { funds: 20_000n });
      await runPeriod(life, report, 20_000n);
      expect(await collections()).to.equal(20_000n * BigInt(i + 1) - paid);
      opening = closingOf(report);
    }
    const { cash, distributor } = life;
    const held = await distributor.cashOf(1);
    const cents = held.collections + held.accounts + held.owedToPayees + held.carry;
    const units = cents * UNITS + held.unclaimedUnits;
    expect(units).to.equal(await cash.balanceOf(await distributor.getAddress()));
  });

  it("[K3] goes on, with its claims, while reports are paused for ever", async () => {
    const { registry, admin, distributor, tokens, holders, cash } = life;
    const next = reportOf(life, 2, closingOf(first));
    await publish(life, next);
    await registry.connect(admin).pauseReports(1);
    await networkHelpers.time.increase(DAY);
    await fund(55_000n);
    await reach(timesOf(life.deal, 2).payment);
    await distribute(next);
    const holder = present(holders[0]).address;
    await distributor.claim(await present(tokens[0]).getAddress(), holder);
    expect(await cash.balanceOf(holder)).to.be.greaterThan(0n);
  });

  it("takes a report with its cash in one transaction, both or neither", async () => {
    const { registry, distributor, originator, cash, anyone } = life;
    const next = reportOf(life, 2, closingOf(first));
    const [signers, signed] = await signatures(life, next);
    const deliver = (cents: bigint, by = originator, bytes = signed) =>
      distributor.connect(by).deliver(next, signers, bytes, cents);
    const before = await cash.balanceOf(originator.address);
    for (const call of [
      () => deliver(0n),
      () => deliver(55_000n, anyone), // who has no cash
      () => deliver(55_000n, originator, signed.toReversed()),
    ]) {
      await expect(call()).to.be.revert(ethers);
    }
    expect(await registry.latestPeriod(1)).to.equal(1n);
    expect(await cash.balanceOf(originator.address)).to.equal(before);
    await expect(deliver(55_000n))
      .to.emit(registry, "ReportPublished")
      .and.to.emit(distributor, "CollectionsFunded")
      .withArgs(1, originator.address, 55_000n, 55_000n);
    expect(await cash.balanceOf(originator.address)).to.equal(before - 55_000n * UNITS);
    await networkHelpers.time.increase(DAY);
    await reach(timesOf(life.deal, 2).payment);
    await distribute(next);
  });

  it("[R4] publishes and funds the same deal however the arguments of a delivery lie, and takes no dirty word", async () => {
    const { registry, distributor, originator } = life;
    const next = reportOf(life, 2, closingOf(first));
    const usual = distributor.interface.encodeFunctionData("deliver", [
      next,
      ...(await signatures(life, next)),
      1n,
    ]);
    // The report moved one word forward, onto the word of the cents: its deal is what is paid in, one cent.
    const words = present(usual.slice(10).match(/.{64}/gu));
    const word = (value: bigint) => value.toString(16).padStart(64, "0");
    const [report, signers, bytes] = words.slice(0, 3).map((offset) => BigInt("0x" + offset));
    expect([report, words[4]]).to.deep.equal([128n, word(1n)]);
    const later = [present(signers) - 32n, present(bytes) - 32n].map(word);
    const heads = [word(96n), ...later];
    const send = (sent: string[]) =>
      originator.sendTransaction({ to: distributor, data: usual.slice(0, 10) + sent.join("") });
    const overlapping = [...heads, ...words.slice(4)];
    const otherDeal = overlapping.with(3, word(2n));
    const dirtyVersion = overlapping.with(5, word(1n + 2n ** 16n));
    const dirtyDeal = overlapping.with(3, word(1n + 2n ** 64n));
    for (const wrong of [otherDeal, dirtyVersion, dirtyDeal]) {
      await expect(send(wrong)).to.revert(ethers);
    }
    expect(await registry.latestPeriod(1)).to.equal(1n);
    await send(overlapping);
    expect(await registry.latestPeriod(1)).to.equal(2n);
    expect(await collections()).to.equal(1n);
  });
});
