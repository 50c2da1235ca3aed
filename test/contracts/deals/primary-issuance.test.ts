import { expect } from "chai";
import { id } from "ethers";
import { registerIdentities } from "../../../server/chain/register-identities.ts";
import { signConsent } from "../../../server/chain/sign-consent.ts";
import type { AnyContract } from "./any-contract.ts";
import * as sold from "./issuance-fixture.ts";
import type { Allotment, Order, Sale } from "./issuance-fixture.ts";
import { argumentOf, ethers, networkHelpers, newDealOf } from "./platform-fixture.ts";
import { smallDeal } from "./build-small-terms.ts";
import { present } from "./present.ts";

const { PAR, PURSE, UNITS_PER_CENT, HABIT } = sold;

describe("PrimaryIssuance: delivery against payment", () => {
  let sale: Sale;
  let issuance: AnyContract;
  let orders: Allotment[];

  beforeEach(async () => {
    sale = await networkHelpers.loadFixture(sold.offerSmallDeal);
    ({ issuance } = sale.platform);
    orders = await sold.fullOrders(sale);
  });

  const close = (allotments = orders) => issuance.close(sale.dealId, allotments);
  const holder = (position: number) => present(sale.platform.holders[position]);
  const changed = async (position: number, change: Partial<Order>): Promise<Allotment[]> => {
    const order = present(orders[position]);
    const signer = present(
      sale.platform.holders.find(({ address }) => address === order.subscription.investor),
    );
    const next = await sold.signOrder(sale, signer, { ...order.subscription, ...change });
    return orders.with(position, { ...next, face: order.face });
  };
  /** The closing fails with this error, and nobody has paid or got anything. */
  const expectNothing = async (
    allotments: Allotment[],
    error: string,
    args: unknown[],
    contract = issuance,
  ) => {
    const before = await sold.purses(sale);
    await expect(close(allotments))
      .to.be.revertedWithCustomError(contract, error)
      .withArgs(...args);
    expect(await sold.purses(sale)).to.deep.equal(before);
    expect(await sale.platform.factory.isClosed(sale.dealId)).to.equal(false);
  };

  it("takes every price to the originator and delivers every note, in one transaction [R1]", async () => {
    const { platform, cash, tokens, dealId } = sale;
    // C at 99.99999 %: 50,000 x 0.9999999 = 49,999.995 cents, rounded up to 50,000.
    const order = { ...orders[3]!.subscription, priceWad: 999_999_900_000_000_000n };
    orders[3] = await sold.signOrder(sale, holder(2), order);
    // B at 98 %: 200,000 x 0.98 = 196,000.
    const discounted = { ...orders[1]!.subscription, priceWad: (PAR * 98n) / 100n };
    orders[1] = await sold.signOrder(sale, holder(1), discounted);
    const proceeds = 700_000n + 196_000n + 50_000n + 50_000n;
    const sent = await close();
    await expect(sent)
      .to.emit(issuance, "IssueSettled")
      .withArgs(dealId, platform.originator.address, proceeds);
    await expect(sent)
      .to.emit(issuance, "SubscriptionFilled")
      .withArgs(
        ...[dealId, holder(1).address, await issuance.subscriptionDigest(discounted)],
        ...[1, 200_000n, 196_000n],
      );
    // The deposit of 10,000 cents comes out of the proceeds.
    const reserve = platform.terms.reserveDeposit;
    expect(await cash.balanceOf(platform.originator.address)).to.equal(
      (proceeds - reserve) * UNITS_PER_CENT,
    );
    expect(await cash.balanceOf(holder(0).address)).to.equal(PURSE - 700_000n * UNITS_PER_CENT);
    expect(await cash.balanceOf(holder(1).address)).to.equal(PURSE - 246_000n * UNITS_PER_CENT);
    expect(await tokens[0]!.balanceOf(holder(0).address)).to.equal(700_000n);
    expect(await tokens[1]!.balanceOf(holder(1).address)).to.equal(200_000n);
    expect(await tokens[2]!.balanceOf(holder(2).address)).to.equal(50_000n);
    expect(await cash.balanceOf(await issuance.getAddress())).to.equal(0n);
    expect(await cash.balanceOf(platform.deployment.waterfallDistributor)).to.equal(
      reserve * UNITS_PER_CENT,
    );
  });

  it("fills an order in part down to the least face, and refuses anything outside of it", async () => {
    orders = await changed(0, { face: 900_000n, leastFace: 600_000n });
    const investor = holder(0).address;
    for (const face of [599_999n, 900_001n, 0n]) {
      const allotments = orders.with(0, { ...orders[0]!, face });
      const args = [investor, face, 600_000n, 900_000n];
      await expectNothing(allotments, "FaceOutsideSubscription", args);
    }
    orders = await changed(0, { face: 900_000n, leastFace: 0n });
    const none = orders.with(0, { ...orders[0]!, face: 0n });
    await expectNothing(none, "FaceOutsideSubscription", [investor, 0n, 0n, 900_000n]);
    await close();
    expect(await sale.tokens[0]!.balanceOf(investor)).to.equal(700_000n);
  });

  it("takes an order that its investor has placed without a signature, and no other without one", async () => {
    const { subscription } = orders[2]!;
    const unsigned = orders.with(2, { ...orders[2]!, signature: "0x" });
    const digest = await issuance.subscriptionDigest(subscription);
    await expectNothing(unsigned, "SubscriptionNotSigned", [holder(1).address, digest]);
    await expect(issuance.connect(holder(0)).subscribe(subscription))
      .to.be.revertedWithCustomError(issuance, "CallerNotInvestor")
      .withArgs(holder(0).address, holder(1).address);
    const investor = issuance.connect(holder(1)) as AnyContract;
    await expect(investor.subscribe(subscription)).to.emit(issuance, "SubscriptionPlaced");
    expect(await issuance.subscriptionState(subscription)).to.equal(1n);
    await expect(investor.subscribe(subscription))
      .to.be.revertedWithCustomError(issuance, "SubscriptionSpent")
      .withArgs(holder(1).address, digest, 1);
    const elsewhere = { ...subscription, dealHash: id("another deal") };
    await expect(investor.subscribe(elsewhere)).to.be.revertedWithCustomError(
      ...[issuance, "SubscriptionElsewhere"],
    );
    await close(unsigned);
    expect(await issuance.subscriptionState(subscription)).to.equal(2n);
    await expect(investor.cancel(subscription))
      .to.be.revertedWithCustomError(issuance, "SubscriptionSpent")
      .withArgs(holder(1).address, digest, 2);
  });

  it("never fills an order that was cancelled, whether it was signed or placed [R6]", async () => {
    const signed = orders[0]!.subscription;
    await expect(issuance.connect(holder(1)).cancel(signed)).to.be.revertedWithCustomError(
      ...[issuance, "CallerNotInvestor"],
    );
    await expect(issuance.connect(holder(0)).cancel(signed))
      .to.emit(issuance, "SubscriptionCancelled")
      .withArgs(sale.dealId, holder(0).address, await issuance.subscriptionDigest(signed));
    const cancelled = [holder(0).address, await issuance.subscriptionDigest(signed), 3];
    await expectNothing(orders, "SubscriptionSpent", cancelled);
    await expect(issuance.connect(holder(0)).subscribe(signed)).to.be.revertedWithCustomError(
      ...[issuance, "SubscriptionSpent"],
    );
    const placed = orders[1]!.subscription;
    await issuance.connect(holder(1)).subscribe(placed);
    await issuance.connect(holder(1)).cancel(placed);
    const rest = await changed(0, { salt: id("again") });
    const spent = [holder(1).address, await issuance.subscriptionDigest(placed), 3];
    await expectNothing(rest, "SubscriptionSpent", spent);
  });

  it("never fills an order twice, in one closing or in two [R6]", async () => {
    const half = await changed(2, { face: 100_000n, leastFace: 1n });
    const order = { ...half[2]!, face: 50_000n };
    const digest = await issuance.subscriptionDigest(order.subscription);
    const twice = [...half.slice(0, 2), order, order];
    await expectNothing(twice, "SubscriptionSpent", [holder(1).address, digest, 2]);
    await close();
    await expect(close()).to.be.revertedWithCustomError(issuance, "SubscriptionSpent");
    const again = await sold.fullOrders(sale, { salt: id("again") });
    await expect(close(again)).to.be.revertedWithCustomError(
      ...[sale.platform.factory, "DealAlreadyClosed"],
    );
  });

  it("binds an order to deal, class, price, face, time, investor, chain and contract [R4]", async () => {
    const { subscription } = orders[0]!;
    const changes: Partial<Order>[] = [
      { classIndex: 1 },
      { priceWad: PAR + 1n },
      { face: 700_001n },
      { leastFace: 1n },
      { deadline: subscription.deadline + 1 },
      { salt: id("other") },
      { investor: holder(1).address },
    ];
    for (const change of changes) {
      const altered = { ...subscription, ...change };
      const digest = await issuance.subscriptionDigest(altered);
      const forged = orders.with(0, { ...orders[0]!, subscription: altered });
      await expectNothing(forged, "SubscriptionNotSigned", [altered.investor, digest]);
    }
    const foreign = [{ chainId: 1n }, { verifyingContract: sale.platform.deployment.dealFactory }];
    for (const domain of foreign) {
      const signed = await sold.signOrder(sale, holder(0), subscription, domain);
      const digest = await issuance.subscriptionDigest(subscription);
      const args = [holder(0).address, digest];
      await expectNothing(orders.with(0, signed), "SubscriptionNotSigned", args);
    }
  });

  it("takes no order for another deal, or for other terms under the same deal id [U3]", async () => {
    const { platform, dealHash } = sale;
    const terms = smallDeal((await networkHelpers.time.latest()) + 1_000);
    const other = newDealOf({ ...platform, terms }, { cashToken: await sale.cash.getAddress() });
    await platform.factory.createDeal(argumentOf(other));
    await networkHelpers.time.increaseTo(terms.closingTime);
    await expect(issuance.close(2, orders))
      .to.be.revertedWithCustomError(issuance, "SubscriptionElsewhere")
      .withArgs(holder(0).address, sale.dealId, dealHash);
    // What deal 1 was before the chain was re-organised: of other terms, or with the cash for somebody else.
    const code = await ethers.provider.getCode(await platform.factory.dealCode(sale.dealId));
    const { address: thief } = platform.anyone;
    for (const hash of [id("other terms"), sold.dealHashOf(code, thief)]) {
      const args = [holder(0).address, sale.dealId, hash];
      await expectNothing(await changed(0, { dealHash: hash }), "SubscriptionElsewhere", args);
    }
    expect(await issuance.dealHashOf(sale.dealId)).to.equal(dealHash);
    const misnamed = [holder(0).address, 2n, dealHash];
    await expectNothing(await changed(0, { dealId: 2n }), "SubscriptionElsewhere", misnamed);
    await expect(issuance.close(9, orders)).to.be.revertedWithCustomError(
      ...[platform.factory, "DealUnknown"],
    );
  });

  it("fills an order at its last second and not after it", async () => {
    const late = (await networkHelpers.time.latest()) + 100;
    const last = await changed(0, { deadline: late });
    await networkHelpers.time.setNextBlockTimestamp(late + 1);
    const before = await sold.purses(sale);
    await expect(close(last))
      .to.be.revertedWithCustomError(issuance, "SubscriptionExpired")
      .withArgs(holder(0).address, late);
    expect(await sold.purses(sale)).to.deep.equal(before);
    const inTime = await changed(0, { deadline: late + 100 });
    await networkHelpers.time.setNextBlockTimestamp(late + 100);
    await close(inTime);
  });

  it("is done by issuers only, and another contract's issuer role lets nobody take an order", async () => {
    const { anyone, factory } = sale.platform;
    await expect(issuance.connect(anyone).close(sale.dealId, orders))
      .to.be.revertedWithCustomError(issuance, "AccessManagedUnauthorized")
      .withArgs(anyone.address);
    await expect(
      factory.connect(holder(0)).closeDeal(sale.dealId, []),
    ).to.be.revertedWithCustomError(factory, "AccessManagedUnauthorized");
  });

  it("fails whole when the allotments are not the whole issue", async () => {
    const { factory } = sale.platform;
    const args = [2, 50_000n, 100_000n];
    await expectNothing(orders.slice(0, 3), "AllocationMismatch", args, factory);
    await expectNothing([], "AllocationMismatch", [0, 0n, 700_000n], factory);
  });

  it("fails whole when one investor cannot pay, and names him", async () => {
    const { cash, platform } = sale;
    const investor = holder(2);
    const units = 50_000n * UNITS_PER_CENT;
    await cash.connect(investor).approve(platform.deployment.primaryIssuance, units - 1n);
    await expectNothing(orders, "PaymentFailed", [investor.address, units]);
    await cash.connect(investor).approve(platform.deployment.primaryIssuance, units);
    await cash.connect(investor).transfer(platform.anyone.address, PURSE - units + 1n);
    await expectNothing(orders, "PaymentFailed", [investor.address, units]);
    await cash.mint(investor.address, 1n);
    await close();
  });

  it("fails whole when one investor may not hold the notes, and names him [K1]", async () => {
    const { compliance, admin } = sale.platform;
    const freeze = compliance.connect(admin).setIdentityFrozen;
    await freeze(id("holder 2"), true, id("sanctioned"));
    const args = [holder(2).address];
    await expectNothing(orders, "IdentityFrozen", args, compliance);
    await freeze(id("holder 2"), false, id("cleared"));
    await close();
  });

  it("fails whole when the originator has not agreed or cannot make the deposit", async () => {
    const { cash, platform } = sale;
    await cash.connect(platform.originator).approve(platform.deployment.waterfallDistributor, 0n);
    const deposit = platform.terms.reserveDeposit * UNITS_PER_CENT;
    const args = [platform.deployment.waterfallDistributor, 0n, deposit];
    await expectNothing(orders, "ERC20InsufficientAllowance", args, cash);
  });

  it("refuses cash that arrives short, and cash that is blocked or says no [C1]", async () => {
    const { cash, platform } = sale;
    const { originator } = platform;
    const price = 700_000n * UNITS_PER_CENT;
    await cash.setHabit(originator.address, HABIT.takesFee);
    const short = [holder(0).address, price, (price * 99n) / 100n];
    await expectNothing(orders, "PaymentReceivedWrong", short);
    for (const habit of [HABIT.reverts, HABIT.returnsFalse, HABIT.blocked]) {
      await cash.setHabit(originator.address, habit);
      await expectNothing(orders, "PaymentFailed", [holder(0).address, price]);
    }
    await cash.setHabit(originator.address, HABIT.none);
    await cash.setHabit(holder(1).address, HABIT.blocked);
    const second = [holder(1).address, 200_000n * UNITS_PER_CENT];
    await expectNothing(orders, "PaymentFailed", second);
    await cash.setHabit(holder(1).address, HABIT.none);
    // A token that returns nothing at all is as good as one that returns true.
    await cash.setHabit(originator.address, HABIT.returnsNothing);
    await close();
  });

  it("lets an originator keep notes without paying itself", async () => {
    const { cash, platform } = sale;
    const { originator } = platform;
    await registerIdentities({ signer: platform.admin }, platform.deployment, [
      { id: id("originator"), kycExpiry: 2 ** 39, country: 840, wallets: [originator.address] },
    ]);
    const order = { ...orders[3]!.subscription, investor: originator.address };
    const kept = await sold.signOrder(sale, originator, order);
    await cash.mint(originator.address, 1n);
    await close(orders.with(3, kept));
    expect(await sale.tokens[2]!.balanceOf(originator.address)).to.equal(50_000n);
    const paid = 700_000n + 200_000n + 50_000n - platform.terms.reserveDeposit;
    expect(await cash.balanceOf(originator.address)).to.equal(paid * UNITS_PER_CENT + 1n);
  });

  it("takes the order of a contract wallet whose owner has signed (ERC-1271), and of no other", async () => {
    const { cash, platform } = sale;
    const vault = await ethers.deployContract("MockContractWallet", [holder(2).address]);
    const wallet = await vault.getAddress();
    const link = { identityId: id("vault"), deadline: 2 ** 40, wallet };
    const consents = [await signConsent(holder(2), platform.deployment, link)];
    await registerIdentities({ signer: platform.admin }, platform.deployment, [
      { id: id("vault"), kycExpiry: 2 ** 39, country: 840, wallets: [wallet], consents },
    ]);
    const order = { ...orders[3]!.subscription, investor: wallet };
    const forged = await sold.signOrder(sale, holder(1), order);
    const digest = await issuance.subscriptionDigest(order);
    await expectNothing(orders.with(3, forged), "SubscriptionNotSigned", [wallet, digest]);
    const signed = await sold.signOrder(sale, holder(2), order);
    const units = 50_000n * UNITS_PER_CENT;
    await expectNothing(orders.with(3, signed), "PaymentFailed", [wallet, units]);
    await cash.mint(wallet, units);
    await networkHelpers.impersonateAccount(wallet);
    await networkHelpers.setBalance(wallet, 10n ** 18n);
    const owner = await ethers.getSigner(wallet);
    await cash.connect(owner).approve(platform.deployment.primaryIssuance, units);
    await close(orders.with(3, signed));
    expect(await sale.tokens[2]!.balanceOf(wallet)).to.equal(50_000n);
  });

  it("knows its factory, which must be a contract", async () => {
    const { deployment, anyone } = sale.platform;
    expect(await issuance.factory()).to.equal(deployment.dealFactory);
    await expect(
      ethers.deployContract("PrimaryIssuance", [deployment.accessManager, anyone.address]),
    ).to.be.revertedWithCustomError(issuance, "FactoryMissing");
  });

  it("lets no callback of the cash token in between payment and delivery [C14]", async () => {
    const { cash, platform, dealId } = sale;
    const { originator, factory, distributor } = platform;
    // Worst case: the token itself is an issuer and an investor's order is at hand.
    await platform.manager.grantRole(1, await cash.getAddress(), 0);
    await cash.setHabit(originator.address, HABIT.callsBack);
    const parts = orders.map(({ subscription, face }) => ({
      ...{ classIndex: subscription.classIndex, holder: subscription.investor, face },
    }));
    const stray = [await cash.getAddress(), platform.anyone.address];
    const inner: [AnyContract, string, unknown[], string][] = [
      [issuance, "close", [dealId, orders], "ReentrancyGuardReentrantCall"],
      [issuance, "cancel", [orders[0]!.subscription], "CallerNotInvestor"],
      [factory, "agreeToDeposit", [dealId], "CallerNotOriginator"],
      [distributor, "fund", [dealId, 1n], "DealNotOpen"],
      [distributor, "returnStray", stray, "StrayMissing"],
    ];
    for (const [target, method, args, reason] of inner) {
      const snapshot = await networkHelpers.takeSnapshot();
      const call = target.interface.encodeFunctionData(method, args);
      await cash.setCallBack(await target.getAddress(), call);
      await close();
      const error = present(target.interface.getError(reason));
      expect(await cash.lastReason(), method).to.equal(error.selector);
      await snapshot.restore();
    }
    // Closing without payment inside of the closing: its deposit is missing from the first price, and all of it fails.
    const closing = factory.interface.encodeFunctionData("closeDeal", [dealId, parts]);
    await cash.setCallBack(await factory.getAddress(), closing);
    await cash.mint(originator.address, PURSE);
    const price = 700_000n * UNITS_PER_CENT;
    const received = price - platform.terms.reserveDeposit * UNITS_PER_CENT;
    const args = [holder(0).address, price, received];
    await expectNothing(orders, "PaymentReceivedWrong", args);
  });
});
