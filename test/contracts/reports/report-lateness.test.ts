import { expect } from "chai";
import { present } from "../deals/present.ts";
import {
  correct,
  DAY,
  HOUR,
  deployLife,
  deployUsualLife,
  networkHelpers,
  publishAndUse,
  publishBy,
  publishIt,
  reach,
  REASON,
  reportOf,
  restate,
  STATE,
  STATUS,
  timesOf,
} from "./life-fixture.ts";
import type { Life } from "./life-fixture.ts";

const OPENING = 1_050_000n;
const NEVER = 2n ** 40n - 1n;

describe("lateness", () => {
  let life: Life;

  beforeEach(async () => {
    life = await networkHelpers.loadFixture(deployUsualLife);
  });

  const punctuality = () => life.registry.punctualityOf(1);
  const due = (period: number) => BigInt(timesOf(life.deal, period).payment - 3 * DAY);
  const at = (time: bigint | number) => networkHelpers.time.setNextBlockTimestamp(time);
  const late = () => life.registry.connect(life.anyone).declareLate(1);
  const inDefault = () => life.registry.connect(life.anyone).declareServicerDefault(1);

  it("[R8] is a state with times that anybody can read: due three days before payment, default five days after", async () => {
    const grace = BigInt(5 * DAY);
    expect(await punctuality()).to.deep.equal([STATE.onTime, 1n, due(1), due(1) + grace]);
    await publishIt(life, reportOf(life, 1, OPENING));
    expect(await punctuality()).to.deep.equal([STATE.onTime, 2n, due(2), due(2) + grace]);
  });

  it("[R8] begins in the second after the due time, by anyone's hand, and a report of the period ends it", async () => {
    const { registry } = life;
    await at(due(1));
    await expect(late())
      .to.be.revertedWithCustomError(registry, "ReportNotLate")
      .withArgs(1, due(1));
    await at(due(1) + 1n);
    await expect(late()).to.emit(registry, "PunctualityChanged").withArgs(1, 1, STATE.late);
    await expect(late()).not.to.emit(registry, "PunctualityChanged");
    expect((await punctuality())[0]).to.equal(STATE.late);
    await expect(publishIt(life, reportOf(life, 1, OPENING)))
      .to.emit(registry, "PunctualityChanged")
      .withArgs(1, 1, STATE.onTime);
    expect((await punctuality())[0]).to.equal(STATE.onTime);
  });

  it("is not ended by a report of another period", async () => {
    const { registry } = life;
    const first = reportOf(life, 1, OPENING);
    await publishIt(life, first);
    await reach(Number(due(2)) + 1);
    await late();
    await expect(publishIt(life, correct(life, first, 2, {}))).not.to.emit(
      registry,
      "PunctualityChanged",
    );
    expect((await punctuality()).slice(0, 2)).to.deep.equal([STATE.late, 2n]);
  });

  it("is not declared while the period's report stands, even if it is challenged", async () => {
    const { registry, verifier } = life;
    await at(due(1));
    await publishIt(life, reportOf(life, 1, OPENING));
    await registry.connect(verifier).challengeReport(1, 1, 1, REASON);
    await at(due(1) + BigInt(6 * DAY));
    await expect(late())
      .to.be.revertedWithCustomError(registry, "ReportNotLate")
      .withArgs(1, due(2));
    await expect(inDefault()).to.be.revertedWithCustomError(registry, "ServicerNotInDefault");
  });

  it("counts anew from the first rejection, once: no late rejection makes a default, and no row of them puts it off", async () => {
    const { registry, trustee } = life;
    await at(due(1));
    await publishIt(life, reportOf(life, 1, OPENING));
    const rejectedAt = due(1) + 80_000n;
    await at(rejectedAt);
    await registry.connect(trustee).challengeReport(1, 1, 1, REASON);
    const deadline = rejectedAt + BigInt(5 * DAY);
    expect(await punctuality()).to.deep.equal([STATE.onTime, 1n, rejectedAt, deadline]);
    await publishIt(life, { ...reportOf(life, 1, OPENING), version: 2 });
    await registry.connect(trustee).challengeReport(1, 1, 2, REASON);
    expect((await punctuality())[3]).to.equal(deadline);
    await at(deadline);
    await expect(inDefault())
      .to.be.revertedWithCustomError(registry, "ServicerNotInDefault")
      .withArgs(1, deadline);
    await at(deadline + 1n);
    await inDefault();
  });

  it("does not run while reports are paused, and counts from the end of the pause", async () => {
    const { registry, admin } = life;
    await registry.connect(admin).pauseReports(1);
    await reach(Number(due(1)) + 30 * DAY);
    expect(await punctuality()).to.deep.equal([STATE.onTime, 1n, NEVER, NEVER]);
    await expect(late()).to.be.revertedWithCustomError(registry, "ReportNotLate");
    await expect(inDefault()).to.be.revertedWithCustomError(registry, "ServicerNotInDefault");
    await registry.connect(admin).unpauseReports(1);
    const now = BigInt(await networkHelpers.time.latest());
    expect(await punctuality()).to.deep.equal([STATE.onTime, 1n, now, now + BigInt(5 * DAY)]);
  });

  it("[R8] waits with the next report for the one that a pause delayed: nobody can bring it before that one is final", async () => {
    // Half a day of grace, a window of a day, half a day to answer: 1 1/2 days until a report is final at the latest.
    life = await deployLife({ defaultGrace: 12 * HOUR });
    const { registry, admin, distributor } = life;
    await registry.connect(admin).pauseReports(1);
    await reach(Number(due(2)) + DAY);
    await registry.connect(admin).unpauseReports(1);
    const resumed = BigInt(await networkHelpers.time.latest());
    const first = reportOf(life, 1, OPENING);
    await publishIt(life, first);
    const published = BigInt(await networkHelpers.time.latest());
    const second = reportOf(life, 2, present(first.figures[1]));
    const nextDue = resumed + BigInt(36 * HOUR);
    expect((await punctuality()).slice(1, 3)).to.deep.equal([2n, nextDue]);
    await at(published + BigInt(23 * HOUR));
    await expect(publishIt(life, second)).to.be.revertedWithCustomError(registry, "ReportNotUsed");
    await expect(inDefault()).to.be.revertedWithCustomError(registry, "ServicerNotInDefault");
    await at(published + BigInt(DAY));
    await registry.connect(distributor).useReport(first);
    await expect(inDefault())
      .to.be.revertedWithCustomError(registry, "ServicerNotInDefault")
      .withArgs(1, published + BigInt(36 * HOUR));
    await at(published + BigInt(36 * HOUR));
    await publishIt(life, second);
  });

  it("[R8] waits with the next report for the one that was rejected, and not for the versions after", async () => {
    // Twenty days of window and five to answer; the report of period 1 is rejected at the very end, five days before
    // that of period 2 is due.
    life = await deployLife({ defaultGrace: 12 * HOUR, window: 20 * DAY, answer: 5 * DAY });
    const { registry, verifier, trustee } = life;
    await at(due(1));
    await publishIt(life, reportOf(life, 1, OPENING));
    await at(due(1) + BigInt(20 * DAY) - 1n);
    await registry.connect(verifier).challengeReport(1, 1, 1, REASON);
    const rejected = due(1) + BigInt(25 * DAY) - 2n;
    await at(rejected);
    await registry.connect(trustee).answerChallenge(1, 1, 1, true, REASON);
    const second = { ...reportOf(life, 1, OPENING), version: 2 };
    await publishIt(life, second);
    const nextDue = rejected + BigInt(25 * DAY);
    expect(await punctuality()).to.deep.equal([STATE.onTime, 2n, nextDue, nextDue + 43_200n]);
    await at(due(2) + BigInt(DAY));
    await expect(inDefault()).to.be.revertedWithCustomError(registry, "ServicerNotInDefault");
    await publishIt(life, { ...second, version: 3 });
    expect((await punctuality())[2]).to.equal(nextDue);
    await at(nextDue + 43_201n);
    await inDefault();
  });

  it("ends with the last period: after its report nothing is late any more", async () => {
    let opening = OPENING;
    for (let period = 1; period <= 5; period++) {
      const report = reportOf(life, period, opening);
      await publishAndUse(life, report);
      opening = present(report.figures[1]);
    }
    await reach(timesOf(life.deal, 6).determination);
    expect((await punctuality())[1]).to.equal(6n);
    await publishIt(life, reportOf(life, 6, opening));
    await networkHelpers.time.increase(400 * DAY);
    expect(await punctuality()).to.deep.equal([STATE.onTime, 0n, NEVER, NEVER]);
    await expect(late()).to.be.revertedWithCustomError(life.registry, "ReportNotLate");
    await expect(inDefault()).to.be.revertedWithCustomError(life.registry, "ServicerNotInDefault");
  });
});

