import { expect } from "chai";
import type { AnyContract } from "../deals/any-contract.ts";
import { HABIT } from "../deals/issuance-fixture.ts";
import * as at from "./distribution-fixture.ts";
import * as simple from "./simple-deal.ts";

const { ethers, networkHelpers } = at;
const units = (cents: bigint) => cents * at.UNITS_PER_CENT;
const LIVES = 5;
const DEEDS = 120;
/** Entitlements are counted in 2^-24 units. */
const FRACTION_BITS = 24n;

/** Numbers from 0 to below `limit`, the same for the same seed (mulberry32). */
function randomOf(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** Two deals pay in one token and one in another. */
async function openThreeDeals() {
  const platform = await at.deployWithPeople();
  const cashes: AnyContract[] = [
    await ethers.deployContract("AwkwardCash"),
    await ethers.deployContract("AwkwardCash"),
  ];
  const deals: at.OpenDeal[] = [];
  for (const cash of [cashes[0]!, cashes[0]!, cashes[1]!]) {
    deals.push(await at.openDeal(platform, simple.simpleDeal, { cash }));
  }
  return { platform, cashes, deals };
}

/** One random life of the three deals: what was done, and what the ledger must say of it. */
class Life {
  readonly random: (limit: number) => number;
  readonly platform: at.Platform;
  readonly cashes: AnyContract[];
  readonly deals: at.OpenDeal[];
  /** Stray units by cash token; cents funded, units paid out by deal. */
  readonly stray = [0n, 0n];
  readonly funded: bigint[];
  readonly pools: bigint[];
  readonly periods: number[];
  deeds = new Map<string, number>();

  constructor(
    seed: number,
    { platform, cashes, deals }: Awaited<ReturnType<typeof openThreeDeals>>,
  ) {
    this.random = randomOf(seed);
    [this.platform, this.cashes, this.deals] = [platform, cashes, deals];
    this.funded = deals.map(() => simple.RESERVE);
    this.pools = deals.map(({ cutOffPool }) => cutOffPool);
    this.periods = deals.map(() => 0);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.random(items.length)]!;
  }

  async fund(i: number) {
    const deal = this.deals[i]!;
    if (this.periods[i] === deal.calendar.length) return;
    const cents = BigInt(1 + this.random(900_000));
    await at.fund(this.platform, deal, cents);
    this.funded[i]! += cents;
  }

  /** Reports what is there, or a part of it; in time or, where another deal's life has gone on, late. */
  async run(i: number) {
    const deal = this.deals[i]!;
    if (this.periods[i] === deal.calendar.length) return;
    const { distributor } = this.platform;
    const there = (await distributor.cashOf(deal.dealId)).collections as bigint;
    const fall = BigInt(this.random(3_000_000));
    const opening = this.pools[i]!;
    const closing = opening > fall ? opening - fall : 0n;
    const period = this.periods[i]! + 1;
    const report = simple.monthReport(deal, period, {
      ...{ opening, closing, funds: (there * BigInt(1 + this.random(4))) / 4n },
      ...{ loss: BigInt(this.random(3) * 1_000), recovery: BigInt(this.random(2) * 500) },
    });
    await at.publish(this.platform, deal, report);
    await at.moveTo(deal.calendar[period - 1]!.paymentTime);
    await distributor.connect(this.platform.anyone).distribute(report);
    [this.periods[i], this.pools[i]] = [period, closing];
  }

  async claim(i: number) {
    const deal = this.deals[i]!;
    const claims = this.platform.holders.map(({ address }) => ({
      ...{ token: this.pick(deal.tokens), holder: address },
    }));
    await this.platform.distributor.claimBatch(claims);
  }

  async transfer(i: number) {
    const token = this.pick(this.deals[i]!.tokens);
    const [from, to] = [this.pick(this.platform.holders), this.pick(this.platform.holders)];
    const held: bigint = await token.balanceOf(from.address);
    const face = (held * BigInt(this.random(101))) / 100n;
    await token.connect(from).getFunction("transfer")(to.address, face);
  }

  async block(i: number) {
    const deal = this.deals[i]!;
    const people = [...deal.payees, ...this.platform.holders.map(({ address }) => address)];
    const habits = [HABIT.none, HABIT.blocked, HABIT.reverts, HABIT.returnsFalse];
    await deal.cash.setHabit(this.pick(people), this.pick([...habits, HABIT.returnsNothing]));
  }

  async withdraw(i: number) {
    const deal = this.deals[i]!;
    const { distributor } = this.platform;
    const payee = this.random(deal.payees.length);
    const habit = Number(await deal.cash.habitOf(deal.payees[payee]!));
    if (habit !== HABIT.none && habit !== HABIT.returnsNothing) return;
    if ((await distributor.payeeOwed(deal.dealId, payee)) === 0n) return;
    await distributor.withdrawPayee(deal.dealId, payee);
  }

  async sendStray(i: number) {
    const which = this.cashes.indexOf(this.deals[i]!.cash);
    const strayUnits = BigInt(1 + this.random(1_000_000));
    await this.cashes[which]!.mint(await this.platform.distributor.getAddress(), strayUnits);
    this.stray[which]! += strayUnits;
  }

  async returnStray(i: number) {
    const which = this.cashes.indexOf(this.deals[i]!.cash);
    const { distributor, admin } = this.platform;
    const sent = distributor.returnStray(this.cashes[which], admin.address);
    if (this.stray[which] === 0n) {
      await expect(sent).to.be.revertedWithCustomError(distributor, "StrayMissing");
    } else {
      await sent;
    }
    this.stray[which] = 0n;
  }

  async live() {
    const deeds = ["fund", "fund", "run", "claim", "transfer", "block", "withdraw"] as const;
    for (let i = 0; i < DEEDS; i++) {
      const deed = this.pick([...deeds, "sendStray", "returnStray"] as const);
      await this[deed](this.random(this.deals.length));
      this.deeds.set(deed, (this.deeds.get(deed) ?? 0) + 1);
      await this.check(`${i}: ${deed}`);
    }
  }

  /** Escrow, accounts, unclaimed, carry and booked payees sum to what is there, and so do their parts. */
  async check(when: string) {
    const { distributor } = this.platform;
    const here = await distributor.getAddress();
    for (const [which, cash] of this.cashes.entries()) {
      let held = 0n;
      for (const deal of this.deals.filter((each) => each.cash === cash)) {
        held += await at.heldUnits(this.platform, deal);
        await this.checkHolders(deal, when);
      }
      expect(await distributor.heldFor(cash), when).to.equal(held);
      expect(await cash.balanceOf(here), when).to.equal(held + this.stray[which]!);
    }
    for (const [i, deal] of this.deals.entries()) {
      const paid = await this.paidOut(deal);
      expect(await at.heldUnits(this.platform, deal), when).to.equal(units(this.funded[i]!) - paid);
    }
  }

  /** To the last 2^-24 of a unit: what waits for the holders is what each of them is owed, and the dust. */
  async checkHolders(deal: at.OpenDeal, when: string) {
    const { distributor, holders } = this.platform;
    let waiting = 0n;
    for (const token of deal.tokens) {
      let fractions = 0n;
      for (const { address } of holders) {
        const [interest, principal] = await token.owedFractionsOf(address);
        fractions += interest + principal;
      }
      const entry = await token.indexAt(await token.lastFundedPeriod());
      fractions += entry.interestRemainder + entry.principalRemainder;
      const { unclaimedUnits } = await distributor.escrowOf(token);
      expect(unclaimedUnits << FRACTION_BITS, when).to.equal(fractions);
      waiting += unclaimedUnits;
    }
    expect((await distributor.cashOf(deal.dealId)).unclaimedUnits, when).to.equal(waiting);
  }

  /** What has left the distributor for the deal, as the events tell it. */
  async paidOut(deal: at.OpenDeal): Promise<bigint> {
    const { distributor } = this.platform;
    const claims = await distributor.queryFilter(distributor.filters.Claimed!(deal.dealId));
    let paid = 0n;
    for (const { args } of claims) paid += args.interestUnits + args.principalUnits;
    for (const payee of deal.payees) paid += (await deal.cash.balanceOf(payee)) as bigint;
    return paid;
  }
}

describe("WaterfallDistributor: cash over random lives of three deals on two tokens", () => {
  for (let seed = 1; seed <= LIVES; seed++) {
    it(`holds exactly what escrow, accounts, holders, carry and payees sum to (life ${seed}) [W3] [C1] [C4] [C15] [U3] [U4]`, async () => {
      const life = new Life(seed, await networkHelpers.loadFixture(openThreeDeals));
      await life.live();
      // The life did something: every deed, a run of each deal, one of them late.
      const { distributor } = life.platform;
      const late = await distributor.queryFilter(distributor.filters.PaymentWindowMissed!());
      expect(late.length).to.be.greaterThan(0);
      expect(life.deeds.size).to.equal(8);
      expect(Math.min(...life.periods)).to.be.greaterThan(0);
    }).timeout(60_000);
  }
});
