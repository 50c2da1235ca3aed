/** What the four holders do, each by transactions of their own. */
import type { Contract, HDNodeWallet, TransactionReceipt, TransactionRequest } from "ethers";
import { contractAt } from "../../server/chain/deploy-contract.ts";
import { decodeRevert } from "../../server/chain/decode-revert.ts";
import type { GasLog } from "./gas-log.ts";
import type { DealInService } from "./open-deal.ts";
import type { Demo } from "./start-demo.ts";

interface Entitlements {
  items: { class: string; interest: { units: string }; principal: { units: string } }[];
}

/** Castle sells this much of Class A to Lark, in cents of face. */
const TRADE_FACE = 1_000_00n;
/** With it Meridian would hold more than 60 % of the deal. */
const EXCESSIVE_FACE = 95_000_00n;
const [HARBOR, MERIDIAN, CASTLE, LARK] = [0, 1, 2, 3];

/** Claims for every holder whose turn it is in `period`; all of them with period null. */
export async function claim(
  demo: Demo,
  deal: DealInService,
  { period, gas }: { period: number | null; gas: GasLog },
): Promise<void> {
  const sent: Promise<TransactionReceipt | null>[] = [];
  for (const [i, investor] of demo.cast.investors.entries()) {
    const { claimsEvery, wallet } = investor;
    const isDue = period === null || (claimsEvery > 0 && period % claimsEvery === 0);
    const client = deal.investors[i];
    if (!isDue || client === undefined) continue;
    const { items } = await client.get<Entitlements>(
      `/deals/${deal.id}/entitlements/${wallet.address}`,
    );
    let nonce = await wallet.getNonce();
    for (const { class: classId, interest, principal } of items) {
      if (BigInt(interest.units) + BigInt(principal.units) === 0n) continue;
      const unsigned = await client.post<TransactionRequest>(`/deals/${deal.id}/claims`, {
        class: classId,
      });
      const response = await wallet.sendTransaction({ ...unsigned, nonce: nonce++ });
      sent.push(response.wait());
    }
  }
  if (sent.length === 0) return;
  await demo.context.chain.mine?.();
  for (const receipt of await Promise.all(sent)) {
    if (receipt === null) throw new Error("a claim was not mined");
    gas.add("claim", receipt.gasUsed);
  }
}

/**
 * Castle sells Class A to Lark between record and payment date: the distribution that follows is
 * Castle's all the same.
 */
export async function tradeAfterRecordDate(
  demo: Demo,
  deal: DealInService,
  gas: GasLog,
): Promise<void> {
  const seller = investorAt(demo, CASTLE);
  const buyer = investorAt(demo, LARK);
  const receipt = await transfer(demo, deal, { seller, buyer: buyer.address, face: TRADE_FACE });
  gas.add("first transfer after a record date", receipt.gasUsed);
  const second = await transfer(demo, deal, { seller, buyer: buyer.address, face: TRADE_FACE });
  gas.add("transfer to a holder", second.gasUsed);
}

/** Harbor tries to sell Meridian more than the cap allows. @returns the name of the refusal */
export async function tryTradeAboveCap(demo: Demo, deal: DealInService): Promise<string> {
  const token = await classToken(demo, deal, investorAt(demo, HARBOR));
  const buyer = investorAt(demo, MERIDIAN).address;
  try {
    await token.getFunction("transfer").staticCall(buyer, EXCESSIVE_FACE);
  } catch (error) {
    return decodeRevert(error)?.name ?? String(error);
  }
  throw new Error("a trade above the holder cap was not refused");
}

/** Class A of the deal, acting for a wallet. */
async function classToken(
  demo: Demo,
  deal: DealInService,
  signer: HDNodeWallet,
): Promise<Contract> {
  const [address] = deal.tokens;
  if (address === undefined) throw new Error(`${deal.id} has no class token`);
  return await contractAt({ signer, mine: demo.context.chain.mine }, "TrancheToken", address);
}

async function transfer(
  demo: Demo,
  deal: DealInService,
  trade: { seller: HDNodeWallet; buyer: string; face: bigint },
): Promise<TransactionReceipt> {
  const token = await classToken(demo, deal, trade.seller);
  const response = await token.getFunction("transfer").send(trade.buyer, trade.face);
  await demo.context.chain.mine?.();
  const receipt = await response.wait();
  if (receipt === null) throw new Error("a trade was not mined");
  return receipt;
}

function investorAt(demo: Demo, i: number | undefined): HDNodeWallet {
  const investor = demo.cast.investors[i ?? -1];
  if (investor === undefined) throw new Error("the cast has four investors");
  return investor.wallet;
}
