import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { DAY, timesOf } from "../deals/build-small-terms.ts";
import { present } from "../deals/present.ts";
import { argumentOf, newDealOf, patched } from "../deals/platform-fixture.ts";
import { deployInputsDeal, ethers, INDICES, networkHelpers } from "./inputs-fixture.ts";
import type { InputsFixture } from "./inputs-fixture.ts";

const RATE = 5_250_000n; // 5.25 % as a fraction, 8 decimals
const WAD = 525n * 10n ** 14n;
/** Rounds of a Chainlink proxy: the phase stands above the aggregator's own 64 bits. */
const round = (phase: bigint, number: bigint) => (phase << 64n) | number;

describe("fixing an index", () => {
  let fixture: InputsFixture;
  let fixing: number;

  beforeEach(async () => {
    fixture = await networkHelpers.loadFixture(deployInputsDeal);
    ({ fixing } = fixture);
  });

  const fix = (roundId: bigint | number, index = 0, period = 1, dealId = 1) =>
    fixture.inputs.connect(fixture.anyone).fixIndex(dealId, period, index, roundId);

  async function refuses(
    roundId: bigint | number,
    error: string,
    ...values: unknown[]
  ): Promise<void> {
    await expect(fix(roundId))
      .to.be.revertedWithCustomError(fixture.inputs, error)
      .withArgs(...values);
  }

  it("takes the last round at or before the fixing time, whoever brings it, once", async () => {
    const [feed] = fixture.feeds;
    await feed.setRound(1, RATE - 1n, fixing - DAY);
    await feed.setRound(2, RATE, fixing);
    await feed.setRound(3, RATE + 1n, fixing + 1);
    await expect(fix(2)).to.emit(fixture.inputs, "IndexFixed").withArgs(1, 1, 0, WAD, 2, fixing);
    expect(await fixture.inputs.fixingOf(1, 1, 0)).to.deep.equal([WAD, 2n, BigInt(fixing), true]);
    expect((await fixture.inputs.fixingOf(1, 2, 0)).isFixed).to.equal(false);
    await refuses(2, "IndexFixedBefore", 1, 1, 0);
  });

  it("takes the latest round while there is no later one", async () => {
    await fixture.feeds[0].setRound(7, RATE, fixing - 7 * DAY);
    await fix(7);
    expect((await fixture.inputs.fixingOf(1, 1, 0)).updatedAt).to.equal(fixing - 7 * DAY);
  });

  it("refuses the rounds around it: nobody chooses the fixing", async () => {
    const [feed] = fixture.feeds;
    await feed.setRound(1, RATE, fixing - 2);
    await feed.setRound(2, RATE, fixing - 1);
    await feed.setRound(3, RATE, fixing + 1);
    await refuses(1, "RoundNotLast", 1, 2);
    await refuses(3, "RoundTooLate", fixing + 1, fixing);
    await refuses(4, "RoundIncomplete", await feed.getAddress(), 4);
    await fix(2);
  });

  it("refuses a fixing before its time", async () => {
    const second = timesOf(fixture.terms, 2).fixing;
    await fixture.feeds[0].setRound(1, RATE, fixing);
    await networkHelpers.time.setNextBlockTimestamp(second - 1);
    await expect(fix(1, 0, 2))
      .to.be.revertedWithCustomError(fixture.inputs, "FixingNotDue")
      .withArgs(second - 1, second);
    await fixture.feeds[0].setRound(2, RATE, second);
    await fix(2, 0, 2);
  });

  it("refuses a round that is too old at the fixing time, however late it is brought", async () => {
    const maxAge = 7 * DAY;
    await fixture.feeds[0].setRound(1, RATE, fixing - maxAge - 1);
    await refuses(1, "RoundTooOld", maxAge + 1, maxAge);
    await fixture.feeds[0].setRound(2, RATE, fixing - maxAge);
    await networkHelpers.time.increase(100 * DAY);
    await fix(2);
  });

  it("passes over rounds that were never answered or carry an earlier answer", async () => {
    const [feed] = fixture.feeds;
    await feed.setRound(1, RATE, fixing - 20);
    await feed.setRound(2, 0n, 0); // timed out, never answered
    await feed.setRoundAs(3, { answer: RATE, updatedAt: fixing - 10, answeredInRound: 1 });
    await feed.setRound(4, RATE, fixing + 10);
    const address = await feed.getAddress();
    await refuses(2, "RoundIncomplete", address, 2);
    await refuses(3, "RoundIncomplete", address, 3);
    await fix(1);
  });

  it("does not take a round before a gap when a later one is still in time", async () => {
    const [feed] = fixture.feeds;
    await feed.setRound(1, RATE, fixing - 20);
    await feed.setRound(5, RATE, fixing - 10);
    await refuses(1, "RoundNotLast", 1, 5);
    await feed.setRound(40, RATE, fixing + 1);
    await refuses(5, "FeedUnreadable", await feed.getAddress());
  });

  it("follows a proxy into its next phase", async () => {
    const [feed] = fixture.feeds;
    await feed.setRound(round(1n, 9n), RATE, fixing - 20);
    await feed.setRound(round(3n, 1n), RATE + 1n, fixing - 10);
    await feed.setRound(round(3n, 2n), RATE + 2n, fixing + 10);
    await refuses(round(1n, 9n), "RoundNotLast", round(1n, 9n), round(3n, 1n));
    await fix(round(3n, 1n));
    expect((await fixture.inputs.fixingOf(1, 1, 0)).rate).to.equal(WAD + 10n ** 10n);
  });

  it("takes the last round of a phase when the next one began after the fixing time", async () => {
    const [feed] = fixture.feeds;
    await feed.setRound(round(1n, 9n), RATE, fixing - 20);
    await feed.setRound(round(2n, 1n), RATE + 1n, fixing + 1);
    await fix(round(1n, 9n));
  });

  it("reads percent and fractions, negative rates, and rounds a finer answer down", async () => {
    const { feeds, inputs, terms } = fixture;
    const cases: [index: 0 | 1, answer: bigint, rate: bigint][] = [
      [0, -1n, -(10n ** 10n)], // -0.000001 %
      [1, -5n * 10n ** 17n, -5n * 10n ** 15n], // -0.5 %
      [1, 199n, 1n],
      [1, -100n, -1n],
      [1, -101n, -2n],
    ];
    for (const [i, [index, answer, rate]] of cases.entries()) {
      const time = timesOf(terms, i + 1).fixing;
      await feeds[index].setRound(i + 1, answer, time);
      if (i > 0) await networkHelpers.time.increaseTo(time);
      await fix(i + 1, index, i + 1);
      expect((await inputs.fixingOf(1, i + 1, index)).rate).to.equal(rate);
    }
  });

  it("refuses an answer that is no rate", async () => {
    const limit = 2n ** 127n;
    for (const answer of [limit, -limit - 1n, limit - 1n, 2n ** 255n - 1n]) {
      await fixture.feeds[0].setRound(1, answer, fixing);
      await refuses(1, "RateOutOfRange", answer);
    }
  });

  it("names a feed that cannot be read, and one that changed its decimals", async () => {
    const [feed] = fixture.feeds;
    const address = await feed.getAddress();
    await feed.setRound(1, RATE, fixing);
    await feed.setDown(true);
    await refuses(1, "FeedUnreadable", address);
    await feed.setDown(false);
    await feed.setDecimals(6);
    await refuses(1, "FeedDecimalsChanged", address, 6, 8);
    await feed.setDecimals(8);
    await fix(1);
  });

  it("refuses what the deal lacks", async () => {
    const { inputs, factory } = fixture;
    const cases: [number, number, number, string, unknown[]][] = [
      [1, 1, 2, "IndexUnknown", [1, 2]],
      [2, 1, 0, "IndexUnknown", [2, 0]],
      [1, 0, 0, "PeriodUnknown", [1, 0]],
      [1, 7, 0, "PeriodUnknown", [1, 7]],
    ];
    for (const [dealId, period, index, error, values] of cases) {
      await expect(fix(1, index, period, dealId))
        .to.be.revertedWithCustomError(inputs, error)
        .withArgs(...values);
    }
    await expect(fix(1, 0, 1, 3)).to.be.revertedWithCustomError(factory, "DealUnknown");
  });
});

