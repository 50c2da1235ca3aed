import { expect } from "chai";
import { MaxInt256, ZeroAddress } from "ethers";
import type { ReserveGuard } from "../../../server/chain/create-deal.ts";
import type { AnyContract } from "./any-contract.ts";
import * as sold from "./issuance-fixture.ts";
import type { Sale } from "./issuance-fixture.ts";
import {
  argumentOf,
  deployWithPeople,
  ethers,
  networkHelpers,
  newDealOf,
} from "./platform-fixture.ts";

const DAY = 86_400;
/** The notes of the small deal come to 10,000.00, its deposit to 100.00: the reserve must cover 9,900.00. */
const [FACES, DEPOSIT] = [1_000_000n, 10_000n];
/** At an advance rate of 90 %: 11,000.00 x 0.9 = 9,900.00. */
const [ENOUGH, ADVANCE_BPS] = [1_100_000n, 9_000];

interface Guarded extends Sale {
  feed: AnyContract;
}

async function guardedDeal(): Promise<Guarded> {
  const platform = await deployWithPeople();
  const feed: AnyContract = await ethers.deployContract("MockIndexFeed", [2]);
  const guard = { feed: await feed.getAddress(), maxAge: DAY, advanceBps: ADVANCE_BPS };
  return { ...(await sold.offerDeal(platform, platform.cash, guard)), feed };
}

