import { expect } from "chai";
import { TypedDataEncoder, ZeroAddress } from "ethers";
import { timesOf } from "../deals/build-small-terms.ts";
import {
  attestedBy,
  deployRegisteredDeal,
  ethers,
  firstReport,
  networkHelpers,
  nextReport,
  publish,
  publishAndUse,
  REPORT_TYPES,
  sign,
} from "./registry-fixture.ts";
import type { Fixture } from "./registry-fixture.ts";
import { present } from "../deals/present.ts";

describe("the register's doors", () => {
  let fixture: Fixture;

  beforeEach(async () => {
    fixture = await networkHelpers.loadFixture(deployRegisteredDeal);
  });

  it("[R3] lets nobody but the distributor use a report and nobody but the factory register a deal", async () => {
    const { registry, admin, factory, distributor, code, attesters } = fixture;
    const report = firstReport(fixture);
    await publish(fixture, report);
    for (const caller of [admin, factory]) {
      await expect(registry.connect(caller).useReport(report))
        .to.be.revertedWithCustomError(registry, "CallerNotAllowed")
        .withArgs(caller.address, distributor.address);
    }
    await expect(
      registry.connect(admin).registerDeal(2, code, attestedBy([present(attesters[0]).address], 1)),
    )
      .to.be.revertedWithCustomError(registry, "CallerNotAllowed")
      .withArgs(admin.address, factory.address);
  });

  it("[R3] gives no role a way to state figures: only signatures count, even for the administrator", async () => {
    const { registry, admin } = fixture;
    const report = firstReport(fixture);
    const [signers, signatures] = await sign(fixture, report, [admin, fixture.distributor]);
    await expect(
      registry.connect(admin).publishReport(report, signers, signatures),
    ).to.be.revertedWithCustomError(registry, "SignerNotAttester");
  });

  it("uses a report once, and only the accepted one", async () => {
    const { registry, distributor } = fixture;
    const report = firstReport(fixture);
    const book = registry.connect(distributor);
    await expect(book.useReport(report))
      .to.be.revertedWithCustomError(registry, "ReportUnknown")
      .withArgs(1, 1);
    await publish(fixture, report);
    const changed = { ...report, figures: report.figures.with(3, 0n) };
    await expect(book.useReport(changed)).to.be.revertedWithCustomError(registry, "ReportMismatch");
    expect(await book.useReport.staticCall(report)).to.deep.equal([
      TypedDataEncoder.hashStruct("Report", REPORT_TYPES, report),
      false,
    ]);
    await book.useReport(report);
    expect((await registry.acceptedReport(1, 1)).used).to.equal(true);
    await expect(book.useReport(report))
      .to.be.revertedWithCustomError(registry, "ReportAlreadyUsed")
      .withArgs(1, 1);
  });

  it("[R5] reverts for what was never set and tells it from zero", async () => {
    const { registry } = fixture;
    await expect(registry.acceptedReport(1, 1))
      .to.be.revertedWithCustomError(registry, "ReportUnknown")
      .withArgs(1, 1);
    await expect(registry.tapeCommitment(1, 1)).to.be.revertedWithCustomError(
      registry,
      "ReportUnknown",
    );
    await expect(registry.poolBalance(1))
      .to.be.revertedWithCustomError(registry, "ReportUnknown")
      .withArgs(1, 0);
    await expect(registry.latestPeriod(2)).to.be.revertedWithCustomError(registry, "DealUnknown");
    const report = firstReport(fixture);
    report.figures[1] = 0n;
    report.figures[2] = 0n;
    await publish(fixture, report);
    expect((await registry.poolBalance(1))[1]).to.equal(0n);
  });

  it("registers a deal once, with a threshold that its attesters can meet", async () => {
    const { registry, factory, code, attesters } = fixture;
    const book = registry.connect(factory);
    const [a, b] = attesters.map((attester) => attester.address) as [string, string];
    await expect(book.registerDeal(1, code, attestedBy([a], 1)))
      .to.be.revertedWithCustomError(registry, "DealAlreadyRegistered")
      .withArgs(1);
    for (const threshold of [0, 3]) {
      await expect(book.registerDeal(2, code, attestedBy([a, b], threshold)))
        .to.be.revertedWithCustomError(registry, "ThresholdInvalid")
        .withArgs(threshold, 2);
    }
    for (const [previous, attester] of [
      [b, a],
      [a, a],
      [ZeroAddress, ZeroAddress],
    ] as const) {
      const set = previous === ZeroAddress ? [ZeroAddress] : [previous, attester];
      await expect(book.registerDeal(2, code, attestedBy(set, 1)))
        .to.be.revertedWithCustomError(registry, "AttestersNotAscending")
        .withArgs(previous, attester);
    }
    const crowd = Array.from(
      { length: 33 },
      (_, i) => "0x" + (i + 1).toString(16).padStart(40, "0"),
    );
    await expect(book.registerDeal(2, code, attestedBy(crowd, 1)))
      .to.be.revertedWithCustomError(registry, "AttestersTooMany")
      .withArgs(33, 32);
  });

  it("[U1] cannot be initialised again, neither the proxy nor the implementation behind it", async () => {
    const { registry, implementation, manager, anyone } = fixture;
    const authority = await manager.getAddress();
    for (const contract of [registry, implementation]) {
      await expect(contract.connect(anyone).initialize(authority)).to.be.revertedWithCustomError(
        registry,
        "InvalidInitialization",
      );
    }
    const fresh = implementation.interface.encodeFunctionData("initialize", [ZeroAddress]);
    await expect(
      ethers.deployContract("ERC1967Proxy", [await implementation.getAddress(), fresh]),
    ).to.be.revertedWithCustomError(registry, "LinkMissing");
    for (const links of [
      [ZeroAddress, anyone.address],
      [anyone.address, ZeroAddress],
    ]) {
      await expect(ethers.deployContract("ReportRegistry", links)).to.be.revertedWithCustomError(
        registry,
        "LinkMissing",
      );
    }
  });

  it("lets only the role book rotate attesters and upgrade", async () => {
    const { registry, anyone, attesters } = fixture;
    const book = registry.connect(anyone);
    await expect(
      book.setAttesters(1, [present(attesters[0]).address], 1),
    ).to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized");
    const replacement = await ethers.deployContract("ReportRegistry", [
      fixture.factory.address,
      fixture.distributor.address,
    ]);
    await expect(
      book.upgradeToAndCall(await replacement.getAddress(), "0x"),
    ).to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized");
  });

  it("[U5] keeps every accepted report through an upgrade", async () => {
    const { registry, admin } = fixture;
    const report = firstReport(fixture);
    await publishAndUse(fixture, report);
    const before = await registry.acceptedReport(1, 1);
    const replacement = await ethers.deployContract("ReportRegistry", [
      fixture.factory.address,
      fixture.distributor.address,
    ]);
    await registry.connect(admin).upgradeToAndCall(await replacement.getAddress(), "0x");
    expect(await registry.acceptedReport(1, 1)).to.deep.equal(before);
    await networkHelpers.time.increaseTo(timesOf(fixture.deal, 2).determination);
    await publish(fixture, nextReport(report));
  });
});
