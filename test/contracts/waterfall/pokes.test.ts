/** Whoever calls whatever is open to everybody, and however often: no interest and no balance changes by it. */
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import type { AnyContract } from "../deals/any-contract.ts";
import * as at from "./distribution-fixture.ts";
import { networkHelpers } from "./distribution-fixture.ts";
import * as simple from "./simple-deal.ts";

async function oneMonth() {
  const platform = await at.deployWithPeople();
  const deal = await at.openDeal(platform, simple.simpleDeal);
  await at.runPeriod(platform, deal, simple.monthReport(deal, 1));
  return { platform, deal, distributor: platform.distributor };
}

const load = () => networkHelpers.loadFixture(oneMonth);
type Loaded = Awaited<ReturnType<typeof oneMonth>>;

/** Every door of the distributor and the registry that stands open, one call each; some revert. */
async function pokeAll({ platform, deal }: Loaded): Promise<void> {
  const { anyone, reports } = platform;
  const distributor = platform.distributor.connect(anyone) as AnyContract;
  const ran = simple.monthReport(deal, 1);
  const calls = [
    ...deal.tokens.map((token, i) => () => distributor.claim(token, deal.holders[i]!)),
    () => distributor.claimBatch([{ token: deal.tokens[0]!, holder: deal.holders[0]! }]),
    () => distributor.claim(deal.tokens[0]!, ZeroAddress),
    () => distributor.withdrawPayee(deal.dealId, 0),
    () => distributor.distribute(ran),
    () =>
      distributor.performUpkeep(
        distributor.interface.encodeFunctionData("distribute", [ran]).replace(/^0x.{8}/, "0x"),
      ),
    () => (reports.connect(anyone) as AnyContract).declareLate(deal.dealId),
    () => (deal.tokens[0]!.connect(anyone) as AnyContract).transfer(anyone.address, 0),
  ];
  for (const call of calls) {
    try {
      await call();
    } catch {
      // What is not due is refused: nothing has changed then.
    }
  }
}

/** What is held for whom: the ledger, and the purses of everybody who is paid. */
async function everything({ deal, distributor }: Loaded) {
  const purses = [...deal.holders, ...deal.payees, await distributor.getAddress()];
  return {
    state: await distributor.stateOf(deal.dealId),
    cash: await distributor.cashOf(deal.dealId),
    balances: await Promise.all(purses.map((purse): Promise<bigint> => deal.cash.balanceOf(purse))),
    owed: await Promise.all(
      deal.tokens.map((token, i) => token.entitlementOf(deal.holders[i]!) as Promise<unknown>),
    ),
  };
}

describe("Calls that anybody can make", () => {
  it("change no balance when all of them are made twice with no new cash [W1] [R6]", async () => {
    const loaded = await load();
    // Once, so that what is due has been paid.
    await pokeAll(loaded);
    const before = await everything(loaded);
    expect(before.balances.slice(0, 2)).to.deep.equal(
      [simple.INTEREST_A, simple.INTEREST_B].map((cents) => cents * at.UNITS_PER_CENT),
    );
    await pokeAll(loaded);
    await pokeAll(loaded);
    expect(await everything(loaded)).to.deep.equal(before);
  });

  it("in the middle of a period leave its interest, fee and words as they are without them [W2]", async () => {
    const { platform, deal } = await load();
    const month = { funds: simple.INTEREST_MONTH + 70_000n, closing: deal.cutOffPool - 50_000n };
    const second = simple.monthReport(deal, 2, month);
    const start = await networkHelpers.takeSnapshot();
    const quiet = await simple.wordsOf(platform, await at.runPeriod(platform, deal, second));
    await start.restore();

    const middle = deal.calendar[1]!.recordTime - 15 * at.DAY;
    await at.moveTo(middle);
    await pokeAll({ platform, deal, distributor: platform.distributor });
    // Cash in parts, and notes that change hands.
    await at.fund(platform, deal, 60_000n);
    const seller = platform.holders.find(({ address }) => address === deal.holders[0])!;
    await (deal.tokens[0]!.connect(seller) as AnyContract).transfer(deal.holders[1]!, 1_000n);
    await pokeAll({ platform, deal, distributor: platform.distributor });
    const poked = await simple.wordsOf(platform, await at.runPeriod(platform, deal, second));
    expect(poked).to.deep.equal(quiet);
  });
});
