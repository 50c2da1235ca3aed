import { expect } from "chai";
import { AbiCoder, keccak256, TypedDataEncoder } from "ethers";
import { timesOf } from "../deals/build-small-terms.ts";
import {
  deployRegisteredDeal,
  ethers,
  firstReport,
  networkHelpers,
  nextReport,
  publish,
  publishAndUse,
  REPORT_TYPES,
  use,
} from "./registry-fixture.ts";
import type { Fixture, Report } from "./registry-fixture.ts";
import { present } from "../deals/present.ts";

describe("publishing a report", () => {
  let fixture: Fixture;
  let report: Report;

  beforeEach(async () => {
    fixture = await networkHelpers.loadFixture(deployRegisteredDeal);
    report = firstReport(fixture);
  });

  it("[R2] accepts the first report of the first period and keeps what the next one rolls from", async () => {
    const { registry } = fixture;
    await publish(fixture, report);
    const accepted = await registry.acceptedReport(1, 1);
    const structHash = TypedDataEncoder.hashStruct("Report", REPORT_TYPES, report);
    expect(accepted.reportHash).to.equal(structHash);
    expect(accepted.poolClosing).to.equal(1_000_000n);
    expect(accepted.loanCount).to.equal(97n);
    expect(accepted.version).to.equal(1n);
    expect(accepted.used).to.equal(false);
    expect(accepted.acceptedAt).to.equal(await networkHelpers.time.latest());
    expect(await registry.latestPeriod(1)).to.equal(1n);
    expect(await registry.poolBalance(1)).to.deep.equal([1n, 1_000_000n, accepted.acceptedAt]);
  });

  it("commits the root of the tape together with the sums that the report states", async () => {
    await publish(fixture, report);
    const words = ["bytes32", "int256", "int256"];
    const commitment = keccak256(
      AbiCoder.defaultAbiCoder().encode(words, [report.tapeRoot, 97n, 1_000_000n]),
    );
    expect(await fixture.registry.tapeCommitment(1, 1)).to.equal(commitment);
  });

  it("emits every figure, so that an outsider needs events alone", async () => {
    const { registry, attesters } = fixture;
    const structHash = TypedDataEncoder.hashStruct("Report", REPORT_TYPES, report);
    await expect(publish(fixture, report))
      .to.emit(registry, "ReportPublished")
      .withArgs(
        1n,
        1n,
        1n,
        structHash,
        report.tapeRoot,
        report.closeHash,
        report.resultHash,
        report.figures,
        attesters.slice(0, 2).map((attester) => attester.address),
      );
  });

  it("serves the digest that a wallet signs as EIP-712 typed data", async () => {
    const { registry } = fixture;
    const { chainId } = await ethers.provider.getNetwork();
    const domain = {
      name: "Penstock",
      version: "1",
      chainId,
      verifyingContract: await registry.getAddress(),
    };
    const digest = TypedDataEncoder.hash(domain, REPORT_TYPES, report);
    expect(await registry.reportDigest(report)).to.equal(digest);
    const [, name, version, chain, contract] = await registry.eip712Domain();
    expect([name, version, chain, contract]).to.deep.equal(Object.values(domain));
  });

  it("[R7] takes a negative adjustment by its sign, inside its bounds and not below them", async () => {
    const last = report.figures.length - 1;
    report.figures[last] = -50_000n;
    await publishAndUse(fixture, report);
    const below = { ...nextReport(report) };
    below.figures[last] = -50_001n;
    await networkHelpers.time.increaseTo(timesOf(fixture.deal, 2).determination);
    await expect(publish(fixture, below))
      .to.be.revertedWithCustomError(fixture.registry, "FigureOutOfBounds")
      .withArgs(last, -50_001n, -50_000n, 50_000n);
  });

  it("refuses each figure below its minimum and above its maximum", async () => {
    for (const [index, [minimum, maximum]] of fixture.deal.bounds.entries()) {
      for (const value of [minimum - 1n, maximum + 1n, 2n ** 255n - 1n, -(2n ** 255n)]) {
        const figures = report.figures.with(index, value);
        await expect(publish(fixture, { ...report, figures }))
          .to.be.revertedWithCustomError(fixture.registry, "FigureOutOfBounds")
          .withArgs(index, value, minimum, maximum);
      }
    }
  });

  it("refuses a report with more or fewer figures than the deal declares", async () => {
    for (const figures of [report.figures.slice(0, -1), [...report.figures, 0n], []]) {
      await expect(publish(fixture, { ...report, figures }))
        .to.be.revertedWithCustomError(fixture.registry, "FigureCountMismatch")
        .withArgs(figures.length, 12);
    }
  });

  it("refuses a report before the collection period has ended, and takes it in its last second", async () => {
    await publishAndUse(fixture, report);
    const next = nextReport(report);
    const { determination } = timesOf(fixture.deal, 2);
    await networkHelpers.time.setNextBlockTimestamp(determination - 1);
    await expect(publish(fixture, next))
      .to.be.revertedWithCustomError(fixture.registry, "ReportTooEarly")
      .withArgs(determination - 1, determination);
    await networkHelpers.time.setNextBlockTimestamp(determination);
    await publish(fixture, next);
    expect(await fixture.registry.latestPeriod(1)).to.equal(2n);
  });

  it("[T2] opens the pool where it last closed, and in period 1 at the cut-off balance", async () => {
    const { registry } = fixture;
    await expect(publish(fixture, { ...report, figures: report.figures.with(0, 1_049_999n) }))
      .to.be.revertedWithCustomError(registry, "OpeningMismatch")
      .withArgs(1_049_999n, 1_050_000n);
    await publishAndUse(fixture, report);
    await networkHelpers.time.increaseTo(timesOf(fixture.deal, 2).determination);
    const next = nextReport(report);
    await expect(publish(fixture, { ...next, figures: next.figures.with(0, 1_050_000n) }))
      .to.be.revertedWithCustomError(registry, "OpeningMismatch")
      .withArgs(1_050_000n, 1_000_000n);
    await publish(fixture, next);
    const again = { ...next, version: 2 };
    await expect(
      publish(fixture, { ...again, figures: next.figures.with(0, present(next.figures[1])) }),
    )
      .to.be.revertedWithCustomError(registry, "OpeningMismatch")
      .withArgs(990_000n, 1_000_000n);
    await publish(fixture, again);
  });

  it("[R2] refuses a period out of order and takes the right one afterwards", async () => {
    const { registry } = fixture;
    await networkHelpers.time.increaseTo(timesOf(fixture.deal, 6).determination);
    for (const period of [0, 2, 65_535]) {
      await expect(publish(fixture, { ...report, period }))
        .to.be.revertedWithCustomError(registry, "PeriodOutOfOrder")
        .withArgs(period, 0);
    }
    await publishAndUse(fixture, report);
    await publish(fixture, nextReport(report));
    await expect(publish(fixture, report)).to.be.revertedWithCustomError(
      registry,
      "PeriodOutOfOrder",
    );
    expect(await registry.latestPeriod(1)).to.equal(2n);
  });

  it("refuses a period after the deal's last one", async () => {
    await networkHelpers.time.increaseTo(timesOf(fixture.deal, 6).determination + 10 ** 8);
    let next = report;
    for (let period = 1; period <= 6; period++) {
      await publishAndUse(fixture, next);
      next = nextReport(next);
    }
    await expect(publish(fixture, next))
      .to.be.revertedWithCustomError(fixture.registry, "PeriodAfterLast")
      .withArgs(7, 6);
  });

  it("[R6] leaves the same state when a report is brought twice", async () => {
    const { registry } = fixture;
    await publish(fixture, report);
    const before = await registry.acceptedReport(1, 1);
    await expect(publish(fixture, report))
      .to.be.revertedWithCustomError(registry, "VersionOutOfOrder")
      .withArgs(1, 2);
    expect(await registry.acceptedReport(1, 1)).to.deep.equal(before);
  });

  it("[R8] replaces the last report by the next version until a distribution has used it", async () => {
    const { registry, distributor } = fixture;
    await publish(fixture, report);
    const second = { ...report, version: 2, figures: report.figures.with(3, 54_000n) };
    await expect(publish(fixture, { ...second, version: 3 }))
      .to.be.revertedWithCustomError(registry, "VersionOutOfOrder")
      .withArgs(3, 2);
    await publish(fixture, second);
    expect((await registry.acceptedReport(1, 1)).version).to.equal(2n);
    await expect(registry.connect(distributor).useReport(report)).to.be.revertedWithCustomError(
      registry,
      "ReportMismatch",
    );
    await registry.connect(distributor).useReport(second);
    await expect(publish(fixture, { ...second, version: 3 }))
      .to.be.revertedWithCustomError(registry, "ReportAlreadyUsed")
      .withArgs(1, 1);
  });

  it("[R2] lets no report follow one that waits for its distribution, so that this one can be replaced", async () => {
    const { registry } = fixture;
    await publish(fixture, report);
    await networkHelpers.time.increaseTo(timesOf(fixture.deal, 2).determination);
    await expect(publish(fixture, nextReport(report)))
      .to.be.revertedWithCustomError(registry, "ReportNotUsed")
      .withArgs(1, 1);
    const lowered = { ...report, version: 2, figures: report.figures.with(3, 1n) };
    await publish(fixture, lowered);
    await use(fixture, lowered);
    await publish(fixture, nextReport(lowered));
    expect(await registry.latestPeriod(1)).to.equal(2n);
    await expect(publish(fixture, { ...report, version: 3 }))
      .to.be.revertedWithCustomError(registry, "PeriodOutOfOrder")
      .withArgs(1, 2);
  });

  it("refuses a report made for other terms and one for a deal that does not exist", async () => {
    const termsHash = keccak256("0x99");
    await expect(publish(fixture, { ...report, termsHash }))
      .to.be.revertedWithCustomError(fixture.registry, "TermsMismatch")
      .withArgs(termsHash, fixture.termsHash);
    await expect(publish(fixture, { ...report, dealId: 2n }))
      .to.be.revertedWithCustomError(fixture.registry, "DealUnknown")
      .withArgs(2);
  });
});