describe("a servicer default", () => {
  let life: Life;
  const at = (time: bigint | number) => networkHelpers.time.setNextBlockTimestamp(time);
  const deadline = (of: Life) => BigInt(timesOf(of.deal, 1).payment + 2 * DAY);
  const declare = (of: Life) => of.registry.connect(of.anyone).declareServicerDefault(1);

  beforeEach(async () => {
    life = await networkHelpers.loadFixture(deployUsualLife);
  });

  it("[R8] begins in the second after its grace, hands over to the successors, and is for good", async () => {
    const { registry, successors, attesters } = life;
    const names = successors.map((successor) => successor.address);
    await at(deadline(life));
    await expect(declare(life))
      .to.be.revertedWithCustomError(registry, "ServicerNotInDefault")
      .withArgs(1, deadline(life));
    await at(deadline(life) + 1n);
    await expect(declare(life))
      .to.emit(registry, "PunctualityChanged")
      .withArgs(1, 1, STATE.servicerDefault)
      .and.to.emit(registry, "AttestersSet")
      .withArgs(1, names, 1);
    expect(await registry.attestersOf(1)).to.deep.equal([names, 1n]);
    const report = reportOf(life, 1, OPENING);
    await expect(publishIt(life, report))
      .to.be.revertedWithCustomError(registry, "SignerNotAttester")
      .withArgs(present(attesters[0]).address);
    await expect(publishBy(life, report, [present(successors[1])])).not.to.emit(
      registry,
      "PunctualityChanged",
    );
    expect((await registry.punctualityOf(1))[0]).to.equal(STATE.servicerDefault);
  });

  it("[R6] is declared once: again it changes nothing, not even attesters set since", async () => {
    const { registry, admin, attesters } = life;
    await at(deadline(life) + 1n);
    await declare(life);
    const set = attesters.slice(0, 3).map((attester) => attester.address);
    await registry.connect(admin).setAttesters(1, set, 3);
    const again = declare(life);
    await expect(again).not.to.emit(registry, "PunctualityChanged");
    await expect(registry.declareLate(1)).not.to.emit(registry, "PunctualityChanged");
    expect(await registry.attestersOf(1)).to.deep.equal([set, 3n]);
  });

  it("leaves what the old attesters had accepted, which the successors may replace", async () => {
    const { registry, successors, distributor } = life;
    const first = reportOf(life, 1, OPENING);
    await publishIt(life, first);
    await at(timesOf(life.deal, 2).payment + 2 * DAY + 1);
    await declare(life);
    const lower = correct(life, first, 2, { funds: 1n });
    await publishBy(life, lower, [present(successors[0])]);
    await networkHelpers.time.increase(DAY);
    await registry.connect(distributor).useReport(lower);
    const next = reportOf(life, 2, present(lower.figures[1]));
    await publishBy(life, next, [present(successors[0])]);
    expect(await registry.latestPeriod(1)).to.equal(2n);
  });

  it("changes no attesters where the terms do not hand over, and is not there where they name none", async () => {
    const stays = await deployLife({ handsOver: false });
    await at(deadline(stays) + 1n);
    await declare(stays);
    expect((await stays.registry.attestersOf(1))[1]).to.equal(2n);
    await publishIt(stays, reportOf(stays, 1, OPENING));
    const none = await deployLife({ defaultGrace: null });
    expect((await none.registry.punctualityOf(1))[3]).to.equal(NEVER);
    await networkHelpers.time.increase(10_000 * DAY);
    await expect(declare(none))
      .to.be.revertedWithCustomError(none.registry, "ServicerNotInDefault")
      .withArgs(1, NEVER);
    await none.registry.declareLate(1);
  });

  it("always finds somebody to hand over to: a deal that hands over keeps successors", async () => {
    const { registry, admin, factory, code, attesters, successors, anyone } = life;
    const names = successors.map((successor) => successor.address);
    expect(await registry.successorsOf(1)).to.deep.equal([names, 1n]);
    const attestation = {
      ...{ attesters: attesters.map((attester) => attester.address), threshold: 2 },
      ...{ successors: [] as string[], successorThreshold: 0 },
    };
    await expect(registry.connect(factory).registerDeal(2, code, attestation))
      .to.be.revertedWithCustomError(registry, "SuccessorsMissing")
      .withArgs(2);
    await expect(
      registry.connect(factory).registerDeal(2, code, { ...attestation, successorThreshold: 1 }),
    ).to.be.revertedWithCustomError(registry, "ThresholdInvalid");
    const book = registry.connect(admin);
    await expect(book.setSuccessors(1, [], 0)).to.be.revertedWithCustomError(
      registry,
      "SuccessorsMissing",
    );
    await expect(book.setSuccessors(1, names.toReversed(), 1)).to.be.revertedWithCustomError(
      registry,
      "AttestersNotAscending",
    );
    await expect(book.setSuccessors(1, names, 2))
      .to.emit(registry, "SuccessorsSet")
      .withArgs(1, names, 2);
    await expect(registry.connect(anyone).setSuccessors(1, names, 1)).to.be.revertedWithCustomError(
      registry,
      "AccessManagedUnauthorized",
    );
    const free = await deployLife({ handsOver: false });
    await free.registry.connect(free.admin).setSuccessors(1, [], 0);
    expect(await free.registry.successorsOf(1)).to.deep.equal([[], 0n]);
  });
});

