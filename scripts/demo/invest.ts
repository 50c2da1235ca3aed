/** What the four holders do, each by transactions of their own. */
import type { Contract, HDNodeWallet, TransactionReceipt } from "ethers";
import { contractAt } from "../../server/chain/deploy-contract.ts";
import { decodeRevert } from "../../server/chain/decode-revert.ts";
import { formatCents } from "../../server/lib/money.ts";
import type { UnsignedClaim } from "../../server/claims/request-claim.ts";
import type { ApiClient } from "./api-client.ts";
import type { GasLog } from "./gas-log.ts";
import type { DealInService } from "./open-deal.ts";
import { sendTogether, type SignedCall } from "./send-together.ts";
import type { Demo } from "./start-demo.ts";

interface Entitlements {
  items: { class: string; interest: { units: string }; principal: { units: string } }[];
}

/** Castle sells this much of Class A to Lark, in cents of face. */
const TRADE_FACE = 1_000_00n;
/** With it Meridian would hold more than 60 % of the deal. */
const EXCESSIVE_FACE = 95_000_00n;
const [HARBOR, MERIDIAN, CASTLE, LARK] = [0, 1, 2, 3];

/** Claims for every holder of the deals whose turn it is in `period`; all of them with period null. */
export async function claim(
  demo: Demo,
  deals: readonly DealInService[],
  { period, gas }: { period: number | null; gas: GasLog },
): Promise<void> {
  const asked = deals.flatMap((deal) =>
    demo.cast.investors.map(({ claimsEvery, wallet }, i) => {
      const isDue = period === null || (claimsEvery > 0 && period % claimsEvery === 0);
      const client = deal.investors[i];
      if (!isDue || client === undefined) return Promise.resolve([]);
      return buildClaims(client, deal.id, wallet);
    }),
  );
  const calls = (await Promise.all(asked)).flat();
  if (calls.length === 0) return;
  for (const { gasUsed } of await sendTogether(demo, calls)) gas.add("claim", gasUsed);
}

/** The claims of one holder in one deal, as the API builds them: of each class that owes something. */
async function buildClaims(
  client: ApiClient,
  dealId: string,
  wallet: HDNodeWallet,
): Promise<SignedCall[]> {
  const { items } = await client.get<Entitlements>(
    `/deals/${dealId}/entitlements/${wallet.address}`,
  );
  const owing = items.filter(
    ({ interest, principal }) => BigInt(interest.units) + BigInt(principal.units) > 0n,
  );
  return await Promise.all(
    owing.map(async ({ class: classId }) => {
      const body = { class: classId };
      const unsigned = await client.post<UnsignedClaim>(`/deals/${dealId}/claims`, body);
      return { wallet, to: unsigned.to, data: unsigned.data };
    }),
  );
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

/** The refused and the settled trades of each deal, in words. */
export function describeTrades(
  { cast }: Demo,
  refusals: readonly string[],
  months: readonly string[],
): string[] {
  const name = (i: number | undefined): string => cast.investors[i ?? -1]?.name ?? "";
  const sold = `${formatCents(2n * TRADE_FACE)} USD of Class A`;
  return [
    `refused (${[...new Set(refusals)].join(", ")}): ${name(HARBOR)} sells ${formatCents(EXCESSIVE_FACE)} USD of Class A to ${name(MERIDIAN)}, who would hold more than 60 % of the deal`,
    `settled: ${name(CASTLE)} sells ${sold} to ${name(LARK)} between record and payment date of ${months.join(", ")}; the payment is still ${name(CASTLE)}'s`,
  ];
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
  const data = token.interface.encodeFunctionData("transfer", [trade.buyer, trade.face]);
  const call = { wallet: trade.seller, to: await token.getAddress(), data };
  const [receipt] = await sendTogether(demo, [call]);
  if (receipt === undefined) throw new Error("a trade was not mined");
  return receipt;
}

function investorAt(demo: Demo, i: number | undefined): HDNodeWallet {
  const investor = demo.cast.investors[i ?? -1];
  if (investor === undefined) throw new Error("the cast has four investors");
  return investor.wallet;
}
