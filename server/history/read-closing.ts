import type { Context } from "../context.ts";
import { getChainDeal } from "../chain/chain-deal-queries.ts";
import { problem } from "../errors.ts";
import { formatCents } from "../lib/money.ts";
import { listClosingEvents } from "./history-queries.ts";

/** How a deal was issued. Amounts are decimal text. */
export interface ClosingView {
  closedAt: string;
  /** Deposited into the deal's accounts by the originator. */
  deposits: string;
  /** What had to cover the notes; null: nothing. */
  reserve: { feed: string; maxAgeSeconds: number; advanceRate: string } | null;
  /** What the originator received for the notes; null: they were issued without payment. */
  proceeds: string | null;
  /** The notes that were delivered against payment. */
  deliveries: { class: string; investor: string; face: string; paid: string }[];
}

type Arguments = Record<string, unknown>;

/**
 * The closing of a deal as its events tell it: what was paid, what was delivered for it.
 * @throws Problem deal-unknown, deal-not-on-chain, deal-not-open
 */
export async function readClosing({ db }: Context, dealId: string): Promise<ClosingView> {
  const { terms } = await getChainDeal(db, dealId);
  const events = await listClosingEvents(db, dealId);
  const argsOf = (name: string): Arguments | undefined =>
    events.find((event) => event.name === name)?.args;
  const closed = argsOf("DealClosed");
  if (closed === undefined) throw problem("deal-not-open", { deal: dealId });
  const settled = argsOf("IssueSettled");
  const filled = events.filter(({ name }) => name === "SubscriptionFilled");
  return {
    closedAt: new Date(Number(closed["closedAt"]) * 1_000).toISOString(),
    deposits: cents(argsOf("DealOpened")?.["depositCents"]),
    reserve: reserveOf(argsOf("DealCreated")),
    proceeds: settled === undefined ? null : cents(settled["proceedsCents"]),
    deliveries: filled.map(({ args }) => ({
      class: terms.classes[Number(args["classIndex"])]?.name ?? "",
      investor: String(args["investor"]),
      face: cents(args["face"]),
      paid: cents(args["paidCents"]),
    })),
  };
}

function cents(value: unknown): string {
  return formatCents(BigInt((value ?? "0") as string));
}

/** The struct of the event, in the order of its members. */
function reserveOf(created: Arguments | undefined): ClosingView["reserve"] {
  const [feed, maxAge, advanceBps] = ((created?.["reserve"] ?? []) as unknown[]).map(String);
  if (feed === undefined || BigInt(feed) === 0n) return null;
  return {
    feed,
    maxAgeSeconds: Number(maxAge),
    advanceRate: formatCents(BigInt(advanceBps ?? 0)),
  };
}
