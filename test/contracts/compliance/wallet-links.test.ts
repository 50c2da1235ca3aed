import { expect } from "chai";
import type { Signer } from "ethers";
import { ZeroHash } from "ethers";
import { WALLET_LINK_TYPES } from "../../../server/chain/sign-consent.ts";
import {
  admit,
  DAY,
  deployTranches,
  ethers,
  identityId,
  networkHelpers,
  REASON,
} from "../tokens/deploy-tranches.ts";

const ALDER = identityId("Alder");
const BIRCH = identityId("Birch");

/** Alder and Birch are known; Alder's wallet holds 500.00; nobody has the newcomer's wallet yet. */
async function knownPeople() {
  const deal = await deployTranches({ faces: [1_000_00n] });
  const [alder, birch, newcomer] = deal.wallets;
  await admit(deal, "Alder", alder!);
  await admit(deal, "Birch", birch!);
  await deal.token.connect(deal.factory).mint(alder!, 500_00n);
  const domain = {
    name: "Penstock compliance",
    version: "1",
    chainId: (await ethers.provider.getNetwork()).chainId,
    verifyingContract: await deal.compliance.getAddress(),
  };
  const deadline = (await networkHelpers.time.latest()) + DAY;
  /** The wallet's word that it may be linked; `signer` is the wallet unless somebody forges it. */
  const sign = async (wallet: string, nonce: bigint, signer: Signer, identity = BIRCH) =>
    signer.signTypedData(domain, WALLET_LINK_TYPES, {
      ...{ wallet, identityId: identity, nonce, deadline },
    });
  return { ...deal, alder: alder!, birch: birch!, newcomer: newcomer!, deadline, sign };
}

