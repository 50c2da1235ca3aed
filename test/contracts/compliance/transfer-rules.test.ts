import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import {
  admit,
  DAY,
  deployTranches,
  ethers,
  identityAddress,
  identityId,
  link,
  networkHelpers,
  REASON,
  USA,
} from "../tokens/deploy-tranches.ts";

const ALDER = identityId("Alder");
const BIRCH = identityId("Birch");
const VENUE = identityId("Venue");
const [ACCREDITED, QUALIFIED_BUYER] = [1, 2];
const [KYC, ACCREDITATION, COUNTRY, SWISS] = [1, 3, 4, 756];

/** Two classes of 1,000.00 and 500.00 with a cap of 40 %: 600.00. Alder holds 500.00 of A, Birch 100.00. */
async function ruledDeal() {
  const deal = await deployTranches({ faces: [1_000_00n, 500_00n], holderCapBps: 4_000 });
  const [alder, alderToo, birch, cedar] = deal.wallets;
  await admit(deal, "Alder", alder!, alderToo!);
  await admit(deal, "Birch", birch!);
  const mint = deal.token.connect(deal.factory).getFunction("mint");
  await mint(alder!, 500_00n);
  await mint(birch!, 100_00n);
  const people = { alder: alder!, alderToo: alderToo!, birch: birch!, cedar: cedar! };
  const now = await networkHelpers.time.latest();
  return { ...deal, ...people, now };
}

/** A contract that holds for others: here the cash token's code stands for one. */
async function withVenue() {
  const deal = await ruledDeal();
  const venue = deal.wallets[9]!;
  await deal.registry.setCredential(VENUE, 1, 0, 1, REASON);
  await link(deal, venue, VENUE);
  await deal.registry.setVenue(VENUE, true, REASON);
  return { ...deal, venue };
}

