import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import {
  admit,
  deployTranches,
  enterWindow,
  identityId,
  type Tranches,
  windowEnd,
} from "./deploy-tranches.ts";

/** Whole transactions through real proxies: three classes, cap of 50 % booked and asked, identities with expiry and country. */
describe("Gas of the tranche token", () => {
  const table: { operation: string; state: string; gas: number; bar: number }[] = [];

  async function measure(
    operation: string,
    state: string,
    bar: number,
    transaction: Promise<ContractTransactionResponse>,
  ) {
    const gas = Number((await (await transaction).wait())!.gasUsed);
    table.push({ operation, state, gas, bar });
    expect(gas, `${operation}, ${state}`).to.be.at.most(bar);
  }

  async function heldDeal(): Promise<Tranches> {
    const deal = await deployTranches({ holderCapBps: 5_000 });
    const [a, b, c, d] = deal.wallets;
    await admit(deal, "Alder", a!);
    await admit(deal, "Birch", b!);
    await admit(deal, "Cedar", c!);
    await admit(deal, "Dogwood", d!);
    for (const wallet of [a!, b!, c!])
      await deal.token.connect(deal.factory).mint(wallet, 200_000_00n);
    return deal;
  }

  const fund = (deal: Tranches, period: number) =>
    deal.token
      .connect(deal.distributor)
      .fund(period, windowEnd(deal, period), 1_234_567_891n, 9_876_543_210n, 500_000_00n);

  after(() => {
    console.table(table);
  });

  it("is bounded for a transfer within one record window", async () => {
    const deal = await heldDeal();
    const [a, b, , d] = deal.wallets;
    const token = deal.token.connect(a!);
    await token.transfer(b!, 1_00n);
    await measure("transfer", "to a holder", 82_000, token.transfer(b!, 100_00n));
    await measure("transfer", "to a first-time holder", 117_000, token.transfer(d!, 100_00n));
    await deal.registry.setCountryBlocked(1n, 643, true);
    await measure(
      "transfer",
      "to a holder, deal blocks a country",
      82_000,
      token.transfer(b!, 100_00n),
    );
  });

  it("is bounded for the first transfer after a record time", async () => {
    const deal = await heldDeal();
    const [a, b, c] = deal.wallets;
    await enterWindow(deal, 1, 60);
    await measure(
      "first transfer of a window",
      "nothing owed, head not rolled",
      92_000,
      deal.token.connect(a!).transfer(b!, 100_00n),
    );
    await fund(deal, 1);
    await enterWindow(deal, 2, 60);
    await deal.token.connect(c!).transfer(c!, 0n);
    await measure(
      "first transfer of a window",
      "owed, slots empty, head rolled",
      140_000,
      deal.token.connect(a!).transfer(b!, 100_00n),
    );
    await fund(deal, 2);
    await enterWindow(deal, 3, 60);
    await measure(
      "first transfer of a window",
      "owed, slots used, head not rolled",
      111_000,
      deal.token.connect(a!).transfer(b!, 100_00n),
    );
    await fund(deal, 3);
    await enterWindow(deal, 4, 60);
    await deal.token.connect(c!).transfer(c!, 0n);
    await measure(
      "first transfer of a window",
      "owed, slots used, head rolled",
      105_000,
      deal.token.connect(a!).transfer(b!, 100_00n),
    );
    await enterWindow(deal, 5, 60);
    await deal.token.connect(c!).transfer(c!, 0n);
    await measure(
      "first transfer of a window",
      "nothing owed, head rolled",
      92_000,
      deal.token.connect(a!).transfer(b!, 100_00n),
    );
  });

  it("prints what the distributor's calls cost", async () => {
    const deal = await heldDeal();
    const [a] = deal.wallets;
    await enterWindow(deal, 1, 60);
    await measure("fund", "first period, from an account", 74_000, fund(deal, 1));
    const collect = () => deal.token.connect(deal.distributor).collect(a!);
    await measure("collect", "first claim, from an account", 43_000, collect());
    await enterWindow(deal, 2, 60);
    await measure("fund", "second period, from an account", 74_000, fund(deal, 2));
    await measure("collect", "second claim, from an account", 45_000, collect());
    await enterWindow(deal, 3, 60);
    await measure("fund", "third period, from an account", 68_000, fund(deal, 3));
    const balances = [500_000_00n, 300_000_00n, 100_000_00n];
    await measure(
      "setBalances",
      "three classes, from an account",
      46_000,
      deal.compliance.connect(deal.distributor).setBalances(1n, deal.code, balances),
    );
    expect(await deal.compliance.isCapExempt(1n, identityId("Alder"))).to.equal(false);
  });
});
