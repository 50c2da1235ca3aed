import { readFile } from "node:fs/promises";
import path from "node:path";
import { contractAt, send } from "../../server/chain/deploy-contract.ts";
import type { ChainDeal, ReserveGuard } from "../../server/chain/create-deal.ts";
import { deployDeal } from "../../server/chain/deploy-deal.ts";
import type { DealTerms } from "../../server/deals/deal-terms.ts";
import { readTerms } from "../../server/deals/read-terms.ts";
import { parseCents } from "../../server/lib/money.ts";
import type { ApiClient } from "./api-client.ts";
import { openReserveFeed, summariseIssue, takeOrders, type IssueSummary } from "./sell-issue.ts";
import { uploadTape } from "./service-period.ts";
import type { Demo } from "./start-demo.ts";

const GOLDEN = path.resolve(import.meta.dirname, "../../test/golden");
/** Long after the last period of the demo, unix seconds. */
const KYC_EXPIRY = Date.UTC(2030, 0, 1) / 1_000;
const COUNTRY_US = 840;
/** A billion dollars for the servicer to pass collections on with. */
const SERVICER_UNITS = 10n ** 15n;

/** The people who work on a deal, with their keys. */
interface People {
  servicer: ApiClient;
  approver: ApiClient;
  auditor: ApiClient;
  /** One per investor of the cast, in its order. */
  investors: ApiClient[];
}

/** One deal in service, with the people who work on it. */
export interface DealInService extends People {
  id: string;
  terms: DealTerms;
  chainDealId: bigint;
  tokens: string[];
  /** What was paid and delivered at its closing. */
  issue: IssueSummary;
  /** Additions of the cut-off tape that were accepted with a reason. */
  reasons: number;
}

interface StoredDeal extends People {
  id: string;
  terms: DealTerms;
  bytes: Uint8Array;
  /** Closing balance of the cut-off tape, cents; null: nothing guards the issue. */
  reserve: bigint | null;
  reasons: number;
}

/**
 * Uploads the deal files, gives everybody a key, takes the cut-off tapes in and sells the deals at their common closing.
 * @param options.folder has a folder for each deal, named by its id, with its deal.yaml
 * @param options.cutOffMonth YYYY-MM of the tape whose balance the reserve feed answers; without it there is no feed
 */
export async function openDeals(
  demo: Demo,
  ids: readonly string[],
  options: { folder?: string; cutOffMonth?: string } = {},
): Promise<DealInService[]> {
  const stored: StoredDeal[] = [];
  for (const id of ids) stored.push(await storeDeal(demo, id, options));
  const places = await closeOnChain(demo, stored);
  await demo.runDueJobs();
  const deals: DealInService[] = [];
  for (const { bytes: _compiled, reserve, ...deal } of stored) {
    const place = places.get(deal.id);
    if (place === undefined) throw new Error(`${deal.id} was not closed on chain`);
    const { dealId, tokens } = place;
    const issue = await summariseIssue(demo, { ...deal, reserve: reserve ?? 0n });
    deals.push({ ...deal, chainDealId: dealId, tokens, issue });
  }
  return deals;
}

async function storeDeal(
  demo: Demo,
  id: string,
  { folder = GOLDEN, cutOffMonth }: { folder?: string; cutOffMonth?: string },
): Promise<StoredDeal> {
  const deal = {
    ...(await uploadDeal(demo, path.join(folder, id))),
    ...(await addPeople(demo, id)),
  };
  if (cutOffMonth === undefined) return { ...deal, reserve: null, reasons: 0 };
  const { closingBalance, reasons } = await uploadTape(deal, cutOffMonth);
  return { ...deal, reserve: parseCents(closingBalance), reasons };
}

async function uploadDeal(
  demo: Demo,
  folder: string,
): Promise<Pick<StoredDeal, "id" | "terms" | "bytes">> {
  const id = path.basename(folder);
  const bytes = await readFile(path.join(folder, "deal.yaml"));
  await demo.administrator.upload("/deals", { bytes, type: "application/yaml" });
  const { terms } = await demo.context.db
    .selectFrom("deals")
    .select("terms")
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return { id, terms: readTerms(terms), bytes: terms };
}

async function addPeople(demo: Demo, id: string) {
  const { cast } = demo;
  const deals = [id];
  const investors: ApiClient[] = [];
  for (const { name, wallet } of cast.investors) {
    investors.push(
      await demo.addUser({
        name: `${name}, ${id}`,
        role: "investor",
        address: wallet.address,
        deals,
      }),
    );
  }
  return {
    servicer: await demo.addUser({ name: `servicer, ${id}`, role: "servicer", deals }),
    approver: await demo.addUser({
      name: `approver, ${id}`,
      role: "approver",
      address: cast.approver.address,
      deals,
    }),
    auditor: await demo.addUser({ name: `auditor, ${id}`, role: "auditor", deals }),
    investors,
  };
}

/** All deals are created before the clock moves to their closing: a deal in the past is refused. */
async function closeOnChain(
  demo: Demo,
  [deal, ...others]: readonly StoredDeal[],
): Promise<Map<string, ChainDeal>> {
  if (deal === undefined) return new Map();
  const { id, terms, bytes, reserve } = deal;
  let places = new Map<string, ChainDeal>();
  const { cast, context } = demo;
  const { chain } = context;
  const { cashToken } = chain.deployment;
  if (cashToken === undefined) throw new Error("the embedded chain has no test stablecoin");
  const sender = (signer: typeof cast.issuer) => ({ signer, mine: chain.mine });
  const issuer = sender(cast.issuer);
  const stablecoin = await contractAt(issuer, "MockStablecoin", cashToken);
  await send(issuer, stablecoin, "mint", [await chain.servicer.getAddress(), SERVICER_UNITS]);
  const signers = { issuer, registrar: issuer, originator: sender(cast.originator) };
  const guard: ReserveGuard | null =
    reserve === null ? null : await openReserveFeed(issuer, reserve);
  const place = await deployDeal(signers, chain.deployment, {
    deal: {
      reserve: guard,
      terms: bytes,
      cashToken,
      payees: terms.payees.map((payee) => cast.payeeAddress(payee)),
      feeds: [],
      originator: cast.originator.address,
      symbols: terms.classes.map(({ name }) => `${id}-${name}`),
      names: terms.classes.map(({ name }) => `${id}, Class ${name} Notes`),
      attesters: [await chain.attester.getAddress(), cast.approver.address, cast.trustee.address],
      threshold: 2,
      // After a servicer default the trustee reports.
      successors: [cast.trustee.address],
      successorThreshold: 1,
    },
    identities: cast.investors.map(({ identity, wallet }) => ({
      id: identity,
      kycExpiry: KYC_EXPIRY,
      country: COUNTRY_US,
      wallets: [wallet.address],
    })),
    capExempt: cast.investors.filter(({ capExempt }) => capExempt).map(({ identity }) => identity),
    allocations: [],
    // The originator's deposits come out of the proceeds.
    subscriptions: (offer) => takeOrders(demo, terms, offer),
    reachClosing: async () => {
      places = await closeOnChain(demo, others);
      await demo.advanceTo(new Date(terms.closingTime * 1_000));
    },
  });
  return places.set(id, place);
}
