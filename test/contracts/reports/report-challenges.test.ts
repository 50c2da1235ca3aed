import { expect } from "chai";
import { ZeroHash } from "ethers";
import { present } from "../deals/present.ts";
import {
  correct,
  DAY,
  deployLife,
  deployUsualLife,
  HOUR,
  networkHelpers,
  publishIt,
  REASON,
  reportOf,
  STATUS,
  timesOf,
} from "./life-fixture.ts";
import type { Life, Report } from "./life-fixture.ts";

const OPENING = 1_050_000n;

describe("the challenge window of a report", () => {
  let life: Life;
  let report: Report;

  beforeEach(async () => {
    life = await networkHelpers.loadFixture(deployUsualLife);
    report = reportOf(life, 1, OPENING);
  });

  const use = (which = report) => life.registry.connect(life.distributor).useReport(which);
  const accepted = () => life.registry.acceptedReport(1, 1);
  const at = (time: bigint | number) => networkHelpers.time.setNextBlockTimestamp(time);

  it("[R1] makes a report final a day after its acceptance, to the second, and not usable before", async () => {
    const { registry } = life;
    await publishIt(life, report);
    const { acceptedAt, finalAt, status } = await accepted();
    expect([finalAt - acceptedAt, status]).to.deep.equal([BigInt(DAY), STATUS.standing]);
    await at(finalAt - 1n);
    await expect(use())
      .to.be.revertedWithCustomError(registry, "ReportNotFinal")
      .withArgs(1, 1, finalAt);
    await at(finalAt);
    await use();
    expect((await accepted()).used).to.equal(true);
  });

  it("is open to the verifier until the second before, and to nobody from that second on", async () => {
    const { registry, verifier, trustee } = life;
    await publishIt(life, report);
    const { finalAt } = await accepted();
    const snapshot = await networkHelpers.takeSnapshot();
    await at(finalAt - 1n);
    await expect(registry.connect(verifier).challengeReport(1, 1, 1, REASON))
      .to.emit(registry, "ReportChallenged")
      .withArgs(1, 1, 1, verifier.address, 0, REASON, finalAt - 1n + BigInt(12 * HOUR));
    await snapshot.restore();
    for (const [i, caller] of [verifier, trustee].entries()) {
      await at(finalAt + BigInt(i));
      await expect(registry.connect(caller).challengeReport(1, 1, 1, REASON))
        .to.be.revertedWithCustomError(registry, "ChallengeTimeOver")
        .withArgs(finalAt + BigInt(i), finalAt);
    }
  });

  it("gives the trustee the answer time of the terms, and never makes a report final earlier", async () => {
    const { registry, verifier } = life;
    await publishIt(life, report);
    const { finalAt } = await accepted();
    await registry.connect(verifier).challengeReport(1, 1, 1, REASON);
    const challenged = await accepted();
    // Challenged an instant after acceptance: 12 hours from there end before the day does.
    expect([challenged.status, challenged.finalAt]).to.deep.equal([STATUS.challenged, finalAt]);
  });

  it("lets a report stand that nobody answered for: a silent trustee delays, and stops nothing", async () => {
    const { registry, verifier, trustee } = life;
    await publishIt(life, report);
    await at((await accepted()).finalAt - 100n);
    await registry.connect(verifier).challengeReport(1, 1, 1, REASON);
    const { finalAt } = await accepted();
    await at(finalAt - 1n);
    await expect(use()).to.be.revertedWithCustomError(registry, "ReportNotFinal");
    await at(finalAt);
    await expect(
      registry.connect(trustee).answerChallenge(1, 1, 1, true, REASON),
    ).to.be.revertedWithCustomError(registry, "ChallengeTimeOver");
    await use();
  });

  it("[R2] ends with a rejected report when the trustee upholds: it pays nothing, and the next version may come", async () => {
    const { registry, verifier, trustee } = life;
    await publishIt(life, report);
    await registry.connect(verifier).challengeReport(1, 1, 1, REASON);
    await expect(registry.connect(trustee).answerChallenge(1, 1, 1, true, REASON))
      .to.emit(registry, "ReportRejected")
      .withArgs(1, 1, 1, REASON);
    const rejected = await accepted();
    expect([rejected.status, rejected.finalAt]).to.deep.equal([
      STATUS.rejected,
      BigInt(await networkHelpers.time.latest()),
    ]);
    await networkHelpers.time.increase(30 * DAY);
    await expect(use()).to.be.revertedWithCustomError(registry, "ReportNotStanding").withArgs(1, 1);
    await expect(publishIt(life, report)).to.be.revertedWithCustomError(
      registry,
      "VersionOutOfOrder",
    );
    const second = correct(life, report, 2, { funds: 54_000n });
    await publishIt(life, second);
    expect((await accepted()).status).to.equal(STATUS.standing);
    await networkHelpers.time.increase(DAY);
    await use(second);
  });

  it("ends at once when the trustee dismisses: the report stands and is final", async () => {
    const { registry, verifier, trustee } = life;
    await publishIt(life, report);
    await registry.connect(verifier).challengeReport(1, 1, 1, REASON);
    await expect(registry.connect(trustee).answerChallenge(1, 1, 1, false, ZeroHash))
      .to.emit(registry, "ChallengeDismissed")
      .withArgs(1, 1, 1, ZeroHash);
    await expect(
      registry.connect(verifier).challengeReport(1, 1, 1, REASON),
    ).to.be.revertedWithCustomError(registry, "ChallengeTimeOver");
    await use();
  });

  it("takes the trustee's own challenge as its answer", async () => {
    const { registry, trustee } = life;
    await publishIt(life, report);
    await expect(registry.connect(trustee).challengeReport(1, 1, 1, REASON))
      .to.emit(registry, "ReportRejected")
      .withArgs(1, 1, 1, REASON)
      .and.to.emit(registry, "ReportChallenged");
    await expect(
      registry.connect(trustee).answerChallenge(1, 1, 1, false, REASON),
    ).to.be.revertedWithCustomError(registry, "VersionNotOpen");
  });

  it("lets one who is verifier and trustee act as trustee", async () => {
    const both = await deployLife({ verifier: 0 });
    await publishIt(both, reportOf(both, 1, OPENING));
    await both.registry.connect(both.trustee).challengeReport(1, 1, 1, REASON);
    expect((await both.registry.acceptedReport(1, 1)).status).to.equal(STATUS.rejected);
  });

  it("is answered by the payee whom the terms name as trustee, not by the first", async () => {
    const swapped = await deployLife({ verifier: 0, trustee: 1 });
    const { registry, trustee: first, verifier: second } = swapped;
    await publishIt(swapped, reportOf(swapped, 1, OPENING));
    await registry.connect(first).challengeReport(1, 1, 1, REASON);
    expect((await registry.acceptedReport(1, 1)).status).to.equal(STATUS.challenged);
    await expect(registry.connect(second).answerChallenge(1, 1, 1, true, REASON))
      .to.emit(registry, "ReportRejected")
      .withArgs(1, 1, 1, REASON);
  });

  it("takes one challenge a version, an answer to one only, and each from nobody but whom the terms name", async () => {
    const { registry, verifier, trustee, anyone, admin, factory, distributor } = life;
    await publishIt(life, report);
    for (const caller of [anyone, admin, factory, distributor, present(life.attesters[0])]) {
      await expect(registry.connect(caller).challengeReport(1, 1, 1, REASON))
        .to.be.revertedWithCustomError(registry, "CallerMayNotChallenge")
        .withArgs(caller.address);
      await expect(registry.connect(caller).answerChallenge(1, 1, 1, true, REASON))
        .to.be.revertedWithCustomError(registry, "CallerNotTrustee")
        .withArgs(caller.address, trustee.address);
    }
    await expect(
      registry.connect(trustee).answerChallenge(1, 1, 1, false, REASON),
    ).to.be.revertedWithCustomError(registry, "ChallengeMissing");
    await registry.connect(verifier).challengeReport(1, 1, 1, REASON);
    for (const caller of [verifier, trustee]) {
      await expect(
        registry.connect(caller).challengeReport(1, 1, 1, REASON),
      ).to.be.revertedWithCustomError(registry, "ChallengedBefore");
    }
  });

  it("is asked for the version that stands, and for no used, replaced or missing one", async () => {
    const { registry, verifier } = life;
    const challenge = (period: number, version: number) =>
      registry.connect(verifier).challengeReport(1, period, version, REASON);
    const refused = async (period: number, version: number) =>
      expect(challenge(period, version))
        .to.be.revertedWithCustomError(registry, "VersionNotOpen")
        .withArgs(1, period, version);
    for (const [period, version] of [
      [0, 0],
      [1, 1],
      [2, 1],
      [65_535, 0],
    ] as const) {
      await refused(period, version);
    }
    await publishIt(life, report);
    const second = correct(life, report, 2, { funds: 54_000n });
    await challenge(1, 1);
    await publishIt(life, second);
    expect((await accepted()).status).to.equal(STATUS.standing);
    await refused(1, 1);
    await networkHelpers.time.increase(DAY);
    await use(second);
    await refused(1, 2);
    await expect(
      registry.connect(verifier).challengeReport(2, 1, 1, REASON),
    ).to.be.revertedWithCustomError(registry, "DealUnknown");
  });

  it("is not there in a deal without one: nobody can challenge, and a report is final at once", async () => {
    const plain = { window: 0, answer: 0, holdersBps: null, trustee: null, verifier: null };
    const open = await deployLife(plain);
    const first = reportOf(open, 1, OPENING);
    await publishIt(open, first);
    for (const caller of [open.trustee, open.verifier]) {
      await expect(
        open.registry.connect(caller).challengeReport(1, 1, 1, REASON),
      ).to.be.revertedWithCustomError(open.registry, "ChallengeTimeOver");
    }
    await open.registry.connect(open.distributor).useReport(first);
  });

  it("[R5] keeps a balance that is not final, or rejected, out of the pool balance", async () => {
    const { registry, trustee } = life;
    const unknown = (period: number) =>
      expect(registry.poolBalanceAt(1, period))
        .to.be.revertedWithCustomError(registry, "ReportUnknown")
        .withArgs(1, period);
    await publishIt(life, report);
    await unknown(1);
    await expect(registry.poolBalance(1))
      .to.be.revertedWithCustomError(registry, "ReportUnknown")
      .withArgs(1, 0);
    const { finalAt, acceptedAt } = await accepted();
    await networkHelpers.time.increaseTo(finalAt);
    expect(await registry.poolBalance(1)).to.deep.equal([1n, 999_000n, acceptedAt]);
    await use();
    await networkHelpers.time.increaseTo(timesOf(life.deal, 2).determination);
    await publishIt(life, reportOf(life, 2, 999_000n));
    expect(await registry.poolBalance(1)).to.deep.equal([1n, 999_000n, acceptedAt]);
    await registry.connect(trustee).challengeReport(1, 2, 1, REASON);
    await networkHelpers.time.increase(2 * DAY);
    expect((await registry.poolBalance(1))[0]).to.equal(1n);
    await unknown(2);
  });
});