describe("the reserve guard of an issue", () => {
  let sale: Guarded;
  let factory: AnyContract;

  beforeEach(async () => {
    sale = await networkHelpers.loadFixture(guardedDeal);
    ({ factory } = sale.platform);
  });

  const answer = async (value: bigint, age = 0) => {
    const now = await networkHelpers.time.latest();
    await sale.feed.setRound(1, value, now - age);
  };
  const close = async () => sale.platform.issuance.close(sale.dealId, await sold.fullOrders(sale));
  const expectRefused = async (error: string, ...args: unknown[]) => {
    const before = await sold.purses(sale);
    await expect(close())
      .to.be.revertedWithCustomError(factory, error)
      .withArgs(...args);
    expect(await sold.purses(sale)).to.deep.equal(before);
  };

  it("stands in the event of the deal's creation and never changes", async () => {
    const [created] = await factory.queryFilter(factory.filters.DealCreated!(sale.dealId));
    const feed = await sale.feed.getAddress();
    expect([...created!.args.reserve]).to.deep.equal([feed, BigInt(DAY), BigInt(ADVANCE_BPS)]);
    const free = sale.platform;
    await factory.createDeal(argumentOf(newDealOf({ ...free, terms: await laterTerms(sale) })));
    const [open] = await factory.queryFilter(factory.filters.DealCreated!(2));
    expect([...open!.args.reserve]).to.deep.equal([ZeroAddress, 0n, 0n]);
    const [guard, faces, covered] = await factory.coverage(2);
    expect([guard.feed, faces, covered]).to.deep.equal([ZeroAddress, FACES, 0n]);
  });

  it("mints notes up to advance rate x reserve + deposits, to the cent", async () => {
    // floor(1,099,999 x 0.9) = 989,999; with the deposit 999,999, one cent too little.
    await answer(ENOUGH - 1n);
    await expectRefused("ReserveShort", sale.dealId, FACES, FACES - 1n);
    expect((await factory.coverage(sale.dealId)).coveredCents).to.equal(FACES - 1n);
    await answer(ENOUGH);
    expect((await factory.coverage(sale.dealId)).coveredCents).to.equal(FACES);
    await close();
    expect(await factory.isClosed(sale.dealId)).to.equal(true);
  });

  it("guards a closing without payment just as well", async () => {
    const orders = await sold.fullOrders(sale);
    const allocations = orders.map(({ subscription, face }) => ({
      ...{ classIndex: subscription.classIndex, holder: subscription.investor, face },
    }));
    await sale.platform.cash.mint(sale.platform.originator.address, DEPOSIT * 10_000n);
    await answer(ENOUGH - 1n);
    await expect(factory.closeDeal(sale.dealId, allocations)).to.be.revertedWithCustomError(
      ...[factory, "ReserveShort"],
    );
    await answer(ENOUGH);
    await factory.closeDeal(sale.dealId, allocations);
  });

  for (const [decimals, scale] of [
    [0, 1n],
    [1, 10n],
    [8, 10n ** 8n],
    [18, 10n ** 18n],
    [36, 10n ** 36n],
  ] as const) {
    it(`reads a feed of ${decimals} decimals, rounded down to the cent`, async () => {
      await sale.feed.setDecimals(decimals);
      // 11,000.00 in units of the feed; a unit less is, with eight decimals or more, a cent less too.
      const units = (ENOUGH * scale) / 100n;
      await answer(units - 1n);
      await expect(close()).to.be.revertedWithCustomError(factory, "ReserveShort");
      await answer(units);
      await close();
    });
  }

  it("refuses an answer of zero, and a negative one [R7]", async () => {
    const feed = await sale.feed.getAddress();
    for (const value of [0n, -1n, -ENOUGH]) {
      await answer(value);
      await expectRefused("ReserveNotPositive", feed, value);
    }
  });

  it("refuses an answer that is too old or of the future [R8]", async () => {
    const feed = await sale.feed.getAddress();
    const orders = await sold.fullOrders(sale);
    const closeAt = async (time: number) => {
      await networkHelpers.time.setNextBlockTimestamp(time);
      return sale.platform.issuance.close(sale.dealId, orders);
    };
    const now = await networkHelpers.time.latest();
    const answered = now + 100;
    await sale.feed.setRound(1, ENOUGH, answered);
    await expect(closeAt(answered - 1))
      .to.be.revertedWithCustomError(factory, "ReserveStale")
      .withArgs(feed, answered, DAY);
    await sale.feed.setRound(1, ENOUGH, now - DAY + 100);
    await expect(closeAt(now + 101))
      .to.be.revertedWithCustomError(factory, "ReserveStale")
      .withArgs(feed, now - DAY + 100, DAY);
    await sale.feed.setRound(1, ENOUGH, now - DAY + 200);
    await closeAt(now + 200);
  });

  it("refuses a feed that reverts, never answered, changed its decimals beyond reason, or answers more than there is", async () => {
    const feed = await sale.feed.getAddress();
    await expectRefused("ReserveUnreadable", feed);
    await answer(ENOUGH);
    await sale.feed.setDown(true);
    await expectRefused("ReserveUnreadable", feed);
    await sale.feed.setDown(false);
    await sale.feed.setDecimals(37);
    await expectRefused("ReserveUnreadable", feed);
    await sale.feed.setDecimals(0);
    await answer(MaxInt256);
    await expect(close()).to.be.revertedWithPanic(0x11);
    // With two decimals and more every answer fits.
    await sale.feed.setDecimals(2);
    await close();
  });

  it("is all there or not at all", async () => {
    const { platform } = sale;
    const terms = await laterTerms(sale);
    const feed = await sale.feed.getAddress();
    const create = (reserve: ReserveGuard) =>
      factory.createDeal(argumentOf(newDealOf({ ...platform, terms }, { reserve })));
    const wrong: ReserveGuard[] = [
      { feed, maxAge: 0, advanceBps: 9_000 },
      { feed, maxAge: DAY, advanceBps: 0 },
      { feed, maxAge: DAY, advanceBps: 10_001 },
      { feed: ZeroAddress, maxAge: DAY, advanceBps: 0 },
      { feed: ZeroAddress, maxAge: 0, advanceBps: 1 },
    ];
    for (const guard of wrong) {
      await expect(create(guard))
        .to.be.revertedWithCustomError(factory, "ReserveGuardInvalid")
        .withArgs(guard.feed, guard.maxAge, guard.advanceBps);
    }
    for (const stranger of [platform.anyone.address, platform.deployment.dealFactory]) {
      await expect(create({ feed: stranger, maxAge: DAY, advanceBps: 10_000 }))
        .to.be.revertedWithCustomError(factory, "ReserveUnreadable")
        .withArgs(stranger);
    }
    await create({ feed, maxAge: 1, advanceBps: 10_000 });
  });
});

async function laterTerms({ platform }: Sale) {
  return { ...platform.terms, closingTime: (await networkHelpers.time.latest()) + 10_000 };
}
