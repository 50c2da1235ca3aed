import { expect } from "chai";
import { concat, getBytes, keccak256, toBeHex } from "ethers";
import type { AnyContract } from "../deals/any-contract.ts";
import { DAY, buildSmallTerms, smallDeal, timesOf } from "../deals/build-small-terms.ts";
import { argumentOf, newDealOf } from "../deals/platform-fixture.ts";
import { deployInputsDeal } from "./inputs-fixture.ts";
import type { InputsFixture } from "./inputs-fixture.ts";
import * as inputs from "./inputs-fixture.ts";
import * as reports from "./registry-fixture.ts";

describe("A report's fixed figures", () => {
  /** A deal whose terms allow what no pool can have: each of the four fixed figures below zero. */
  async function looseDeal() {
    const base = await reports.deployRegistry();
    const small = smallDeal((await reports.networkHelpers.time.latest()) + 1_000);
    const bounds = small.bounds.map(([, most], i): [bigint, bigint] =>
      i < 4 ? [-10n, most] : small.bounds[i]!,
    );
    const deal = { ...small, bounds };
    const terms = buildSmallTerms(deal);
    const code = await reports.writeDealCode(base.factory, terms);
    const signers = base.attesters.slice(0, 3).map(({ address }) => address);
    await base.registry.connect(base.factory).getFunction("registerDeal")(
      ...[1, code, reports.attestedBy(signers, 2)],
    );
    await reports.networkHelpers.time.increaseTo(timesOf(deal, 1).determination);
    return { ...base, deal, terms, code, termsHash: keccak256(terms) };
  }

  it("are never negative, whatever the terms allow, and the first one that is gets named [R7]", async () => {
    const fixture = await reports.networkHelpers.loadFixture(looseDeal);
    const good = reports.firstReport(fixture);
    for (const index of [0, 1, 2, 3]) {
      const figures = good.figures.map((figure, i) => (i === index ? -7n : figure));
      await expect(reports.publish(fixture, { ...good, figures }))
        .to.be.revertedWithCustomError(fixture.registry, "FigureNegative")
        .withArgs(index, -7);
    }
    await reports.publish(fixture, good);
  });
});