describe("the identities of a report", () => {
  it("hold, each figure with its sign, or the report is refused", async () => {
    const life = await networkHelpers.loadFixture(deployUsualLife);
    const report = reportOf(life, 1, OPENING);
    // 1,050,000 - 999,001 - 50,000 - 1,000 = -1
    const wrong = { ...report, figures: report.figures.with(1, 999_001n) };
    await expect(publishIt(life, wrong))
      .to.be.revertedWithCustomError(life.registry, "IdentityBroken")
      .withArgs(0, -1);
    await publishIt(life, report);
  });

  it("are all looked at, in the order of the terms", async () => {
    const plus = (figure: number) => ({ figure, subtracted: false });
    const minus = (figure: number) => ({ figure, subtracted: true });
    const identities = [
      [plus(6), minus(7)],
      [plus(8), plus(11), minus(9)],
    ];
    const life = await deployLife({ identities });
    const { registry } = life;
    const report = reportOf(life, 1, OPENING);
    await expect(publishIt(life, report))
      .to.be.revertedWithCustomError(registry, "IdentityBroken")
      .withArgs(1, -250);
    report.figures[8] = 250n;
    report.figures[6] = 3n;
    await expect(publishIt(life, report))
      .to.be.revertedWithCustomError(registry, "IdentityBroken")
      .withArgs(0, 3);
    report.figures[7] = 3n;
    await publishIt(life, report);
  });
});
