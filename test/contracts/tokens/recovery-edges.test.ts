import { expect } from "chai";
import {
  admit,
  deployTranches,
  enterWindow,
  identityAddress,
  networkHelpers,
  windowEnd,
} from "./deploy-tranches.ts";

const EVERYTHING = 2n ** 48n - 1n;

/** Alder with 600.00 in one wallet and 150.00 in another, Birch 250.00. */
async function twoWallets() {
  const deal = await deployTranches({ faces: [1_000_00n] });
  const [alder, alderToo, birch] = deal.wallets;
  await admit(deal, "Alder", alder!, alderToo!);
  await admit(deal, "Birch", birch!);
  const mint = deal.token.connect(deal.factory).getFunction("mint");
  await mint(alder!, 600_00n);
  await mint(alderToo!, 150_00n);
  await mint(birch!, 250_00n);
  const agent = deal.token.connect(deal.registrar);
  const paying = deal.token.connect(deal.distributor);
  const recover = () =>
    agent.getFunction("recoveryAddress")(alder!, alderToo!, identityAddress("Alder"));
  return {
    ...deal,
    deal,
    agent,
    paying,
    recover,
    alder: alder!,
    alderToo: alderToo!,
    birch: birch!,
  };
}

const load = () => networkHelpers.loadFixture(twoWallets);

describe("Tranche token: a recovery between two wallets that both have a history", () => {
  it("adds frozen faces, and keeps all of it frozen where both had everything", async () => {
    const { token, agent, recover, alder, alderToo } = await load();
    const freeze = agent.getFunction("setFrozenTokens");
    await freeze(alder, EVERYTHING);
    await freeze(alderToo, EVERYTHING);
    await expect(recover()).to.emit(token, "Frozen").withArgs(alderToo, EVERYTHING);
    expect(await token.getFrozenTokens(alderToo)).to.equal(EVERYTHING);
    expect(await token.getFrozenTokens(alder)).to.equal(0n);
  });

  it("leaves the new wallet frozen when it was, and says so only when it is news", async () => {
    const { token, agent, recover, alder, alderToo } = await load();
    const freeze = agent.getFunction("setAddressFrozen");
    await freeze(alderToo, true);
    await expect(recover()).not.to.emit(token, "AddressFrozen");
    expect(await token.isFrozen(alderToo)).to.equal(true);
    await freeze(alderToo, false);
    await freeze(alder, true);
    await freeze(alderToo, true);
    await expect(recover()).not.to.emit(token, "AddressFrozen");
    expect(await token.isFrozen(alderToo)).to.equal(true);
  });

  it("adds what both are owed already, to the fraction [C10]", async () => {
    const { deal, token, paying, recover, alder, alderToo, birch } = await load();
    await enterWindow(deal, 1);
    // 1,000.00 of face share 3.00: 600.00 get 1.80, 150.00 get 0.45.
    await paying.getFunction("fund")(1, windowEnd(deal, 1), 300n, 0n);
    await enterWindow(deal, 2);
    // Both settle what they are owed by moving a cent.
    await token.connect(alder).getFunction("transfer")(birch, 1n);
    await token.connect(alderToo).getFunction("transfer")(birch, 1n);
    const owed = async (wallet: unknown): Promise<bigint> =>
      (await token.owedFractionsOf(wallet))[0] as bigint;
    const [first, second] = [await owed(alder), await owed(alderToo)];
    expect(first > 0n && second > 0n).to.equal(true);
    await recover();
    expect(await owed(alderToo)).to.equal(first + second);
    expect(await owed(alder)).to.equal(0n);
  });
});
