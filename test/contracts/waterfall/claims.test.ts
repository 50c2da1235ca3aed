import { expect } from "chai";
import { id } from "ethers";
import { registerIdentities } from "../../../server/chain/register-identities.ts";
import { signConsent } from "../../../server/chain/sign-consent.ts";
import type { AnyContract } from "../deals/any-contract.ts";
import * as at from "./distribution-fixture.ts";
import * as simple from "./simple-deal.ts";

const { ethers, networkHelpers } = at;
const USA = 840;

/** Holder 0 of class A has given a tenth of it to a contract wallet that its own key signs for; one month is paid. */
async function paidMonth() {
  const platform = await at.deployWithPeople();
  const cash: AnyContract = await ethers.deployContract("AwkwardCash");
  const deal = await at.openDeal(platform, simple.simpleDeal, { cash });
  const [owner] = platform.holders;
  const vault = await ethers.deployContract("MockContractWallet", [owner!.address]);
  const wallet = await vault.getAddress();
  const identityId = id("vault");
  const terms = { identityId, deadline: 2 ** 40, wallet };
  const consents = [await signConsent(owner!, platform.deployment, terms)];
  await registerIdentities({ signer: platform.admin }, platform.deployment, [
    { id: identityId, kycExpiry: 2 ** 39, country: USA, wallets: [wallet], consents },
  ]);
  const tokenA = deal.tokens[0]!;
  await tokenA.connect(owner!).getFunction("transfer")(wallet, simple.FACE_A / 10n);
  await at.runPeriod(platform, deal, simple.monthReport(deal, 1));
  const domain = {
    name: await tokenA.name(),
    version: "1",
    chainId: (await ethers.provider.getNetwork()).chainId,
    verifyingContract: await tokenA.getAddress(),
  };
  const deadline = 2 ** 40;
  const sign = (payee: string) =>
    owner!.signTypedData(
      domain,
      {
        Claim: [
          { name: "holder", type: "address" },
          { name: "payee", type: "address" },
          { name: "nonce", type: "uint256" },
          { name: "deadline", type: "uint256" },
        ],
      },
      { holder: wallet, payee, nonce: 0n, deadline },
    );
  const distributor = platform.distributor.connect(platform.anyone) as AnyContract;
  return { platform, deal, cash, tokenA, owner: owner!, wallet, sign, deadline, distributor };
}

const load = () => networkHelpers.loadFixture(paidMonth);
const units = (cents: bigint) => cents * at.UNITS_PER_CENT;

describe("WaterfallDistributor: claims", () => {
  it("pays a contract's cash to the payee that it has signed for (ERC-1271), once [C3]", async () => {
    const { platform, deal, cash, tokenA, wallet, sign, deadline, distributor } = await load();
    const payee = ethers.Wallet.createRandom().address;
    const signature = await sign(payee);
    const sent = distributor.claimTo(tokenA, wallet, payee, deadline, signature);
    const interest = units(simple.INTEREST_A / 10n);
    await expect(sent)
      .to.emit(distributor, "Claimed")
      .withArgs(deal.dealId, await tokenA.getAddress(), wallet, interest, 0n);
    await expect(sent)
      .to.emit(distributor, "ClaimRedirected")
      .withArgs(await tokenA.getAddress(), wallet, payee);
    expect(await cash.balanceOf(payee)).to.equal(interest);
    expect(await at.heldUnits(platform, deal)).to.equal(
      await cash.balanceOf(await distributor.getAddress()),
    );
    // With nothing left to claim a second call pays nothing.
    await distributor.claimTo(tokenA, wallet, payee, deadline, signature);
    expect(await cash.balanceOf(payee)).to.equal(interest);
  });

  it("refuses a payee that was not signed for, itself as payee, and unknown tokens [C7]", async () => {
    const { platform, cash, tokenA, wallet, sign, deadline, distributor } = await load();
    const payee = platform.anyone.address;
    const own = await distributor.getAddress();
    await expect(
      distributor.claimTo(tokenA, wallet, payee, deadline, await sign(wallet)),
    ).to.be.revertedWithCustomError(tokenA, "ClaimSignatureInvalid");
    await expect(distributor.claimTo(tokenA, wallet, own, deadline, await sign(own)))
      .to.be.revertedWithCustomError(distributor, "ClaimPayeeInvalid")
      .withArgs(own);
    await expect(
      distributor.claimTo(cash, wallet, payee, deadline, await sign(payee)),
    ).to.be.revertedWithCustomError(distributor, "TokenUnknown");
  });

  it("pays the others of a batch when one is frozen or its cash can't be moved [C1] [C10]", async () => {
    const { platform, deal, cash, tokenA, owner, wallet, distributor } = await load();
    const tokenB = deal.tokens[1]!;
    const holderB = deal.holders[1]!;
    await tokenA.connect(platform.admin).getFunction("setAddressFrozen")(wallet, true);
    const address = await tokenA.getAddress();
    await expect(
      distributor.claimBatch([
        { token: tokenA, holder: wallet },
        { token: tokenA, holder: owner.address },
        { token: tokenB, holder: holderB },
      ]),
    )
      .to.emit(distributor, "ClaimFailed")
      .withArgs(address, wallet);
    expect(await cash.balanceOf(owner.address)).to.equal(units((simple.INTEREST_A * 9n) / 10n));
    expect(await cash.balanceOf(holderB)).to.equal(units(simple.INTEREST_B));
    // What the frozen wallet is owed waits under its name, in full.
    expect((await tokenA.entitlementOf(wallet))[0]).to.equal(units(simple.INTEREST_A / 10n));
    await tokenA.connect(platform.admin).getFunction("setAddressFrozen")(wallet, false);
    await cash.setHabit(wallet, 1);
    await distributor.claimBatch([{ token: tokenA, holder: wallet }]);
    expect((await tokenA.entitlementOf(wallet))[0]).to.equal(units(simple.INTEREST_A / 10n));
    await cash.setHabit(wallet, 0);
    await distributor.claim(tokenA, wallet);
    expect(await cash.balanceOf(wallet)).to.equal(units(simple.INTEREST_A / 10n));
  });

  it("goes on while transfers are paused [K3]", async () => {
    const { platform, cash, tokenA, owner, distributor } = await load();
    await tokenA.connect(platform.admin).getFunction("pause")();
    await distributor.claim(tokenA, owner.address);
    expect(await cash.balanceOf(owner.address)).to.equal(units((simple.INTEREST_A * 9n) / 10n));
  });
});