describe("creating a deal with feeds", () => {
  let fixture: InputsFixture;

  beforeEach(async () => {
    fixture = await networkHelpers.loadFixture(deployInputsDeal);
  });

  it("writes them behind the payees and says which they are", async () => {
    const { factory, deal } = fixture;
    const code = await ethers.provider.getCode(await factory.dealCode(1));
    const feeds = deal.feeds.map((feed) => feed.slice(2)).join("");
    expect(code.endsWith(feeds.toLowerCase())).to.equal(true);
    const [event] = await factory.queryFilter(factory.getEvent("DealCreated")(1));
    expect(present(event).args.feeds).to.deep.equal(deal.feeds);
  });

  it("refuses feeds that are not those of the terms", async () => {
    const { factory, deal, anyone } = fixture;
    const [first, second] = deal.feeds as [string, string];
    // The clock stands behind the closing time of the first deal.
    const shift = 400 * DAY;
    const later = { ...fixture.terms, closingTime: fixture.terms.closingTime + shift };
    const next = newDealOf({ ...fixture, terms: later }, { feeds: [] });
    const creates = (feeds: string[]) => factory.createDeal(argumentOf({ ...next, feeds }));
    for (const feeds of [[], [first], [first, second, second]]) {
      await expect(creates(feeds))
        .to.be.revertedWithCustomError(factory, "FeedCountMismatch")
        .withArgs(feeds.length, INDICES.length);
    }
    for (const [feeds, position] of [
      [[anyone.address, second], 0],
      [[first, ZeroAddress], 1],
      [[first, first], 1],
      [[deal.cashToken, second], 0],
      [[fixture.deployment.reportRegistry, second], 0],
    ] as const) {
      await expect(creates([...feeds]))
        .to.be.revertedWithCustomError(factory, "FeedInvalid")
        .withArgs(position, feeds[position]);
    }
    await creates([first, second]);
  });

  it("refuses a fixing time behind the payment time: the payment would wait for it", async () => {
    const { factory, deal, terms } = fixture;
    const shift = 400 * DAY;
    const later = { ...terms, closingTime: terms.closingTime + shift };
    const next = newDealOf({ ...fixture, terms: later }, { feeds: deal.feeds });
    const rows = (next.terms[40]! << 8) | next.terms[41]!;
    const { payment } = timesOf(later, 2);
    // The second index of the second row.
    const place = rows + (28 + 10) + 28 + 5;
    const late = patched(next.terms, place, payment + 1, 5);
    await expect(factory.createDeal(argumentOf({ ...next, terms: late })))
      .to.be.revertedWithCustomError(factory, "CalendarInvalid")
      .withArgs(2);
    await factory.createDeal(argumentOf({ ...next, terms: patched(late, place, payment, 5) }));
  });
});
