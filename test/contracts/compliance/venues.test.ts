import { expect } from "chai";
import { ZeroAddress } from "ethers";
import type { AnyContract } from "../deals/any-contract.ts";
import {
  admit,
  deployTranches,
  ethers,
  identityId,
  link,
  networkHelpers,
  REASON,
} from "../tokens/deploy-tranches.ts";

const ALDER = identityId("Alder");
const BIRCH = identityId("Birch");
const POOL = identityId("Pool");
/** What a mock venue does when it is asked. */
const MOODS = { Answers: 0, Reverts: 1, BurnsGas: 2, TooShort: 3, TooLong: 4, NoFace: 5 };
const SILENT = ["Reverts", "BurnsGas", "TooShort", "TooLong", "NoFace"] as const;

/** Classes of 1,000.00 and 500.00 and a cap of 40 %: 600.00. Alder holds 500.00 of A, Birch 300.00; a venue stands by. */
async function dealWithVenue() {
  const deal = await deployTranches({ faces: [1_000_00n, 500_00n], holderCapBps: 4_000 });
  const [alder, birch, stranger] = deal.wallets;
  await admit(deal, "Alder", alder!);
  await admit(deal, "Birch", birch!);
  const mint = deal.token.connect(deal.factory).getFunction("mint");
  await mint(alder!, 500_00n);
  await mint(birch!, 300_00n);
  const venue: AnyContract = await ethers.deployContract("MockVenue");
  const at = await venue.getAddress();
  await admitVenue(deal, at);
  const people = { alder: alder!, birch: birch!, stranger: stranger! };
  return { ...deal, ...people, deal, venue, at };
}

async function admitVenue({ registry }: { registry: AnyContract }, at: string, id = POOL) {
  await registry.setCredential(id, 1, 0, 1, REASON);
  await registry.setVenue(id, true, REASON);
  await registry.linkWallet(at, id, REASON);
}

async function lookedThrough() {
  const deal = await dealWithVenue();
  await deal.registry.setDealVenue(1n, deal.at, true, REASON);
  return deal;
}

