import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import {
  admit,
  DAY,
  deployTranches,
  ethers,
  identityId,
  networkHelpers,
  REASON,
  USA,
} from "../tokens/deploy-tranches.ts";

const ALDER = identityId("Alder");
const BIRCH = identityId("Birch");

/** Deal of 600.00, 300.00 and 100.00 with a cap of 40 %: 400.00. Alder has two wallets and holds 300.00 of class A. */
async function cappedDeal() {
  const deal = await deployTranches({
    faces: [600_00n, 300_00n, 100_00n],
    holderCapBps: 4_000,
  });
  const [alder, alderToo, birch, stranger] = deal.wallets;
  const wallets = { alder: alder!, alderToo: alderToo!, birch: birch!, stranger: stranger! };
  await admit(deal, "Alder", wallets.alder, wallets.alderToo);
  await admit(deal, "Birch", wallets.birch);
  const mint = (index: number, to: typeof wallets.alder, face: bigint) =>
    deal.tokens[index]!.connect(deal.factory).mint(to, face);
  await mint(0, wallets.alder, 300_00n);
  await mint(0, wallets.birch, 100_00n);
  await mint(1, wallets.birch, 300_00n);
  const ask = async (
    from: { address: string },
    to: { address: string },
    face: bigint,
    index = 0,
  ) => {
    const token = await deal.tokens[index]!.getAddress();
    return deal.compliance.canTransfer(token, from.address, to.address, face);
  };
  return { ...deal, ...wallets, mint, ask, deal };
}

