import { expect } from "chai";
import { TypedDataEncoder, ZeroAddress } from "ethers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { present } from "../deals/present.ts";
import { HOUR, REASON, reportOf, STATUS, timesOf } from "./life-fixture.ts";
import {
  deployLifeDeal,
  deployUsualLifeDeal,
  ethers,
  networkHelpers,
  publish,
  reach,
  runPeriod,
  signTyped,
} from "./life-platform.ts";
import type { LifeDeal } from "./life-platform.ts";

const OPENING = 1_050_000n;
const CHALLENGE = {
  Challenge: [
    { name: "dealId", type: "uint64" },
    { name: "period", type: "uint16" },
    { name: "version", type: "uint16" },
    { name: "reason", type: "bytes32" },
  ],
};
const FIRST = { dealId: 1n, period: 1, version: 1, reason: REASON };

/** Class A 7,000.00 of the first holder, B 2,000.00 of the second, C 1,000.00 halved between second and third. */
describe("a challenge by holders of a quarter of the deal's principal", () => {
  let life: LifeDeal;
  let wallets: [HardhatEthersSigner, HardhatEthersSigner, HardhatEthersSigner];

  beforeEach(async () => {
    life = await networkHelpers.loadFixture(deployUsualLifeDeal);
    wallets = life.holders as typeof wallets;
  });

  const backer = async (wallet: HardhatEthersSigner, challenge = FIRST) => ({
    wallet: wallet.address,
    signature: await signTyped(life, wallet, CHALLENGE, challenge),
  });
  const ordered = <T extends { wallet: string }>(backers: T[]) =>
    backers.toSorted((a, b) => (BigInt(a.wallet) < BigInt(b.wallet) ? -1 : 1));
  const challenge = (backers: { wallet: string; signature: string }[], by = life.anyone) =>
    life.registry.connect(by).challengeByHolders(1, 1, 1, REASON, backers);
  const report = () => reportOf(life, 1, OPENING);

  it("counts what each signed for, whoever brings it: 2,500.00 of 10,000.00", async () => {
    const { registry, anyone } = life;
    await publish(life, report());
    const { finalAt } = await registry.acceptedReport(1, 1);
    await networkHelpers.time.setNextBlockTimestamp(finalAt - 1n);
    await expect(challenge([await backer(wallets[1])]))
      .to.emit(registry, "ReportChallenged")
      .withArgs(1, 1, 1, anyone.address, 250_000n, REASON, finalAt - 1n + BigInt(12 * HOUR));
    expect((await registry.acceptedReport(1, 1)).status).to.equal(STATUS.challenged);
    await life.registry.connect(life.trustee).answerChallenge(1, 1, 1, true, REASON);
    expect((await registry.acceptedReport(1, 1)).status).to.equal(STATUS.rejected);
  });

  it("takes the caller's own word without a signature, and no other's", async () => {
    await publish(life, report());
    const own = { wallet: wallets[1].address, signature: "0x" };
    await expect(challenge([own])).to.be.revertedWithCustomError(life.registry, "SignatureInvalid");
    await challenge([own], wallets[1]);
  });

  it("refuses less than the share, a cent below it too", async () => {
    const { registry } = life;
    await publish(life, report());
    await expect(challenge([await backer(wallets[2])]))
      .to.be.revertedWithCustomError(registry, "BackingTooSmall")
      .withArgs(50_000n, 250_000n);
    await expect(challenge([])).to.be.revertedWithCustomError(registry, "BackingTooSmall");
    await present(life.tokens[1]).connect(wallets[1]).transfer(wallets[0].address, 1n);
    await expect(challenge([await backer(wallets[1])]))
      .to.be.revertedWithCustomError(registry, "BackingTooSmall")
      .withArgs(249_999n, 250_000n);
    await challenge(ordered([await backer(wallets[1]), await backer(wallets[2])]));
  });

  it("[C9] counts what was held at the last record time: notes lent since then count nothing", async () => {
    const { registry } = life;
    const { record } = timesOf(life.deal, 1);
    await reach(record + 1);
    await publish(life, report());
    await present(life.tokens[0]).connect(wallets[0]).transfer(wallets[2].address, 700_000n);
    await expect(challenge([await backer(wallets[2])]))
      .to.be.revertedWithCustomError(registry, "BackingTooSmall")
      .withArgs(50_000n, 250_000n);
    await challenge([await backer(wallets[0])]);
  });

  it("values faces at today's principal: what was repaid backs nothing", async () => {
    const { registry } = life;
    await runPeriod(life, report());
    // 510.00 of class A are repaid: 9,490.00 are left, a quarter of which is 2,372.50.
    await reach(timesOf(life.deal, 2).determination);
    await publish(life, reportOf(life, 2, 999_000n));
    const second = { ...FIRST, period: 2 };
    const call = async (wallet: HardhatEthersSigner) =>
      registry.challengeByHolders(1, 2, 1, REASON, [await backer(wallet, second)]);
    await expect(call(wallets[2]))
      .to.be.revertedWithCustomError(registry, "BackingTooSmall")
      .withArgs(50_000n, 237_250n);
    await expect(call(wallets[0]))
      .to.emit(registry, "ReportChallenged")
      .withArgs(1, 2, 1, life.admin.address, 649_000n, REASON, (v: bigint) => v > 0n);
  });

  it("[R4] binds each signature to chain, contract, deal, period, version and reason", async () => {
    const { registry } = life;
    await publish(life, report());
    for (const other of [
      { ...FIRST, dealId: 2n },
      { ...FIRST, period: 2 },
      { ...FIRST, version: 2 },
      { ...FIRST, reason: life.termsHash },
    ]) {
      await expect(challenge([await backer(wallets[0], other)]))
        .to.be.revertedWithCustomError(registry, "SignatureInvalid")
        .withArgs(wallets[0].address);
    }
    const domain = {
      ...{ name: "Penstock", version: "1", verifyingContract: await registry.getAddress() },
      chainId: (await ethers.provider.getNetwork()).chainId,
    };
    expect(await registry.challengeDigest(1, 1, 1, REASON)).to.equal(
      TypedDataEncoder.hash(domain, CHALLENGE, FIRST),
    );
    for (const differing of [{ chainId: 1n }, { verifyingContract: ZeroAddress }]) {
      const signature = await wallets[0].signTypedData(
        { ...domain, ...differing },
        CHALLENGE,
        FIRST,
      );
      await expect(
        challenge([{ wallet: wallets[0].address, signature }]),
      ).to.be.revertedWithCustomError(registry, "SignatureInvalid");
    }
  });

  it("counts no wallet twice", async () => {
    await publish(life, report());
    const third = await backer(wallets[2]);
    await expect(challenge(Array.from({ length: 5 }, () => third)))
      .to.be.revertedWithCustomError(life.registry, "BackersNotAscending")
      .withArgs(third.wallet, third.wallet);
    const both = ordered([await backer(wallets[1]), third]);
    await expect(challenge(both.toReversed())).to.be.revertedWithCustomError(
      life.registry,
      "BackersNotAscending",
    );
  });

  it("takes a contract wallet's signature (ERC-1271), by its owner's hand only", async () => {
    const { registry, anyone } = life;
    await publish(life, report());
    const contract = await ethers.deployContract("MockContractWallet", [anyone.address]);
    const wallet = await contract.getAddress();
    const second = await backer(wallets[1]);
    const by = async (signer: HardhatEthersSigner) =>
      ordered([{ wallet, signature: await signTyped(life, signer, CHALLENGE, FIRST) }, second]);
    await expect(challenge(await by(wallets[1])))
      .to.be.revertedWithCustomError(registry, "SignatureInvalid")
      .withArgs(wallet);
    await challenge(await by(anyone));
  });

  it("is one challenge like any other: once a version, within the window", async () => {
    const { registry, residual } = life;
    await publish(life, report());
    await registry.connect(residual).challengeReport(1, 1, 1, REASON);
    await expect(challenge([await backer(wallets[0])])).to.be.revertedWithCustomError(
      registry,
      "ChallengedBefore",
    );
    await networkHelpers.time.increase(2 * 24 * HOUR);
    await expect(challenge([await backer(wallets[0])])).to.be.revertedWithCustomError(
      registry,
      "ChallengeTimeOver",
    );
  });

  it("is not there where the terms do not give it, nor where nothing is outstanding", async () => {
    const without = await deployLifeDeal({ holdersBps: null });
    await publish(without, reportOf(without, 1, OPENING));
    await expect(without.registry.challengeByHolders(1, 1, 1, REASON, []))
      .to.be.revertedWithCustomError(without.registry, "HoldersMayNotChallenge")
      .withArgs(1);
    const unissued = await deployLifeDeal({}, false);
    await publish(unissued, reportOf(unissued, 1, OPENING));
    await expect(unissued.registry.challengeByHolders(1, 1, 1, REASON, []))
      .to.be.revertedWithCustomError(unissued.registry, "BackingTooSmall")
      .withArgs(0, 0);
  });
});