describe("a pause of reports", () => {
  let life: Life;

  beforeEach(async () => {
    life = await networkHelpers.loadFixture(deployUsualLife);
  });

  it("stops new reports and restatements, and never a challenge, a final report or what it carries", async () => {
    const { registry, admin, verifier, trustee, distributor, anyone } = life;
    const first = reportOf(life, 1, OPENING);
    await publishAndUse(life, first);
    await reach(timesOf(life.deal, 2).determination);
    const corrected = correct(life, first, 2, { funds: 55_100n });
    await restate(life, first, corrected);
    await networkHelpers.time.increase(DAY);
    const next = reportOf(life, 2, present(first.figures[1]));
    await publishIt(life, next);
    await expect(registry.connect(anyone).pauseReports(1)).to.be.revertedWithCustomError(
      registry,
      "AccessManagedUnauthorized",
    );
    await expect(registry.connect(admin).pauseReports(1))
      .to.emit(registry, "ReportsPaused")
      .withArgs(1);
    expect(await registry.reportsPaused(1)).to.equal(true);
    for (const call of [
      () => publishIt(life, { ...next, version: 2 }),
      () => restate(life, corrected, correct(life, first, 3, {})),
      () => registry.connect(admin).pauseReports(1),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(registry, "ReportsArePaused").withArgs(1);
    }
    await registry.connect(verifier).challengeReport(1, 2, 1, REASON);
    await registry.connect(trustee).answerChallenge(1, 2, 1, false, REASON);
    await registry.connect(distributor).useReport(next);
    await registry.connect(distributor).takeDifferences(1, 2, 55_000n);
    await expect(registry.connect(anyone).unpauseReports(1)).to.be.revertedWithCustomError(
      registry,
      "AccessManagedUnauthorized",
    );
    await expect(registry.connect(admin).unpauseReports(1))
      .to.emit(registry, "ReportsUnpaused")
      .withArgs(1);
    await expect(registry.connect(admin).unpauseReports(1))
      .to.be.revertedWithCustomError(registry, "ReportsNotPaused")
      .withArgs(1);
    expect((await registry.acceptedReport(1, 2)).status).to.equal(STATUS.standing);
  });
});
