/** A deal of one holder on a chain of its own: deployed with the platform and closed on its closing date. */
import { id as hashText } from "ethers";
import type { Deployment } from "../../server/chain/connect-chain.ts";
import type { ChainDeal } from "../../server/chain/create-deal.ts";
import { contractAt, deployContract, send } from "../../server/chain/deploy-contract.ts";
import { deployDeal } from "../../server/chain/deploy-deal.ts";
import { deployPlatform } from "../../server/chain/deploy-platform.ts";
import { readClosingTerms } from "../../server/chain/read-closing-terms.ts";
import type { CompiledDeal } from "../../server/deals/compile-deal.ts";
import { SECONDS_PER_DAY } from "../../server/lib/dates.ts";
import type { OwnChain } from "./engine-contract.ts";

/** Accounts of the chain: 0 sends everything, 1 holds every note, the payees follow from 20 on. */
const HOLDER = 1;
const FIRST_PAYEE = 20;
const COUNTRY_US = 840;
/** The registry's greatest time: credentials that do not end. */
const NEVER = 2 ** 40 - 1;

export interface OwnDeal {
  own: OwnChain;
  compiled: CompiledDeal;
  deployment: Deployment;
  deal: ChainDeal;
  cashToken: string;
  /** One mock feed per index, in the order of the terms. */
  feeds: string[];
}

/** When the chain of a deal begins: a day before its closing. */
export function startOf({ terms }: CompiledDeal): Date {
  return new Date((terms.closingTime - SECONDS_PER_DAY) * 1_000);
}

/** The wallet of a payee, by its position. */
export const payeeWallet = (own: OwnChain, payee: number) => own.account(FIRST_PAYEE + payee);

async function deployFeeds(own: OwnChain, { terms }: CompiledDeal): Promise<string[]> {
  const feeds: string[] = [];
  for (const { feedDecimals } of terms.indices) {
    feeds.push((await deployContract(own, "MockIndexFeed", [feedDecimals])).address);
  }
  return feeds;
}

/** Deploys the platform and the deal and brings both to the deal's closing. */
export async function openOwnDeal(own: OwnChain, compiled: CompiledDeal): Promise<OwnDeal> {
  const deployment = await deployPlatform({ ...own, testStablecoin: true });
  const { cashToken } = deployment;
  if (cashToken === undefined) throw new Error("the chain has no test stablecoin");
  const { terms, bytes, file } = compiled;
  const feeds = await deployFeeds(own, compiled);
  const sender = await own.signer.getAddress();
  const { depositUnits } = readClosingTerms(bytes);
  const stablecoin = await contractAt(own, "MockStablecoin", cashToken);
  if (depositUnits > 0n) await send(own, stablecoin, "mint", [sender, depositUnits]);
  const holder = own.account(HOLDER).address;
  const identity = hashText("the one holder");
  const deal = await deployDeal({ issuer: own, registrar: own, originator: own }, deployment, {
    deal: {
      ...{ terms: bytes, cashToken, feeds, originator: sender },
      payees: terms.payees.map((_, i) => payeeWallet(own, i).address),
      symbols: terms.classes.map(({ name }) => name),
      names: terms.classes.map(({ name }) => `${file.name}, Class ${name}`),
      ...{ attesters: [sender], threshold: 1, successors: [sender], successorThreshold: 1 },
    },
    identities: [{ id: identity, kycExpiry: NEVER, country: COUNTRY_US, wallets: [holder] }],
    capExempt: [identity],
    allocations: terms.classes.map(({ faceCents }, classIndex) => ({
      ...{ classIndex, holder, face: faceCents },
    })),
    reachClosing: (time) => own.chain.advanceTo(new Date(time * 1_000)),
  });
  return { own, compiled, deployment, deal, cashToken, feeds };
}
