/** Promises that hold by what the contracts cannot do, or over many periods, on the whole platform. */
import { expect } from "chai";
import type { AnyContract } from "../deals/any-contract.ts";
import { compileParts } from "./compile-parts.ts";
import * as at from "./distribution-fixture.ts";
import { networkHelpers } from "./distribution-fixture.ts";
import * as simple from "./simple-deal.ts";

const load = () => networkHelpers.loadFixture(simple.openSimpleDeal);

/** Names of a contract's functions that can change state, in order. */
function doorsOf(contract: AnyContract): string[] {
  const doors: string[] = [];
  contract.interface.forEachFunction(({ name, stateMutability }) => {
    if (stateMutability !== "view" && stateMutability !== "pure") doors.push(name);
  });
  return doors.toSorted();
}

describe("What the platform cannot do", () => {
  it("moves no cash but by the terms: there is no rescue, whatever the role [U4]", async () => {
    const { platform } = await load();
    expect(doorsOf(platform.distributor)).to.deep.equal([
      // Cash in, and out by the terms:
      ...["claim", "claimBatch", "claimTo", "deliver", "distribute", "fund"],
      // once, by the deployment:
      "initialize",
      // by the factory alone:
      "openDeal",
      // distribute under another name:
      "performUpkeep",
      "registerDeal",
      // what was sent here past the ledger, and never a unit that belongs to a deal (stray-tokens.test.ts):
      "returnStray",
      // the role book, which says who may upgrade, and the upgrade:
      ...["setAuthority", "upgradeToAndCall"],
      // a booked fee to its payee:
      "withdrawPayee",
    ]);
  });

  it("changes no rate of a deal, and knows none above 2^64 - 1 of 1e18 a year [F4]", async () => {
    const { platform, deal } = await load();
    expect(doorsOf(platform.factory)).to.deep.equal([
      ...["agreeToDeposit", "closeDeal", "createDeal"],
      ...["initialize", "setAuthority", "upgradeToAndCall"],
    ]);
    const code: string = await platform.factory.dealCode(deal.dealId);
    const before = await at.ethers.provider.getCode(code);
    await at.runPeriod(platform, deal, simple.monthReport(deal, 1));
    expect(await at.ethers.provider.getCode(code)).to.equal(before);
    // STOP, header, class A: its face, then eight bytes of coupon. There is no room for more.
    const coupon = before.slice(2 + 2 * (1 + 96 + 8), 2 + 2 * (1 + 96 + 16));
    expect(BigInt(`0x${coupon}`)).to.equal(6n * 10n ** 16n);
  });

  it("lets nobody enter or leave at a price: no issue after closing, no redemption, at any level [L4]", async () => {
    const { platform, deal } = await load();
    await expect(
      platform.factory.closeDeal(deal.dealId, [
        { classIndex: 0, holder: deal.holders[0]!, face: simple.FACE_A },
      ]),
    ).to.be.revertedWithCustomError(platform.factory, "DealAlreadyClosed");
    for (const token of deal.tokens) {
      const doors = doorsOf(token).filter((name) =>
        /mint|burn|redeem|deposit|withdraw/i.test(name),
      );
      expect(doors).to.deep.equal(["mint"]);
      await expect(
        token.connect(platform.admin).getFunction("mint")(platform.admin.address, 1),
      ).to.be.revertedWithCustomError(token, "FactoryOnly");
    }
  });
});

describe("What holds over periods", () => {
  it("begins with the pool of the cut-off and the faces of the closing [W9]", async () => {
    const { platform, deal } = await load();
    const wrong = simple.monthReport(deal, 1, { opening: deal.cutOffPool - 1n });
    await expect(at.publish(platform, deal, wrong))
      .to.be.revertedWithCustomError(platform.reports, "OpeningMismatch")
      .withArgs(deal.cutOffPool - 1n, deal.cutOffPool);
    const sent = await at.runPeriod(platform, deal, simple.monthReport(deal, 1));
    const run = await simple.runOf(platform, deal, sent);
    expect(run.classes.map(({ interestDue }) => interestDue)).to.deep.equal([
      ...[simple.INTEREST_A, simple.INTEREST_B],
    ]);
  });

  it("gives recoveries to whoever holds the written-down note: they travel with it [L5]", async () => {
    const { platform, deal } = await load();
    const loss = simple.FACE_B / 2n;
    await at.runPeriod(platform, deal, simple.monthReport(deal, 1, { loss }));
    const [b, seller] = [deal.tokens[1]!, platform.holders[1]!];
    const buyer = platform.holders[2]!.address;
    await b.connect(seller).getFunction("transfer")(buyer, simple.FACE_B);
    expect(await b.currentPrincipalOf(buyer)).to.equal(simple.FACE_B - loss);
    await at.runPeriod(platform, deal, simple.monthReport(deal, 2, { recovery: loss + 1n }));
    expect(await b.currentPrincipalOf(buyer)).to.equal(simple.FACE_B);
    expect(await b.currentPrincipalOf(seller.address)).to.equal(0n);
  });

  it("shares odd amounts pro rata to the last cent, period by period, and ends at zero [C17]", async () => {
    const platform = await networkHelpers.loadFixture(at.deployWithPeople);
    const deal = await at.openDeal(
      platform,
      compileParts({
        classes: { A: { face: 1_003n }, B: { face: 997n }, C: { face: 7n } },
        payees: ["residual"],
        accounts: { COLL: 0n },
        programs: {
          only: [
            "PRIN COLL -> A, B, C PRORATA(bal.A; bal.B; bal.C) UPTO sumbal(A, B, C)",
            "REST COLL -> residual",
          ],
        },
      }),
    );
    let left = 1_003n + 997n + 7n;
    for (let period = 1; period <= 12; period += 1) {
      // 101 a month, then more than is left.
      const availableFunds = period < 12 ? 101n : 5_000n;
      const opening = period === 1 ? deal.cutOffPool : 0n;
      const report = at.reportOf(deal, period, opening, { poolClosing: 0n, availableFunds });
      const run = await simple.runOf(platform, deal, await at.runPeriod(platform, deal, report));
      const paid = run.classes.reduce((sum, { principalPaid }) => sum + principalPaid, 0n);
      expect(paid).to.equal(availableFunds < left ? availableFunds : left);
      left -= paid;
      expect(run.state.classes.reduce((sum, { balance }) => sum + balance, 0n)).to.equal(left);
    }
    expect(left).to.equal(0n);
  });
});
