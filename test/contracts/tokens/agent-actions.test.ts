import { expect } from "chai";
import { ZeroAddress } from "ethers";
import {
  admit,
  deployTranches,
  enterWindow,
  ethers,
  identityAddress,
  networkHelpers,
  windowEnd,
} from "./deploy-tranches.ts";

/** One class of 1,000.00: Alder 600.00 with a second wallet, Birch 400.00. */
async function twoHolders() {
  const deal = await deployTranches({ faces: [1_000_00n] });
  const [alder, alderToo, birch, stranger] = deal.wallets;
  await admit(deal, "Alder", alder!, alderToo!);
  await admit(deal, "Birch", birch!);
  const asFactory = deal.token.connect(deal.factory);
  await asFactory.getFunction("mint")(alder!, 600_00n);
  await asFactory.getFunction("mint")(birch!, 400_00n);
  const agent = deal.token.connect(deal.registrar);
  const people = { alder: alder!, alderToo: alderToo!, birch: birch!, stranger: stranger! };
  return { ...deal, ...people, asFactory, agent, deal };
}

describe("Tranche token: a transfer agent's acts", () => {
  const load = () => networkHelpers.loadFixture(twoHolders);

  describe("pause", () => {
    it("stops transfers, whoever moves them, and the view says so", async () => {
      const { token, agent, registrar, alder, birch } = await load();
      await token.connect(alder).approve(birch, 10n);
      await expect(agent.pause()).to.emit(token, "Paused").withArgs(registrar.address);
      expect(await token.paused()).to.equal(true);
      expect(await token.canTransfer(alder, birch, 1n)).to.equal(false);
      for (const call of [
        () => token.connect(alder).transfer(birch, 1n),
        () => token.connect(birch).transferFrom(alder, birch, 1n),
        () => token.connect(alder).batchTransfer([birch], [1n]),
      ])
        await expect(call()).to.be.revertedWithCustomError(token, "EnforcedPause");
      await expect(agent.unpause()).to.emit(token, "Unpaused").withArgs(registrar.address);
      await token.connect(alder).transfer(birch, 1n);
    });

    it("[K3] never stops a claim, nor what the law orders", async () => {
      const { token, agent, distributor, alder, alderToo, birch, deal } = await load();
      await enterWindow(deal, 1);
      await agent.pause();
      const paying = token.connect(distributor);
      await paying.fund(1, windowEnd(deal, 1), 10_000_000n, 0n);
      expect(await paying.collect.staticCall(alder)).to.deep.equal([6_000_000n, 0n]);
      await paying.collect(alder);
      await agent.forcedTransfer(birch, alder, 1n);
      await agent.recoveryAddress(alder, alderToo, identityAddress("Alder"));
      // Rolling to a new window leaves it paused.
      await enterWindow(deal, 2);
      await paying.fund(2, windowEnd(deal, 2), 0n, 1_000_000n);
      expect(await token.paused()).to.equal(true);
    });

    it("is set once and lifted once", async () => {
      const { token, agent } = await load();
      await expect(agent.unpause()).to.be.revertedWithCustomError(token, "ExpectedPause");
      await agent.pause();
      await expect(agent.pause()).to.be.revertedWithCustomError(token, "EnforcedPause");
    });
  });

  describe("partial freezes", () => {
    it("add to and take from what is frozen, and tell the sum", async () => {
      const { token, agent, alder } = await load();
      await expect(agent.freezePartialTokens(alder, 250_00n))
        .to.emit(token, "TokensFrozen")
        .withArgs(alder.address, 250_00n);
      await expect(agent.freezePartialTokens(alder, 350_00n))
        .to.emit(token, "Frozen")
        .withArgs(alder.address, 600_00n);
      await expect(agent.unfreezePartialTokens(alder, 100_00n))
        .to.emit(token, "TokensUnfrozen")
        .withArgs(alder.address, 100_00n);
      expect(await token.getFrozenTokens(alder)).to.equal(500_00n);
    });

    it("take no more than is free, and free no more than is frozen", async () => {
      const { token, agent, alder } = await load();
      await expect(agent.freezePartialTokens(alder, 600_01n))
        .to.be.revertedWithCustomError(token, "ERC7943InsufficientUnfrozenBalance")
        .withArgs(alder.address, 600_01n, 600_00n);
      await agent.setFrozenTokens(alder, 700_00n);
      await expect(agent.freezePartialTokens(alder, 1n))
        .to.be.revertedWithCustomError(token, "ERC7943InsufficientUnfrozenBalance")
        .withArgs(alder.address, 1n, 0n);
      await expect(agent.unfreezePartialTokens(alder, 700_01n))
        .to.be.revertedWithCustomError(token, "FrozenTokensShort")
        .withArgs(alder.address, 700_00n, 700_01n);
    });
  });

  describe("batches", () => {
    it("of transfers are all or none", async () => {
      const { token, compliance, alder, alderToo, birch, stranger } = await load();
      await token.connect(alder).batchTransfer([birch, alderToo], [100_00n, 200_00n]);
      expect(await token.balanceOf(birch)).to.equal(500_00n);
      expect(await token.balanceOf(alderToo)).to.equal(200_00n);
      await expect(token.connect(alder).batchTransfer([birch, stranger], [1n, 1n]))
        .to.be.revertedWithCustomError(compliance, "IdentityUnknown")
        .withArgs(stranger.address);
      expect(await token.balanceOf(birch)).to.equal(500_00n);
    });

    it("of forced transfers are all or none", async () => {
      const { token, agent, alder, birch } = await load();
      await agent.batchForcedTransfer([alder, birch], [birch, alder], [100_00n, 450_00n]);
      expect(await token.balanceOf(alder)).to.equal(950_00n);
      await expect(
        agent.batchForcedTransfer([alder, birch], [birch, alder], [1n, 100_00n]),
      ).to.be.revertedWithCustomError(token, "ERC20InsufficientBalance");
      expect(await token.balanceOf(alder)).to.equal(950_00n);
    });

    it("need lists of one length", async () => {
      const { token, agent, alder, birch } = await load();
      for (const [call, lengths] of [
        [() => token.connect(alder).batchTransfer([birch], []), [1, 0]],
        [() => agent.batchForcedTransfer([alder], [birch, birch], [1n]), [1, 2]],
        [() => agent.batchForcedTransfer([alder], [birch], [1n, 1n]), [1, 2]],
      ] as const)
        await expect(call())
          .to.be.revertedWithCustomError(token, "BatchLengthMismatch")
          .withArgs(...lengths);
    });
  });

  describe("recovery", () => {
    it("tells what ERC-3643 tells, and takes the account's freeze along", async () => {
      const { token, agent, registrar, alder, alderToo } = await load();
      await agent.setAddressFrozen(alder, true);
      const recovered = agent.recoveryAddress(alder, alderToo, identityAddress("Alder"));
      await expect(recovered)
        .to.emit(token, "RecoverySuccess")
        .withArgs(alder.address, alderToo.address, identityAddress("Alder"));
      await expect(recovered)
        .to.emit(token, "AddressFrozen")
        .withArgs(alderToo.address, true, registrar.address);
      expect(await token.isFrozen(alderToo)).to.equal(true);
      expect(await token.balanceOf(alderToo)).to.equal(600_00n);
    });

    it("needs two wallets of the identity that the agent names", async () => {
      const { token, agent, alder, alderToo, birch, stranger } = await load();
      const named = identityAddress("Alder");
      for (const [lost, replacement, identity] of [
        [alder, alderToo, identityAddress("Birch")],
        [alder, birch, named],
        [alder, alder, named],
        [stranger, stranger, ZeroAddress],
      ] as const)
        await expect(agent.recoveryAddress(lost, replacement, identity))
          .to.be.revertedWithCustomError(token, "IdentityMismatch")
          .withArgs(lost.address, replacement.address);
    });
  });

  it("has the selectors and interface ids of ERC-3643's agent functions, ERC-1404 and ERC-6372", async () => {
    const { token, compliance } = await load();
    for (const signature of [
      "pause()",
      "unpause()",
      "paused()",
      "setAddressFrozen(address,bool)",
      "isFrozen(address)",
      "freezePartialTokens(address,uint256)",
      "unfreezePartialTokens(address,uint256)",
      "recoveryAddress(address,address,address)",
      "batchTransfer(address[],uint256[])",
      "batchForcedTransfer(address[],address[],uint256[])",
      "compliance()",
      "identityRegistry()",
    ])
      expect(token.interface.hasFunction(signature), signature).to.equal(true);
    for (const id of ["0xab84a5c8", "0xda287a1d"])
      expect(await token.supportsInterface(id), id).to.equal(true);
    const registry = await compliance.getAddress();
    expect(await token.compliance()).to.equal(registry);
    expect(await token.identityRegistry()).to.equal(registry);
  });

  describe("history (ERC-6372 clock)", () => {
    it("runs on the block's timestamp", async () => {
      const { token } = await load();
      expect(await token.CLOCK_MODE()).to.equal("mode=timestamp");
      expect(await token.clock()).to.equal(await networkHelpers.time.latest());
    });

    it("knows the balance at the record time of the window of the last change, and after that window", async () => {
      const { token, alder, birch, deal, terms } = await load();
      const [first, second, third] = terms.recordTimes as [number, number, number];
      await enterWindow(deal, 2, 60);
      await token.connect(alder).transfer(birch, 100_00n);
      await enterWindow(deal, 3, 60);
      // The last change was in window 2: what stood at its record time, and what stands since its end.
      expect(await token.balanceOfAt(alder, second)).to.equal(600_00n);
      expect(await token.balanceOfAt(alder, third)).to.equal(500_00n);
      expect(await token.balanceOfAt(alder, third + 59)).to.equal(500_00n);
      for (const unknown of [first, second - 1, second + 1, third - 1])
        await expect(token.balanceOfAt(alder, unknown))
          .to.be.revertedWithCustomError(token, "HistoryUnknown")
          .withArgs(unknown);
    });

    it("is exact for accounts that never moved, from the first record time on", async () => {
      const { token, alder, stranger, deal, terms } = await load();
      await enterWindow(deal, 3, 60);
      for (const time of [terms.recordTimes[0]!, terms.recordTimes[1]! + 5]) {
        expect(await token.balanceOfAt(alder, time)).to.equal(600_00n);
        expect(await token.balanceOfAt(stranger, time)).to.equal(0n);
        expect(await token.totalSupplyAt(time)).to.equal(1_000_00n);
      }
      for (const call of [
        () => token.balanceOfAt(alder, terms.recordTimes[0]! - 1),
        () => token.totalSupplyAt(terms.recordTimes[0]! - 1),
      ])
        await expect(call())
          .to.be.revertedWithCustomError(token, "HistoryUnknown")
          .withArgs(terms.recordTimes[0]! - 1);
    });

    it("knows nothing of the future", async () => {
      const { token, alder } = await load();
      const now = await networkHelpers.time.latest();
      for (const call of [
        () => token.balanceOfAt(alder, now + 1),
        () => token.totalSupplyAt(now + 1),
      ])
        await expect(call())
          .to.be.revertedWithCustomError(token, "TimepointInFuture")
          .withArgs(now + 1, now);
    });

    it("adds up to the supply at every record time that it knows, after a recovery too", async () => {
      const { token, agent, alder, alderToo, birch, deal, terms } = await load();
      await enterWindow(deal, 1, 60);
      await token.connect(alder).transfer(alderToo, 50_00n);
      await token.connect(birch).transfer(alder, 25_00n);
      await agent.recoveryAddress(alder, alderToo, identityAddress("Alder"));
      const time = terms.recordTimes[0]!;
      const held = await Promise.all(
        [alder, alderToo, birch].map((holder) => token.balanceOfAt(holder, time)),
      );
      expect(held).to.deep.equal([0n, 600_00n, 400_00n]);
    });
  });

  describe("collecting for a payee that the holder has signed for", () => {
    const types = {
      Claim: [
        { name: "holder", type: "address" },
        { name: "payee", type: "address" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint256" },
      ],
    };

    async function funded() {
      const all = await load();
      const { token, distributor, deal } = all;
      await enterWindow(deal, 1);
      const paying = token.connect(distributor);
      await paying.fund(1, windowEnd(deal, 1), 10_000_000n, 0n);
      const domain = {
        name: "Class A",
        version: "1",
        chainId: (await ethers.provider.getNetwork()).chainId,
        verifyingContract: await token.getAddress(),
      };
      const deadline = 2 ** 40;
      const sign = (nonce: bigint, payee: string, holder = all.alder.address) =>
        all.alder.signTypedData(domain, types, { holder, payee, nonce, deadline });
      return { ...all, paying, sign, deadline };
    }

    it("takes a signature once", async () => {
      const { token, paying, sign, alder, stranger, deadline } = await funded();
      const signature = await sign(0n, stranger.address);
      const args = [alder, stranger, deadline, signature] as const;
      expect(await paying.collectTo.staticCall(...args)).to.deep.equal([6_000_000n, 0n]);
      await paying.collectTo(...args);
      expect(await token.nonces(alder)).to.equal(1n);
      // Nothing is left: the next signature stays good for when there is.
      const next = await sign(1n, stranger.address);
      await paying.collectTo(alder, stranger, deadline, next);
      expect(await token.nonces(alder)).to.equal(1n);
    });

    it("[C7] refuses one that the holder has not given, for this payee, in time", async () => {
      const { token, paying, sign, alder, birch, stranger, deadline } = await funded();
      const signature = await sign(0n, stranger.address);
      for (const [holder, payee] of [
        [alder, birch],
        [birch, stranger],
      ] as const)
        await expect(paying.collectTo(holder, payee, deadline, signature))
          .to.be.revertedWithCustomError(token, "ClaimSignatureInvalid")
          .withArgs(holder.address, payee.address);
      await expect(
        paying.collectTo(alder, stranger, deadline, await sign(1n, stranger.address)),
      ).to.be.revertedWithCustomError(token, "ClaimSignatureInvalid");
      await expect(paying.collectTo(alder, stranger, 1, signature))
        .to.be.revertedWithCustomError(token, "ClaimExpired")
        .withArgs(1);
      await expect(
        paying.collectTo(alder, ZeroAddress, deadline, signature),
      ).to.be.revertedWithCustomError(token, "PayeeMissing");
      await expect(token.connect(alder).collectTo(alder, stranger, deadline, signature))
        .to.be.revertedWithCustomError(token, "DistributorOnly")
        .withArgs(alder.address);
    });

    it("[C10] refuses a frozen account's cash, though it has signed", async () => {
      const { token, agent, paying, sign, alder, stranger, deadline } = await funded();
      await agent.setAddressFrozen(alder, true);
      const signature = await sign(0n, stranger.address);
      await expect(paying.collectTo(alder, stranger, deadline, signature))
        .to.be.revertedWithCustomError(token, "AccountFrozen")
        .withArgs(alder.address);
      expect((await token.entitlementOf(alder))[0]).to.equal(6_000_000n);
    });
  });
});
