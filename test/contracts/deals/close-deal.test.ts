import { expect } from "chai";
import type { ChainDeal } from "../../../server/chain/create-deal.ts";
import { smallDeal, timesOf } from "./build-small-terms.ts";
import {
  argumentOf,
  createSmallDeal,
  deployWithPeople,
  ethers,
  fullAllocations,
  networkHelpers,
  newDealOf,
} from "./platform-fixture.ts";
import type { Platform } from "./platform-fixture.ts";
import { present } from "./present.ts";

describe("closing a deal", () => {
  let platform: Platform;
  let deal: ChainDeal;

  async function created() {
    const base = await deployWithPeople();
    const chainDeal = await createSmallDeal(base);
    const units = base.terms.reserveDeposit * 10_000n;
    await base.cash.mint(base.originator.address, units);
    const spender = base.deployment.waterfallDistributor;
    await base.cash.connect(base.originator).approve(spender, units);
    await base.factory.connect(base.originator).agreeToDeposit(1);
    await networkHelpers.time.increaseTo(base.terms.closingTime);
    return { platform: base, deal: chainDeal };
  }

  beforeEach(async () => {
    ({ platform, deal } = await networkHelpers.loadFixture(created));
  });

  const close = (allocations = fullAllocations(platform)) =>
    platform.factory.closeDeal(1, allocations);

  it("issues every class in full to its first holders and opens the accounts", async () => {
    const { factory, cash, deployment, terms } = platform;
    await expect(close()).to.emit(factory, "DealClosed");
    for (const [index, address] of deal.tokens.entries()) {
      const token = await ethers.getContractAt("TrancheToken", address);
      expect(await token.getFunction("totalSupply")()).to.equal(terms.faces[index]);
    }
    const junior = await ethers.getContractAt("TrancheToken", present(deal.tokens[2]));
    const third = present(platform.holders[2]).address;
    expect(await junior.getFunction("balanceOf")(third)).to.equal(50_000n);
    expect(await cash.balanceOf(deployment.waterfallDistributor)).to.equal(100_000_000n);
    expect(await factory.isClosed(1)).to.equal(true);
  });

  it("happens once", async () => {
    await close();
    await expect(close())
      .to.be.revertedWithCustomError(platform.factory, "DealAlreadyClosed")
      .withArgs(1);
  });

  it("happens from the closing time until just before the first record time", async () => {
    const { factory, terms } = platform;
    const { record } = timesOf(terms, 1);
    await networkHelpers.time.setNextBlockTimestamp(record);
    await expect(close())
      .to.be.revertedWithCustomError(factory, "OutsideClosingWindow")
      .withArgs(record, terms.closingTime, record);
  });

  it("does not happen before the closing time", async () => {
    const fresh = await networkHelpers.loadFixture(deployWithPeople);
    await createSmallDeal(fresh);
    await expect(fresh.factory.closeDeal(1, fullAllocations(fresh))).to.be.revertedWithCustomError(
      fresh.factory,
      "OutsideClosingWindow",
    );
  });

  it("issues exactly the face of every class, not a cent more or less", async () => {
    const { factory } = platform;
    for (const [index, part] of fullAllocations(platform).entries()) {
      for (const face of [part.face - 1n, part.face + 1n]) {
        const classFace = present(platform.terms.faces[part.classIndex]);
        await expect(close(fullAllocations(platform).with(index, { ...part, face })))
          .to.be.revertedWithCustomError(factory, "AllocationMismatch")
          .withArgs(part.classIndex, classFace + face - part.face, classFace);
      }
    }
    await expect(close([]))
      .to.be.revertedWithCustomError(factory, "AllocationMismatch")
      .withArgs(0, 0, 700_000);
    const unknown = { classIndex: 3, holder: platform.anyone.address, face: 1n };
    await expect(close([...fullAllocations(platform), unknown]))
      .to.be.revertedWithCustomError(factory, "ClassUnknown")
      .withArgs(3, 3);
  });

  it("[K1] mints to nobody whose identity the compliance registry does not know", async () => {
    const { compliance, anyone } = platform;
    const allocations = fullAllocations(platform);
    const stranger = { ...present(allocations[0]), holder: anyone.address };
    await expect(close(allocations.with(0, stranger)))
      .to.be.revertedWithCustomError(compliance, "IdentityUnknown")
      .withArgs(anyone.address);
  });

  it("[U3] takes no deposit from whoever has approved cash, but only from an originator who agreed to the deal", async () => {
    const { cash, anyone, deployment, factory, residual } = platform;
    // Somebody who funds another deal has approved the distributor; an issuer names them as originator.
    await cash.mint(anyone.address, 10n ** 12n);
    await cash.connect(anyone).approve(deployment.waterfallDistributor, 10n ** 12n);
    const terms = smallDeal((await networkHelpers.time.latest()) + 1_000);
    const payees = [residual.address, residual.address];
    await factory.createDeal(
      argumentOf(newDealOf({ ...platform, terms }, { originator: anyone.address, payees })),
    );
    await networkHelpers.time.increaseTo(terms.closingTime);
    await expect(factory.closeDeal(2, fullAllocations(platform)))
      .to.be.revertedWithCustomError(factory, "DepositNotAgreed")
      .withArgs(2, anyone.address);
    await expect(factory.agreeToDeposit(2)).to.be.revertedWithCustomError(
      factory,
      "CallerNotOriginator",
    );
    expect(await cash.balanceOf(anyone.address)).to.equal(10n ** 12n);
    await factory.connect(anyone).agreeToDeposit(2);
    await factory.closeDeal(2, fullAllocations(platform));
  });

  it("[R1] opens nothing without the originator's deposit", async () => {
    const { cash, originator, deployment } = platform;
    await cash.connect(originator).approve(deployment.waterfallDistributor, 99_999_999n);
    await expect(close()).to.be.revertedWithCustomError(cash, "ERC20InsufficientAllowance");
    expect(await platform.factory.isClosed(1)).to.equal(false);
  });

  it("is open to issuers only, and only the factory mints and opens", async () => {
    const { factory, anyone, distributor } = platform;
    await expect(
      factory.connect(anyone).closeDeal(1, fullAllocations(platform)),
    ).to.be.revertedWithCustomError(factory, "AccessManagedUnauthorized");
    await expect(distributor.connect(anyone).openDeal(1, anyone.address))
      .to.be.revertedWithCustomError(distributor, "CallerNotFactory")
      .withArgs(anyone.address);
    const token = await ethers.getContractAt("TrancheToken", present(deal.tokens[0]));
    await expect(token.connect(anyone).getFunction("mint")(anyone.address, 1))
      .to.be.revertedWithCustomError(token, "FactoryOnly")
      .withArgs(anyone.address);
  });
});
