import { keccak256, ZeroAddress } from "ethers";
import type { Contract, Result } from "ethers";
import type { Deployment } from "./connect-chain.ts";
import { contractAt, send } from "./deploy-contract.ts";
import type { Sender } from "./deploy-contract.ts";

/** What a deal is created from; the arrays are in the order of the terms. */
export interface NewDeal {
  /** The compiled terms. */
  terms: Uint8Array;
  cashToken: string;
  payees: readonly string[];
  /** One AggregatorV3Interface per index that a feed fixes. */
  feeds: readonly string[];
  /** Deposits the accounts' initial balances at closing. */
  originator: string;
  symbols: readonly string[];
  names: readonly string[];
  /** In any order; the chain wants them ascending. */
  attesters: readonly string[];
  /** How many attesters must sign a report. */
  threshold: number;
  /** Who becomes the attesters at a servicer default, where the terms hand over; in any order. */
  successors?: readonly string[];
  /** How many successors must sign then. */
  successorThreshold?: number;
  /** What must cover the issue when it is closed; null: nothing. */
  reserve?: ReserveGuard | null | undefined;
}

/** A feed that the issue is checked against at closing. */
export interface ReserveGuard {
  /** AggregatorV3Interface: the reserve in the deal's currency. */
  feed: string;
  /** How old its answer may be, seconds. */
  maxAge: number;
  /** Share of the reserve that notes may be issued against, 1 to 10,000. */
  advanceBps: number;
}

/** Where a deal lives on chain. */
export interface ChainDeal {
  dealId: bigint;
  termsHash: string;
  /** The contract whose code holds the deal. */
  code: string;
  cashToken: string;
  tokens: string[];
  /** The PoolBalanceFeed. */
  feed: string;
}

/**
 * Creates a deal, unless one with the same terms, cash token, payees, feeds and reserve guard exists: then that one is
 * returned. The sender is an issuer.
 * @throws an ethers error with the factory's reason when the terms or the arguments do not fit
 */
export async function createDeal(
  sender: Sender,
  deployment: Deployment,
  { deal }: { deal: NewDeal },
): Promise<ChainDeal> {
  const factory = await contractAt(sender, "DealFactory", deployment.dealFactory);
  let created = await findSameDeal(factory, deployment, deal);
  if (created === null) {
    await send(sender, factory, "createDeal", [argumentOf(deal)]);
    created = await findSameDeal(factory, deployment, deal);
  }
  if (created === null) throw new Error("the deal was created but its event cannot be read");
  return created;
}

/** The deal with the same terms, cash token, payees, feeds and reserve guard; null when there is none. */
export async function findSameDeal(
  factory: Contract,
  deployment: Deployment,
  deal: Pick<NewDeal, "terms" | "cashToken" | "payees" | "feeds" | "reserve">,
): Promise<ChainDeal | null> {
  const termsHash = keccak256(deal.terms);
  const filter = factory.getEvent("DealCreated")(null, termsHash);
  const events = await factory.queryFilter(filter, deployment.deployBlock);
  for (const event of events) {
    const args: Result | undefined = factory.interface.parseLog(event)?.args;
    if (args === undefined) continue;
    const same =
      same20(args.cashToken, deal.cashToken) &&
      sameList(args.payees, deal.payees) &&
      sameList(args.feeds, deal.feeds) &&
      sameGuard(args.reserve, deal.reserve ?? UNGUARDED);
    if (!same) continue;
    const { dealId, code, cashToken, feed } = args;
    return { dealId, termsHash, code, cashToken, tokens: [...args.tokens], feed };
  }
  return null;
}

const UNGUARDED: ReserveGuard = { feed: ZeroAddress, maxAge: 0, advanceBps: 0 };

function argumentOf({
  attesters,
  threshold,
  successors = [],
  successorThreshold = 0,
  reserve,
  ...deal
}: NewDeal) {
  const attestation = {
    ...{ attesters: ascending(attesters), threshold },
    ...{ successors: ascending(successors), successorThreshold },
  };
  return { ...deal, attestation, reserve: reserve ?? UNGUARDED };
}

function sameGuard(found: Result, guard: ReserveGuard): boolean {
  return (
    same20(found.feed, guard.feed) &&
    found.maxAge === BigInt(guard.maxAge) &&
    found.advanceBps === BigInt(guard.advanceBps)
  );
}

function ascending(addresses: readonly string[]): string[] {
  return [...addresses].toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
}

function sameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((each, i) => same20(each, right[i] ?? "0x0"));
}

function same20(a: string, b: string): boolean {
  return BigInt(a) === BigInt(b);
}
