import { expect } from "chai";
import { keccak256, ZeroAddress } from "ethers";
import { createDeal } from "../../../server/chain/create-deal.ts";
import type { NewDeal } from "../../../server/chain/create-deal.ts";
import { timesOf } from "./build-small-terms.ts";
import {
  argumentOf,
  createSmallDeal,
  deployWithPeople,
  ethers,
  expectedCode,
  networkHelpers,
  newDealOf,
  patched,
} from "./platform-fixture.ts";
import type { Platform } from "./platform-fixture.ts";
import { present } from "./present.ts";

describe("creating a deal", () => {
  let platform: Platform;

  beforeEach(async () => {
    platform = await networkHelpers.loadFixture(deployWithPeople);
  });

  /** Expects the factory to refuse `deal` with the named error and arguments. */
  async function refuses(deal: NewDeal, error: string, ...values: unknown[]) {
    await expect(platform.factory.createDeal(argumentOf(deal)))
      .to.be.revertedWithCustomError(platform.factory, error)
      .withArgs(...values);
  }

  it("writes terms and addresses as contract code behind a STOP byte", async () => {
    const deal = newDealOf(platform);
    const { code, tokens, termsHash, feed } = await createSmallDeal(platform);
    expect(await ethers.provider.getCode(code)).to.equal(expectedCode(deal, tokens));
    expect(termsHash).to.equal(keccak256(deal.terms));
    const { factory } = platform;
    expect(await factory.dealCode(1)).to.equal(code);
    expect(await factory.tokensOf(1)).to.deep.equal(tokens);
    expect(await factory.feedOf(1)).to.equal(feed);
    expect(await factory.originatorOf(1)).to.equal(platform.originator.address);
    expect(await factory.dealCount()).to.equal(1n);
    expect(await factory.isClosed(1)).to.equal(false);
  });

  it("registers the deal with compliance, reports and distributor, and names the feed after it", async () => {
    const { tokens, feed } = await createSmallDeal(platform);
    const attesters = platform.attesters.map((attester) => attester.address);
    const ascending = attesters.toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
    expect(await platform.reports.attestersOf(1)).to.deep.equal([ascending, 2n]);
    expect(await platform.reports.latestPeriod(1)).to.equal(0n);
    const holder = present(platform.holders[0]).address;
    const answer = await platform.compliance.canTransfer(tokens[0], ZeroAddress, holder, 1);
    expect(answer[0]).to.equal(true);
    const poolFeed = await ethers.getContractAt("PoolBalanceFeed", feed);
    expect(await poolFeed.getFunction("description")()).to.equal("Penstock pool balance, deal 1");
  });

  it("[W10] keeps class index, deal id and token address a bijection over many deals", async () => {
    const seen = new Map<string, string>();
    for (let count = 1n; count <= 4n; count++) {
      await platform.factory.createDeal(argumentOf(newDealOf(platform)));
      for (const [index, token] of (await platform.factory.tokensOf(count)).entries()) {
        const contract = await ethers.getContractAt("TrancheToken", token);
        const place = `${await contract.getFunction("dealId")()}/${await contract.getFunction("classIndex")()}`;
        expect(place).to.equal(`${count}/${index}`);
        expect([...seen.values()]).not.to.include(token);
        seen.set(place, token);
      }
    }
    expect(seen.size).to.equal(12);
  });

  it("[U2] wires every token to the addresses that the platform itself is wired to", async () => {
    const { tokens } = await createSmallDeal(platform);
    const links = await platform.factory.links();
    const { deployment } = platform;
    expect(links.compliance).to.equal(deployment.complianceRegistry);
    expect(links.reports).to.equal(deployment.reportRegistry);
    expect(links.distributor).to.equal(deployment.waterfallDistributor);
    expect(links.tokenBeacon).to.equal(deployment.trancheTokenBeacon);
    for (const token of tokens) {
      const contract = await ethers.getContractAt("TrancheToken", token);
      expect(await contract.getFunction("links")()).to.deep.equal([
        deployment.dealFactory,
        deployment.waterfallDistributor,
        deployment.complianceRegistry,
      ]);
    }
  });

  it("[U1] leaves no token that somebody else could initialise", async () => {
    const { tokens, code } = await createSmallDeal(platform);
    const implementation = await platform.beacon.implementation();
    for (const address of [...tokens, implementation]) {
      const token = await ethers.getContractAt("TrancheToken", address);
      const anyone = platform.anyone.address;
      const params = ["x", "x", anyone, 1, 0, code];
      await expect(
        token.connect(platform.anyone).getFunction("initialize")(params),
      ).to.be.revertedWithCustomError(token, "InvalidInitialization");
    }
  });

  it("creates the same deal once when it is asked for twice", async () => {
    const first = await createSmallDeal(platform);
    expect(await createSmallDeal(platform)).to.deep.equal(first);
    const payees = [platform.trustee.address, platform.anyone.address];
    const deal = newDealOf(platform, { payees });
    const sender = { signer: platform.admin };
    const other = await createDeal(sender, platform.deployment, { deal });
    expect(other.dealId).to.equal(2n);
  });

  it("is open to issuers only", async () => {
    const { factory, anyone } = platform;
    await expect(factory.connect(anyone).createDeal(argumentOf(newDealOf(platform))))
      .to.be.revertedWithCustomError(factory, "AccessManagedUnauthorized")
      .withArgs(anyone.address);
  });

  it("refuses arguments that do not fit the terms", async () => {
    const { trustee, residual, deployment } = platform;
    const deal = newDealOf(platform);
    await refuses({ ...deal, symbols: ["A", "B"] }, "ClassCountMismatch", 2, 3, 3);
    await refuses({ ...deal, names: ["A", "B"] }, "ClassCountMismatch", 3, 2, 3);
    await refuses({ ...deal, payees: [trustee.address] }, "PayeeCountMismatch", 1, 2);
    for (const payee of [ZeroAddress, deployment.waterfallDistributor, deployment.dealFactory]) {
      await refuses({ ...deal, payees: [residual.address, payee] }, "PayeeInvalid", 1, payee);
    }
    await refuses({ ...deal, originator: ZeroAddress }, "OriginatorMissing");
    await refuses({ ...deal, terms: patched(deal.terms, 13, 8, 1) }, "CashDecimalsMismatch", 6, 8);
  });

  it("refuses terms of another format, length or count", async () => {
    const deal = newDealOf(platform);
    const { length } = deal.terms;
    const cases: [Uint8Array, string, ...unknown[]][] = [
      [new Uint8Array(95), "TermsLengthMismatch", 95, 96],
      [patched(deal.terms, 0, 1, 1), "TermsFormatUnknown", 1],
      [deal.terms.slice(0, -1), "TermsLengthMismatch", length - 1, length],
      [patched(deal.terms, 1, 0, 1), "TermsCountInvalid", 1, 0],
      [patched(deal.terms, 1, 17, 1), "TermsCountInvalid", 1, 17],
      [patched(deal.terms, 4, 0, 1), "TermsCountInvalid", 4, 0],
      [patched(deal.terms, 6, 3, 1), "TermsCountInvalid", 6, 3],
      [patched(deal.terms, 11, 2, 1), "TermsCountInvalid", 11, 2],
      [patched(deal.terms, 14, 4, 1), "TermsCountInvalid", 14, 4],
      [patched(deal.terms, 15, 24, 1), "TermsCountInvalid", 15, 24],
      [patched(deal.terms, 16, 0, 2), "TermsCountInvalid", 16, 0],
      [patched(deal.terms, 51, 10_001, 2), "TermsCountInvalid", 51, 10_001],
      [patched(deal.terms, 61, 5, 1), "TermsCountInvalid", 61, 5],
    ];
    for (const [terms, error, ...values] of cases) {
      await refuses({ ...deal, terms }, error, ...values);
    }
  });

  it("refuses terms whose sections do not follow each other", async () => {
    const deal = newDealOf(platform);
    for (const offset of [
      18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38, 76, 78, 80, 82, 84, 86, 88, 40, 42,
    ]) {
      const found = (present(deal.terms[offset]) << 8) | present(deal.terms[offset + 1]);
      const terms = patched(deal.terms, offset, found - 1, 2);
      await expect(
        platform.factory.createDeal(argumentOf({ ...deal, terms })),
      ).to.be.revertedWithCustomError(platform.factory, "TermsSectionInvalid");
    }
  });

  it("refuses a class without face or above 2^48 - 1, and a fee that nobody is paid", async () => {
    const deal = newDealOf(platform);
    await refuses({ ...deal, terms: patched(deal.terms, 128, 0, 8) }, "FaceInvalid", 1, 0);
    const terms = patched(deal.terms, 128, 2n ** 48n, 8);
    await refuses({ ...deal, terms }, "FaceInvalid", 1, 2n ** 48n);
    const fee = patched(deal.terms, 96 + 3 * 32 + 3, 2, 1);
    await refuses({ ...deal, terms: fee }, "FeePayeeInvalid", 0, 2);
  });

  it("refuses a program that names what the deal lacks, jumps out of its phase or unbalances its stack", async () => {
    const deal = newDealOf(platform);
    const offsetAt = (place: number) =>
      (present(deal.terms[place]) << 8) | present(deal.terms[place + 1]);
    const [steps, expressions, phases] = [offsetAt(36), offsetAt(38), offsetAt(32)];
    const [fee, interest, principal, rest] = [0, 1, 2, 3].map((step) => steps + 32 * step) as [
      ...[number, number, number, number],
    ];
    const IF = 9;
    const cases: [offset: number, value: bigint | number, size: number, error: string][] = [
      [96 + 16, 1, 1, "ClassTermsInvalid"],
      [offsetAt(30), 0, 4, "BasisTermsInvalid"],
      [96 + 3 * 32 + 1, 1, 1, "FeeTermsInvalid"],
      [96 + 3 * 32 + 12, 12, 1, "FeeTermsInvalid"],
      [96 + 3 * 32 + 13, 0, 1, "FeeTermsInvalid"],
      [phases + 2, 5, 2, "PhaseInvalid"],
      [phases, 1, 2, "PhaseInvalid"],
      [fee, 0, 1, "StepInvalid"],
      [fee, 17, 1, "StepInvalid"],
      [fee + 2, 2, 1, "StepInvalid"],
      [fee + 4, 17, 1, "StepInvalid"],
      [fee + 5, 0x10, 1, "StepInvalid"],
      [interest + 5, 0x00, 1, "StepInvalid"],
      [interest + 6, 0x30, 1, "StepInvalid"],
      [rest + 3, 2, 1, "StepInvalid"],
      [interest, IF, 1, "StepInvalid"],
      [interest + 17, 1, 2, "ExpressionInvalid"],
      [principal + 13, 0xffff, 2, "ExpressionInvalid"],
      [expressions, 60, 1, "ExpressionInvalid"],
      [expressions + 1, 12, 2, "ExpressionInvalid"],
      [expressions + 6, 27, 1, "ExpressionInvalid"],
      [expressions + 6, 2, 1, "ExpressionInvalid"],
      [expressions + 6, 39, 1, "ExpressionInvalid"],
    ];
    for (const [offset, value, size, error] of cases) {
      const terms = patched(deal.terms, offset, value, size);
      await expect(
        platform.factory.createDeal(argumentOf({ ...deal, terms })),
        `${offset} ${value}`,
      ).to.be.revertedWithCustomError(platform.factory, error);
    }
  });

  it("[T1] refuses a calendar whose times do not follow each other", async () => {
    const deal = newDealOf(platform);
    const rows = (present(deal.terms[40]) << 8) | present(deal.terms[41]);
    const { record, payment, determination } = timesOf(platform.terms, 2);
    const previous = timesOf(platform.terms, 1);
    const grace = 3 * 86_400;
    const row = rows + 28;
    const broken: [number, number][] = [
      [row, previous.determination],
      [row, payment + 1],
      [row + 5, previous.payment + grace],
      [row + 5, payment],
      [row + 10, record],
      [row + 10, determination - 1],
    ];
    for (const [offset, value] of broken) {
      await refuses(
        { ...deal, terms: patched(deal.terms, offset, value, 5) },
        "CalendarInvalid",
        2,
      );
    }
    const atClosing = patched(deal.terms, rows + 5, platform.terms.closingTime, 5);
    await refuses({ ...deal, terms: atClosing }, "CalendarInvalid", 1);
  });

  it("refuses a deal whose closing time has come", async () => {
    await networkHelpers.time.setNextBlockTimestamp(platform.terms.closingTime);
    const { closingTime } = platform.terms;
    await refuses(newDealOf(platform), "ClosingTimePassed", closingTime, closingTime);
  });

  it("refuses a deal that does not fit into one contract", async () => {
    const deal = newDealOf(platform);
    const size = 24_576;
    const fits = size - 1 - 6 * 20;
    const long = (length: number) => {
      const terms = new Uint8Array(length);
      terms.set(deal.terms);
      return patched(terms, 44, length, 2);
    };
    await refuses({ ...deal, terms: long(fits + 1) }, "DealCodeTooLarge", size + 1, size);
    await platform.factory.createDeal(argumentOf({ ...deal, terms: long(fits) }));
    const code = await ethers.provider.getCode(await platform.factory.dealCode(1));
    expect((code.length - 2) / 2).to.equal(size);
  });

  it("answers for deals that exist and reverts for the others", async () => {
    await createSmallDeal(platform);
    for (const view of ["dealCode", "tokensOf", "feedOf", "originatorOf", "isClosed"]) {
      for (const dealId of [0, 2]) {
        await expect(platform.factory.getFunction(view)(dealId))
          .to.be.revertedWithCustomError(platform.factory, "DealUnknown")
          .withArgs(dealId);
      }
    }
  });
});
