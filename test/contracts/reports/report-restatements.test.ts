import { expect } from "chai";
import { TypedDataEncoder, ZeroHash } from "ethers";
import { present } from "../deals/present.ts";
import { REPORT_TYPES } from "./registry-fixture.ts";
import {
  closingOf,
  correct,
  DAY,
  deployLife,
  ethers,
  networkHelpers,
  publishAndUse,
  publishIt,
  reach,
  REASON,
  reportOf,
  restate,
  sign,
  STATUS,
  timesOf,
} from "./life-fixture.ts";
import type { Report } from "./life-fixture.ts";

const OPENING = 1_050_000n;
const hashOf = (report: Report) => TypedDataEncoder.hashStruct("Report", REPORT_TYPES, report);

/** One entry a figure, zero but for those named. */
const differences = (named: Record<number, bigint>) =>
  Array.from({ length: 12 }, (_, i) => named[i] ?? 0n);

/** Period 1 used, the clock after the end of period 2. */
async function deployUsed() {
  const life = await deployLife();
  const first = reportOf(life, 1, OPENING);
  await publishAndUse(life, first);
  await reach(timesOf(life.deal, 2).determination);
  return { ...life, first };
}

describe("a restatement", () => {
  let life: Awaited<ReturnType<typeof deployUsed>>;
  let first: Report;
  let second: Report;

  beforeEach(async () => {
    life = await networkHelpers.loadFixture(deployUsed);
    ({ first } = life);
    // 2,000 less principal, 500 more charged off, 1,900 less funds: the pool closes 1,500 higher.
    const flows = { principal: 48_000n, chargedOff: 1_500n, funds: 53_100n, adjustment: -250n };
    second = correct(life, first, 2, flows);
  });

  const CHANGES = differences({ 3: -1_900n, 4: -2_000n, 5: 500n });
  const take = (period: number, funds: bigint) =>
    life.registry.connect(life.distributor).takeDifferences(1, period, funds);
  const use = (report: Report) => life.registry.connect(life.distributor).useReport(report);
  const open = () => networkHelpers.time.increase(DAY);

  it("stands beside the report that was distributed on: both can be read", async () => {
    const { registry, attesters } = life;
    await expect(registry.restatedReport(1, 1))
      .to.be.revertedWithCustomError(registry, "ReportUnknown")
      .withArgs(1, 1);
    expect(await registry.nextVersion(1, 1)).to.equal(2n);
    await expect(restate(life, first, second))
      .to.emit(registry, "ReportRestated")
      .withArgs(
        1n,
        1n,
        2n,
        hashOf(second),
        second.tapeRoot,
        second.closeHash,
        ZeroHash,
        second.figures,
        attesters.slice(0, 2).map((attester) => attester.address),
      );
    const kept = await registry.acceptedReport(1, 1);
    expect([
      kept.reportHash,
      kept.poolClosing,
      kept.version,
      kept.used,
      kept.restated,
    ]).to.deep.equal([hashOf(first), closingOf(first), 1n, true, true]);
    const restated = await registry.restatedReport(1, 1);
    expect([restated.reportHash, restated.poolClosing, restated.version]).to.deep.equal([
      hashOf(second),
      closingOf(second),
      2n,
    ]);
    expect(await registry.nextVersion(1, 1)).to.equal(3n);
  });

  it("carries its differences into the next run, those of flows only", async () => {
    const { registry } = life;
    await restate(life, first, second);
    expect(await registry.differencesOf(1)).to.deep.equal(CHANGES);
    const next = reportOf(life, 2, closingOf(second));
    await publishIt(life, next);
    expect((await registry.acceptedReport(1, 2)).carries).to.equal(true);
    await open();
    // 55,000 - 1,900 = 53,100
    expect(await registry.usableFunds(next)).to.equal(53_100n);
    expect(await registry.connect(life.distributor).useReport.staticCall(next)).to.deep.equal([
      hashOf(next),
      true,
    ]);
    await use(next);
    await expect(take(2, 55_000n)).to.emit(registry, "DifferencesCarried").withArgs(1, 2, CHANGES);
    expect(await registry.differencesOf(1)).to.deep.equal(differences({}));
    const third = reportOf(life, 3, closingOf(next));
    await reach(timesOf(life.deal, 3).determination);
    await publishIt(life, third);
    expect((await registry.acceptedReport(1, 3)).carries).to.equal(false);
  });

  it("[W1] hands its differences out once", async () => {
    await restate(life, first, second);
    await open();
    await take(2, 55_000n);
    await expect(take(2, 55_000n))
      .to.emit(life.registry, "DifferencesCarried")
      .withArgs(1, 2, differences({}));
  });

  it("makes the next run wait while it can be challenged", async () => {
    const { registry } = life;
    await publishIt(life, reportOf(life, 2, closingOf(first)));
    await open();
    await restate(life, first, correct(life, first, 2, { funds: 56_000n }));
    const { finalAt } = await registry.restatedReport(1, 1);
    const next = reportOf(life, 2, closingOf(first));
    for (const call of [() => use(next), () => registry.usableFunds(next), () => take(2, 0n)]) {
      await expect(call())
        .to.be.revertedWithCustomError(registry, "ReportNotFinal")
        .withArgs(1, 1, finalAt);
    }
    await networkHelpers.time.setNextBlockTimestamp(finalAt);
    await use(next);
    await take(2, 55_000n);
  });

  it("[T2] has the next report open where it closes", async () => {
    const { registry } = life;
    await restate(life, first, second);
    await expect(publishIt(life, reportOf(life, 2, closingOf(first))))
      .to.be.revertedWithCustomError(registry, "OpeningMismatch")
      .withArgs(closingOf(first), closingOf(second));
    await publishIt(life, reportOf(life, 2, closingOf(second)));
  });

  it("rejects a next report that opens at the balance it changed, and keeps one that does not", async () => {
    const { registry } = life;
    const next = reportOf(life, 2, closingOf(first));
    await publishIt(life, next);
    const snapshot = await networkHelpers.takeSnapshot();
    await expect(restate(life, first, second))
      .to.emit(registry, "ReportRejected")
      .withArgs(1, 2, 1, ZeroHash);
    expect((await registry.acceptedReport(1, 2)).status).to.equal(STATUS.rejected);
    await publishIt(life, { ...reportOf(life, 2, closingOf(second)), version: 2 });
    await open();
    await use({ ...reportOf(life, 2, closingOf(second)), version: 2 });
    await snapshot.restore();
    await expect(restate(life, first, correct(life, first, 2, { funds: 56_000n }))).not.to.emit(
      registry,
      "ReportRejected",
    );
    const kept = await registry.acceptedReport(1, 2);
    expect([kept.status, kept.carries]).to.deep.equal([STATUS.standing, true]);
  });

  it("that is rejected leaves nothing behind but its version, which nobody can bring again", async () => {
    const { registry, verifier, trustee, attesters } = life;
    await restate(life, first, second);
    await publishIt(life, reportOf(life, 2, closingOf(second)));
    await registry.connect(verifier).challengeReport(1, 1, 2, REASON);
    expect((await registry.restatedReport(1, 1)).status).to.equal(STATUS.challenged);
    await expect(registry.connect(trustee).answerChallenge(1, 1, 2, true, REASON))
      .to.emit(registry, "ReportRejected")
      .withArgs(1, 1, 2, REASON)
      // The next report had opened at the balance that is gone.
      .and.to.emit(registry, "ReportRejected")
      .withArgs(1, 2, 1, ZeroHash);
    expect(await registry.differencesOf(1)).to.deep.equal(differences({}));
    await expect(registry.restatedReport(1, 1)).to.be.revertedWithCustomError(
      registry,
      "ReportUnknown",
    );
    expect((await registry.acceptedReport(1, 1)).restated).to.equal(false);
    const [signers, signatures] = await sign(life, second, attesters.slice(0, 2));
    await expect(registry.restateReport(first, second, signers, signatures))
      .to.be.revertedWithCustomError(registry, "VersionOutOfOrder")
      .withArgs(2, 3);
    const next = { ...reportOf(life, 2, closingOf(first)), version: 2 };
    await publishIt(life, next);
    expect((await registry.acceptedReport(1, 2)).carries).to.equal(false);
    await restate(life, first, { ...second, version: 3 });
  });

  it("is challenged by the trustee as its own answer, and a dismissed challenge makes it final", async () => {
    const { registry, verifier, trustee } = life;
    await restate(life, first, second);
    await registry.connect(verifier).challengeReport(1, 1, 2, REASON);
    await registry.connect(trustee).answerChallenge(1, 1, 2, false, REASON);
    await take(2, 55_000n);
    expect(await registry.poolBalanceAt(1, 1)).to.deep.equal([
      closingOf(second),
      (await registry.restatedReport(1, 1)).acceptedAt,
    ]);
    await restate(life, second, correct(life, first, 3, {}));
    await registry.connect(trustee).challengeReport(1, 1, 3, REASON);
    const restated = await registry.restatedReport(1, 1);
    expect([restated.version, restated.used]).to.deep.equal([2n, true]);
  });

  it("follows another only when that is final, and on what then stands", async () => {
    const { registry } = life;
    await restate(life, first, second);
    const third = correct(life, first, 3, { funds: 60_000n });
    const { finalAt } = await registry.restatedReport(1, 1);
    await expect(restate(life, second, third))
      .to.be.revertedWithCustomError(registry, "ReportNotFinal")
      .withArgs(1, 1, finalAt);
    await networkHelpers.time.increaseTo(finalAt);
    await expect(restate(life, first, third))
      .to.be.revertedWithCustomError(registry, "ReportMismatch")
      .withArgs(hashOf(first), hashOf(second));
    await restate(life, second, third);
    // Both together: what the third version says less what was distributed on.
    const both = differences({ 3: 5_000n });
    expect(await registry.differencesOf(1)).to.deep.equal(both);
    await open();
    await publishIt(life, reportOf(life, 2, closingOf(third)));
    await open();
    await expect(take(2, 55_000n)).to.emit(registry, "DifferencesCarried").withArgs(1, 2, both);
  });

  it("[R3] of a period that was not used, or was never reported, is none: it is replaced instead", async () => {
    const { registry } = life;
    const next = reportOf(life, 2, closingOf(first));
    await publishIt(life, next);
    for (const [period, version] of [
      [2, 2],
      [3, 1],
      [0, 1],
    ] as const) {
      await expect(restate(life, next, { ...next, period, version }))
        .to.be.revertedWithCustomError(registry, "PeriodNotUsed")
        .withArgs(1, period);
    }
  });

  it("meets what a report meets: bounds, identities, opening, order, terms and signatures", async () => {
    const { registry, attesters } = life;
    const figures = (index: number, value: bigint) => ({
      ...second,
      figures: second.figures.with(index, value),
    });
    const cases: [Report, string][] = [
      [figures(11, -50_001n), "FigureOutOfBounds"],
      [figures(4, 48_001n), "IdentityBroken"],
      [figures(0, OPENING + 1n), "OpeningMismatch"],
      [{ ...second, figures: second.figures.slice(1) }, "FigureCountMismatch"],
      [{ ...second, version: 1 }, "VersionOutOfOrder"],
      [{ ...second, version: 3 }, "VersionOutOfOrder"],
      [{ ...second, termsHash: REASON }, "TermsMismatch"],
    ];
    for (const [wrong, error] of cases) {
      await expect(restate(life, first, wrong)).to.be.revertedWithCustomError(registry, error);
    }
    const [signers, signatures] = await sign(life, second, attesters.slice(0, 1));
    await expect(
      registry.restateReport(first, second, signers, signatures),
    ).to.be.revertedWithCustomError(registry, "SignaturesTooFew");
    const other = { ...first, resultHash: REASON };
    await expect(restate(life, other, second)).to.be.revertedWithCustomError(
      registry,
      "ReportMismatch",
    );
    await expect(restate(life, first, { ...second, dealId: 2n })).to.be.revertedWithCustomError(
      registry,
      "DealUnknown",
    );
  });

  it("of an older period opens where the one before it stands, and leaves the next report alone", async () => {
    const { registry } = life;
    const next = reportOf(life, 2, closingOf(first));
    await publishAndUse(life, next);
    await reach(timesOf(life.deal, 3).determination);
    const waiting = reportOf(life, 3, closingOf(next));
    await publishIt(life, waiting);
    await expect(restate(life, first, second)).not.to.emit(registry, "ReportRejected");
    await open();
    // The chain of balances goes on where the first period was restated to.
    const again = { ...reportOf(life, 2, closingOf(first)), version: 2 };
    await expect(restate(life, next, again))
      .to.be.revertedWithCustomError(registry, "OpeningMismatch")
      .withArgs(closingOf(first), closingOf(second));
    const moved = { ...reportOf(life, 2, closingOf(second)), version: 2 };
    await expect(restate(life, next, moved))
      .to.emit(registry, "ReportRejected")
      .withArgs(1, 3, 1, ZeroHash);
    expect(await registry.differencesOf(1)).to.deep.equal(CHANGES);
  });

  it("[R7] takes off available funds what is reported at most, and carries the rest on through the periods", async () => {
    const { registry } = life;
    const huge = correct(life, first, 2, { funds: 0n });
    await restate(life, first, huge);
    let opening = closingOf(first);
    // 55,000 to take off: 20,000, 20,000, and the last 15,000 of 20,000.
    const cuts = [-20_000n, -20_000n, -15_000n];
    for (const [i, cut] of cuts.entries()) {
      const period = i + 2;
      await reach(timesOf(life.deal, period).determination);
      const report = reportOf(life, period, opening, { funds: 20_000n });
      await publishIt(life, report);
      expect((await registry.acceptedReport(1, period)).carries).to.equal(true);
      await open();
      expect(await registry.usableFunds(report)).to.equal(20_000n + cut);
      await use(report);
      await expect(take(period, 20_000n))
        .to.emit(registry, "DifferencesCarried")
        .withArgs(1, period, differences({ 3: cut }));
      opening = closingOf(report);
    }
    await reach(timesOf(life.deal, 5).determination);
    await publishIt(life, reportOf(life, 5, opening));
    expect((await registry.acceptedReport(1, 5)).carries).to.equal(false);
  });

  it("of the last period is kept, and nothing waits for it", async () => {
    const { registry } = life;
    let last = first;
    for (let period = 2; period <= 6; period++) {
      last = reportOf(life, period, closingOf(last));
      await publishAndUse(life, last);
    }
    const corrected = correct(life, last, 2, { funds: 1n });
    await restate(life, last, corrected);
    expect((await registry.restatedReport(1, 6)).reportHash).to.equal(hashOf(corrected));
    await open();
    const [period, balance] = await registry.poolBalance(1);
    expect([period, balance]).to.deep.equal([6n, closingOf(corrected)]);
  });

  it("[R3] hands differences to nobody but the distributor", async () => {
    const { registry, admin, factory, anyone, distributor } = life;
    for (const caller of [admin, factory, anyone]) {
      await expect(registry.connect(caller).takeDifferences(1, 2, 0))
        .to.be.revertedWithCustomError(registry, "CallerNotAllowed")
        .withArgs(caller.address, distributor.address);
    }
  });

  it("shows the restated balance as the pool's once it is final, and not before", async () => {
    const { registry } = life;
    const before = await registry.poolBalance(1);
    await restate(life, first, second);
    expect(await registry.poolBalance(1)).to.deep.equal(before);
    const { acceptedAt, finalAt } = await registry.restatedReport(1, 1);
    await networkHelpers.time.increaseTo(finalAt);
    expect(await registry.poolBalance(1)).to.deep.equal([1n, closingOf(second), acceptedAt]);
    const feed = await ethers.deployContract("PoolBalanceFeed", [await registry.getAddress(), 1]);
    const round = await feed.getFunction("latestRoundData")();
    expect([round.roundId, round.answer, round.updatedAt]).to.deep.equal([
      1n,
      closingOf(second),
      acceptedAt,
    ]);
  });

  it("shows the restated balance while another restatement of the period waits", async () => {
    const { registry } = life;
    await restate(life, first, second);
    const { acceptedAt, finalAt } = await registry.restatedReport(1, 1);
    await networkHelpers.time.increaseTo(finalAt);
    await restate(life, second, correct(life, first, 3, { funds: 60_000n }));
    expect(await registry.poolBalance(1)).to.deep.equal([1n, closingOf(second), acceptedAt]);
  });

  it("a version signed to replace a report, and overtaken by its distribution, is its restatement", async () => {
    const { registry, attesters, anyone } = life;
    const next = reportOf(life, 2, closingOf(first));
    const better = { ...reportOf(life, 2, closingOf(first), { funds: 55_500n }), version: 2 };
    await publishIt(life, next);
    const [signers, signatures] = await sign(life, better, attesters.slice(0, 2));
    await open();
    await use(next);
    await expect(registry.publishReport(better, signers, signatures))
      .to.be.revertedWithCustomError(registry, "ReportAlreadyUsed")
      .withArgs(1, 2);
    await registry.connect(anyone).restateReport(next, better, signers, signatures);
    expect(present((await registry.differencesOf(1))[3])).to.equal(500n);
  });
});
