import { expect } from "chai";
import { ZeroAddress } from "ethers";
import {
  attestedBy,
  deployRegisteredDeal,
  ethers,
  firstReport,
  networkHelpers,
  sign,
} from "./registry-fixture.ts";
import type { Fixture, Report } from "./registry-fixture.ts";
import { present } from "../deals/present.ts";

describe("signatures", () => {
  let fixture: Fixture;
  let report: Report;

  beforeEach(async () => {
    fixture = await networkHelpers.loadFixture(deployRegisteredDeal);
    report = firstReport(fixture);
  });

  it("refuses fewer than the threshold", async () => {
    const [signers, signatures] = await sign(fixture, report, fixture.attesters.slice(0, 1));
    await expect(fixture.registry.publishReport(report, signers, signatures))
      .to.be.revertedWithCustomError(fixture.registry, "SignaturesTooFew")
      .withArgs(1, 2);
    await expect(fixture.registry.publishReport(report, signers, [])).to.be.revertedWithCustomError(
      fixture.registry,
      "SignatureCountMismatch",
    );
  });

  it("takes more than the threshold when every one of them is good", async () => {
    const [signers, signatures] = await sign(fixture, report, fixture.attesters.slice(0, 3));
    await fixture.registry.publishReport(report, signers, signatures);
    expect(await fixture.registry.latestPeriod(1)).to.equal(1n);
  });

  it("counts no signer twice and takes them only in ascending order", async () => {
    const { registry, attesters } = fixture;
    const [[first, second], [a, b]] = (await sign(fixture, report, attesters.slice(0, 2))) as [
      [string, string],
      [string, string],
    ];
    await expect(registry.publishReport(report, [first, first], [a, a]))
      .to.be.revertedWithCustomError(registry, "SignersNotAscending")
      .withArgs(first, first);
    await expect(registry.publishReport(report, [second, first], [b, a]))
      .to.be.revertedWithCustomError(registry, "SignersNotAscending")
      .withArgs(second, first);
    await expect(
      registry.publishReport(report, [ZeroAddress, first], [a, a]),
    ).to.be.revertedWithCustomError(registry, "SignersNotAscending");
  });

  it("refuses a signer who is not an attester, and another's signature under an attester's name", async () => {
    const { registry, attesters } = fixture;
    const stranger = present(attesters[3]);
    const [signers, signatures] = await sign(fixture, report, [present(attesters[0]), stranger]);
    await expect(registry.publishReport(report, signers, signatures))
      .to.be.revertedWithCustomError(registry, "SignerNotAttester")
      .withArgs(stranger.address);
    const [good, [a, b]] = await sign(fixture, report, attesters.slice(0, 2));
    await expect(registry.publishReport(report, good, [present(b), present(a)]))
      .to.be.revertedWithCustomError(registry, "SignatureInvalid")
      .withArgs(good[0]);
  });

  it("refuses a malleated and an empty signature", async () => {
    const { registry, attesters } = fixture;
    const [signers, [a, b]] = await sign(fixture, report, attesters.slice(0, 2));
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const s = order - BigInt("0x" + present(a).slice(66, 130));
    const v = present(a).slice(130) === "1b" ? "1c" : "1b";
    const malleated = present(a).slice(0, 66) + s.toString(16).padStart(64, "0") + v;
    for (const bad of [malleated, "0x"]) {
      await expect(registry.publishReport(report, signers, [bad, present(b)]))
        .to.be.revertedWithCustomError(registry, "SignatureInvalid")
        .withArgs(signers[0]);
    }
  });

  it("[R4] bind the chain, the registry, the schema, the deal, the period and the version", async () => {
    const { registry, attesters } = fixture;
    const two = attesters.slice(0, 2);
    const elsewhere = [
      { chainId: 1n },
      { verifyingContract: fixture.code },
      { name: "Penstock Test" },
      { version: "2" },
    ];
    for (const differing of elsewhere) {
      const [signers, signatures] = await sign(fixture, report, two, differing);
      await expect(registry.publishReport(report, signers, signatures))
        .to.be.revertedWithCustomError(registry, "SignatureInvalid")
        .withArgs(signers[0]);
    }
    const others: Report[] = [
      { ...report, dealId: 2n },
      { ...report, period: 2 },
      { ...report, version: 2 },
      { ...report, tapeRoot: report.closeHash },
      { ...report, figures: report.figures.with(3, 55_001n) },
    ];
    for (const other of others) {
      const [signers, signatures] = await sign(fixture, other, two);
      await expect(registry.publishReport(report, signers, signatures))
        .to.be.revertedWithCustomError(registry, "SignatureInvalid")
        .withArgs(signers[0]);
    }
  });

  it("[R4] of one deal are worth nothing for another deal with the same terms and attesters", async () => {
    const { registry, attesters, factory } = fixture;
    const three = attesters.slice(0, 3).map((attester) => attester.address);
    await registry.connect(factory).registerDeal(2, fixture.code, attestedBy(three, 2));
    const [signers, signatures] = await sign(fixture, report, attesters.slice(0, 2));
    await expect(
      registry.publishReport({ ...report, dealId: 2n }, signers, signatures),
    ).to.be.revertedWithCustomError(registry, "SignatureInvalid");
    await registry.publishReport(report, signers, signatures);
    expect(await registry.latestPeriod(2)).to.equal(0n);
  });

  it("may come from a contract wallet (ERC-1271), by its owner's hand only", async () => {
    const { registry, attesters, admin, anyone } = fixture;
    const wallet = await ethers.deployContract("MockContractWallet", [anyone.address]);
    const address = await wallet.getAddress();
    const set = [present(attesters[0]).address, address].toSorted((a, b) =>
      BigInt(a) < BigInt(b) ? -1 : 1,
    );
    await registry.connect(admin).setAttesters(1, set, 2);
    const [, [ofAttester]] = await sign(fixture, report, [present(attesters[0])]);
    const [, [ofOwner]] = await sign(fixture, report, [anyone]);
    const signaturesWith = (walletSignature: string) =>
      set.map((signer) => (signer === address ? walletSignature : present(ofAttester)));
    await expect(registry.publishReport(report, set, signaturesWith(present(ofAttester))))
      .to.be.revertedWithCustomError(registry, "SignatureInvalid")
      .withArgs(address);
    await registry.publishReport(report, set, signaturesWith(present(ofOwner)));
    expect(await registry.latestPeriod(1)).to.equal(1n);
  });

  it("of an attester who was rotated out no longer count, and those of the new one do", async () => {
    const { registry, attesters, admin } = fixture;
    const rotated = attesters.slice(1, 4).map((attester) => attester.address);
    const [signers, signatures] = await sign(fixture, report, attesters.slice(0, 2));
    await expect(registry.connect(admin).setAttesters(1, rotated, 2))
      .to.emit(registry, "AttestersSet")
      .withArgs(1, rotated, 2);
    await expect(registry.publishReport(report, signers, signatures))
      .to.be.revertedWithCustomError(registry, "SignerNotAttester")
      .withArgs(present(attesters[0]).address);
    const [newSigners, newSignatures] = await sign(fixture, report, attesters.slice(2, 4));
    await registry.publishReport(report, newSigners, newSignatures);
    expect(await registry.attestersOf(1)).to.deep.equal([rotated, 2n]);
  });
});
