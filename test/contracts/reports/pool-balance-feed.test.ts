import { expect } from "chai";
import type { AnyContract } from "../deals/any-contract.ts";
import { timesOf } from "../deals/build-small-terms.ts";
import {
  deployRegisteredDeal,
  ethers,
  firstReport,
  networkHelpers,
  nextReport,
  publish,
  publishAndUse,
} from "./registry-fixture.ts";
import type { Fixture, Report } from "./registry-fixture.ts";
import { present } from "../deals/present.ts";

describe("the pool balance feed", () => {
  let fixture: Fixture;
  let feed: AnyContract;
  let report: Report;

  async function withFeed() {
    const base = await deployRegisteredDeal();
    const address = await base.registry.getAddress();
    return { base, pool: await ethers.deployContract("PoolBalanceFeed", [address, 1]) };
  }

  beforeEach(async () => {
    const { base, pool } = await networkHelpers.loadFixture(withFeed);
    fixture = base;
    feed = pool;
    report = firstReport(fixture);
  });

  it("says what it is: cents of one deal's pool", async () => {
    expect(await feed.decimals()).to.equal(2n);
    expect(await feed.version()).to.equal(1n);
    expect(await feed.description()).to.equal("Penstock pool balance, deal 1");
    expect(await feed.reports()).to.equal(await fixture.registry.getAddress());
    expect(await feed.dealId()).to.equal(1n);
  });

  it("[R5] reverts while nothing was reported, and for rounds that do not exist", async () => {
    await expect(feed.latestRoundData())
      .to.be.revertedWithCustomError(feed, "NoReport")
      .withArgs(0);
    await publish(fixture, report);
    for (const round of [0n, 2n, 2n ** 16n + 1n, 2n ** 80n - 1n]) {
      await expect(feed.getRoundData(round)).to.be.revertedWithCustomError(feed, "NoReport");
    }
  });

  it("[R5] answers zero when the pool has run off, which is not the same as nothing", async () => {
    await publish(fixture, { ...report, figures: report.figures.with(1, 0n).with(2, 0n) });
    expect((await feed.latestRoundData()).answer).to.equal(0n);
  });

  it("serves every period as a round", async () => {
    const expected: bigint[][] = [];
    for (let period = 1; period <= 3; period++) {
      await networkHelpers.time.increaseTo(timesOf(fixture.deal, period).determination + 60);
      const { blockNumber } = await publishAndUse(fixture, report);
      const at = BigInt(present(await ethers.provider.getBlock(blockNumber)).timestamp);
      expected.push([BigInt(period), present(report.figures[1]), at, at, BigInt(period)]);
      expect(await feed.latestRoundData()).to.deep.equal(expected.at(-1));
      report = nextReport(report);
    }
    for (const [index, round] of expected.entries()) {
      expect(await feed.getRoundData(index + 1)).to.deep.equal(round);
    }
  });

  it("gives the new answer and a later time when an unused report is replaced", async () => {
    await publish(fixture, report);
    const before = await feed.latestRoundData();
    await publish(fixture, { ...report, version: 2, figures: report.figures.with(1, 990_000n) });
    const after = await feed.latestRoundData();
    expect(after.roundId).to.equal(before.roundId);
    expect(after.answer).to.equal(990_000n);
    expect(after.updatedAt).to.be.greaterThan(before.updatedAt);
  });
});
