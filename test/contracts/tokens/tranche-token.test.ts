import { expect } from "chai";
import { ZeroAddress, type Interface, type Log } from "ethers";
import {
  admit,
  deployTranches,
  enterWindow,
  ethers,
  identityId,
  networkHelpers,
  REASON,
  windowEnd,
} from "./deploy-tranches.ts";

async function twoHolders() {
  const deal = await deployTranches({ faces: [1_000_00n] });
  const [alder, birch, stranger] = deal.wallets;
  await admit(deal, "Alder", alder!);
  await admit(deal, "Birch", birch!);
  const asFactory = deal.token.connect(deal.factory);
  await asFactory.mint(alder!, 600_00n);
  await asFactory.mint(birch!, 400_00n);
  const agent = deal.token.connect(deal.registrar);
  return { ...deal, alder: alder!, birch: birch!, stranger: stranger!, asFactory, agent, deal };
}

const interfaceId = (abi: Interface, names: string[]) =>
  ethers.toBeHex(
    names.reduce((id, name) => id ^ BigInt(abi.getFunction(name)!.selector), 0n),
    4,
  );

describe("Tranche token", () => {
  const load = () => networkHelpers.loadFixture(twoHolders);

  describe("set up", () => {
    it("[U1] can't be initialised as an implementation, nor twice as a proxy", async () => {
      const { token } = await load();
      const params = {
        name: "x",
        symbol: "x",
        authority: await token.authority(),
        dealId: 9n,
        classIndex: 0,
        dealCode: ZeroAddress,
      };
      const implementation = await ethers.deployContract("TrancheToken", await token.links());
      for (const target of [implementation, token])
        await expect(target.getFunction("initialize")(params)).to.be.revertedWithCustomError(
          implementation,
          "InvalidInitialization",
        );
    });

    it("tells its name, class, deal and links", async () => {
      const { token, factory, distributor, compliance, code } = await load();
      expect(await token.name()).to.equal("Class A");
      expect(await token.symbol()).to.equal("A");
      expect(await token.decimals()).to.equal(2n);
      expect(await token.dealId()).to.equal(1n);
      expect(await token.classIndex()).to.equal(0n);
      expect(await token.dealCode()).to.equal(code);
      expect(await token.links()).to.deep.equal([
        factory.address,
        distributor.address,
        await compliance.getAddress(),
      ]);
    });

    it("keeps its storage at the ERC-7201 place of its name", async () => {
      const { token } = await load();
      const seed = BigInt(identityId("penstock.storage.TrancheToken")) - 1n;
      const place = BigInt(ethers.keccak256(ethers.toBeHex(seed, 32))) & ~0xffn;
      const head = BigInt(await ethers.provider.getStorage(await token.getAddress(), place));
      expect(head & (2n ** 48n - 1n)).to.equal(1_000_00n);
    });
  });

  describe("minting", () => {
    it("[C16] issues a fixed face, only by the factory and only before the first record time", async () => {
      const { token, asFactory, alder, deal } = await load();
      expect(await token.totalSupply()).to.equal(1_000_00n);
      await expect(token.connect(alder).mint(alder, 1n))
        .to.be.revertedWithCustomError(token, "FactoryOnly")
        .withArgs(alder.address);
      await enterWindow(deal, 1);
      await expect(asFactory.mint(alder, 1n))
        .to.be.revertedWithCustomError(token, "MintingEnded")
        .withArgs(1);
    });

    it("refuses more than 48 bits of face", async () => {
      const { token, asFactory, alder } = await load();
      await expect(asFactory.mint(alder, 2n ** 48n - 1_000_00n))
        .to.be.revertedWithCustomError(token, "SupplyTooLarge")
        .withArgs(2n ** 48n);
    });

    it("[K1] refuses a receiver without identity, the zero address and a frozen account", async () => {
      const { token, compliance, asFactory, agent, alder, stranger } = await load();
      await expect(asFactory.mint(stranger, 1n))
        .to.be.revertedWithCustomError(compliance, "IdentityUnknown")
        .withArgs(stranger.address);
      await expect(asFactory.mint(ZeroAddress, 1n)).to.be.revertedWithCustomError(
        token,
        "ERC20InvalidReceiver",
      );
      await agent.setAddressFrozen(alder, true);
      await expect(asFactory.mint(alder, 1n)).to.be.revertedWithCustomError(
        token,
        "ERC7943CannotReceive",
      );
    });
  });

  describe("transfers", () => {
    it("[C6] moves face between holders and to oneself", async () => {
      const { token, alder, birch } = await load();
      await expect(token.connect(alder).transfer(birch, 100_00n))
        .to.emit(token, "Transfer")
        .withArgs(alder.address, birch.address, 100_00n);
      await token.connect(birch).transfer(birch, 500_00n);
      expect(await token.balanceOf(alder)).to.equal(500_00n);
      expect(await token.balanceOf(birch)).to.equal(500_00n);
    });

    it("refuses more than the balance, the zero address and more than the allowance", async () => {
      const { token, alder, birch } = await load();
      await expect(token.connect(alder).transfer(birch, 600_01n))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
        .withArgs(alder.address, 600_00n, 600_01n);
      await expect(
        token.connect(alder).transfer(birch, 2n ** 256n - 1n),
      ).to.be.revertedWithCustomError(token, "ERC20InsufficientBalance");
      await expect(token.connect(alder).transfer(ZeroAddress, 0n)).to.be.revertedWithCustomError(
        token,
        "ERC20InvalidReceiver",
      );
      await expect(token.transferFrom(ZeroAddress, birch, 0n)).to.be.revertedWithCustomError(
        token,
        "ERC20InvalidSender",
      );
      await token.connect(alder).approve(birch, 10n);
      await token.connect(birch).transferFrom(alder, birch, 4n);
      expect(await token.allowance(alder, birch)).to.equal(6n);
      await expect(token.connect(birch).transferFrom(alder, birch, 7n))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(birch.address, 6n, 7n);
      await token.connect(alder).approve(birch, 2n ** 256n - 1n);
      await token.connect(birch).transferFrom(alder, birch, 1n);
      expect(await token.allowance(alder, birch)).to.equal(2n ** 256n - 1n);
    });

    it("[K1] [K2] holds transfer, transferFrom and a permitted spender to the rules for both sides", async () => {
      const { token, compliance, registry, alder, birch, stranger } = await load();
      await expect(token.connect(alder).transfer(stranger, 1n))
        .to.be.revertedWithCustomError(compliance, "IdentityUnknown")
        .withArgs(stranger.address);
      // A contract is a wallet like any other: without an identity it can't hold, so it can't wrap.
      await expect(token.connect(alder).transfer(token, 1n)).to.be.revertedWithCustomError(
        compliance,
        "IdentityUnknown",
      );
      await token.connect(alder).approve(stranger, 10n);
      await expect(token.connect(stranger).transferFrom(alder, stranger, 1n))
        .to.be.revertedWithCustomError(compliance, "IdentityUnknown")
        .withArgs(stranger.address);
      await registry.setIdentityFrozen(identityId("Alder"), true, REASON);
      await expect(token.connect(stranger).transferFrom(alder, birch, 1n))
        .to.be.revertedWithCustomError(compliance, "IdentityFrozen")
        .withArgs(alder.address);
    });

    it("[C15] changes no entitlement when cash or notes are sent to the token itself", async () => {
      const { token, deal, alder } = await load();
      const cash = await ethers.deployContract("MockStablecoin");
      await cash.getFunction("mint")(token, 1_000_000n);
      await enterWindow(deal, 1);
      expect(await token.entitlementOf(alder)).to.deep.equal([0n, 0n]);
    });
  });

  describe("permit (ERC-2612)", () => {
    async function signed(deadline: number) {
      const all = await load();
      const { token, alder, birch } = all;
      const domain = {
        name: "Class A",
        version: "1",
        chainId: (await ethers.provider.getNetwork()).chainId,
        verifyingContract: await token.getAddress(),
      };
      const types = {
        Permit: [
          { name: "owner", type: "address" },
          { name: "spender", type: "address" },
          { name: "value", type: "uint256" },
          { name: "nonce", type: "uint256" },
          { name: "deadline", type: "uint256" },
        ],
      };
      const value = {
        owner: alder.address,
        spender: birch.address,
        value: 7n,
        nonce: 0n,
        deadline,
      };
      const signature = await alder.signTypedData(domain, types, value);
      const { v, r, s } = ethers.Signature.from(signature);
      return { ...all, domain, v, r, s };
    }

    it("[K1] approves by the owner's signature, once", async () => {
      const deadline = 2 ** 40;
      const { token, alder, birch, stranger, domain, v, r, s } = await signed(deadline);
      expect(await token.DOMAIN_SEPARATOR()).to.equal(ethers.TypedDataEncoder.hashDomain(domain));
      await token.connect(stranger).permit(alder, birch, 7n, deadline, v, r, s);
      expect(await token.allowance(alder, birch)).to.equal(7n);
      expect(await token.nonces(alder)).to.equal(1n);
      await expect(
        token.connect(stranger).permit(alder, birch, 7n, deadline, v, r, s),
      ).to.be.revertedWithCustomError(token, "ERC2612InvalidSigner");
    });

    it("refuses a signature after its deadline", async () => {
      const { token, alder, birch, v, r, s } = await signed(1);
      await expect(token.permit(alder, birch, 7n, 1, v, r, s))
        .to.be.revertedWithCustomError(token, "ERC2612ExpiredSignature")
        .withArgs(1);
    });
  });

  describe("ERC-7943", () => {
    it("has the standard's interface id and says so by ERC-165", async () => {
      const { token } = await load();
      const names = [
        "forcedTransfer",
        "setFrozenTokens",
        "canSend",
        "canReceive",
        "getFrozenTokens",
        "canTransfer",
      ];
      expect(interfaceId(token.interface, names)).to.equal("0x3edbb4c4");
      for (const id of ["0x3edbb4c4", "0x01ffc9a7", "0x36372b07", "0xa219a025", "0x9d8ff7da"])
        expect(await token.supportsInterface(id), id).to.equal(true);
      expect(await token.supportsInterface("0xffffffff")).to.equal(false);
    });

    it("freezes a part of an account, more than it holds if asked", async () => {
      const { token, agent, alder, birch } = await load();
      await expect(agent.setFrozenTokens(alder, 500_00n))
        .to.emit(token, "Frozen")
        .withArgs(alder.address, 500_00n);
      expect(await token.canTransfer(alder, birch, 100_00n)).to.equal(true);
      expect(await token.canTransfer(alder, birch, 100_01n)).to.equal(false);
      await expect(token.connect(alder).transfer(birch, 100_01n))
        .to.be.revertedWithCustomError(token, "ERC7943InsufficientUnfrozenBalance")
        .withArgs(alder.address, 100_01n, 100_00n);
      await agent.setFrozenTokens(alder, 2n ** 256n - 1n);
      expect(await token.getFrozenTokens(alder)).to.equal(2n ** 48n - 1n);
      await token.connect(birch).transfer(alder, 1n);
      expect(await token.canTransfer(alder, birch, 1n)).to.equal(false);
    });

    it("says nothing of the balance: lack of it is no permission rule", async () => {
      const { token, alder, birch, stranger } = await load();
      expect(await token.canTransfer(alder, birch, 999_999_00n)).to.equal(true);
      expect(await token.canTransfer(alder, birch, 2n ** 256n - 1n)).to.equal(true);
      expect(await token.canTransfer(alder, stranger, 1n)).to.equal(false);
      expect(await token.canTransfer(ZeroAddress, birch, 1n)).to.equal(false);
      expect(await token.canTransfer(alder, ZeroAddress, 1n)).to.equal(false);
    });

    it("freezes an account whole: no sending, no receiving", async () => {
      const { token, agent, registrar, alder, birch } = await load();
      await expect(agent.setAddressFrozen(alder, true))
        .to.emit(token, "AddressFrozen")
        .withArgs(alder.address, true, registrar.address);
      expect(await token.isFrozen(alder)).to.equal(true);
      expect(await token.canSend(alder)).to.equal(false);
      expect(await token.canReceive(alder)).to.equal(false);
      expect(await token.canTransfer(alder, birch, 0n)).to.equal(false);
      await expect(token.connect(alder).transfer(birch, 1n))
        .to.be.revertedWithCustomError(token, "ERC7943CannotSend")
        .withArgs(alder.address);
      await expect(token.connect(birch).transfer(alder, 1n))
        .to.be.revertedWithCustomError(token, "ERC7943CannotReceive")
        .withArgs(alder.address);
    });

    it("forces a transfer past the sender's freezes: Frozen, then Transfer, then ForcedTransfer", async () => {
      const { token, agent, compliance, registry, alder, birch } = await load();
      await agent.setFrozenTokens(alder, 550_00n);
      await agent.setAddressFrozen(alder, true);
      await registry.setIdentityFrozen(identityId("Alder"), true, REASON);
      const receipt = await (await agent.forcedTransfer(alder, birch, 200_00n)).wait();
      const names = receipt!.logs.map((log: Log) => token.interface.parseLog(log)?.name);
      expect(names).to.deep.equal(["Frozen", "Transfer", "ForcedTransfer"]);
      // 50.00 was free; 150.00 of the 550.00 frozen had to be freed.
      expect(await token.getFrozenTokens(alder)).to.equal(400_00n);
      expect(await token.balanceOf(birch)).to.equal(600_00n);
      expect(await compliance.holdingOf(1n, identityId("Birch"))).to.deep.equal([600_00n]);
    });

    it("[K1] holds a forced transfer to the receiver's rules and to the balance", async () => {
      const { token, agent, compliance, alder, birch, stranger } = await load();
      await expect(agent.forcedTransfer(alder, stranger, 1n))
        .to.be.revertedWithCustomError(compliance, "IdentityUnknown")
        .withArgs(stranger.address);
      await expect(agent.forcedTransfer(alder, birch, 600_01n)).to.be.revertedWithCustomError(
        token,
        "ERC20InsufficientBalance",
      );
      await agent.setAddressFrozen(birch, true);
      await expect(agent.forcedTransfer(alder, birch, 1n))
        .to.be.revertedWithCustomError(token, "ERC7943CannotReceive")
        .withArgs(birch.address);
      for (const [from, to, error] of [
        [ZeroAddress, alder.address, "ERC20InvalidSender"],
        [alder.address, ZeroAddress, "ERC20InvalidReceiver"],
      ] as const)
        await expect(agent.forcedTransfer(from, to, 0n)).to.be.revertedWithCustomError(
          token,
          error,
        );
    });

    it("keeps what is frozen when an account is forced to itself", async () => {
      const { token, agent, alder } = await load();
      await agent.setFrozenTokens(alder, 600_00n);
      await agent.forcedTransfer(alder, alder, 100_00n);
      expect(await token.getFrozenTokens(alder)).to.equal(600_00n);
      expect(await token.balanceOf(alder)).to.equal(600_00n);
    });

    it("[C7] lets nobody but the role's holders pause, freeze, force or recover", async () => {
      const { token, alder, birch } = await load();
      const own = token.connect(alder);
      for (const call of [
        () => own.setFrozenTokens(birch, 1n),
        () => own.setAddressFrozen(birch, true),
        () => own.forcedTransfer(birch, alder, 1n),
        () => own.recoveryAddress(birch, alder, alder),
        () => own.freezePartialTokens(birch, 1n),
        () => own.unfreezePartialTokens(birch, 1n),
        () => own.batchForcedTransfer([birch], [alder], [1n]),
        () => own.pause(),
        () => own.unpause(),
      ])
        await expect(call())
          .to.be.revertedWithCustomError(token, "AccessManagedUnauthorized")
          .withArgs(alder.address);
    });
  });

  it("[U5] keeps balances, history, freezes, entries and owed cash byte for byte through an upgrade", async () => {
    const { token, agent, beacon, distributor, alder, birch, deal } = await load();
    await enterWindow(deal, 1);
    await token.connect(distributor).fund(1, windowEnd(deal, 1), 1_234_567n, 89n);
    await agent.setFrozenTokens(alder, 70_00n);
    await agent.setAddressFrozen(birch, true);
    await agent.pause();
    const read = async () => [
      await token.getFrozenTokens(alder),
      await token.isFrozen(birch),
      await token.paused(),
      await token.balanceOfAt(alder, deal.terms.recordTimes[0]!),
      await token.owedFractionsOf(alder),
      await token.indexAt(1),
      await token.balanceOf(alder),
    ];
    const before = await read();
    const next = await ethers.deployContract("TrancheToken", await token.links());
    await beacon.getFunction("upgradeTo")(next);
    expect(await read()).to.deep.equal(before);
  });
});
