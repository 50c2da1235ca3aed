import { keccak256, ZeroAddress } from "ethers";
import type { Contract, Result } from "ethers";
import type { Deployment } from "./connect-chain.ts";
import { contractAt, send } from "./deploy-contract.ts";
import type { Sender } from "./deploy-contract.ts";
import { setFunctionRoles } from "./grant-roles.ts";
import { TOKEN_PERMISSIONS } from "./platform-roles.ts";

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
 * Creates a deal, unless one with the same terms, cash token, payees and feeds exists: then that one is returned. The sender is
 * an issuer; `admin` (default: the sender) gives the registrar the tokens' restricted functions.
 * @throws an ethers error with the factory's reason when the terms or the arguments do not fit
 */
export async function createDeal(
  sender: Sender,
  deployment: Deployment,
  { deal, admin }: { deal: NewDeal; admin?: Sender | undefined },
): Promise<ChainDeal> {
  const factory = await contractAt(sender, "DealFactory", deployment.dealFactory);
  let created = await findSameDeal(factory, deployment, deal);
  if (created === null) {
    await send(sender, factory, "createDeal", [argumentOf(deal)]);
    created = await findSameDeal(factory, deployment, deal);
  }
  if (created === null) throw new Error("the deal was created but its event cannot be read");
  const targets = created.tokens.map((address) => ({
    address,
    artifact: "TrancheToken" as const,
    permissions: TOKEN_PERMISSIONS,
  }));
  await setFunctionRoles(admin ?? sender, deployment.accessManager, targets);
  return created;
}

/** The deal with the same terms, cash token, payees and feeds; null when there is none. */
export async function findSameDeal(
  factory: Contract,
  deployment: Deployment,
  deal: Pick<NewDeal, "terms" | "cashToken" | "payees" | "feeds">,
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
      sameList(args.feeds, deal.feeds);
    if (!same) continue;
    const { dealId, code, cashToken, feed } = args;
    return { dealId, termsHash, code, cashToken, tokens: [...args.tokens], feed };
  }
  return null;
}

const UNGUARDED: ReserveGuard = { feed: ZeroAddress, maxAge: 0, advanceBps: 0 };

function argumentOf({ attesters, threshold, reserve, ...deal }: NewDeal) {
  const ascending = [...attesters].toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  const attestation = { attesters: ascending, threshold };
  return { ...deal, attestation, reserve: reserve ?? UNGUARDED };
}

function sameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((each, i) => same20(each, right[i] ?? "0x0"));
}

function same20(a: string, b: string): boolean {
  return BigInt(a) === BigInt(b);
}
