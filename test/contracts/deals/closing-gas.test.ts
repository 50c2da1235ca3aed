import { expect } from "chai";
import { id } from "ethers";
import type { TransactionReceipt } from "ethers";
import { registerIdentities } from "../../../server/chain/register-identities.ts";
import { signConsent } from "../../../server/chain/sign-consent.ts";
import * as sold from "./issuance-fixture.ts";
import type { Allotment, Sale } from "./issuance-fixture.ts";
import { deployWithPeople, ethers, networkHelpers } from "./platform-fixture.ts";

/** What one transaction may use (EIP-7825). */
const TRANSACTION_GAS = 2n ** 24n;
/** What one more subscription of another investor may cost, and so how many of them fit at least. */
const [LIMIT_EACH, FIT] = [125_000n, 125n];
const [FEW, MANY] = [4, 20];

/** Class A is sold to `count` investors in equal parts, each with an identity, cash and an approval of his own. */
async function soldTo(count: number): Promise<{ sale: Sale; orders: Allotment[] }> {
  const platform = await deployWithPeople();
  const sale = await sold.offerDeal(platform, platform.cash);
  const whole = await sold.fullOrders(sale);
  const part = platform.terms.faces[0]! / BigInt(count);
  const orders: Allotment[] = [];
  for (let i = 0; i < count; i++) {
    const wallet = new ethers.Wallet(id(`investor ${i}`), ethers.provider);
    await networkHelpers.setBalance(wallet.address, 10n ** 18n);
    const link = { identityId: id(`i${i}`), deadline: 2 ** 40 };
    const consents = [await signConsent(wallet, platform.deployment, link)];
    const identity = { id: link.identityId, kycExpiry: 2 ** 39, country: 840, consents };
    await registerIdentities({ signer: platform.admin }, platform.deployment, [
      { ...identity, wallets: [wallet.address] },
    ]);
    await platform.cash.mint(wallet.address, part * sold.UNITS_PER_CENT + 1n);
    await platform.cash.connect(wallet).approve(platform.deployment.primaryIssuance, sold.PURSE);
    const order = sold.orderOf(sale, { investor: wallet.address, classIndex: 0, face: part });
    orders.push(await sold.signOrder(sale, wallet, order));
  }
  return { sale, orders: [...orders, ...whole.slice(1)] };
}

async function gasOfClosing(count: number): Promise<bigint> {
  const { sale, orders } = await soldTo(count);
  const sent = await sale.platform.issuance.close(sale.dealId, orders);
  return ((await sent.wait()) as TransactionReceipt).gasUsed;
}

describe("Gas of a closing against payment", () => {
  it("grows by the same for each investor, so that many fit into one transaction", async () => {
    // 700,000 cents divide by both; the other classes' three orders are the same in both.
    const few = await gasOfClosing(FEW);
    const many = await gasOfClosing(MANY);
    const each = (many - few) / BigInt(MANY - FEW);
    const fit = (TRANSACTION_GAS - few) / each + BigInt(FEW);
    console.table([
      { closing: `${FEW} investors in one class, 3 orders more`, gas: few },
      { closing: "one more signed order, first-time holder with an identity", gas: each },
      { closing: "orders that fit into 16,777,216 gas", gas: fit + 3n },
    ]);
    expect(each <= LIMIT_EACH, `${each} gas for one more order`).to.equal(true);
    expect(fit >= FIT, `${fit} investors fit`).to.equal(true);
  }).timeout(60_000);
});