describe("The venues of a deal", () => {
  const load = () => networkHelpers.loadFixture(dealWithVenue);
  const loadListed = () => networkHelpers.loadFixture(lookedThrough);
  const refusal = (name: string) => ethers.id(name).slice(0, 10);

  it("are listed by the registrar: at most four, each of an identity that is one", async () => {
    const { compliance, registry, deal, at, alder, token, tokens, birch, venue } = await load();
    await expect(registry.setDealVenue(1n, at, true, REASON))
      .to.emit(compliance, "DealVenueSet")
      .withArgs(1n, at, true);
    await registry.setDealVenue(1n, at, true, REASON);
    expect(await compliance.venuesOf(1n)).to.deep.equal([at, ...Array(3).fill(ZeroAddress)]);
    await expect(registry.setDealVenue(1n, alder, true, REASON))
      .to.be.revertedWithCustomError(compliance, "VenueUnknown")
      .withArgs(alder.address);
    await expect(registry.setDealVenue(7n, at, true, REASON))
      .to.be.revertedWithCustomError(compliance, "DealUnknown")
      .withArgs(7n);
    const more: string[] = [];
    for (let i = 0; i < 4; i++) {
      more.push(await (await ethers.deployContract("MockVenue")).getAddress());
      await admitVenue(deal, more[i]!, identityId(`Pool ${i}`));
      if (i < 3) await registry.setDealVenue(1n, more[i]!, true, REASON);
    }
    await expect(registry.setDealVenue(1n, more[3]!, true, REASON))
      .to.be.revertedWithCustomError(compliance, "TooManyVenues")
      .withArgs(1n);
    await registry.setDealVenue(1n, more[1]!, false, REASON);
    await registry.setDealVenue(1n, more[1]!, false, REASON);
    await registry.setDealVenue(1n, more[3]!, true, REASON);
    expect(await compliance.venuesOf(1n)).to.deep.equal([at, more[0], more[3], more[2]]);
    // With the last one gone nobody is asked any more.
    await venue.setMood(MOODS.Reverts);
    const may = async () => [
      await token.canTransfer(alder, birch, 1n),
      await tokens[1]!.canTransfer(alder, birch, 1n),
    ];
    expect(await may()).to.deep.equal([false, false]);
    for (const each of [more[0]!, more[2]!, more[3]!])
      await registry.setDealVenue(1n, each, false, REASON);
    expect(await may()).to.deep.equal([false, false]);
    await registry.setDealVenue(1n, at, false, REASON);
    expect(await may()).to.deep.equal([true, true]);
  });

  it("count for the cap: own wallets and what a venue holds, of every class", async () => {
    const { compliance, token, tokens, alder, birch, venue } = await loadListed();
    // Birch: 300.00 itself, 150.00 and 149.99 by way of the venue: 599.99 of 600.00.
    await venue.tell(token, BIRCH, 150_00n);
    await venue.tell(tokens[1]!, BIRCH, 149_99n);
    expect(await compliance.principalHeldBy(1n, BIRCH)).to.deep.equal([300_00n, 600_00n]);
    expect(await compliance.principalWithVenues(1n, BIRCH, 0, 0)).to.deep.equal([599_99n, true]);
    expect(await compliance.principalWithVenues(1n, BIRCH, 0, 2)).to.deep.equal([600_01n, true]);
    expect(await token.canTransfer(alder, birch, 1n)).to.equal(true);
    expect(await token.canTransfer(alder, birch, 2n)).to.equal(false);
    await expect(token.connect(alder).transfer(birch, 2n))
      .to.be.revertedWithCustomError(compliance, "HolderCapExceeded")
      .withArgs(BIRCH, 600_01n, 600_00n);
    await token.connect(alder).transfer(birch, 1n);
    await token.connect(birch).transfer(alder, 1n);
  });

  it("are valued with the classes' factors, rounded down once", async () => {
    const { compliance, deal, token, tokens, venue } = await loadListed();
    // A is repaid to 333.33 of 1,000.00, B to 250.00 of 500.00: the cap is 40 % of 583.33 = 233.33.
    await deal.compliance.connect(deal.distributor).setBalances(1n, deal.code, [333_33n, 250_00n]);
    await venue.tell(token, BIRCH, 1n);
    await venue.tell(tokens[1]!, BIRCH, 1n);
    // 300.01 x 0.33333 + 0.01 x 0.5 = 100.00233 + 0.005 = 100.00 and something
    expect(await compliance.principalWithVenues(1n, BIRCH, 0, 0)).to.deep.equal([100_00n, true]);
    // 300.01 x 0.33333 + 1.01 x 0.5 = 100.50733
    expect(await compliance.principalWithVenues(1n, BIRCH, 1, 100)).to.deep.equal([100_50n, true]);
  });

  for (const mood of SILENT) {
    it(`refuse increases, never sales, when one ${mood}`, async () => {
      const { compliance, token, alder, birch, venue, registrar } = await loadListed();
      await venue.setMood(MOODS[mood]);
      expect(await compliance.canTransfer(token, alder, birch, 1n)).to.deep.equal([
        false,
        refusal("VenueUnreadable(uint64,bytes32)"),
      ]);
      expect(await token.detectTransferRestriction(alder, birch, 1n)).to.equal(12n);
      await expect(token.connect(alder).transfer(birch, 1n))
        .to.be.revertedWithCustomError(compliance, "VenueUnreadable")
        .withArgs(1n, BIRCH);
      await expect(
        token.connect(registrar).forcedTransfer(alder, birch, 1n),
      ).to.be.revertedWithCustomError(compliance, "VenueUnreadable");
      expect(await compliance.principalWithVenues(1n, BIRCH, 0, 0)).to.deep.equal([0n, false]);
      // No increase: nothing at all, within the identity, into the venue; and for whoever is exempt.
      await token.connect(alder).transfer(birch, 0n);
      await token.connect(alder).transfer(alder, 1n);
      await token.connect(alder).transfer(await venue.getAddress(), 1n);
      await compliance.connect(registrar).setCapExempt(1n, BIRCH, true, REASON);
      await token.connect(alder).transfer(birch, 1n);
    });
  }

  it("are not asked when the wallet's own holding is too large already", async () => {
    const { compliance, token, tokens, factory, alder, birch, venue } = await loadListed();
    await tokens[1]!.connect(factory).mint(birch, 300_00n);
    await venue.setMood(MOODS.Reverts);
    await expect(token.connect(alder).transfer(birch, 1n))
      .to.be.revertedWithCustomError(compliance, "HolderCapExceeded")
      .withArgs(BIRCH, 600_01n, 600_00n);
  });

  it("are asked when a wallet is linked to another identity", async () => {
    const { compliance, token, alder, stranger, deal, venue } = await loadListed();
    await admit(deal, "Cedar", stranger);
    await token.connect(alder).transfer(stranger, 60_00n);
    // Alder would hold 440.00 and 60.00 itself and 100.01 by way of the venue: a cent too much.
    await venue.tell(token, ALDER, 100_01n);
    await expect(link(deal, stranger, ALDER))
      .to.be.revertedWithCustomError(compliance, "HolderCapExceeded")
      .withArgs(ALDER, 600_01n, 600_00n);
    await venue.setMood(MOODS.Reverts);
    await expect(link(deal, stranger, ALDER))
      .to.be.revertedWithCustomError(compliance, "VenueUnreadable")
      .withArgs(1n, ALDER);
    await venue.setMood(MOODS.Answers);
    await venue.tell(token, ALDER, 100_00n);
    await link(deal, stranger, ALDER);
    expect(await compliance.holdingOf(1n, ALDER)).to.deep.equal([500_00n, 0n]);
  });

  it("get no deal without a cap to answer for", async () => {
    const deal = await deployTranches({ faces: [1_000_00n] });
    const [alder, birch] = deal.wallets;
    await admit(deal, "Alder", alder!);
    await admit(deal, "Birch", birch!);
    await deal.token.connect(deal.factory).mint(alder!, 500_00n);
    const venue: AnyContract = await ethers.deployContract("MockVenue");
    await admitVenue(deal, await venue.getAddress());
    await deal.registry.setDealVenue(1n, await venue.getAddress(), true, REASON);
    await venue.setMood(MOODS.Reverts);
    await deal.token.connect(alder!).transfer(birch!, 1n);
  });

  it("end a call that has too little gas to ask, instead of answering something else", async () => {
    const { token, alder, birch } = await loadListed();
    const data = token.interface.encodeFunctionData("canTransfer", [
      alder.address,
      birch.address,
      1n,
    ]);
    const to = await token.getAddress();
    const answers = new Set<string>();
    for (let gas = 30_000n; gas < 160_000n; gas += 2_000n) {
      const answer = await ethers.provider
        .call({ to, data, gasLimit: gas })
        .catch(() => "out of gas");
      answers.add(answer);
    }
    const yes = ethers.AbiCoder.defaultAbiCoder().encode(["bool"], [true]);
    expect(answers).to.deep.equal(new Set(["out of gas", yes]));
  });
});

