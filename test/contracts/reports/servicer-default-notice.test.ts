import { expect } from "chai";
import { getBytes } from "ethers";
import { buildSmallTerms, DAY, timesOf } from "../deals/build-small-terms.ts";
import { createDeal } from "../../../server/chain/create-deal.ts";
import { deployWithPeople, ethers, networkHelpers, newDealOf } from "../deals/platform-fixture.ts";
import { present } from "../deals/present.ts";
import { RULES } from "./life-fixture.ts";

/** Notice 0 may be given once, notice 1 is that of a servicer default; the distributor is played by its own address. */
async function deployNoticeDeal() {
  const platform = await deployWithPeople();
  const { terms, deployment, anyone, admin } = platform;
  const notices = [
    { payee: 0, kind: "once" as const },
    { payee: 0xff, kind: "servicer default" as const },
  ];
  const bytes = buildSmallTerms({
    ...terms,
    ...{ notices, reporting: { ...RULES, identities: [] } },
  });
  await createDeal({ signer: admin }, deployment, {
    deal: newDealOf(platform, {
      ...{ terms: getBytes(bytes), successors: [anyone.address], successorThreshold: 1 },
    }),
  });
  const distributor = await ethers.getImpersonatedSigner(deployment.waterfallDistributor);
  await networkHelpers.setBalance(distributor.address, 10n ** 18n);
  return { ...platform, runs: distributor };
}

describe("the notice of a servicer default", () => {
  let fixture: Awaited<ReturnType<typeof deployNoticeDeal>>;

  beforeEach(async () => {
    fixture = await networkHelpers.loadFixture(deployNoticeDeal);
  });

  const inForce = async () => (await fixture.inputs.inputsOf(1, 1)).notices as bigint;
  const run = (period: number) => fixture.inputs.connect(fixture.runs).useInputs(1, period);

  it("[R8] is in force from the run after the default is declared, and in every one from then on", async () => {
    const { inputs, reports, trustee, terms } = fixture;
    await inputs.connect(trustee).giveNotice(1, 0);
    const { payment } = timesOf(terms, 1);
    // Late is not yet a default, and a default that nobody has declared is none.
    await networkHelpers.time.increaseTo(payment + 2 * DAY + 1);
    await reports.declareLate(1);
    expect(await inForce()).to.equal(0b01n);
    await reports.declareServicerDefault(1);
    expect(await inForce()).to.equal(0b11n);
    expect(await inputs.noticesOf(1)).to.deep.equal([0b11n, 0n]);
    await run(1);
    expect(await inputs.noticesOf(1)).to.deep.equal([0b10n, 0b10n]);
    await run(2);
    expect(await inForce()).to.equal(0b10n);
  });

  it("is given and taken back by nobody", async () => {
    const { inputs, admin, trustee, residual, originator } = fixture;
    for (const caller of [admin, trustee, residual, originator, present(fixture.attesters[0])]) {
      for (const method of ["giveNotice", "withdrawNotice"]) {
        await expect(inputs.connect(caller).getFunction(method)(1, 1))
          .to.be.revertedWithCustomError(inputs, "CallerNotPayee")
          .withArgs(caller.address, ethers.ZeroAddress);
      }
    }
  });
});
