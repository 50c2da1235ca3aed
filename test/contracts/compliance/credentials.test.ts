import { expect } from "chai";
import { encodeBytes32String, type Signer, ZeroAddress, ZeroHash } from "ethers";
import {
  admit,
  DAY,
  deployTranches,
  ethers,
  identityId,
  link,
  networkHelpers,
  REASON,
  REGISTRAR,
  USA,
} from "../tokens/deploy-tranches.ts";
import { WALLET_LINK_TYPES } from "../../../server/chain/sign-consent.ts";
import { CREDENTIAL_TYPES } from "./credential-types.ts";

const ALDER = identityId("Alder");
const [KYC, AML, ACCREDITATION, COUNTRY] = [1, 2, 3, 4];
const ALL_TOPICS = 15;

/** Alder holds 600.00 and has one wallet linked; an issuer is trusted for all topics under epoch 1. */
async function trustedIssuer() {
  const deal = await deployTranches({ faces: [1_000_00n] });
  const [alder, birch, issuer, other] = deal.wallets;
  await admit(deal, "Alder", alder!);
  await admit(deal, "Birch", birch!);
  await deal.token.connect(deal.factory).mint(birch!, 600_00n);
  await deal.registry.setIssuer(issuer!, ALL_TOPICS, REASON);
  const now = (await networkHelpers.time.latest()) + 10;
  await networkHelpers.time.increaseTo(now);
  const domain = {
    name: "Penstock compliance",
    version: "1",
    chainId: (await ethers.provider.getNetwork()).chainId,
    verifyingContract: await deal.compliance.getAddress(),
  };
  const credential = {
    identityId: ALDER,
    topic: AML,
    value: 0,
    validFrom: now,
    validUntil: now + 365 * DAY,
    vcHash: identityId("vc"),
    epoch: 1,
    issuer: issuer!.address,
  };
  const sign = async (changes: Partial<typeof credential> = {}, signer: Signer = issuer!) => {
    const signed = { ...credential, ...changes };
    return [signed, await signer.signTypedData(domain, CREDENTIAL_TYPES, signed)] as const;
  };
  const people = { alder: alder!, birch: birch!, issuer: issuer!, other: other! };
  return { ...deal, ...people, now, domain, credential, sign };
}