describe("A feed at its edges", () => {
  let fixture: InputsFixture;

  beforeEach(async () => {
    fixture = await inputs.networkHelpers.loadFixture(deployInputsDeal);
  });

  it("fixes no rate beyond what a rate can be, on either side [R7]", async () => {
    const { feeds, inputs: contract, fixing } = fixture;
    const [feed] = feeds;
    // Eight decimals of a fraction: times 10^10. 2^127 x 10^10 is far outside; so is its negative.
    for (const [round, answer] of [
      [1, 2n ** 126n],
      [2, -(2n ** 126n)],
      [3, 2n ** 128n],
      [4, -(2n ** 128n)],
    ] as const) {
      await feed.getFunction("setRound")(round, answer, fixing);
      await expect(contract.getFunction("fixIndex")(1, 1, 0, round))
        .to.be.revertedWithCustomError(contract, "RateOutOfRange")
        .withArgs(answer);
    }
  });

  it("that says its decimals no more is named as unreadable", async () => {
    const { feeds, inputs: contract, fixing } = fixture;
    await feeds[0].getFunction("setRound")(1, 5_250_000n, fixing);
    await inputs.networkHelpers.setCode(await feeds[0].getAddress(), "0xfe");
    await expect(contract.getFunction("fixIndex")(1, 1, 0, 1))
      .to.be.revertedWithCustomError(contract, "FeedUnreadable")
      .withArgs(await feeds[0].getAddress());
  });

  it("takes no round beyond the latest, though the feed answers it", async () => {
    const { feeds, inputs: contract, fixing } = fixture;
    const [feed] = feeds;
    await feed.getFunction("setRound")(2, 5_250_000n, fixing);
    // Round 1 becomes the latest: round 2 is still answered, as by a feed that has gone back.
    await feed.getFunction("setRound")(1, 5_000_000n, fixing - DAY);
    await expect(contract.getFunction("fixIndex")(1, 1, 0, 2)).to.be.revertedWithCustomError(
      ...[contract, "RoundIncomplete"],
    );
    await contract.getFunction("fixIndex")(1, 1, 0, 1);
  });

  it("that answers another round than it is asked for has no such round", async () => {
    const { feeds, inputs: contract, fixing } = fixture;
    const words = [8n, 5_250_000n, BigInt(fixing), BigInt(fixing), 8n];
    const data = concat(words.map((word) => toBeHex(word, 32)));
    // Answers everything with these words: eight decimals, and round 8.
    const code = concat(["0x61", toBeHex(160, 2), "0x80600a5f395ff3", data]);
    await inputs.networkHelpers.setCode(await feeds[0].getAddress(), code);
    await expect(contract.getFunction("fixIndex")(1, 1, 0, 1)).to.be.revertedWithCustomError(
      ...[contract, "RoundIncomplete"],
    );
    await contract.getFunction("fixIndex")(1, 1, 0, 8);
  });

  it("is all that a run asks for where the terms know no notices", async () => {
    const { factory, terms } = fixture;
    const feed = await inputs.ethers.deployContract("MockIndexFeed", [8]);
    const small = { ...terms, indices: inputs.INDICES.slice(0, 1), notices: [], buys: false };
    const deal = newDealOf(fixture, {
      terms: getBytes(buildSmallTerms({ ...small, closingTime: terms.closingTime + 30 * DAY })),
      feeds: [await feed.getAddress()],
    });
    await factory.getFunction("createDeal")(argumentOf(deal));
    const time = timesOf({ ...small, closingTime: terms.closingTime + 30 * DAY }, 1).fixing;
    await inputs.networkHelpers.time.increaseTo(time);
    await feed.getFunction("setRound")(1, 5_250_000n, time);
    const contract = fixture.inputs;
    await contract.getFunction("fixIndex")(3, 1, 0, 1);
    const distributor = await inputs.asDistributor(fixture);
    const [extras, notices] = await distributor.useInputs.staticCall(3, 1);
    expect([[...extras], notices]).to.deep.equal([[525n * 10n ** 14n], 0n]);
  });
});

describe("A notice that counts once", () => {
  it("does so wherever it stands among the notices of the terms", async () => {
    const fixture = await inputs.networkHelpers.loadFixture(deployInputsDeal);
    const distributor = await inputs.asDistributor(fixture);
    const run = async (period: number): Promise<bigint> => {
      await inputs.fixBoth(fixture, period);
      const { notices } = await distributor.useInputs.staticCall(1, period);
      await distributor.useInputs(1, period);
      return notices;
    };
    // The third of three, which the residual holder gives.
    const giver = fixture.inputs.connect(fixture.residual) as AnyContract;
    await giver.giveNotice(1, inputs.NOTICE.call);
    expect(await run(1)).to.equal(1n << BigInt(inputs.NOTICE.call));
    expect(await run(2)).to.equal(0n);
  });
});

describe("The registry of reports", () => {
  it("takes no deal whose code is shorter than its terms", async () => {
    const base = await reports.networkHelpers.loadFixture(reports.deployRegistry);
    const small = smallDeal((await reports.networkHelpers.time.latest()) + 1_000);
    const terms = buildSmallTerms(small).slice(0, 2 + 2 * 150);
    const code = await reports.writeDealCode(base.factory, terms);
    const signers = base.attesters.slice(0, 3).map(({ address }) => address);
    await expect(
      base.registry.connect(base.factory).getFunction("registerDeal")(
        ...[1, code, reports.attestedBy(signers, 2)],
      ),
    ).to.be.revertedWithCustomError(
      { interface: new reports.ethers.Interface(["error DealCodeMalformed(address)"]) },
      "DealCodeMalformed",
    );
  });
});
