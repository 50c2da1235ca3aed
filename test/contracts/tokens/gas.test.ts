import { expect } from "chai";
import type { ContractTransactionResponse, Signer } from "ethers";
import { CREDENTIAL_TYPES } from "../compliance/credential-types.ts";
import {
  admit,
  DAY,
  deployTranches,
  enterWindow,
  ethers,
  identityId,
  networkHelpers,
  REASON,
  type Tranches,
  windowEnd,
} from "./deploy-tranches.ts";

const [KYC, AML] = [1, 2];

interface Attestation {
  topic: number;
  now: number;
}

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

  /** Birch's credential of a topic, signed by the issuer under its first epoch. */
  async function attest(deal: Tranches, issuer: Signer, { topic, now }: Attestation) {
    const credential = {
      ...{ identityId: identityId("Birch"), topic, value: 0, vcHash: REASON, epoch: 1 },
      ...{ validFrom: now, validUntil: now + DAY, issuer: await issuer.getAddress() },
    };
    const domain = {
      ...{ name: "Penstock compliance", version: "1" },
      chainId: (await ethers.provider.getNetwork()).chainId,
      verifyingContract: await deal.compliance.getAddress(),
    };
    const signature = await issuer.signTypedData(domain, CREDENTIAL_TYPES, credential);
    // Later than what the registrar has set.
    await deal.compliance.submitCredential(credential, signature);
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
      .fund(period, windowEnd(deal, period), 1_234_567_891n, 9_876_543_210n);

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
    await deal.registry.setCountryListed(deal.token, 643, true, REASON);
    await measure(
      "transfer",
      "to a holder, deal blocks a country",
      82_000,
      token.transfer(b!, 100_00n),
    );
  });

  it("is bounded for a receiver whom a trusted issuer attests, and while a lock-up runs", async () => {
    const deal = await heldDeal();
    const [a, b, , , issuer] = deal.wallets;
    const token = deal.token.connect(a!);
    await token.transfer(b!, 1_00n);
    const now = await networkHelpers.time.latest();
    await deal.registry.setIssuer(issuer!, 15, REASON);
    for (const topic of [KYC, AML]) await attest(deal, issuer!, { topic, now });
    await deal.registry.setRequirements(deal.token, 3, 0, REASON);
    await measure(
      "transfer",
      "to a holder, KYC and AML by an issuer",
      84_000,
      token.transfer(b!, 100_00n),
    );
    await deal.registry.setLockup(deal.token, identityId("Cedar"), [now + DAY, 0], REASON);
    await measure(
      "transfer",
      "the same, a lock-up of the class runs",
      93_000,
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
