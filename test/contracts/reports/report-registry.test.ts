import { expect } from "chai";
import { AbiCoder, keccak256, TypedDataEncoder, ZeroAddress } from "ethers";
import { timesOf } from "../deals/build-small-terms.ts";
import {
  deployRegisteredDeal,
  ethers,
  firstReport,
  networkHelpers,
  nextReport,
  publish,
  REPORT_TYPES,
  sign,
} from "./registry-fixture.ts";
import type { Fixture, Report } from "./registry-fixture.ts";

const { loadFixture, time } = networkHelpers;

describe("publishing a report", () => {
  let fixture: Fixture;
  let report: Report;

  beforeEach(async () => {
    fixture = await loadFixture(deployRegisteredDeal);
    report = firstReport(fixture);
  });

  it("[R2] accepts the first report of the first period and keeps what the next one rolls from", async () => {
    const { registry } = fixture;
    await publish(fixture, report);
    const accepted = await registry.acceptedReport(1, 1);
    const structHash = TypedDataEncoder.hashStruct("Report", REPORT_TYPES, report);
    expect(accepted.reportHash).to.equal(structHash);
    expect(accepted.poolClosing).to.equal(1_000_000n);
    expect(accepted.loanCount).to.equal(97n);
    expect(accepted.version).to.equal(1n);
    expect(accepted.used).to.equal(false);
    expect(accepted.acceptedAt).to.equal(await time.latest());
    expect(await registry.latestPeriod(1)).to.equal(1n);
    expect(await registry.poolBalance(1)).to.deep.equal([1n, 1_000_000n, accepted.acceptedAt]);
  });

  it("commits the root of the tape together with the sums that the report states", async () => {
    await publish(fixture, report);
    const words = ["bytes32", "int256", "int256"];
    const commitment = keccak256(
      AbiCoder.defaultAbiCoder().encode(words, [report.tapeRoot, 97n, 1_000_000n]),
    );
    expect(await fixture.registry.tapeCommitment(1, 1)).to.equal(commitment);
  });

  it("emits every figure, so that an outsider needs events alone", async () => {
    const { registry, attesters } = fixture;
    const structHash = TypedDataEncoder.hashStruct("Report", REPORT_TYPES, report);
    await expect(publish(fixture, report))
      .to.emit(registry, "ReportPublished")
      .withArgs(
        1n,
        1n,
        1n,
        structHash,
        report.tapeRoot,
        report.closeHash,
        report.resultHash,
        report.figures,
        attesters.slice(0, 2).map((attester) => attester.address),
      );
  });

  it("serves the digest that a wallet signs as EIP-712 typed data", async () => {
    const { registry } = fixture;
    const { chainId } = await ethers.provider.getNetwork();
    const domain = {
      name: "Penstock",
      version: "1",
      chainId,
      verifyingContract: await registry.getAddress(),
    };
    const digest = TypedDataEncoder.hash(domain, REPORT_TYPES, report);
    expect(await registry.reportDigest(report)).to.equal(digest);
    const [, name, version, chain, contract] = await registry.eip712Domain();
    expect([name, version, chain, contract]).to.deep.equal(Object.values(domain));
  });

  it("[R7] takes a negative adjustment by its sign, inside its bounds and not below them", async () => {
    const last = report.figures.length - 1;
    report.figures[last] = -50_000n;
    await publish(fixture, report);
    const below = { ...nextReport(report) };
    below.figures[last] = -50_001n;
    await time.increaseTo(timesOf(fixture.deal, 2).determination);
    await expect(publish(fixture, below))
      .to.be.revertedWithCustomError(fixture.registry, "FigureOutOfBounds")
      .withArgs(last, -50_001n, -50_000n, 50_000n);
  });

  it("refuses each figure below its minimum and above its maximum", async () => {
    for (const [index, [minimum, maximum]] of fixture.deal.bounds.entries()) {
      for (const value of [minimum - 1n, maximum + 1n, 2n ** 255n - 1n, -(2n ** 255n)]) {
        const figures = report.figures.with(index, value);
        await expect(publish(fixture, { ...report, figures }))
          .to.be.revertedWithCustomError(fixture.registry, "FigureOutOfBounds")
          .withArgs(index, value, minimum, maximum);
      }
    }
  });

  it("refuses a report with more or fewer figures than the deal declares", async () => {
    for (const figures of [report.figures.slice(0, -1), [...report.figures, 0n], []]) {
      await expect(publish(fixture, { ...report, figures }))
        .to.be.revertedWithCustomError(fixture.registry, "FigureCountMismatch")
        .withArgs(figures.length, 12);
    }
  });

  it("refuses a report before the collection period has ended, and takes it in its last second", async () => {
    await publish(fixture, report);
    const next = nextReport(report);
    const { determination } = timesOf(fixture.deal, 2);
    await time.setNextBlockTimestamp(determination - 1);
    await expect(publish(fixture, next))
      .to.be.revertedWithCustomError(fixture.registry, "ReportTooEarly")
      .withArgs(determination - 1, determination);
    await time.setNextBlockTimestamp(determination);
    await publish(fixture, next);
    expect(await fixture.registry.latestPeriod(1)).to.equal(2n);
  });

  it("[T2] opens the pool where it last closed, and in period 1 at the cut-off balance", async () => {
    const { registry } = fixture;
    await expect(publish(fixture, { ...report, figures: report.figures.with(0, 1_049_999n) }))
      .to.be.revertedWithCustomError(registry, "OpeningMismatch")
      .withArgs(1_049_999n, 1_050_000n);
    await publish(fixture, report);
    await time.increaseTo(timesOf(fixture.deal, 2).determination);
    const next = nextReport(report);
    await expect(publish(fixture, { ...next, figures: next.figures.with(0, 1_050_000n) }))
      .to.be.revertedWithCustomError(registry, "OpeningMismatch")
      .withArgs(1_050_000n, 1_000_000n);
    await publish(fixture, next);
  });

  it("[R2] refuses a period out of order and takes the right one afterwards", async () => {
    const { registry } = fixture;
    await time.increaseTo(timesOf(fixture.deal, 6).determination);
    for (const period of [0, 2, 65_535]) {
      await expect(publish(fixture, { ...report, period }))
        .to.be.revertedWithCustomError(registry, "PeriodOutOfOrder")
        .withArgs(period, 0);
    }
    await publish(fixture, report);
    const second = nextReport(report);
    await publish(fixture, second);
    await expect(publish(fixture, report)).to.be.revertedWithCustomError(
      registry,
      "PeriodOutOfOrder",
    );
    expect(await registry.latestPeriod(1)).to.equal(2n);
  });

  it("refuses a period after the deal's last one", async () => {
    await time.increaseTo(timesOf(fixture.deal, 6).determination + 10 ** 8);
    let next = report;
    for (let period = 1; period <= 6; period++) {
      await publish(fixture, next);
      next = nextReport(next);
    }
    await expect(publish(fixture, next))
      .to.be.revertedWithCustomError(fixture.registry, "PeriodAfterLast")
      .withArgs(7, 6);
  });

  it("[R6] leaves the same state when a report is brought twice", async () => {
    const { registry } = fixture;
    await publish(fixture, report);
    const before = await registry.acceptedReport(1, 1);
    await expect(publish(fixture, report))
      .to.be.revertedWithCustomError(registry, "VersionOutOfOrder")
      .withArgs(1, 2);
    expect(await registry.acceptedReport(1, 1)).to.deep.equal(before);
  });

  it("[R8] replaces the last report by the next version until a distribution has used it", async () => {
    const { registry, distributor } = fixture;
    await publish(fixture, report);
    const second = { ...report, version: 2, figures: report.figures.with(3, 54_000n) };
    await expect(publish(fixture, { ...second, version: 3 }))
      .to.be.revertedWithCustomError(registry, "VersionOutOfOrder")
      .withArgs(3, 2);
    await publish(fixture, second);
    expect((await registry.acceptedReport(1, 1)).version).to.equal(2n);
    await expect(registry.connect(distributor).useReport(report)).to.be.revertedWithCustomError(
      registry,
      "ReportMismatch",
    );
    await registry.connect(distributor).useReport(second);
    await expect(publish(fixture, { ...second, version: 3 }))
      .to.be.revertedWithCustomError(registry, "ReportAlreadyUsed")
      .withArgs(1, 1);
  });

  it("cannot replace a report once the next period's stands, used or not", async () => {
    await publish(fixture, report);
    await time.increaseTo(timesOf(fixture.deal, 2).determination);
    await publish(fixture, nextReport(report));
    await expect(publish(fixture, { ...report, version: 2 }))
      .to.be.revertedWithCustomError(fixture.registry, "PeriodOutOfOrder")
      .withArgs(1, 2);
  });

  it("refuses a report made for other terms and one for a deal that does not exist", async () => {
    const termsHash = keccak256("0x99");
    await expect(publish(fixture, { ...report, termsHash }))
      .to.be.revertedWithCustomError(fixture.registry, "TermsMismatch")
      .withArgs(termsHash, fixture.termsHash);
    await expect(publish(fixture, { ...report, dealId: 2n }))
      .to.be.revertedWithCustomError(fixture.registry, "DealUnknown")
      .withArgs(2);
  });
});

