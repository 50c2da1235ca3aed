import { expect } from "chai";
import { DAY, GRACE_SECONDS, timesOf } from "../deals/build-small-terms.ts";
import {
  asDistributor,
  deployInputsDeal,
  fixBoth,
  INITIAL_RATE,
  networkHelpers,
} from "./inputs-fixture.ts";
import type { InputsFixture } from "./inputs-fixture.ts";

const MAX_AGE = 7 * DAY;
const RATE = 5_250_000n;

describe("an index whose feed fixes nothing", () => {
  let fixture: InputsFixture;

  beforeEach(async () => {
    fixture = await networkHelpers.loadFixture(deployInputsDeal);
  });

  const take = (roundId: number | bigint, index = 0, period = 1) =>
    fixture.inputs.connect(fixture.anyone).takeLastRate(1, period, index, roundId);
  const timesOfPeriod = (period: number) => timesOf(fixture.terms, period);
  const clockTo = (time: number) => networkHelpers.time.setNextBlockTimestamp(time);

  it("takes the rate of the period before when the last round is proved too old", async () => {
    await fixBoth(fixture, 1);
    const { payment } = timesOfPeriod(2);
    await clockTo(payment);
    await expect(take(1, 0, 2))
      .to.emit(fixture.inputs, "LastRateTaken")
      .withArgs(1, 2, 0, 525n * 10n ** 14n, true)
      .and.to.emit(fixture.inputs, "IndexFixed")
      .withArgs(1, 2, 0, 525n * 10n ** 14n, 0, 0);
    expect(await fixture.inputs.fixingOf(1, 2, 0)).to.deep.equal([525n * 10n ** 14n, 0n, 0n, true]);
    await take(1, 1, 2);
    const distributor = await asDistributor(fixture);
    await distributor.useInputs(1, 1);
    expect([...(await distributor.useInputs.staticCall(1, 2)).extras]).to.deep.equal([
      525n * 10n ** 14n,
      -5n * 10n ** 15n,
      0n,
    ]);
  });

  it("takes the initial rate of the terms in the first period", async () => {
    await fixture.feeds[1].setRound(1, RATE, fixture.fixing - 2 * DAY - 1);
    await clockTo(timesOfPeriod(1).payment);
    await expect(take(1, 1))
      .to.emit(fixture.inputs, "LastRateTaken")
      .withArgs(1, 1, 1, INITIAL_RATE, true);
    await fixture.feeds[0].setRound(1, RATE, fixture.fixing - MAX_AGE - 1);
    await expect(take(1)).to.emit(fixture.inputs, "LastRateTaken").withArgs(1, 1, 0, 0, true);
  });

  it("waits for the payment time, even with a proof", async () => {
    const { payment } = timesOfPeriod(1);
    await fixture.feeds[0].setRound(1, RATE, fixture.fixing - MAX_AGE - 1);
    await clockTo(payment - 1);
    await expect(take(1))
      .to.be.revertedWithCustomError(fixture.inputs, "FallbackNotDue")
      .withArgs(payment - 1, payment);
    await clockTo(payment);
    await take(1);
  });

  it("is proved by the gap itself when the feed has come back since", async () => {
    const [feed] = fixture.feeds;
    const old = fixture.fixing - MAX_AGE - 1;
    await feed.setRound(1, RATE, old);
    await feed.setRound(2, RATE + 1n, fixture.fixing + 1);
    await clockTo(timesOfPeriod(1).payment);
    await take(1);
  });

  it("is refused while a round of the feed is the fixing, or another round is the last", async () => {
    const { inputs, feeds, fixing } = fixture;
    await feeds[0].setRound(1, RATE, fixing - MAX_AGE - 1);
    await feeds[0].setRound(2, RATE, fixing - MAX_AGE);
    await feeds[0].setRound(3, RATE, fixing + 1);
    await clockTo(timesOfPeriod(1).payment);
    await expect(take(1)).to.be.revertedWithCustomError(inputs, "RoundNotLast").withArgs(1, 2);
    await expect(take(2))
      .to.be.revertedWithCustomError(inputs, "RoundInTime")
      .withArgs(MAX_AGE, MAX_AGE);
    await expect(take(3)).to.be.revertedWithCustomError(inputs, "RoundTooLate");
    await expect(take(4)).to.be.revertedWithCustomError(inputs, "RoundIncomplete");
    await inputs.fixIndex(1, 1, 0, 2);
    await expect(take(1)).to.be.revertedWithCustomError(inputs, "IndexFixedBefore");
  });

  it("needs no proof once the deal is late: a dead feed proves nothing", async () => {
    const { inputs, feeds } = fixture;
    await feeds[0].setRound(1, RATE, fixture.fixing);
    await feeds[0].setDown(true);
    const late = timesOfPeriod(1).payment + GRACE_SECONDS;
    await clockTo(late);
    await expect(take(1)).to.be.revertedWithCustomError(inputs, "FeedUnreadable");
    await clockTo(late + 1);
    await expect(take(1)).to.emit(inputs, "LastRateTaken").withArgs(1, 1, 0, 0, false);
    await feeds[1].setDecimals(6);
    await take(0, 1);
    await (await asDistributor(fixture)).useInputs(1, 1);
  });

  it("needs the fixing of the period before: the chain of rates has no hole", async () => {
    await clockTo(timesOfPeriod(2).payment + GRACE_SECONDS + 1);
    await expect(take(0, 0, 2))
      .to.be.revertedWithCustomError(fixture.inputs, "FixingMissing")
      .withArgs(1, 1, 0);
    await take(0, 0, 1);
    await take(0, 0, 2);
  });

  it("is refused for what the deal lacks", async () => {
    const { inputs } = fixture;
    await expect(take(1, 2)).to.be.revertedWithCustomError(inputs, "IndexUnknown");
    await expect(take(1, 0, 7)).to.be.revertedWithCustomError(inputs, "PeriodUnknown");
  });
});