/** The wrapper is nobody's idea but its author's: it lets its own token go to anyone. */
describe("A wrapper that holds notes", () => {
  async function wrapped() {
    const deal = await dealWithVenue();
    const { token, compliance, alder, birch } = deal;
    const wrapper: AnyContract = await ethers.deployContract("MockWrapper", [
      await token.getAddress(),
      await compliance.getAddress(),
    ]);
    for (const wallet of [alder, birch]) await token.connect(wallet).approve(wrapper, 2n ** 255n);
    return { ...deal, wrapper, wrapperAt: await wrapper.getAddress() };
  }
  const load = () => networkHelpers.loadFixture(wrapped);
  const WRAPPER = identityId("Wrapper");

  it("[K2] gets none while nobody has registered it", async () => {
    const { compliance, wrapper, wrapperAt, alder, token } = await load();
    expect(await token.canReceive(wrapperAt)).to.equal(false);
    await expect(wrapper.connect(alder).deposit(1n))
      .to.be.revertedWithCustomError(compliance, "IdentityUnknown")
      .withArgs(wrapperAt);
  });

  it("[K2] gives no access to a holder of its token who is not verified", async () => {
    const { compliance, registry, token, wrapper, wrapperAt, alder, birch, stranger, deal } =
      await load();
    await admitVenue(deal, wrapperAt, WRAPPER);
    await wrapper.connect(alder).deposit(100_00n);
    // The stranger has the wrapper's token and is no nearer to the notes.
    await wrapper.connect(alder).transfer(stranger, 100_00n);
    await expect(wrapper.connect(stranger).withdrawTo(stranger, 1n))
      .to.be.revertedWithCustomError(compliance, "IdentityUnknown")
      .withArgs(stranger.address);
    await registry.setIdentity(BIRCH, 1, 840, REASON);
    await expect(wrapper.connect(stranger).withdrawTo(birch, 1n))
      .to.be.revertedWithCustomError(compliance, "CredentialMissing")
      .withArgs(birch.address, 1);
    expect(await token.balanceOf(wrapperAt)).to.equal(100_00n);
    // A verified holder may have them, within its cap.
    await wrapper.connect(stranger).withdrawTo(alder, 100_00n);
    expect(await token.balanceOf(alder)).to.equal(500_00n);
  });

  it("[K2] is no way round the cap once the deal looks through it", async () => {
    const { compliance, registry, token, wrapper, wrapperAt, alder, birch, deal } = await load();
    await admitVenue(deal, wrapperAt, WRAPPER);
    await wrapper.connect(birch).deposit(300_00n);
    // Birch's wallets are empty: without looking through, 500.00 more would pass a cap of 600.00.
    expect(await token.canTransfer(alder, birch, 500_00n)).to.equal(true);
    await registry.setDealVenue(1n, wrapperAt, true, REASON);
    await expect(token.connect(alder).transfer(birch, 500_00n))
      .to.be.revertedWithCustomError(compliance, "HolderCapExceeded")
      .withArgs(BIRCH, 800_00n, 600_00n);
    await token.connect(alder).transfer(birch, 300_00n);
    // What is its own it can always take out: the wrapper's books have let it go before the notes come.
    await wrapper.connect(birch).withdrawTo(birch, 300_00n);
    expect(await compliance.principalWithVenues(1n, BIRCH, 0, 0)).to.deep.equal([600_00n, true]);
  });
});