describe("A wallet's link to an identity", () => {
  const load = () => networkHelpers.loadFixture(knownPeople);

  it("[K1] needs the wallet's consent beside the registrar's act", async () => {
    const { compliance, registry, newcomer } = await load();
    await expect(registry.linkWallet(newcomer, BIRCH, REASON))
      .to.be.revertedWithCustomError(compliance, "ConsentMissing")
      .withArgs(newcomer.address, BIRCH);
    await expect(compliance.connect(newcomer).consentToLink(ALDER))
      .to.emit(compliance, "WalletConsented")
      .withArgs(newcomer.address, ALDER);
    await expect(registry.linkWallet(newcomer, BIRCH, REASON)).to.be.revertedWithCustomError(
      compliance,
      "ConsentMissing",
    );
    await compliance.connect(newcomer).consentToLink(BIRCH);
    expect(await compliance.consentOf(newcomer)).to.deep.equal([BIRCH, 2n]);
    await expect(registry.linkWallet(newcomer, BIRCH, REASON))
      .to.emit(compliance, "WalletLinked")
      .withArgs(newcomer.address, BIRCH, ZeroHash);
    expect(await compliance.consentOf(newcomer)).to.deep.equal([ZeroHash, 3n]);
    // Said again it changes nothing, and needs nobody's word.
    await registry.linkWallet(newcomer, BIRCH, REASON);
    expect(await compliance.consentOf(newcomer)).to.deep.equal([ZeroHash, 3n]);
  });

  it("counts a consent once, and not when it was taken back", async () => {
    const { compliance, registry, newcomer } = await load();
    await compliance.connect(newcomer).consentToLink(BIRCH);
    await registry.linkWallet(newcomer, BIRCH, REASON);
    await registry.linkWallet(newcomer, ZeroHash, REASON);
    await expect(registry.linkWallet(newcomer, BIRCH, REASON)).to.be.revertedWithCustomError(
      compliance,
      "ConsentMissing",
    );
    await compliance.connect(newcomer).consentToLink(BIRCH);
    await compliance.connect(newcomer).consentToLink(ZeroHash);
    await expect(registry.linkWallet(newcomer, BIRCH, REASON)).to.be.revertedWithCustomError(
      compliance,
      "ConsentMissing",
    );
  });

  it("may be signed for by the wallet, once and until its deadline", async () => {
    const { compliance, registry, newcomer, alder, sign, deadline } = await load();
    const link = (signature: string, until = deadline) =>
      registry.linkWalletBySignature(newcomer, BIRCH, until, signature, REASON);
    const refused = async (signature: string, until = deadline) =>
      expect(link(signature, until))
        .to.be.revertedWithCustomError(compliance, "ConsentMissing")
        .withArgs(newcomer.address, BIRCH);
    const own = await sign(newcomer.address, 0n, newcomer);
    await refused(await sign(newcomer.address, 0n, alder));
    await refused(await sign(newcomer.address, 1n, newcomer));
    await refused(await sign(newcomer.address, 0n, newcomer, ALDER));
    await refused(await sign(alder.address, 0n, newcomer));
    await refused(own, deadline + 1);
    await link(own);
    expect(await compliance.identityOf(newcomer)).to.equal(BIRCH);
    await registry.linkWallet(newcomer, ZeroHash, REASON);
    await refused(own);
    await networkHelpers.time.increaseTo(deadline + 1);
    const [, nonce] = await compliance.consentOf(newcomer);
    await expect(link(await sign(newcomer.address, nonce, newcomer)))
      .to.be.revertedWithCustomError(compliance, "ConsentExpired")
      .withArgs(deadline);
  });

  it("voids what the wallet has signed before when it says something else", async () => {
    const { compliance, registry, newcomer, sign, deadline } = await load();
    const old = await sign(newcomer.address, 0n, newcomer);
    await compliance.connect(newcomer).consentToLink(ALDER);
    await expect(
      registry.linkWalletBySignature(newcomer, BIRCH, deadline, old, REASON),
    ).to.be.revertedWithCustomError(compliance, "ConsentMissing");
  });

  it("may be signed for by a contract wallet (ERC-1271)", async () => {
    const { compliance, registry, newcomer, sign, deadline } = await load();
    const wallet = await ethers.deployContract("MockContractWallet", [newcomer.address]);
    const address = await wallet.getAddress();
    const signature = await sign(address, 0n, newcomer);
    await registry.linkWalletBySignature(address, BIRCH, deadline, signature, REASON);
    expect(await compliance.identityOf(address)).to.equal(BIRCH);
  });

  it("is refused to a registrar who signs for somebody, and is his own word for his own wallet", async () => {
    const { compliance, registry, registrar, newcomer, sign, deadline } = await load();
    const forged = await sign(newcomer.address, 0n, registrar);
    await expect(
      registry.linkWalletBySignature(newcomer, BIRCH, deadline, forged, REASON),
    ).to.be.revertedWithCustomError(compliance, "ConsentMissing");
    await registry.linkWallet(registrar, BIRCH, REASON);
    expect(await compliance.identityOf(registrar)).to.equal(BIRCH);
  });

  it("[K3] takes no holder's wallet, with what it holds, to another identity without its word", async () => {
    const { compliance, registry, alder } = await load();
    await expect(registry.linkWallet(alder, BIRCH, REASON))
      .to.be.revertedWithCustomError(compliance, "ConsentMissing")
      .withArgs(alder.address, BIRCH);
    await registry.setVenue(BIRCH, true, REASON);
    await expect(registry.linkWallet(alder, BIRCH, REASON)).to.be.revertedWithCustomError(
      compliance,
      "ConsentMissing",
    );
    expect(await compliance.holdingOf(1n, ALDER)).to.deep.equal([500_00n]);
  });

  it("needs no word of a contract that nobody has, when it is to be a venue", async () => {
    const { compliance, registry, newcomer } = await load();
    const venue = await (await ethers.deployContract("MockVenue")).getAddress();
    await expect(registry.linkWallet(venue, BIRCH, REASON)).to.be.revertedWithCustomError(
      compliance,
      "ConsentMissing",
    );
    await registry.setVenue(BIRCH, true, REASON);
    await registry.linkWallet(venue, BIRCH, REASON);
    expect(await compliance.identityOf(venue)).to.equal(BIRCH);
    await registry.setVenue(ALDER, true, REASON);
    await expect(registry.linkWallet(venue, ALDER, REASON)).to.be.revertedWithCustomError(
      compliance,
      "ConsentMissing",
    );
    await expect(registry.linkWallet(newcomer, BIRCH, REASON)).to.be.revertedWithCustomError(
      compliance,
      "ConsentMissing",
    );
  });
});