describe("Transfer rules", () => {
  const load = () => networkHelpers.loadFixture(ruledDeal);
  const loadVenue = () => networkHelpers.loadFixture(withVenue);

  describe("credentials and investor class", () => {
    it("are asked of the receiver, class by class", async () => {
      const { compliance, registry, token, tokens, alder, birch } = await load();
      await expect(registry.setRequirements(token, 1, ACCREDITED, REASON))
        .to.emit(compliance, "RequirementsSet")
        .withArgs(await token.getAddress(), 5, ACCREDITED);
      expect(await compliance.requirementsOf(token)).to.deep.equal([5n, 1n]);
      expect(await compliance.requirementsOf(tokens[1]!)).to.deep.equal([1n, 0n]);
      await expect(token.connect(alder).transfer(birch, 1n))
        .to.be.revertedWithCustomError(compliance, "CredentialMissing")
        .withArgs(birch.address, ACCREDITATION);
      expect(await token.canReceive(birch)).to.equal(false);
      expect(await tokens[1]!.canReceive(birch)).to.equal(true);
      await registry.setCredential(BIRCH, ACCREDITATION, ACCREDITED, 2 ** 39, REASON);
      await token.connect(alder).transfer(birch, 1n);
      // Alder has none: it may sell what it holds.
      expect(await token.canReceive(alder)).to.equal(false);
    });

    it("refuse an investor of too low a class", async () => {
      const { compliance, registry, token, alder, birch } = await load();
      await registry.setRequirements(token, 1, QUALIFIED_BUYER, REASON);
      await registry.setCredential(BIRCH, ACCREDITATION, ACCREDITED, 2 ** 39, REASON);
      await expect(token.connect(alder).transfer(birch, 1n))
        .to.be.revertedWithCustomError(compliance, "InvestorClassTooLow")
        .withArgs(birch.address, ACCREDITED, QUALIFIED_BUYER);
    });

    it("are set only of known classes, topics and investor classes", async () => {
      const { compliance, registry, token, alder } = await load();
      await expect(registry.setRequirements(token, 16, 0, REASON))
        .to.be.revertedWithCustomError(compliance, "TopicUnknown")
        .withArgs(16);
      await expect(registry.setRequirements(token, 1, 16, REASON))
        .to.be.revertedWithCustomError(compliance, "CredentialValueInvalid")
        .withArgs(ACCREDITATION, 16);
      for (const call of [
        () => registry.setRequirements(alder, 1, 0, REASON),
        () => registry.setCountryListed(alder, 1, true, REASON),
        () => registry.setCountryListMeaning(alder, true, REASON),
        () => registry.setLockup(alder, ZeroHash, [1, 1], REASON),
        () => compliance.requirementsOf(alder),
        () => compliance.isCountryAdmitted(alder, USA),
      ])
        await expect(call())
          .to.be.revertedWithCustomError(compliance, "TokenUnknown")
          .withArgs(alder.address);
    });
  });

  describe("countries", () => {
    it("may be the only ones admitted instead of those barred", async () => {
      const { compliance, registry, token, tokens, alder, birch } = await load();
      await registry.setCountryListed(token, SWISS, true, REASON);
      await expect(registry.setCountryListMeaning(token, true, REASON))
        .to.emit(compliance, "CountryListMeaningSet")
        .withArgs(await token.getAddress(), true);
      await expect(token.connect(alder).transfer(birch, 1n))
        .to.be.revertedWithCustomError(compliance, "CountryBlocked")
        .withArgs(birch.address, USA);
      expect(await compliance.isCountryAdmitted(token, SWISS)).to.equal(true);
      expect(await compliance.isCountryAdmitted(token, USA)).to.equal(false);
      expect(await compliance.isCountryAdmitted(tokens[1]!, USA)).to.equal(true);
      await registry.setIdentity(BIRCH, 2 ** 39, SWISS, REASON);
      await token.connect(alder).transfer(birch, 1n);
    });

    it("may be more than the word of the class has room for", async () => {
      const { compliance, registry, token } = await load();
      const countries = Array.from({ length: 12 }, (_, i) => 300 + i);
      for (const country of countries)
        await registry.setCountryListed(token, country, true, REASON);
      await registry.setCountryListMeaning(token, true, REASON);
      for (const country of countries)
        expect(await compliance.isCountryAdmitted(token, country), `${country}`).to.equal(true);
      expect(await compliance.isCountryAdmitted(token, 312)).to.equal(false);
    });
  });

  describe("lock-ups", () => {
    const sixMonths = 182 * DAY;

    it("of Rule 144 let notes go to qualified institutional buyers alone", async () => {
      const { compliance, registry, token, alder, birch, now } = await load();
      await expect(registry.setLockup(token, ALDER, [now + sixMonths, 0], REASON))
        .to.emit(compliance, "LockupSet")
        .withArgs(await token.getAddress(), ALDER, now + sixMonths, 0);
      await expect(token.connect(alder).transfer(birch, 1n))
        .to.be.revertedWithCustomError(compliance, "LockedUp")
        .withArgs(alder.address, birch.address);
      expect(await token.canTransfer(alder, birch, 1n)).to.equal(false);
      // Birch's own notes are free.
      await token.connect(birch).transfer(alder, 1n);
      await registry.setCredential(BIRCH, ACCREDITATION, QUALIFIED_BUYER, 2 ** 39, REASON);
      await token.connect(alder).transfer(birch, 1n);
      await registry.setCredential(BIRCH, ACCREDITATION, ACCREDITED, 2 ** 39, REASON);
      expect(await token.canTransfer(alder, birch, 1n)).to.equal(false);
      await networkHelpers.time.setNextBlockTimestamp(now + sixMonths);
      await token.connect(alder).transfer(birch, 1n);
    });

    it("of Regulation S keep notes out of the United States", async () => {
      const { registry, token, alder, birch, now } = await load();
      await registry.setLockup(token, ZeroHash, [0, now + 40 * DAY], REASON);
      expect(await token.canTransfer(alder, birch, 1n)).to.equal(false);
      await registry.setIdentity(BIRCH, 2 ** 39, SWISS, REASON);
      await token.connect(alder).transfer(birch, 1n);
      expect(await token.canTransfer(birch, alder, 1n)).to.equal(false);
      await networkHelpers.time.setNextBlockTimestamp(now + 40 * DAY);
      await token.connect(birch).transfer(alder, 1n);
    });

    it("[K1] of Regulation S hold against a receiver of whom no valid country is known", async () => {
      const { compliance, registry, token, alder, cedar, now } = await load();
      await registry.setLockup(token, ZeroHash, [0, now + 40 * DAY], REASON);
      // Cedar comes with what an issuer of KYC alone has signed: it may live anywhere.
      const CEDAR = identityId("Cedar");
      await registry.setCredential(CEDAR, KYC, 0, 2 ** 39, REASON);
      await link({ compliance, registry }, cedar, CEDAR);
      expect(await token.canReceive(cedar)).to.equal(true);
      expect(await token.canTransfer(alder, cedar, 1n)).to.equal(false);
      await expect(token.connect(alder).transfer(cedar, 1n))
        .to.be.revertedWithCustomError(compliance, "LockedUp")
        .withArgs(alder.address, cedar.address);
      await registry.setCredential(CEDAR, COUNTRY, SWISS, now + 10 * DAY, REASON);
      await token.connect(alder).transfer(cedar, 1n);
      // Where Cedar lived ten days ago says nothing of today.
      await networkHelpers.time.setNextBlockTimestamp(now + 10 * DAY);
      await expect(token.connect(alder).transfer(cedar, 1n)).to.be.revertedWithCustomError(
        compliance,
        "LockedUp",
      );
    });

    it("of all and of one identity: the later counts", async () => {
      const { compliance, registry, token, now } = await load();
      await registry.setLockup(token, ZeroHash, [now + 5, now + 90], REASON);
      await registry.setLockup(token, ALDER, [now + 50, now + 9], REASON);
      expect(await compliance.lockupOf(token, ALDER)).to.deep.equal([
        BigInt(now + 50),
        BigInt(now + 90),
      ]);
      await expect(
        registry.setLockup(token, identityId("Nobody"), [1, 1], REASON),
      ).to.be.revertedWithCustomError(compliance, "IdentityNotSet");
    });

    it("stop neither moves within an identity nor forced transfers nor mints", async () => {
      const { registry, registrar, token, factory, alder, alderToo, birch, now } = await load();
      await registry.setLockup(token, ZeroHash, [now + sixMonths, 0], REASON);
      await token.connect(alder).transfer(alderToo, 1n);
      await token.connect(registrar).forcedTransfer(alder, birch, 1n);
      await token.connect(factory).mint(birch, 1n);
      expect(await token.canTransfer(alder, birch, 1n)).to.equal(false);
    });
  });

  describe("venues", () => {
    it("hold without credentials, country or cap", async () => {
      const { compliance, registry, token, alder, venue } = await loadVenue();
      await registry.setRequirements(token, 15, 2, REASON);
      await registry.setCountryListMeaning(token, true, REASON);
      await token.connect(alder).transfer(venue, 500_00n);
      await token.connect(venue).transfer(venue, 1n);
      expect((await compliance.identity(VENUE)).venue).to.equal(true);
      expect(await compliance.holdingOf(1n, VENUE)).to.deep.equal([500_00n, 0n]);
    });

    it("[K2] give no access to holders that are not verified", async () => {
      const { compliance, registry, token, alder, birch, cedar, venue } = await loadVenue();
      await token.connect(alder).transfer(venue, 500_00n);
      await expect(token.connect(venue).transfer(cedar, 1n))
        .to.be.revertedWithCustomError(compliance, "IdentityUnknown")
        .withArgs(cedar.address);
      await expect(token.connect(venue).transfer(birch, 500_01n)).to.be.revertedWithCustomError(
        token,
        "ERC20InsufficientBalance",
      );
      await registry.setIdentityFrozen(VENUE, true, REASON);
      await expect(token.connect(venue).transfer(birch, 1n))
        .to.be.revertedWithCustomError(compliance, "IdentityFrozen")
        .withArgs(venue.address);
    });

    it("have nothing taken from them by force", async () => {
      const { compliance, registrar, token, alder, birch, venue } = await loadVenue();
      await token.connect(alder).transfer(venue, 500_00n);
      await expect(token.connect(registrar).forcedTransfer(venue, birch, 1n))
        .to.be.revertedWithCustomError(compliance, "VenueSender")
        .withArgs(venue.address);
    });

    it("[K2] are not recovered from: a registrar with a wallet of the venue's identity takes nothing", async () => {
      const { compliance, registry, registrar, token, alder, venue } = await loadVenue();
      await token.connect(alder).transfer(venue, 500_00n);
      // The caller's own wallet needs no other consent.
      await registry.linkWallet(registrar, VENUE, REASON);
      await expect(
        token.connect(registrar).recoveryAddress(venue, registrar, identityAddress("Venue")),
      )
        .to.be.revertedWithCustomError(compliance, "VenueSender")
        .withArgs(venue.address);
      expect(await token.balanceOf(venue)).to.equal(500_00n);
    });

    it("are asked for everything again when they are none any more, and keep what they hold", async () => {
      const { compliance, registry, token, tokens, factory, alder, venue } = await loadVenue();
      await token.connect(alder).transfer(venue, 500_00n);
      await tokens[1]!.connect(factory).mint(venue, 200_00n);
      await expect(registry.setVenue(VENUE, false, REASON))
        .to.emit(compliance, "VenueSet")
        .withArgs(VENUE, false);
      expect(await token.canReceive(venue)).to.equal(false);
      await token.connect(venue).transfer(alder, 1n);
      await expect(
        registry.setVenue(identityId("Nobody"), true, REASON),
      ).to.be.revertedWithCustomError(compliance, "IdentityNotSet");
    });
  });

  it("are told as codes and words by the token (ERC-1404)", async () => {
    const { registry, registrar, token, factory, alder, birch, cedar, now } = await load();
    const code = async (to = birch.address, face = 1n, from = alder.address) =>
      Number(await token.detectTransferRestriction(from, to, face));
    const agent = token.connect(registrar);
    expect(await code()).to.equal(0);
    expect(await code(ZeroAddress)).to.equal(3);
    expect(await code(birch.address, 1n, ZeroAddress)).to.equal(2);
    expect(await code(cedar.address)).to.equal(5);
    await token.connect(factory).mint(birch, 400_00n);
    expect(await code(birch.address, 300_00n)).to.equal(11);
    await registry.setLockup(token, ZeroHash, [now + DAY, 0], REASON);
    expect(await code()).to.equal(10);
    await registry.setCountryListed(token, USA, true, REASON);
    expect(await code()).to.equal(9);
    await registry.setCredential(BIRCH, ACCREDITATION, ACCREDITED, 2 ** 39, REASON);
    await registry.setRequirements(token, 1, QUALIFIED_BUYER, REASON);
    expect(await code()).to.equal(8);
    await registry.setCredential(BIRCH, 1, 0, 1, REASON);
    expect(await code()).to.equal(7);
    await registry.setIdentityFrozen(BIRCH, true, REASON);
    expect(await code()).to.equal(6);
    await agent.setFrozenTokens(alder, 500_00n);
    expect(await code()).to.equal(4);
    await agent.setAddressFrozen(birch, true);
    expect(await code()).to.equal(3);
    await agent.setAddressFrozen(alder, true);
    expect(await code()).to.equal(2);
    await agent.pause();
    expect(await code()).to.equal(1);
    const words = await Promise.all(
      Array.from({ length: 14 }, (_, i) => token.messageForTransferRestriction(i)),
    );
    expect(new Set(words).size).to.equal(14);
    expect(words[0]).to.equal("No restriction");
    expect(words[13]).to.equal("Refused");
    const restrictions = await ethers.deployContract("TransferRestrictions");
    expect(await restrictions.getFunction("codeOf")("0x12345678")).to.equal(255n);
  });
});