describe("Compliance registry", () => {
  const load = () => networkHelpers.loadFixture(cappedDeal);
  const refusal = (name: string) => ethers.id(name).slice(0, 10);

  describe("identities", () => {
    it("[K1] refuses an unknown wallet on either side, in the view as in the transfer", async () => {
      const { token, compliance, alder, stranger, ask } = await load();
      const unknown = refusal("IdentityUnknown(address)");
      expect(await ask(alder, stranger, 1n)).to.deep.equal([false, unknown]);
      expect(await ask(stranger, alder, 1n)).to.deep.equal([false, unknown]);
      await expect(token.connect(stranger).transfer(alder, 0n))
        .to.be.revertedWithCustomError(compliance, "IdentityUnknown")
        .withArgs(stranger.address);
    });

    it("lets an identity whose credential expired sell but not buy", async () => {
      const { token, compliance, registry, alder, birch, ask } = await load();
      const now = await networkHelpers.time.latest();
      await registry.setIdentity(ALDER, now + DAY, USA, REASON);
      expect((await ask(birch, alder, 1n))[0]).to.equal(true);
      await networkHelpers.time.increaseTo(now + DAY);
      expect(await ask(birch, alder, 1n)).to.deep.equal([
        false,
        refusal("CredentialMissing(address,uint8)"),
      ]);
      await expect(token.connect(birch).transfer(alder, 1n))
        .to.be.revertedWithCustomError(compliance, "CredentialMissing")
        .withArgs(alder.address, 1);
      expect(await token.canReceive(alder)).to.equal(false);
      expect(await token.canSend(alder)).to.equal(true);
      await token.connect(alder).transfer(birch, 0n);
    });

    it("refuses a frozen identity on either side and keeps its freeze when the credential is renewed", async () => {
      const { token, compliance, registry, alder, birch, ask } = await load();
      await expect(registry.setIdentityFrozen(ALDER, true, REASON))
        .to.emit(compliance, "IdentityFreezeSet")
        .withArgs(ALDER, true);
      await registry.setIdentity(ALDER, 2 ** 39, USA, REASON);
      expect(await compliance.identity(ALDER)).to.deep.equal([
        ...[BigInt(2 ** 39), 0n, 0n, BigInt(2 ** 39), 840n, 0n],
        ...[true, true, false],
      ]);
      const frozen = refusal("IdentityFrozen(address)");
      expect(await ask(alder, birch, 1n)).to.deep.equal([false, frozen]);
      expect(await ask(birch, alder, 1n)).to.deep.equal([false, frozen]);
      await expect(token.connect(birch).transfer(alder, 1n))
        .to.be.revertedWithCustomError(compliance, "IdentityFrozen")
        .withArgs(alder.address);
      await registry.setIdentityFrozen(ALDER, false, REASON);
      expect((await ask(alder, alder, 1n))[0]).to.equal(true);
    });

    it("bars a country from receiving a class and leaves what its identities hold", async () => {
      const { token, compliance, registry, alder, birch, ask } = await load();
      await registry.setIdentity(ALDER, 2 ** 39, 643, REASON);
      await expect(registry.setCountryListed(token, 643, true, REASON))
        .to.emit(compliance, "CountryListed")
        .withArgs(await token.getAddress(), 643, true);
      expect(await ask(birch, alder, 1n)).to.deep.equal([
        false,
        refusal("CountryBlocked(address,uint16)"),
      ]);
      await expect(token.connect(birch).transfer(alder, 1n))
        .to.be.revertedWithCustomError(compliance, "CountryBlocked")
        .withArgs(alder.address, 643);
      expect(await compliance.canReceive(token, alder)).to.equal(false);
      expect(await compliance.isCountryAdmitted(token, USA)).to.equal(true);
      expect((await ask(alder, birch, 0n))[0]).to.equal(true);
      await registry.setCountryListed(token, 643, false, REASON);
      expect((await ask(birch, alder, 1n))[0]).to.equal(true);
    });

    it("bars any number of countries, each on its own", async () => {
      const { registry, compliance, token, alder, birch, ask } = await load();
      const countries = [0, ...Array.from({ length: 14 }, (_, i) => 100 + i)];
      const receives = async (country: number) => {
        await registry.setIdentity(ALDER, 2 ** 39, country, REASON);
        return (await ask(birch, alder, 1n))[0] as boolean;
      };
      for (const country of countries)
        await registry.setCountryListed(token, country, true, REASON);
      await registry.setCountryListed(token, 104, true, REASON);
      for (const country of countries)
        expect(await receives(country), `${country}`).to.equal(false);
      expect(await receives(114)).to.equal(true);
      for (const country of [0, 100, 104, 109, 113]) {
        await registry.setCountryListed(token, country, false, REASON);
        expect(await receives(country), `${country}`).to.equal(true);
        expect(await compliance.isCountryAdmitted(token, country)).to.equal(true);
      }
      expect(await receives(103)).to.equal(false);
      expect(await receives(112)).to.equal(false);
      await registry.setCountryListed(token, 112, false, REASON);
      await registry.setCountryListed(token, 100, true, REASON);
      expect(await receives(100)).to.equal(false);
      expect(await receives(112)).to.equal(true);
    });

    it("knows nothing of an identity that was never set, and never takes the zero id", async () => {
      const { registry, compliance, stranger } = await load();
      const nobody = identityId("Nobody");
      await compliance.connect(stranger).consentToLink(nobody);
      for (const call of [
        () => registry.linkWallet(stranger, nobody, REASON),
        () => registry.setIdentityFrozen(nobody, true, REASON),
        () => registry.setCapExempt(1n, nobody, true, REASON),
      ])
        await expect(call())
          .to.be.revertedWithCustomError(compliance, "IdentityNotSet")
          .withArgs(nobody);
      await expect(registry.setIdentity(ZeroHash, 1, 1, REASON)).to.be.revertedWithCustomError(
        compliance,
        "IdentityNotSet",
      );
    });
  });

  describe("holder cap", () => {
    it("adds up an identity's wallets and classes and allows the cap itself, not a cent more", async () => {
      const { compliance, tokens, mint, alder, alderToo, birch } = await load();
      // 300.00 of A + 100.00 of C = 400.00 = 40 % of 1,000.00
      await mint(2, alderToo, 99_99n);
      await mint(2, alder, 1n);
      expect(await compliance.principalHeldBy(1n, ALDER)).to.deep.equal([400_00n, 400_00n]);
      await expect(mint(0, alderToo, 1n))
        .to.be.revertedWithCustomError(compliance, "HolderCapExceeded")
        .withArgs(ALDER, 400_01n, 400_00n);
      await expect(tokens[1]!.connect(birch).transfer(alderToo, 1n))
        .to.be.revertedWithCustomError(compliance, "HolderCapExceeded")
        .withArgs(ALDER, 400_01n, 400_00n);
    });

    it("lets an identity at its cap move notes between its own wallets", async () => {
      const { compliance, token, mint, alder, alderToo } = await load();
      await mint(2, alder, 100_00n);
      await token.connect(alder).transfer(alderToo, 300_00n);
      expect(await compliance.holdingOf(1n, ALDER)).to.deep.equal([300_00n, 0n, 100_00n]);
    });

    it("values faces with the classes' balances, lets a passive breach stand and refuses only increases", async () => {
      const { compliance, distributor, tokens, alder, birch, ask, code } = await load();
      // A pays down to 300.00: Birch holds 100.00 * 1/2 + 300.00 = 350.00 of 700.00, and the cap is 280.00.
      await compliance.connect(distributor).setBalances(1n, code, [300_00n, 300_00n, 100_00n]);
      expect(await compliance.principalHeldBy(1n, BIRCH)).to.deep.equal([350_00n, 280_00n]);
      const exceeded = refusal("HolderCapExceeded(bytes32,uint256,uint256)");
      expect(await ask(alder, birch, 1n)).to.deep.equal([false, exceeded]);
      expect((await ask(alder, birch, 0n))[0]).to.equal(true);
      expect((await ask(birch, alder, 260_00n))[0]).to.equal(true);
      expect(await ask(birch, alder, 260_02n)).to.deep.equal([false, exceeded]);
      await tokens[1]!.connect(birch).transfer(alder, 100_00n);
      expect(await compliance.principalHeldBy(1n, BIRCH)).to.deep.equal([250_00n, 280_00n]);
    });

    it("asks the cap of the receiver of a forced transfer, and books it", async () => {
      const { compliance, tokens, registrar, alder, birch } = await load();
      const agent = tokens[1]!.connect(registrar);
      await expect(agent.forcedTransfer(birch, alder, 100_01n))
        .to.be.revertedWithCustomError(compliance, "HolderCapExceeded")
        .withArgs(ALDER, 400_01n, 400_00n);
      await agent.forcedTransfer(birch, alder, 100_00n);
      expect(await compliance.holdingOf(1n, ALDER)).to.deep.equal([300_00n, 100_00n, 0n]);
    });

    it("asks nothing of an exempt identity, nor of anyone in a deal without a cap", async () => {
      const { compliance, registry, mint, alder } = await load();
      await expect(registry.setCapExempt(1n, ALDER, true, REASON))
        .to.emit(compliance, "CapExemptSet")
        .withArgs(1n, ALDER, true);
      await mint(0, alder, 200_00n);
      expect(await compliance.isCapExempt(1n, ALDER)).to.equal(true);
      expect(await compliance.holdingOf(1n, ALDER)).to.deep.equal([500_00n, 0n, 0n]);
      await registry.setCapExempt(1n, ALDER, false, REASON);
      await expect(mint(2, alder, 1n)).to.be.revertedWithCustomError(
        compliance,
        "HolderCapExceeded",
      );

      const free = await deployTranches();
      await admit(free, "Alder", free.wallets[0]!);
      await free.token.connect(free.factory).mint(free.wallets[0]!, 600_000_00n);
      const [, limit] = await free.compliance.principalHeldBy(1n, ALDER);
      expect(limit).to.equal(2n ** 64n - 1n);
    });

    it("keeps sixteen classes apart", async () => {
      const faces = Array.from({ length: 16 }, (_, i) => BigInt(i + 1) * 100_00n);
      const deal = await deployTranches({ faces, holderCapBps: 10_000 });
      await admit(deal, "Alder", deal.wallets[0]!);
      for (const [index, token] of deal.tokens.entries())
        await token.connect(deal.factory).mint(deal.wallets[0]!, BigInt(index + 1));
      const held = faces.map((_, index) => BigInt(index + 1));
      expect(await deal.compliance.holdingOf(1n, ALDER)).to.deep.equal(held);
      // 1 + 2 + ... + 16 = 136 cents at factor 1; classes 5 and 16 at half: 136 - 2.5 - 8 = 125.5
      const balances = faces.map((face, i) => (i === 4 || i === 15 ? face / 2n : face));
      await deal.compliance.connect(deal.distributor).setBalances(1n, deal.code, balances);
      expect((await deal.compliance.principalHeldBy(1n, ALDER))[0]).to.equal(125n);
    });
  });

  describe("wallets", () => {
    it("moves a wallet's booked face to its new identity in the same call, in every deal", async () => {
      const { compliance, registry, token, alder, alderToo } = await load();
      await token.connect(alder).transfer(alderToo, 120_00n);
      await compliance.connect(alderToo).consentToLink(BIRCH);
      // Birch is at its cap of 400.00: a link is no way around it.
      await expect(registry.linkWallet(alderToo, BIRCH, REASON))
        .to.be.revertedWithCustomError(compliance, "HolderCapExceeded")
        .withArgs(BIRCH, 520_00n, 400_00n);
      await registry.setCapExempt(1n, BIRCH, true, REASON);
      await expect(registry.linkWallet(alderToo, BIRCH, REASON))
        .to.emit(compliance, "WalletLinked")
        .withArgs(alderToo.address, BIRCH, ALDER);
      expect(await compliance.holdingOf(1n, ALDER)).to.deep.equal([180_00n, 0n, 0n]);
      expect(await compliance.holdingOf(1n, BIRCH)).to.deep.equal([220_00n, 300_00n, 0n]);
      await registry.linkWallet(alderToo, BIRCH, REASON);
      expect(await compliance.holdingOf(1n, BIRCH)).to.deep.equal([220_00n, 300_00n, 0n]);
    });

    it("lets only an empty wallet go without an identity", async () => {
      const { compliance, registry, alder, alderToo } = await load();
      await expect(registry.linkWallet(alder, ZeroHash, REASON))
        .to.be.revertedWithCustomError(compliance, "WalletHoldsNotes")
        .withArgs(alder.address, 1n);
      await registry.linkWallet(alderToo, ZeroHash, REASON);
      expect(await compliance.identityOf(alderToo)).to.equal(ZeroHash);
    });
  });

  describe("who may call", () => {
    it("[U1] can't be initialised as an implementation, nor twice as a proxy", async () => {
      const { compliance } = await load();
      const implementation = await ethers.deployContract("ComplianceRegistry", [
        ZeroAddress,
        ZeroAddress,
      ]);
      for (const target of [implementation, compliance])
        await expect(target.getFunction("initialize")(ZeroAddress)).to.be.revertedWithCustomError(
          implementation,
          "InvalidInitialization",
        );
    });

    it("[U3] takes bookings only from registered tokens, deals from the factory, balances from the distributor", async () => {
      const { compliance, factory, distributor, alder, birch, code, token } = await load();
      const own = compliance.connect(alder);
      for (const call of [
        () => own.onTransfer(birch, alder, 1n),
        () => own.onForcedTransfer(birch, alder, 1n),
      ])
        await expect(call())
          .to.be.revertedWithCustomError(compliance, "TokenUnknown")
          .withArgs(alder.address);
      expect(await compliance.canTransfer(alder, birch, alder, 1n)).to.deep.equal([
        false,
        refusal("TokenUnknown(address)"),
      ]);
      expect(await compliance.canReceive(alder, birch)).to.equal(false);
      await expect(own.registerDeal(2n, code, [])).to.be.revertedWithCustomError(
        compliance,
        "FactoryOnly",
      );
      await expect(own.setBalances(1n, code, [])).to.be.revertedWithCustomError(
        compliance,
        "DistributorOnly",
      );
      const asFactory = compliance.connect(factory);
      await expect(asFactory.registerDeal(1n, code, []))
        .to.be.revertedWithCustomError(compliance, "DealAlreadyRegistered")
        .withArgs(1n);
      await expect(asFactory.registerDeal(2n, code, [alder]))
        .to.be.revertedWithCustomError(compliance, "ClassCountMismatch")
        .withArgs(1n, 3n);
      await expect(asFactory.registerDeal(2n, code, [alder, birch, token]))
        .to.be.revertedWithCustomError(compliance, "TokenAlreadyRegistered")
        .withArgs(await token.getAddress());
      const asDistributor = compliance.connect(distributor);
      await expect(asDistributor.setBalances(1n, code, [1n]))
        .to.be.revertedWithCustomError(compliance, "ClassCountMismatch")
        .withArgs(1n, 3n);
    });

    it("lets only the role's holders set identities, links, freezes, exemptions and countries, and upgrade", async () => {
      const { compliance, alder, token } = await load();
      const own = compliance.connect(alder);
      const implementation = await ethers.deployContract("ComplianceRegistry", [
        ZeroAddress,
        ZeroAddress,
      ]);
      for (const call of [
        () => own.setIdentity(ALDER, 1, 1, REASON),
        () => own.linkWallet(alder, BIRCH, REASON),
        () => own.setIdentityFrozen(BIRCH, true, REASON),
        () => own.setCapExempt(1n, ALDER, true, REASON),
        () => own.setCountryListed(token, 1, true, REASON),
        () => own.upgradeToAndCall(implementation, "0x"),
      ])
        await expect(call())
          .to.be.revertedWithCustomError(compliance, "AccessManagedUnauthorized")
          .withArgs(alder.address);
    });

    it("[U5] keeps books, credentials, issuers and rules through an upgrade by the role's holder", async () => {
      const { compliance, registry, token, admin, birch } = await load();
      await registry.setIssuer(birch, 5, REASON);
      await registry.setCredential(ALDER, 3, 2, 2 ** 39, REASON);
      await registry.setRequirements(token, 3, 2, REASON);
      await registry.setCountryListed(token, 643, true, REASON);
      await registry.setLockup(token, ALDER, [2 ** 38, 2 ** 37], REASON);
      await registry.setVenue(BIRCH, true, REASON);
      const read = async () => [
        await compliance.holdingOf(1n, BIRCH),
        await compliance.identityOf(birch),
        await compliance.identity(ALDER),
        await compliance.identity(BIRCH),
        await compliance.credentialOf(ALDER, 3),
        await compliance.issuerOf(birch),
        await compliance.requirementsOf(token),
        await compliance.isCountryAdmitted(token, 643),
        await compliance.lockupOf(token, ALDER),
        await compliance.principalHeldBy(1n, ALDER),
      ];
      const before = await read();
      const implementation = await ethers.deployContract("ComplianceRegistry", [
        ZeroAddress,
        ZeroAddress,
      ]);
      await compliance.connect(admin).upgradeToAndCall(implementation, "0x");
      expect(await read()).to.deep.equal(before);
    });
  });
});