describe("signatures", () => {
  let fixture: Fixture;
  let report: Report;

  beforeEach(async () => {
    fixture = await loadFixture(deployRegisteredDeal);
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
    const stranger = attesters[3]!;
    const [signers, signatures] = await sign(fixture, report, [attesters[0]!, stranger]);
    await expect(registry.publishReport(report, signers, signatures))
      .to.be.revertedWithCustomError(registry, "SignerNotAttester")
      .withArgs(stranger.address);
    const [good, [a, b]] = await sign(fixture, report, attesters.slice(0, 2));
    await expect(registry.publishReport(report, good, [b!, a!]))
      .to.be.revertedWithCustomError(registry, "SignatureInvalid")
      .withArgs(good[0]);
  });

  it("refuses a malleated and an empty signature", async () => {
    const { registry, attesters } = fixture;
    const [signers, [a, b]] = await sign(fixture, report, attesters.slice(0, 2));
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const s = order - BigInt("0x" + a!.slice(66, 130));
    const v = a!.slice(130) === "1b" ? "1c" : "1b";
    const malleated = a!.slice(0, 66) + s.toString(16).padStart(64, "0") + v;
    for (const bad of [malleated, "0x"]) {
      await expect(registry.publishReport(report, signers, [bad, b!]))
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
    await registry.connect(factory).registerDeal(2, fixture.code, three, 2);
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
    const set = [attesters[0]!.address, address].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
    await registry.connect(admin).setAttesters(1, set, 2);
    const [, [ofAttester]] = await sign(fixture, report, [attesters[0]!]);
    const [, [ofOwner]] = await sign(fixture, report, [anyone]);
    const signaturesWith = (walletSignature: string) =>
      set.map((signer) => (signer === address ? walletSignature : ofAttester!));
    await expect(registry.publishReport(report, set, signaturesWith(ofAttester!)))
      .to.be.revertedWithCustomError(registry, "SignatureInvalid")
      .withArgs(address);
    await registry.publishReport(report, set, signaturesWith(ofOwner!));
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
      .withArgs(attesters[0]!.address);
    const [newSigners, newSignatures] = await sign(fixture, report, attesters.slice(2, 4));
    await registry.publishReport(report, newSigners, newSignatures);
    expect(await registry.attestersOf(1)).to.deep.equal([rotated, 2n]);
  });
});

describe("the register's doors", () => {
  let fixture: Fixture;

  beforeEach(async () => {
    fixture = await loadFixture(deployRegisteredDeal);
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
    await expect(registry.connect(admin).registerDeal(2, code, [attesters[0]!.address], 1))
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
    expect(await book.useReport.staticCall(report)).to.equal(
      TypedDataEncoder.hashStruct("Report", REPORT_TYPES, report),
    );
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
    await expect(book.registerDeal(1, code, [a], 1))
      .to.be.revertedWithCustomError(registry, "DealAlreadyRegistered")
      .withArgs(1);
    for (const threshold of [0, 3]) {
      await expect(book.registerDeal(2, code, [a, b], threshold))
        .to.be.revertedWithCustomError(registry, "ThresholdInvalid")
        .withArgs(threshold, 2);
    }
    for (const [previous, attester] of [
      [b, a],
      [a, a],
      [ZeroAddress, ZeroAddress],
    ] as const) {
      const set = previous === ZeroAddress ? [ZeroAddress] : [previous, attester];
      await expect(book.registerDeal(2, code, set, 1))
        .to.be.revertedWithCustomError(registry, "AttestersNotAscending")
        .withArgs(previous, attester);
    }
    const crowd = Array.from(
      { length: 33 },
      (_, i) => "0x" + (i + 1).toString(16).padStart(40, "0"),
    );
    await expect(book.registerDeal(2, code, crowd, 1))
      .to.be.revertedWithCustomError(registry, "AttestersTooMany")
      .withArgs(33, 32);
  });

  it("[U1] cannot be initialised again, neither the proxy nor the implementation behind it", async () => {
    const { registry, implementation, manager, anyone } = fixture;
    const links = [await manager.getAddress(), anyone.address, anyone.address] as const;
    for (const contract of [registry, implementation]) {
      await expect(contract.connect(anyone).initialize(...links)).to.be.revertedWithCustomError(
        registry,
        "InvalidInitialization",
      );
    }
    const fresh = implementation.interface.encodeFunctionData("initialize", [
      links[0],
      ZeroAddress,
      links[2],
    ]);
    await expect(
      ethers.deployContract("ERC1967Proxy", [await implementation.getAddress(), fresh]),
    ).to.be.revertedWithCustomError(registry, "LinkMissing");
  });

  it("lets only the role book rotate attesters and upgrade", async () => {
    const { registry, anyone, attesters } = fixture;
    const book = registry.connect(anyone);
    await expect(book.setAttesters(1, [attesters[0]!.address], 1)).to.be.revertedWithCustomError(
      registry,
      "AccessManagedUnauthorized",
    );
    const replacement = await ethers.deployContract("ReportRegistry");
    await expect(
      book.upgradeToAndCall(await replacement.getAddress(), "0x"),
    ).to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized");
  });

  it("[U5] keeps every accepted report through an upgrade", async () => {
    const { registry, admin } = fixture;
    const report = firstReport(fixture);
    await publish(fixture, report);
    const before = await registry.acceptedReport(1, 1);
    const replacement = await ethers.deployContract("ReportRegistry");
    await registry.connect(admin).upgradeToAndCall(await replacement.getAddress(), "0x");
    expect(await registry.acceptedReport(1, 1)).to.deep.equal(before);
    await time.increaseTo(timesOf(fixture.deal, 2).determination);
    await publish(fixture, nextReport(report));
  });
});

describe("the cost of a report", () => {
  it("stays below 150,000 gas with two signatures and twelve figures", async () => {
    const fixture = await loadFixture(deployRegisteredDeal);
    // Figures of a pool of two billion: as many bytes of calldata as a large deal has.
    let report: Report = { ...firstReport(fixture), resultHash: keccak256("0x03") };
    report.figures = report.figures.map((figure, i) =>
      i < 3 ? figure : 198_765_432_101n + figure,
    );
    report.figures[11] = -49_999n;
    const costs: [string, bigint][] = [];
    for (const state of ["period 1", "period 2", "period 3"]) {
      await time.increaseTo(timesOf(fixture.deal, report.period).determination + 60);
      const receipt = await (await publish(fixture, report)).wait();
      costs.push([`publishReport, two signatures, 12 figures, ${state}`, receipt!.gasUsed]);
      if (report.period < 3) report = nextReport(report);
    }
    const replaced = await (await publish(fixture, { ...report, version: 2 })).wait();
    costs.push(["publishReport, replaces an unused one", replaced!.gasUsed]);
    for (const [state, gas] of costs) console.log(`      ${state}: ${gas}`);
    for (const [, gas] of costs) expect(gas).to.be.lessThan(150_000n);
  });
});
