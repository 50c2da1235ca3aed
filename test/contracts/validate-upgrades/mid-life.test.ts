/** A deal in mid-life, with one of everything that is stored, whose every contract is upgraded. */
import { expect } from "chai";
import { encodeBytes32String, id } from "ethers";
import { registerIdentities } from "../../../server/chain/register-identities.ts";
import { signConsent } from "../../../server/chain/sign-consent.ts";
import type { AnyContract } from "../deals/any-contract.ts";
import { REPORT_TYPES } from "../reports/registry-fixture.ts";
import * as at from "../waterfall/distribution-fixture.ts";
import * as simple from "../waterfall/simple-deal.ts";
import { dumpStorage, type Storage, storageRoot } from "./dump-storage.ts";
import { dumpViews } from "./dump-views.ts";

const { ethers, networkHelpers } = at;
const { provider } = ethers;
const [PAYS, REVERTS] = [0, 1];
const REASON = encodeBytes32String("test");
const USA = 840;
/** keccak256("eip1967.proxy.implementation") - 1. */
const IMPLEMENTATION_SLOT = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
/** What the pool pays down each month, and what a restatement of the first month has found beside it: cents. */
const PRINCIPAL = 1_000_000n;
const FOUND = 1_000n;

/** A month in which the pool pays down, from its opening balance on. */
function monthOf(deal: at.OpenDeal, period: number): at.Report {
  const opening = deal.cutOffPool - BigInt(period - 1) * PRINCIPAL;
  return simple.monthReport(deal, period, {
    ...{ opening, closing: opening - PRINCIPAL, funds: simple.INTEREST_MONTH + PRINCIPAL },
  });
}