describe("the cost of a report", () => {
  it("stays below 150,000 gas with two signatures and twelve figures", async () => {
    const fixture = await networkHelpers.loadFixture(deployRegisteredDeal);
    // Figures of a pool of two billion: as many bytes of calldata as a large deal has.
    let report: Report = { ...firstReport(fixture), resultHash: keccak256("0x03") };
    report.figures = report.figures.map((figure, i) =>
      i < 3 ? figure : 198_765_432_101n + figure,
    );
    report.figures[11] = -49_999n;
    const costs: [string, bigint][] = [];
    for (const state of ["period 1", "period 2", "period 3"]) {
      await networkHelpers.time.increaseTo(timesOf(fixture.deal, report.period).determination + 60);
      const receipt = await (await publish(fixture, report)).wait();
      costs.push([`publishReport, two signatures, 12 figures, ${state}`, present(receipt).gasUsed]);
      if (report.period === 3) break;
      await use(fixture, report);
      report = nextReport(report);
    }
    const replaced = await (await publish(fixture, { ...report, version: 2 })).wait();
    costs.push(["publishReport, replaces an unused one", present(replaced).gasUsed]);
    for (const [state, gas] of costs) console.log(`      ${state}: ${gas}`);
    for (const [, gas] of costs) expect(gas).to.be.lessThan(150_000n);
  });
});
