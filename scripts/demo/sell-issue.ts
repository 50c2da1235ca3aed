/** How the demo's deals are sold: a reserve feed, four investors' orders, and what came of them. */
import { ZeroHash } from "ethers";
import type { ReserveGuard } from "../../server/chain/create-deal.ts";
import {
  contractAt,
  deployContract,
  send,
  type Sender,
} from "../../server/chain/deploy-contract.ts";
import {
  priceOf,
  subscriptionTypedData,
  type Offer,
  type Subscription,
} from "../../server/chain/subscription.ts";
import type { DealTerms } from "../../server/deals/deal-terms.ts";
import { formatTable } from "../../server/history/format-table.ts";
import type { ClosingView } from "../../server/history/read-closing.ts";
import {
  centsToUnits,
  formatCentsGrouped,
  formatDecimal,
  parseCents,
  PERCENT_DECIMALS,
} from "../../server/lib/money.ts";
import type { ApiClient } from "./api-client.ts";
import type { Demo } from "./start-demo.ts";

/** What the investors pay for a class: percent of its face as an 1e18 rate. */
const PRICES: Readonly<Record<string, bigint>> = {
  A: 1_000_000_000_000_000_000n,
  B: 995_000_000_000_000_000n,
  C: 972_500_000_000_000_000n,
};
/** Notes may be issued against this share of the reserve, in basis points. */
const ADVANCE_BPS = 96_00;
/** The cut-off tape may be this old at closing, seconds. */
const MAX_AGE = 31 * 86_400;
const RESERVE_DECIMALS = 2;

/** What was paid and delivered at a deal's closing, in cents. */
export interface IssueSummary {
  /** The reserve feed's answer: the cut-off tape's closing balance. */
  reserve: bigint;
  /** Reserve x advance rate + deposits. */
  covered: bigint;
  face: bigint;
  proceeds: bigint;
  orders: { investor: string; class: string; face: bigint; price: string; paid: bigint }[];
}

/** A feed that answers the balance, as an oracle of the custodian's would. */
export async function openReserveFeed(issuer: Sender, cents: bigint): Promise<ReserveGuard> {
  const { address } = await deployContract(issuer, "MockIndexFeed", [RESERVE_DECIMALS]);
  const feed = await contractAt(issuer, "MockIndexFeed", address);
  const head = await issuer.signer.provider?.getBlock("latest");
  await send(issuer, feed, "setRound", [1, cents, head?.timestamp ?? 0]);
  return { feed: address, maxAge: MAX_AGE, advanceBps: ADVANCE_BPS };
}

/** Every investor of the cast signs for his part of each class, and has the cash for it and no cent more. */
export async function takeOrders(
  demo: Demo,
  terms: DealTerms,
  offer: Offer,
): Promise<Subscription[]> {
  const orders: Subscription[] = [];
  for (const { wallet, faces } of demo.cast.investors) {
    const own: Subscription[] = [];
    for (const [classIndex, { name }] of terms.classes.entries()) {
      const face = faces[name];
      if (face === undefined) continue;
      const order = {
        ...{ classIndex, investor: wallet.address, face, leastFace: face, allottedFace: face },
        ...{ priceWad: PRICES[name] ?? 0n, deadline: terms.closingTime + 86_400, salt: ZeroHash },
        signature: "0x",
      };
      const { domain, types, message } = subscriptionTypedData(offer, order);
      own.push({ ...order, signature: await wallet.signTypedData(domain, types, message) });
    }
    const cents = own.reduce((total, order) => total + priceOf(order), 0n);
    await provideCash(demo, wallet, centsToUnits(cents, terms.cashDecimals));
    orders.push(...own);
  }
  return orders;
}

async function provideCash(
  { cast, context: { chain } }: Demo,
  wallet: Demo["cast"]["issuer"],
  units: bigint,
): Promise<void> {
  const { cashToken, primaryIssuance } = chain.deployment;
  if (cashToken === undefined) throw new Error("the embedded chain has no test stablecoin");
  const issuer = { signer: cast.issuer, mine: chain.mine };
  const cash = await contractAt(issuer, "MockStablecoin", cashToken);
  await send(issuer, cash, "mint", [wallet.address, units]);
  const investor = { signer: wallet, mine: chain.mine };
  const own = await contractAt(investor, "MockStablecoin", cashToken);
  await send(investor, own, "approve", [primaryIssuance, units]);
}

/** The closing as the auditor reads it over the API. */
export async function summariseIssue(
  { cast }: Demo,
  { id, reserve, auditor }: { id: string; reserve: bigint; auditor: ApiClient },
): Promise<IssueSummary> {
  const closing = await auditor.get<ClosingView>(`/deals/${id}/closing`);
  const orders = closing.deliveries.map(({ class: name, investor, face, paid }) => {
    const wallet = investor.toLowerCase();
    const price = formatDecimal(PRICES[name] ?? 0n, PERCENT_DECIMALS).replace(/0{13}$/, "");
    return {
      investor:
        cast.investors.find((known) => known.wallet.address.toLowerCase() === wallet)?.name ??
        wallet,
      ...{ class: name, face: parseCents(face), price, paid: parseCents(paid) },
    };
  });
  return {
    reserve,
    covered: (reserve * BigInt(ADVANCE_BPS)) / 10_000n + parseCents(closing.deposits),
    face: sum(orders.map(({ face }) => face)),
    proceeds: parseCents(closing.proceeds ?? "0.00"),
    orders,
  };
}

/** What was paid and delivered, order by order. */
export function formatIssue(issue: IssueSummary): string {
  const rows = issue.orders.map((order) => [
    order.investor,
    order.class,
    formatCentsGrouped(order.face),
    order.price,
    formatCentsGrouped(order.paid),
  ]);
  const total = ["to the originator", "", formatCentsGrouped(issue.face), ""];
  const columns = ["delivered against payment to", "class", "face", "price %", "paid"];
  const table = formatTable(columns, [...rows, [...total, formatCentsGrouped(issue.proceeds)]]);
  const [reserve, covered] = [issue.reserve, issue.covered].map(formatCentsGrouped);
  return (
    `${table}\n\nreserve feed ${reserve} x ${ADVANCE_BPS / 100} % and deposits cover ${covered}, ` +
    `the notes come to ${formatCentsGrouped(issue.face)}`
  );
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
