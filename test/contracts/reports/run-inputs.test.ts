import { expect } from "chai";
import { ZeroAddress } from "ethers";
import type { AnyContract } from "../deals/any-contract.ts";
import {
  asDistributor,
  deployInputsDeal,
  ethers,
  firstList,
  fixBoth,
  networkHelpers,
  NOTICE,
  offer,
  signList,
} from "./inputs-fixture.ts";
import type { InputsFixture } from "./inputs-fixture.ts";

const RATES = [525n * 10n ** 14n, -5n * 10n ** 15n];

describe("the inputs of a run", () => {
  let fixture: InputsFixture;
  let inputs: AnyContract;
  let distributor: AnyContract;

  beforeEach(async () => {
    fixture = await networkHelpers.loadFixture(deployInputsDeal);
    inputs = fixture.inputs;
    distributor = await asDistributor(fixture);
  });

  /** What the run of a period reads, marked as used. */
  async function use(period: number) {
    const answer = await distributor.useInputs.staticCall(1, period);
    await distributor.useInputs(1, period);
    return { extras: [...answer.extras], notices: answer.notices };
  }

  it("are the fixings in order, then the price, and the notices", async () => {
    await fixBoth(fixture, 1);
    await offer(fixture, firstList());
    await inputs.connect(fixture.trustee).giveNotice(1, NOTICE.acceleration);
    const seen = await inputs.inputsOf(1, 1);
    expect([...seen.extras]).to.deep.equal([...RATES, 59_000n]);
    expect(seen.notices).to.equal(0b10n);
    expect(await use(1)).to.deep.equal({ extras: [...RATES, 59_000n], notices: 0b10n });
  });

  it("have the price 0 without a list, and nothing at all for a deal that reads nothing", async () => {
    await fixBoth(fixture, 1);
    expect((await use(1)).extras).to.deep.equal([...RATES, 0n]);
    const nothing = await inputs.inputsOf(2, 1);
    expect([[...nothing.extras], nothing.notices]).to.deep.equal([[], 0n]);
  });

  it("are missing as long as an index is not fixed", async () => {
    for (const read of [distributor.useInputs, inputs.inputsOf]) {
      await expect(read(1, 1))
        .to.be.revertedWithCustomError(inputs, "FixingMissing")
        .withArgs(1, 1, 0);
    }
    await fixture.feeds[0].setRound(1, 1n, fixture.fixing);
    await inputs.fixIndex(1, 1, 0, 1);
    await expect(distributor.useInputs(1, 1))
      .to.be.revertedWithCustomError(inputs, "FixingMissing")
      .withArgs(1, 1, 1);
  });

  it("[U2] are used by the distributor alone", async () => {
    await fixBoth(fixture, 1);
    for (const person of [fixture.admin, fixture.anyone, fixture.trustee]) {
      await expect(inputs.connect(person).useInputs(1, 1))
        .to.be.revertedWithCustomError(inputs, "CallerNotAllowed")
        .withArgs(person.address, fixture.deployment.waterfallDistributor);
    }
  });

  describe("a purchase list", () => {
    it("is taken with k of n signatures, and replaced until the period has run", async () => {
      const list = firstList();
      const [signers, signatures] = await signList(fixture, list);
      await expect(inputs.connect(fixture.anyone).offerLoans(list, signers, signatures))
        .to.emit(inputs, "LoansOffered")
        .withArgs(1, 1, 1, list.listRoot, 40, 60_000, 59_000, signers);
      await offer(fixture, firstList({ version: 2, price: 58_000n }));
      expect((await inputs.listOf(1, 1)).price).to.equal(58_000n);
      await fixBoth(fixture, 1);
      expect((await use(1)).extras.at(-1)).to.equal(58_000n);
      const late = firstList({ version: 3 });
      await expect(inputs.offerLoans(late, ...(await signList(fixture, late))))
        .to.be.revertedWithCustomError(inputs, "PeriodRun")
        .withArgs(1, 1);
    });

    it("cannot be brought back once another has taken its place", async () => {
      const first = firstList();
      const signed = await signList(fixture, first);
      await inputs.offerLoans(first, ...signed);
      await offer(fixture, firstList({ version: 2, price: 0n }));
      await expect(inputs.offerLoans(first, ...signed))
        .to.be.revertedWithCustomError(inputs, "VersionOutOfOrder")
        .withArgs(1, 3);
      expect((await inputs.listOf(1, 1)).price).to.equal(0n);
    });

    it("stands for its own period only", async () => {
      await offer(fixture, firstList({ period: 2 }));
      await fixBoth(fixture, 1);
      expect((await use(1)).extras.at(-1)).to.equal(0n);
      await fixBoth(fixture, 2);
      expect((await use(2)).extras.at(-1)).to.equal(59_000n);
    });

    it("needs the deal's attesters, each once, over this list and nothing else", async () => {
      const list = firstList();
      const [signers, signatures] = await signList(fixture, list);
      const [few, one] = await signList(fixture, list, [0]);
      const stranger = fixture.anyone;
      const [[first, second], [a, b]] = [signers, signatures] as [string[], string[]];
      const ordered = [stranger.address, second!].toSorted((x, y) =>
        BigInt(x) < BigInt(y) ? -1 : 1,
      );
      const cases: [string[], string[], string][] = [
        [few, one, "SignaturesTooFew"],
        [signers, [a!], "SignatureCountMismatch"],
        [[second!, first!], [b!, a!], "SignersNotAscending"],
        [[first!, first!], [a!, a!], "SignersNotAscending"],
        [ordered, [a!, b!], "SignerNotAttester"],
        [signers, [b!, a!], "SignatureInvalid"],
      ];
      for (const [who, what, error] of cases) {
        await expect(inputs.offerLoans(list, who, what), error).to.be.revertedWithCustomError(
          fixture.reports,
          error,
        );
      }
      for (const [name, value] of Object.entries(firstList({ balance: 1n }))) {
        if (["dealId", "period", "version"].includes(name)) continue;
        const other = typeof value === "bigint" ? value + 1n : "0x" + "77".repeat(32);
        await expect(
          inputs.offerLoans({ ...list, [name]: other }, signers, signatures),
          name,
        ).to.be.revertedWithCustomError(fixture.reports, "SignatureInvalid");
      }
    });

    it("is signed over the digest that the contract names", async () => {
      const list = firstList();
      const [signers, signatures] = await signList(fixture, list);
      const digest = await inputs.listDigest(list);
      expect(ethers.recoverAddress(digest, signatures[0]!)).to.equal(signers[0]);
    });

    it("is refused for a deal that buys nothing and for a period that it lacks", async () => {
      const cases: [Parameters<typeof firstList>[0], AnyContract, string][] = [
        [{ dealId: 2n }, inputs, "DealBuysNothing"],
        [{ dealId: 9n }, fixture.factory, "DealUnknown"],
        [{ period: 0 }, inputs, "PeriodUnknown"],
        [{ period: 7 }, inputs, "PeriodUnknown"],
        [{ version: 0 }, inputs, "VersionOutOfOrder"],
        [{ version: 2 }, inputs, "VersionOutOfOrder"],
      ];
      for (const [changes, contract, error] of cases) {
        await expect(
          offer(fixture, firstList(changes)),
          JSON.stringify(Object.keys(changes!)),
        ).to.be.revertedWithCustomError(contract, error);
      }
    });
  });

  describe("a notice", () => {
    it("is given and withdrawn by the payee that the terms name, and nobody else", async () => {
      const { trustee, residual, admin } = fixture;
      for (const person of [residual, admin]) {
        for (const method of ["giveNotice", "withdrawNotice"]) {
          await expect(inputs.connect(person).getFunction(method)(1, NOTICE.acceleration))
            .to.be.revertedWithCustomError(inputs, "CallerNotPayee")
            .withArgs(person.address, trustee.address);
        }
      }
      await expect(inputs.connect(residual).giveNotice(1, NOTICE.call))
        .to.emit(inputs, "NoticeGiven")
        .withArgs(1, NOTICE.call, residual.address);
      expect(await inputs.noticesOf(1)).to.deep.equal([0b100n, 0n]);
      await expect(inputs.connect(residual).withdrawNotice(1, NOTICE.call))
        .to.emit(inputs, "NoticeWithdrawn")
        .withArgs(1, NOTICE.call, residual.address);
      expect(await inputs.noticesOf(1)).to.deep.equal([0n, 0n]);
    });

    it("of kind once counts in one run and may be given again", async () => {
      const trustee = inputs.connect(fixture.trustee) as AnyContract;
      await trustee.giveNotice(1, NOTICE.waiver);
      await fixBoth(fixture, 1);
      expect((await use(1)).notices).to.equal(0b1n);
      await fixBoth(fixture, 2);
      expect((await use(2)).notices).to.equal(0n);
      await trustee.giveNotice(1, NOTICE.waiver);
      await fixBoth(fixture, 3);
      expect((await use(3)).notices).to.equal(0b1n);
    });

    it("that stands counts from then on and cannot be taken back once a run has used it", async () => {
      const trustee = inputs.connect(fixture.trustee) as AnyContract;
      await trustee.giveNotice(1, NOTICE.acceleration);
      await trustee.giveNotice(1, NOTICE.waiver);
      for (const [period, notices] of [
        [1, 0b11n],
        [2, 0b10n],
        [3, 0b10n],
      ] as const) {
        await fixBoth(fixture, period);
        expect((await use(period)).notices, `${period}`).to.equal(notices);
      }
      expect(await inputs.noticesOf(1)).to.deep.equal([0b10n, 0b10n]);
      await expect(trustee.withdrawNotice(1, NOTICE.acceleration))
        .to.be.revertedWithCustomError(inputs, "NoticeUsed")
        .withArgs(1, NOTICE.acceleration);
    });

    it("is refused twice, before it is given, and where there is none", async () => {
      const trustee = inputs.connect(fixture.trustee) as AnyContract;
      await expect(trustee.withdrawNotice(1, NOTICE.waiver))
        .to.be.revertedWithCustomError(inputs, "NoticeNotInForce")
        .withArgs(1, NOTICE.waiver);
      await trustee.giveNotice(1, NOTICE.waiver);
      await expect(trustee.giveNotice(1, NOTICE.waiver))
        .to.be.revertedWithCustomError(inputs, "NoticeInForce")
        .withArgs(1, NOTICE.waiver);
      for (const [dealId, notice] of [
        [1, 3],
        [1, 255],
        [2, 0],
      ]) {
        for (const method of ["giveNotice", "withdrawNotice"]) {
          await expect(trustee.getFunction(method)(dealId, notice))
            .to.be.revertedWithCustomError(inputs, "NoticeUnknown")
            .withArgs(dealId, notice);
        }
      }
    });
  });

  it("[U1] need four links, and nobody can set them again", async () => {
    const implementation = await ethers.deployContract("RunInputs");
    const me = fixture.anyone.address;
    for (let missing = 0; missing < 4; missing++) {
      const call = implementation.interface.encodeFunctionData(
        "initialize",
        Array(4).fill(me).with(missing, ZeroAddress) as [string, string, string, string],
      );
      await expect(
        ethers.deployContract("ERC1967Proxy", [await implementation.getAddress(), call]),
      ).to.be.revertedWithCustomError(implementation, "LinkMissing");
    }
    await expect(
      inputs.connect(fixture.anyone).upgradeToAndCall(await implementation.getAddress(), "0x"),
    ).to.be.revertedWithCustomError(inputs, "AccessManagedUnauthorized");
    await inputs.connect(fixture.admin).upgradeToAndCall(await implementation.getAddress(), "0x");
    expect(await inputs.noticesOf(1)).to.deep.equal([0n, 0n]);
  });
});
