import { expect } from "chai";
import { id } from "ethers";
import { ROLES } from "../../../server/chain/platform-roles.ts";
import { registerIdentities } from "../../../server/chain/register-identities.ts";
import { signConsent } from "../../../server/chain/sign-consent.ts";
import type { AnyContract } from "../deals/any-contract.ts";
import * as at from "./distribution-fixture.ts";
import * as simple from "./simple-deal.ts";

const { ethers, networkHelpers } = at;
const [PAYS, REVERTS] = [0, 1];
const USA = 840;

/**
 * One month is distributed, with the trustee's fee booked because it could not be sent; the second month is reported and
 * funded. A contract wallet of the first holder has a tenth of class A.
 */
async function midLife() {
  const platform = await at.deployWithPeople();
  const cash: AnyContract = await ethers.deployContract("AwkwardCash");
  const deal = await at.openDeal(platform, simple.simpleDeal, { cash });
  const [owner] = platform.holders;
  const vault = await ethers.deployContract("MockContractWallet", [owner!.address]);
  const wallet = await vault.getAddress();
  const terms = { identityId: id("vault"), deadline: 2 ** 40, wallet };
  await registerIdentities({ signer: platform.admin }, platform.deployment, [
    {
      ...{ id: terms.identityId, kycExpiry: 2 ** 39, country: USA, wallets: [wallet] },
      consents: [await signConsent(owner!, platform.deployment, terms)],
    },
  ]);
  const tokenA = deal.tokens[0]!;
  await tokenA.connect(owner!).getFunction("transfer")(wallet, simple.FACE_A / 10n);
  await cash.setHabit(deal.payees[0], REVERTS);
  await at.runPeriod(platform, deal, simple.monthReport(deal, 1));
  await cash.setHabit(deal.payees[0], PAYS);
  const second = simple.monthReport(deal, 2);
  await at.publish(platform, deal, second);
  await at.fund(platform, deal, simple.INTEREST_MONTH);
  await at.moveTo(deal.calendar[1]!.paymentTime);
  const distributor = platform.distributor.connect(platform.anyone) as AnyContract;
  return { ...platform, platform, deal, cash, tokenA, owner: owner!, wallet, second, distributor };
}

const load = () => networkHelpers.loadFixture(midLife);
const units = (cents: bigint) => cents * at.UNITS_PER_CENT;

describe("A pause by the guardian", () => {
  it("stops every transfer of the class, and none of the others", async () => {
    const { tokenA, deal, admin, owner, wallet } = await load();
    await tokenA.connect(admin).getFunction("pause")();
    const own = tokenA.connect(owner) as AnyContract;
    for (const call of [
      () => own.transfer(wallet, 1n),
      () => own.batchTransfer([wallet], [1n]),
      () => own.approve(owner, 1n).then(() => own.transferFrom(owner, wallet, 1n)),
    ])
      await expect(call()).to.be.revertedWithCustomError(tokenA, "EnforcedPause");
    expect(await tokenA.canTransfer(owner, wallet, 1n)).to.equal(false);
    const holderB = await ethers.getSigner(deal.holders[1]!);
    const tokenB = deal.tokens[1]!.connect(holderB) as AnyContract;
    await tokenB.transfer(owner, 1n);
  });

  it("stops new reports and restatements of the deal, and lets nobody but the registrar end it", async () => {
    const { platform, deal, reports, manager, anyone, admin, second } = await load();
    const guardian = reports.connect(anyone) as AnyContract;
    await expect(guardian.pauseReports(deal.dealId)).to.be.revertedWithCustomError(
      reports,
      "AccessManagedUnauthorized",
    );
    await manager.connect(admin).getFunction("grantRole")(ROLES.guardian, anyone.address, 0);
    await guardian.pauseReports(deal.dealId);
    await expect(guardian.unpauseReports(deal.dealId)).to.be.revertedWithCustomError(
      reports,
      "AccessManagedUnauthorized",
    );
    const third = simple.monthReport(deal, 3);
    await platform.distributor.connect(anyone).getFunction("distribute")(second);
    await expect(at.publish(platform, deal, third))
      .to.be.revertedWithCustomError(reports, "ReportsArePaused")
      .withArgs(deal.dealId);
    await expect(
      reports.restateReport(second, { ...second, version: 2 }, [], []),
    ).to.be.revertedWithCustomError(reports, "ReportsArePaused");
    await reports.connect(admin).getFunction("unpauseReports")(deal.dealId);
    await at.publish(platform, deal, third);
  });

  it("[K3] [C10] stops neither a distribution nor a claim, by whatever door, nor a payee", async () => {
    const { deal, cash, tokenA, admin, owner, wallet, second, ...rest } = await load();
    const { distributor, reports } = rest;
    for (const token of deal.tokens) await token.connect(admin).getFunction("pause")();
    await reports.connect(admin).getFunction("pauseReports")(deal.dealId);
    await expect(distributor.distribute(second)).to.emit(distributor, "WaterfallRun");
    // Two months of interest on nine tenths of A, and on B.
    await distributor.claim(tokenA, owner);
    expect(await cash.balanceOf(owner)).to.equal(units((2n * simple.INTEREST_A * 9n) / 10n));
    await distributor.claimBatch([{ token: deal.tokens[1], holder: deal.holders[1] }]);
    expect(await cash.balanceOf(deal.holders[1])).to.equal(units(2n * simple.INTEREST_B));
    const { chainId } = await ethers.provider.getNetwork();
    const payee = ethers.Wallet.createRandom().address;
    const claim = { holder: wallet, payee, nonce: 0n, deadline: 2 ** 40 };
    const signature = await owner.signTypedData(
      {
        ...{ name: await tokenA.name(), version: "1", chainId },
        verifyingContract: await tokenA.getAddress(),
      },
      {
        Claim: [
          { name: "holder", type: "address" },
          { name: "payee", type: "address" },
          { name: "nonce", type: "uint256" },
          { name: "deadline", type: "uint256" },
        ],
      },
      claim,
    );
    await distributor.claimTo(tokenA, wallet, payee, claim.deadline, signature);
    expect(await cash.balanceOf(payee)).to.equal(units((2n * simple.INTEREST_A) / 10n));
    await distributor.withdrawPayee(deal.dealId, 0);
    expect(await cash.balanceOf(deal.payees[0])).to.equal(units(2n * simple.FEE));
  });
});