/** The first two attesters' signatures. */
async function signatures(platform: at.Platform, report: at.Report) {
  const verifyingContract = await platform.reports.getAddress();
  const { chainId } = await provider.getNetwork();
  const domain = { name: "Penstock", version: "1", chainId, verifyingContract };
  const signers = platform.attesters
    .slice(0, 2)
    .toSorted((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
  const signed = signers.map((signer) => signer.signTypedData(domain, REPORT_TYPES, report));
  return [signers.map(({ address }) => address), await Promise.all(signed)] as const;
}

/**
 * Month 1 is paid: one holder has claimed, one has not, a frozen one cannot, a payee's fee is booked. Month 2 has run too late: its
 * amounts wait in the carry. Month 1 is restated: the difference waits for month 3, which is reported and funded.
 */
async function midLife() {
  const platform = await at.deployWithPeople();
  const cash: AnyContract = await ethers.deployContract("AwkwardCash");
  const deal = await at.openDeal(platform, simple.simpleDeal, { cash });
  const [owner, other] = platform.holders as [at.Platform["admin"], at.Platform["admin"]];
  const vault = await giveVault(platform, deal);
  const [tokenA, tokenB] = deal.tokens as [AnyContract, AnyContract];
  const admin = { A: tokenA.connect(platform.admin) as AnyContract };
  await tokenA.connect(owner).getFunction("transfer")(vault, simple.FACE_A / 10n);
  await cash.setHabit(deal.payees[0], REVERTS);
  const first = monthOf(deal, 1);
  await at.runPeriod(platform, deal, first);
  const distributor = platform.distributor.connect(platform.anyone) as AnyContract;
  await distributor.claim(tokenB, deal.holders[1]);
  await admin.A.setAddressFrozen(vault, true);
  await admin.A.setFrozenTokens(owner, 5_000_000n);
  await tokenA.connect(owner).getFunction("approve")(other, 777n);

  const second = monthOf(deal, 2);
  await at.publish(platform, deal, second);
  await at.fund(platform, deal, second.figures[3]!);
  await at.moveTo(deal.calendar[2]!.recordTime + 60);
  const late = await distributor.distribute(second);
  await expect(late).to.emit(distributor, "PaymentWindowMissed").withArgs(deal.dealId, 2);
  await tokenA.connect(owner).getFunction("transfer")(other, 1_234_567n);

  const figures = first.figures.map((figure, i) => (i === 3 ? figure + FOUND : figure));
  const restated = { ...first, version: 2, figures };
  await platform.reports.restateReport(first, restated, ...(await signatures(platform, restated)));
  const open = monthOf(deal, 3);
  await at.publish(platform, deal, open);
  await at.fund(platform, deal, open.figures[3]! + FOUND);
  await changeRules(platform, deal, { token: tokenA, owner: owner.address });
  return { ...platform, platform, deal, cash, tokenA, tokenB, owner, other, vault, open };
}

type MidLife = Awaited<ReturnType<typeof midLife>>;

/** A contract wallet that the first holder's key signs for. */
async function giveVault(platform: at.Platform, deal: at.OpenDeal): Promise<string> {
  const [owner] = platform.holders;
  const contract = await ethers.deployContract("MockContractWallet", [owner!.address]);
  const wallet = await contract.getAddress();
  const terms = { identityId: id("vault"), deadline: 2 ** 40, wallet };
  await registerIdentities({ signer: platform.admin }, platform.deployment, [
    {
      ...{ id: terms.identityId, kycExpiry: 2 ** 39, country: USA, wallets: [wallet] },
      consents: [await signConsent(owner!, platform.deployment, terms)],
    },
  ]);
  expect(deal.holders).to.not.include(wallet);
  return wallet;
}

/** One of each rule, issuer, credential, venue and pending consent. */
async function changeRules(
  { compliance, admin, anyone }: at.Platform,
  deal: at.OpenDeal,
  { token, owner }: { token: AnyContract; owner: string },
) {
  const registry = compliance.connect(admin) as AnyContract;
  const holder = await compliance.identityOf(owner);
  await registry.setIssuer(anyone.address, 15, REASON);
  await registry.setCredential(holder, 3, 2, 2 ** 39, REASON);
  await registry.setRequirements(token, 1, 0, REASON);
  await registry.setCountryListed(token, 643, true, REASON);
  await registry.setLockup(token, holder, { rule144Until: 5, regSUntil: 7 }, REASON);
  await registry.setCapExempt(deal.dealId, holder, true, REASON);
  await registry.setCredential(id("pool"), 1, 0, 1, REASON);
  await registry.setVenue(id("pool"), true, REASON);
  const venue = await ethers.deployContract("MockVenue");
  await registry.linkWallet(await venue.getAddress(), id("pool"), REASON);
  await registry.setDealVenue(deal.dealId, await venue.getAddress(), true, REASON);
  await compliance.connect(anyone).getFunction("consentToLink")(id("vault"));
}

/** Every contract that stores anything of a deal. */
async function contractsOf(life: MidLife): Promise<Record<string, AnyContract>> {
  const { factory, compliance, reports, distributor, inputs, tokenA, tokenB, deal } = life;
  const feed = await ethers.getContractAt("PoolBalanceFeed", await factory.feedOf(deal.dealId));
  return { factory, compliance, reports, distributor, inputs, tokenA, tokenB, feed };
}

/** Puts a new implementation, with an address of its own, behind every proxy, by the roles that may. */
async function upgradeAll(life: MidLife): Promise<void> {
  const { factory, compliance, reports, distributor, inputs, manager, admin, beacon } = life;
  const of = async (contract: AnyContract) => contract.getAddress();
  const place = {
    ...{ factory: await of(factory), distributor: await of(distributor) },
    ...{ reports: await of(reports), compliance: await of(compliance), inputs: await of(inputs) },
  };
  const engine = await ethers.deployContract("WaterfallEngine");
  const checker = await ethers.deployContract("TermsChecker");
  const next: [AnyContract, string, unknown[]][] = [
    [factory, "DealFactory", [checker]],
    [compliance, "ComplianceRegistry", [place.factory, place.distributor]],
    [reports, "ReportRegistry", [place.factory, place.distributor]],
    [distributor, "WaterfallDistributor", [{ engine, ...place, distributor: undefined }]],
    [inputs, "RunInputs", []],
  ];
  for (const [proxy, name, args] of next) {
    const implementation = await ethers.deployContract(name, args);
    await proxy.connect(admin).upgradeToAndCall(await implementation.getAddress(), "0x");
  }
  const links = [place.factory, place.distributor, place.compliance];
  const token = await ethers.deployContract("TrancheToken", links);
  const call = beacon.interface.encodeFunctionData("upgradeTo", [await token.getAddress()]);
  await manager.connect(admin).getFunction("execute")(await beacon.getAddress(), call);
}

/** Months 3 to 12, with claims, an unfreezing and a trade on the way, until nobody is owed anything. */
async function liveToTheEnd(life: MidLife) {
  const { platform, deal, cash, tokenA, tokenB, owner, other, vault, admin } = life;
  const distributor = life.distributor.connect(life.anyone) as AnyContract;
  await at.moveTo(deal.calendar[2]!.paymentTime);
  await distributor.distribute(life.open);
  await cash.setHabit(deal.payees[0], PAYS);
  await distributor.withdrawPayee(deal.dealId, 0);
  for (let period = 4; period <= deal.calendar.length; period += 1) {
    await at.runPeriod(platform, deal, monthOf(deal, period));
    if (period === 5) await tokenA.connect(admin).getFunction("setAddressFrozen")(vault, false);
    if (period === 6) await tokenA.connect(owner).getFunction("transfer")(other, 7_654_321n);
    if (period % 4 === 0) await distributor.claim(tokenA, owner);
  }
  const wallets = [owner.address, other.address, vault];
  await distributor.claimBatch(
    wallets.flatMap((holder) => [tokenA, tokenB].map((token) => ({ token, holder }))),
  );
  const everybody = [...wallets, ...deal.payees, await distributor.getAddress()];
  const balances = await Promise.all(everybody.map((who) => cash.balanceOf(who)));
  const faces = await Promise.all(wallets.map((who) => tokenA.balanceOf(who)));
  const cents = await distributor.stateOf(deal.dealId);
  return { balances, faces, cents, held: await at.heldUnits(platform, deal) };
}

async function viewsOf(life: MidLife) {
  const { deal, owner, other, vault, open } = life;
  const given = {
    addresses: [
      ...(await Promise.all(deal.tokens.map((token) => token.getAddress()))),
      ...[owner.address, other.address, vault, deal.payees[0]!],
      await deal.cash.getAddress(),
    ],
    identities: [id("holder 0"), id("vault"), id("pool")],
    times: deal.calendar.slice(0, 3).map(({ recordTime }) => recordTime),
    dealId: deal.dealId,
    report: open,
  };
  const views: Record<string, Record<string, string>> = {};
  for (const [name, contract] of Object.entries(await contractsOf(life)))
    views[name] = await dumpViews(contract, given);
  return views;
}

/** The storage of each contract, by name, with the root of its trie. */
async function storageOf(life: MidLife) {
  const contracts = await contractsOf(life);
  const names = Object.keys(contracts);
  const addresses = await Promise.all(names.map((name) => contracts[name]!.getAddress()));
  const dump = await dumpStorage(provider, addresses);
  const storage: Record<string, Storage> = {};
  const roots: Record<string, string> = {};
  for (const [i, name] of names.entries()) {
    storage[name] = dump[addresses[i]!.toLowerCase()]!;
    roots[name] = await storageRoot(provider, addresses[i]!);
  }
  return { storage, roots };
}

/** Sets the implementations' addresses, and nothing else, as they were when the storage was read. */
async function placeImplementations(life: MidLife, storage: Record<string, Storage>) {
  for (const [name, contract] of Object.entries(await contractsOf(life))) {
    const word = storage[name]![IMPLEMENTATION_SLOT];
    if (word === undefined) continue;
    await networkHelpers.setStorageAt(await contract.getAddress(), IMPLEMENTATION_SLOT, word);
  }
}

describe("A deal that is upgraded in mid-life", () => {
  const load = () => networkHelpers.loadFixture(midLife);

  it("has one of everything: claims open, a frozen holder, a booked payee, a carry, a difference, an open report", async () => {
    const { distributor, reports, deal, tokenA, owner, vault } = await load();
    expect((await tokenA.entitlementOf(owner))[0]).to.be.greaterThan(0n);
    expect((await tokenA.entitlementOf(vault))[0]).to.be.greaterThan(0n);
    expect(await tokenA.isFrozen(vault)).to.equal(true);
    // Booked in both months, for the trustee can't be paid.
    expect(await distributor.payeeOwed(deal.dealId, 0)).to.equal(2n * simple.FEE);
    expect((await distributor.carryOf(deal.dealId, 0))[1]).to.equal(PRINCIPAL);
    expect((await reports.differencesOf(deal.dealId))[3]).to.equal(FOUND);
    expect(await reports.latestPeriod(deal.dealId)).to.equal(3n);
  });

  it("[U5] has every slot and every view byte for byte as before, but the addresses of the implementations", async () => {
    const life = await load();
    const before = await storageOf(life);
    const views = await viewsOf(life);
    await upgradeAll(life);
    const after = await storageOf(life);
    for (const [name, words] of Object.entries(before.storage)) {
      expect(Object.keys(words).length, name).to.be.greaterThan(name === "feed" ? -1 : 3);
      const { [IMPLEMENTATION_SLOT]: old, ...past } = words;
      const { [IMPLEMENTATION_SLOT]: now, ...kept } = after.storage[name]!;
      expect(kept, name).to.deep.equal(past);
      // Tokens ask their beacon, and the feed is no proxy.
      expect(old !== now, name).to.equal(!["tokenA", "tokenB", "feed"].includes(name));
    }
    // Nothing else has changed in any slot, known or not: with the old implementations the roots are the old ones.
    await placeImplementations(life, before.storage);
    expect((await storageOf(life)).roots).to.deep.equal(before.roots);
    await placeImplementations(life, after.storage);
    const viewsAfter = await viewsOf(life);
    for (const [name, answers] of Object.entries(views)) {
      expect(Object.values(answers).some((answer) => !answer.startsWith("refused"))).to.equal(true);
      expect(viewsAfter[name], name).to.deep.equal(answers);
    }
  }).timeout(300_000);

  it("[U5] [C3] lives on to the end with the same totals as one that was never upgraded", async () => {
    const life = await load();
    const start = await networkHelpers.takeSnapshot();
    const plain = await liveToTheEnd(life);
    await start.restore();
    await upgradeAll(life);
    const upgraded = await liveToTheEnd(life);
    expect(upgraded).to.deep.equal(plain);
    // Nothing is left but what rounding down has left.
    expect(plain.balances[3]! + plain.balances[4]!).to.be.greaterThan(0n);
    expect(plain.held).to.equal(plain.balances.at(-1));
  }).timeout(300_000);

  it("[U1] [U2] can be initialised by nobody afterwards, and its contracts still name each other", async () => {
    const life = await load();
    const { factory, compliance, reports, distributor, inputs, tokenA, tokenB, anyone } = life;
    const names = async () => ({
      ofFactory: [...(await factory.links())],
      ofA: [...(await tokenA.links())],
      ofB: [...(await tokenB.links())],
    });
    const before = await names();
    await upgradeAll(life);
    expect(await names()).to.deep.equal(before);
    const [ofCompliance, ofReports, ofDistributor, , ofInputs] = before.ofFactory;
    const own = await Promise.all(
      [compliance, reports, distributor, inputs].map((one) => one.getAddress()),
    );
    expect([ofCompliance, ofReports, ofDistributor, ofInputs]).to.deep.equal(own);
    expect(before.ofA).to.deep.equal([await factory.getAddress(), ofDistributor, ofCompliance]);
    const me = anyone.address;
    const attempts: [AnyContract, unknown[]][] = [
      [factory, [me, [me, me, me, me, me]]],
      ...[compliance, reports, distributor].map((one): [AnyContract, unknown[]] => [one, [me]]),
      [inputs, [me, me, me, me]],
      [tokenA, [{ name: "", symbol: "", authority: me, dealId: 1n, classIndex: 0, dealCode: me }]],
    ];
    for (const [contract, args] of attempts)
      await expect(
        contract.connect(anyone).getFunction("initialize")(...args),
      ).to.be.revertedWithCustomError(contract, "InvalidInitialization");
  });
});
