/** A whole deployment, platform and deal, in the one order in which it is rehearsed, carried out and carried on. */
import { getAddress } from "ethers";
import { checkDeployer } from "./check-deployer.ts";
import type { Deployment } from "./connect-chain.ts";
import { createDeal, findSameDeal, type ChainDeal, type NewDeal } from "./create-deal.ts";
import { contractAt, type Sender } from "./deploy-contract.ts";
import { deployDeal } from "./deploy-deal.ts";
import { deploymentOf, deployPlatform } from "./deploy-platform.ts";
import type { DealRecord, DeploymentRecord } from "./deploy-record.ts";
import type { RoleDelays, RoleHolders } from "./grant-roles.ts";
import { PlanError, type PreparedDeal } from "./prepare-deal.ts";
import { mintCash, provideDeposit } from "./provide-deposit.ts";
import { readClosingTerms } from "./read-closing-terms.ts";
import { proceedsOf } from "./subscription.ts";

export interface Undertaking {
  record: DeploymentRecord;
  /** Called after everything that is new in the record. */
  save: (record: DeploymentRecord) => Promise<void>;
  network: string;
  holders: RoleHolders | undefined;
  delays: RoleDelays;
  testStablecoin: boolean;
  deal: PreparedDeal | null;
  /** Mints what is missing of the deposit, where the cash token is the deployment's test stablecoin. */
  mintDeposit: boolean;
  /** Cents of the test stablecoin that the deployer is to have beyond the deposit. */
  mintCash: bigint;
  /** What happens when the closing time lies ahead: a rehearsal moves its clock; default: the deal waits. */
  reachClosing?: ((closingTime: number) => Promise<void>) | undefined;
  /** Whether the deal is to wait for its closing although that was tried: a rehearsal may be before what it needs. */
  waitsAfter?: ((error: unknown) => boolean) | undefined;
}

export interface Outcome {
  deployment: Deployment;
  deal: DealRecord | null;
  /** Unix seconds from which the deal can be closed, when that lies ahead; else null. */
  closingAhead: number | null;
}

/** The deal is created; its closing time lies ahead. */
class ClosingAhead extends Error {}

/**
 * Brings the platform, and the deal where there is one, on chain as far as it can be brought now. What is there already is
 * not sent again.
 * @throws PlanError naming what is missing; an ethers error with a contract's reason
 */
export async function carryOut(sender: Sender, undertaking: Undertaking): Promise<Outcome> {
  const { save, network, holders, delays, testStablecoin } = undertaking;
  let record = undertaking.record;
  const keep = async (latest: DeploymentRecord): Promise<void> => {
    record = latest;
    await save(latest);
  };
  const deployer = await sender.signer.getAddress();
  record = { ...record, origin: record.origin ?? { network, deployer } };
  const deployment = isAdopted(record)
    ? await adopt(sender, record)
    : await deployPlatform({ ...sender, record, save: keep, holders, delays, testStablecoin });
  if (undertaking.deal === null) {
    await mintCash(sender, deployment.cashToken, undertaking.mintCash);
    return { deployment, deal: null, closingAhead: null };
  }
  const placed = await placeDeal(sender, deployment, { ...undertaking, deal: undertaking.deal });
  await keep({ ...record, deals: withDeal(record.deals ?? [], placed.deal) });
  return { deployment, ...placed };
}

/** A record that names only what a server reads is one of a running service, made elsewhere: its platform is complete. */
export function isAdopted(record: DeploymentRecord): boolean {
  return record.dealFactory !== undefined && record.platformGenesis === undefined;
}

async function adopt({ signer }: Sender, record: DeploymentRecord): Promise<Deployment> {
  const deployment = deploymentOf(record);
  if ((await signer.provider?.getCode(deployment.dealFactory)) !== "0x") return deployment;
  throw new Error(`there is no factory at ${deployment.dealFactory} on this chain`);
}

type DealUndertaking = Undertaking & { deal: PreparedDeal };

