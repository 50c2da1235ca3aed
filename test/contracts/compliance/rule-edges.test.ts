import { expect } from "chai";
import { ZeroHash } from "ethers";
import {
  admit,
  deployTranches,
  identityId,
  link,
  networkHelpers,
} from "../tokens/deploy-tranches.ts";

const ALDER = identityId("Alder");
const BIRCH = identityId("Birch");
const REASON = ZeroHash.replace(/.$/, "1");
const [KYC, ACCREDITATION, QUALIFIED_BUYER] = [1, 3, 2];
const DAY = 86_400;
const LARGEST = 2n ** 64n - 1n;

/** One class of 1,000.00 under a cap of 60 %; Alder holds 500.00, Birch 500.00. */
async function twoHolders() {
  const deal = await deployTranches({ faces: [1_000_00n], holderCapBps: 6_000 });
  const [alder, birch, other] = deal.wallets;
  await admit(deal, "Alder", alder!);
  await admit(deal, "Birch", birch!);
  const mint = deal.token.connect(deal.factory).getFunction("mint");
  await mint(alder!, 500_00n);
  await mint(birch!, 500_00n);
  const now = await networkHelpers.time.latest();
  return { ...deal, deal, alder: alder!, birch: birch!, other: other!, now };
}

const load = () => networkHelpers.loadFixture(twoHolders);

describe("Compliance at its edges", () => {
  it("exempts nobody in a deal that is not there", async () => {
    const { registry, compliance } = await load();
    await expect(registry.getFunction("setCapExempt")(9, ALDER, true, REASON))
      .to.be.revertedWithCustomError(compliance, "DealUnknown")
      .withArgs(9);
  });

  it("calls nobody verified whose KYC has expired, or was never given", async () => {
    const { registry, compliance, alder, now } = await load();
    expect(await compliance.isVerified(alder)).to.equal(true);
    await registry.getFunction("setCredential")(ALDER, KYC, 0, now + DAY, REASON);
    await networkHelpers.time.increaseTo(now + DAY + 1);
    expect(await compliance.isVerified(alder)).to.equal(false);
  });

  it("takes a qualified buyer for one only while its accreditation lasts", async () => {
    const { registry, token, alder, birch, now } = await load();
    await registry.getFunction("setLockup")(token, ALDER, [now + 90 * DAY, 0], REASON);
    const accredit = registry.getFunction("setCredential");
    await accredit(BIRCH, ACCREDITATION, QUALIFIED_BUYER, now + DAY, REASON);
    expect(await token.canTransfer(alder, birch, 1n)).to.equal(true);
    await networkHelpers.time.increaseTo(now + DAY + 1);
    expect(await token.canTransfer(alder, birch, 1n)).to.equal(false);
  });

  it("answers for amounts that no class can have, without an overflow", async () => {
    const { compliance, token, birch, deal } = await load();
    for (const added of [2n ** 48n, LARGEST, 2n ** 255n]) {
      const [principal] = await compliance.principalWithVenues(1, BIRCH, 0, added);
      // The amount is cut to 2^48 - 1 cents of face.
      expect(principal).to.equal(500_00n + 2n ** 48n - 1n);
    }
    const tooMuch = 100_00n + 1n;
    expect(await token.canTransfer(birch, deal.wallets[0]!, 100_00n)).to.equal(true);
    expect(await token.canTransfer(birch, deal.wallets[0]!, tooMuch)).to.equal(false);
    expect(await compliance.holdingOf(1, BIRCH)).to.deep.equal([500_00n]);
  });

  it("moves a wallet to a venue's identity without asking the cap of it", async () => {
    const { registry, deal, token, alder, birch, other, compliance } = await load();
    const venue = identityId("Venue");
    await registry.getFunction("setCredential")(venue, KYC, 0, 2 ** 39, REASON);
    await link(deal, other, venue);
    await registry.getFunction("setVenue")(venue, true, REASON);
    // Another 200.00 would be too much for an identity of its own: 500.00 and 200.00 of 600.00.
    await token.connect(birch).getFunction("transfer")(other, 200_00n);
    await link(deal, alder, venue);
    expect(await compliance.holdingOf(1, venue)).to.deep.equal([700_00n]);
  });

  it("values a class at 18.4 times its face at most: that is what its lane holds", async () => {
    const { compliance, deal, distributor } = await load();
    const set = compliance.connect(distributor).getFunction("setBalances");
    await set(1, deal.code, [LARGEST]);
    // 500.00 x (2^64 - 1) / 10^18, down to the cent.
    const [principal] = await compliance.principalHeldBy(1, BIRCH);
    expect(principal).to.equal((500_00n * LARGEST) / 10n ** 18n);
  });
});