describe("Credentials", () => {
  const load = () => networkHelpers.loadFixture(trustedIssuer);

  it("are put in force by anyone who has the issuer's signature", async () => {
    const { compliance, other, issuer, credential, sign, domain } = await load();
    expect(await compliance.DOMAIN_SEPARATOR()).to.equal(
      ethers.TypedDataEncoder.hashDomain(domain),
    );
    await expect(compliance.connect(other).submitCredential(...(await sign())))
      .to.emit(compliance, "CredentialSet")
      .withArgs(
        ...[ALDER, AML, issuer.address, 0, credential.validFrom, credential.validUntil],
        credential.vcHash,
      );
    expect((await compliance.identity(ALDER)).amlExpiry).to.equal(credential.validUntil);
    expect(await compliance.credentialOf(ALDER, AML)).to.deep.equal([
      issuer.address,
      BigInt(credential.validFrom),
      BigInt(credential.validUntil),
    ]);
  });

  it("carry the investor class and the country as their value", async () => {
    const { compliance, alder, sign } = await load();
    await compliance.submitCredential(...(await sign({ topic: ACCREDITATION, value: 2 })));
    await networkHelpers.time.increase(10);
    const validFrom = await networkHelpers.time.latest();
    await compliance.submitCredential(...(await sign({ topic: COUNTRY, value: 756, validFrom })));
    const known = await compliance.identity(ALDER);
    expect([known.investorClass, known.country]).to.deep.equal([2n, 756n]);
    expect(await compliance.investorCountry(alder)).to.equal(756n);
  });

  it("make an identity known, so that wallets can be linked to it", async () => {
    const { compliance, registry, other, sign } = await load();
    const identity = identityId("Newcomer");
    await compliance.submitCredential(...(await sign({ identityId: identity, topic: KYC })));
    await link({ compliance, registry }, other, identity);
    expect(await compliance.isVerified(other)).to.equal(true);
    await registry.setIdentityFrozen(identity, true, REASON);
    expect(await compliance.isVerified(other)).to.equal(false);
  });

  it("are signed by contracts too (ERC-1271)", async () => {
    const { compliance, registry, other, sign } = await load();
    const wallet = await ethers.deployContract("MockContractWallet", [other.address]);
    const issuer = await wallet.getAddress();
    await registry.setIssuer(issuer, 1 << (AML - 1), REASON);
    const [credential, signature] = await sign({ issuer, epoch: 2 }, other);
    await compliance.submitCredential(credential, signature);
    expect((await compliance.credentialOf(ALDER, AML)).issuer).to.equal(issuer);
  });

  it("[R6] stand in the order of their validity, whatever the order of submission", async () => {
    const { compliance, now, sign } = await load();
    const old = await sign();
    await networkHelpers.time.increaseTo(now + 100);
    const newer = await sign({ validFrom: now + 100, validUntil: now + 30 * DAY });
    await compliance.submitCredential(...newer);
    for (const late of [old, newer])
      await expect(compliance.submitCredential(...late))
        .to.be.revertedWithCustomError(compliance, "CredentialOutdated")
        .withArgs(late[0].validFrom, now + 100);
    expect((await compliance.identity(ALDER)).amlExpiry).to.equal(now + 30 * DAY);
  });

  it("[R4] are refused when not signed by the issuer, for this registry, as they are", async () => {
    const { compliance, other, sign, domain, issuer, credential } = await load();
    const [signed, signature] = await sign();
    const elsewhere = await issuer.signTypedData(
      { ...domain, verifyingContract: other.address },
      CREDENTIAL_TYPES,
      credential,
    );
    for (const [given, by] of [
      [signed, (await sign({}, other))[1]],
      [signed, elsewhere],
      [{ ...signed, validUntil: signed.validUntil + 1 }, signature],
    ] as const)
      await expect(compliance.submitCredential(given, by))
        .to.be.revertedWithCustomError(compliance, "CredentialSignatureInvalid")
        .withArgs(issuer.address);
  });

  it("are refused of an issuer that is not trusted for the topic or signed under another epoch", async () => {
    const { compliance, registry, other, issuer, sign } = await load();
    await registry.setIssuer(issuer, 1 << (KYC - 1), REASON);
    const refused = async (args: Awaited<ReturnType<typeof sign>>) => {
      const { issuer: by, topic, epoch } = args[0];
      await expect(compliance.submitCredential(...args))
        .to.be.revertedWithCustomError(compliance, "IssuerNotTrusted")
        .withArgs(by, topic, epoch);
    };
    await refused(await sign());
    await refused(await sign({ topic: KYC, epoch: 2 }));
    await refused(await sign({ topic: KYC, epoch: 0, issuer: other.address }, other));
  });

  it("are refused before and after their validity, of unknown topics and impossible values", async () => {
    const { compliance, registry, now, sign } = await load();
    for (const changes of [
      { validFrom: now + DAY, validUntil: now + 2 * DAY },
      { validFrom: now - 2, validUntil: now - 1 },
    ])
      await expect(compliance.submitCredential(...(await sign(changes))))
        .to.be.revertedWithCustomError(compliance, "CredentialNotInForce")
        .withArgs(changes.validFrom, changes.validUntil);
    for (const topic of [0, 5]) {
      for (const call of [
        async () => compliance.submitCredential(...(await sign({ topic }))),
        async () => registry.setCredential(ALDER, topic, 0, 1, REASON),
        async () => compliance.revokeCredentials(ALDER, topic, REASON),
        async () => compliance.credentialOf(ALDER, topic),
      ])
        await expect(call())
          .to.be.revertedWithCustomError(compliance, "TopicUnknown")
          .withArgs(topic);
    }
    for (const [topic, value] of [
      [KYC, 1],
      [ACCREDITATION, 0],
      [ACCREDITATION, 16],
    ])
      await expect(registry.setCredential(ALDER, topic, value, 1, REASON))
        .to.be.revertedWithCustomError(compliance, "CredentialValueInvalid")
        .withArgs(topic, value);
    await expect(
      compliance.submitCredential(...(await sign({ identityId: ZeroHash }))),
    ).to.be.revertedWithCustomError(compliance, "IdentityNotSet");
  });

  it("are revoked by their issuer, submitted or not, and by nobody else", async () => {
    const { compliance, issuer, other, sign, now } = await load();
    await compliance.submitCredential(...(await sign()));
    await networkHelpers.time.increaseTo(now + 100);
    const unsubmitted = await sign({ validFrom: now + 50 });
    await compliance.connect(other).revokeCredentials(ALDER, AML, REASON);
    expect((await compliance.identity(ALDER)).amlExpiry).to.equal(now + 365 * DAY);
    await expect(compliance.connect(issuer).revokeCredentials(ALDER, AML, REASON))
      .to.emit(compliance, "CredentialsRevoked")
      .withArgs(ALDER, AML, issuer.address, REASON);
    expect((await compliance.identity(ALDER)).amlExpiry).to.equal(0n);
    await expect(compliance.submitCredential(...unsubmitted)).to.be.revertedWithCustomError(
      compliance,
      "CredentialOutdated",
    );
    await networkHelpers.time.increase(10);
    const validFrom = await networkHelpers.time.latest();
    await compliance.submitCredential(...(await sign({ validFrom })));
    expect((await compliance.identity(ALDER)).amlExpiry).to.equal(now + 365 * DAY);
  });

  it("are void all at once when the issuer's epoch ends, and stay void in the next", async () => {
    const { compliance, registry, token, alder, birch, issuer, sign, now } = await load();
    await compliance.submitCredential(...(await sign()));
    await registry.setRequirements(token, 1 << (AML - 1), 0, REASON);
    expect(await token.canReceive(alder)).to.equal(true);
    const unsubmitted = await sign({ topic: KYC });
    await expect(registry.endIssuerEpoch(issuer, REASON))
      .to.emit(compliance, "IssuerEpochEnded")
      .withArgs(issuer.address, 1);
    expect(await compliance.issuerOf(issuer)).to.deep.equal([0n, 0n]);
    expect((await compliance.identity(ALDER)).amlExpiry).to.equal(0n);
    await expect(token.connect(birch).transfer(alder, 1n))
      .to.be.revertedWithCustomError(compliance, "CredentialMissing")
      .withArgs(alder.address, AML);
    await registry.setIssuer(issuer, ALL_TOPICS, REASON);
    expect(await compliance.issuerOf(issuer)).to.deep.equal([15n, 2n]);
    expect(await token.canReceive(alder)).to.equal(false);
    await expect(compliance.submitCredential(...unsubmitted)).to.be.revertedWithCustomError(
      compliance,
      "IssuerNotTrusted",
    );
    await networkHelpers.time.increaseTo(now + 100);
    await compliance.submitCredential(...(await sign({ validFrom: now + 100, epoch: 2 })));
    expect(await token.canReceive(alder)).to.equal(true);
  });

  it("let an issuer end its own epoch, and nobody else's", async () => {
    const { compliance, issuer, other } = await load();
    await expect(compliance.connect(other).endIssuerEpoch(issuer, REASON))
      .to.be.revertedWithCustomError(compliance, "AccessManagedUnauthorized")
      .withArgs(other.address);
    await compliance.connect(issuer).endIssuerEpoch(issuer, REASON);
    await expect(compliance.connect(issuer).endIssuerEpoch(issuer, REASON))
      .to.be.revertedWithCustomError(compliance, "IssuerUnknown")
      .withArgs(issuer.address);
  });

  it("know 255 epochs and no more, and issuers of at least one topic", async () => {
    const { compliance, registry, issuer } = await load();
    for (const topics of [0, 16])
      await expect(registry.setIssuer(issuer, topics, REASON))
        .to.be.revertedWithCustomError(compliance, "TopicUnknown")
        .withArgs(topics);
    for (let epoch = 2; epoch <= 255; epoch++) {
      await registry.endIssuerEpoch(issuer, REASON);
      await registry.setIssuer(issuer, 1, REASON);
    }
    expect(await compliance.issuerOf(issuer)).to.deep.equal([1n, 255n]);
    await registry.endIssuerEpoch(issuer, REASON);
    await expect(registry.setIssuer(issuer, 1, REASON)).to.be.revertedWithCustomError(
      compliance,
      "EpochsUsedUp",
    );
  });

  it("give way to the registrar's own word, which no older signature undoes", async () => {
    const { compliance, registry, sign, now } = await load();
    await registry.setCredential(ALDER, AML, 0, now + DAY, REASON);
    expect(await compliance.credentialOf(ALDER, AML)).to.deep.equal([
      ZeroAddress,
      BigInt(await networkHelpers.time.latest()),
      BigInt(now + DAY),
    ]);
    await expect(compliance.submitCredential(...(await sign()))).to.be.revertedWithCustomError(
      compliance,
      "CredentialOutdated",
    );
  });

  it("say of every act who did it, by which role and why", async () => {
    const { compliance, registry, registrar, token, alder, other, issuer, domain } = await load();
    const another = (await ethers.getSigners()).at(-1);
    await compliance.connect(other).consentToLink(ALDER);
    const link = { wallet: another!.address, identityId: ALDER, nonce: 0, deadline: 2 ** 40 };
    const signed = await another!.signTypedData(domain, WALLET_LINK_TYPES, link);
    const why = encodeBytes32String("sanctions list");
    const acts = {
      setCredential: [ALDER, AML, 0, 1, why],
      setIdentity: [ALDER, 2 ** 39, USA, why],
      setIssuer: [other.address, 1, why],
      endIssuerEpoch: [issuer.address, why],
      setIdentityFrozen: [ALDER, true, why],
      setVenue: [ALDER, true, why],
      setDealVenue: [1n, alder.address, true, why],
      linkWallet: [other.address, ALDER, why],
      linkWalletBySignature: [another!.address, ALDER, 2 ** 40, signed, why],
      setCapExempt: [1n, ALDER, true, why],
      setRequirements: [await token.getAddress(), 1, 0, why],
      setCountryListed: [await token.getAddress(), 643, true, why],
      setCountryListMeaning: [await token.getAddress(), true, why],
      setLockup: [await token.getAddress(), ALDER, { rule144Until: 1, regSUntil: 1 }, why],
    };
    for (const [name, args] of Object.entries(acts)) {
      const { selector } = registry.interface.getFunction(name)!;
      await expect(registry.getFunction(name)(...args), name)
        .to.emit(compliance, "Acted")
        .withArgs(selector, registrar.address, REGISTRAR, why);
    }
  });
});