async function placeDeal(
  sender: Sender,
  deployment: Deployment,
  undertaking: DealUndertaking,
): Promise<{ deal: DealRecord; closingAhead: number | null }> {
  const { plan, compiled } = undertaking.deal;
  const originator = await sender.signer.getAddress();
  const deal = newDealOf(undertaking.deal, deployment, originator);
  const factory = await contractAt(sender, "DealFactory", deployment.dealFactory);
  const known = await findSameDeal(factory, deployment, deal);
  const isClosed = async (place: ChainDeal): Promise<boolean> =>
    (await factory.getFunction("isClosed")(place.dealId)) === true;
  if (known === null || !(await isClosed(known))) {
    const lacking = await checkDeployer(sender, deployment, known?.dealId ?? null);
    if (lacking.length > 0) throw new PlanError(lacking);
    await provideCash(sender, deployment, { ...undertaking, cashToken: deal.cashToken });
  } else await mintCash(sender, deployment.cashToken, undertaking.mintCash);
  const { identities, capExempt, allocations, subscriptions } = plan;
  const { closingTime } = readClosingTerms(compiled.bytes);
  const reachClosing = async (): Promise<void> => {
    const head = await sender.signer.provider?.getBlock("latest");
    if ((head?.timestamp ?? 0) >= closingTime) return;
    if (undertaking.reachClosing === undefined) throw new ClosingAhead();
    await undertaking.reachClosing(closingTime);
  };
  const signers = { issuer: sender, registrar: sender, originator: sender };
  const input = { deal, identities, capExempt, allocations, subscriptions, reachClosing };
  let closingAhead: number | null = null;
  const place = await deployDeal(signers, deployment, input).catch((error: unknown) => {
    const waits = error instanceof ClosingAhead || undertaking.waitsAfter?.(error) === true;
    if (!waits) throw error;
    closingAhead = closingTime;
    return createDeal(sender, deployment, { deal });
  });
  const name = compiled.terms.dealId;
  const record = { ...place, dealId: String(place.dealId), name, closed: await isClosed(place) };
  return { deal: record, closingAhead };
}

function newDealOf(
  { plan, compiled }: PreparedDeal,
  deployment: Deployment,
  originator: string,
): NewDeal {
  const cashToken = plan.cashToken ?? deployment.cashToken;
  if (cashToken === undefined) {
    throw new PlanError(["cashToken: is missing, and the deployment has no test stablecoin"]);
  }
  const { payees, symbols, names, attesters, threshold } = plan;
  const { successors, successorThreshold, reserve } = plan;
  const feeds = compiled.terms.indices.map(({ name }) => plan.feeds[name] ?? "");
  return {
    ...{ terms: compiled.bytes, cashToken, payees, feeds, originator, symbols, names },
    ...{ attesters, threshold, successors, successorThreshold, reserve },
  };
}

async function provideCash(
  sender: Sender,
  deployment: Deployment,
  undertaking: DealUndertaking & { cashToken: string },
): Promise<void> {
  const { plan, compiled } = undertaking.deal;
  const { depositUnits } = readClosingTerms(compiled.bytes);
  const { cashToken } = undertaking;
  const { cashDecimals } = compiled.terms;
  const originator = await sender.signer.getAddress();
  const proceedsUnits = proceedsOf(plan.subscriptions, { originator, cashDecimals });
  const testToken = undertaking.mintDeposit ? (deployment.cashToken ?? null) : null;
  const deposit = { cashToken, cashDecimals, depositUnits, proceedsUnits };
  await provideDeposit(sender, deposit, testToken);
  const isTest = deployment.cashToken !== undefined && cashToken === deployment.cashToken;
  const kept = depositUnits > proceedsUnits ? depositUnits - proceedsUnits : 0n;
  await mintCash(sender, deployment.cashToken, undertaking.mintCash, isTest ? kept : 0n);
}

function withDeal(deals: readonly DealRecord[], deal: DealRecord): DealRecord[] {
  const others = deals.filter(({ dealId }) => dealId !== deal.dealId);
  const tokens = deal.tokens.map((token) => getAddress(token));
  return [...others, { ...deal, tokens }];
}
