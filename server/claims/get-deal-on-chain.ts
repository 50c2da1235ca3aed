import type { Context } from "../context.ts";
import type { DealTerms } from "../deals/deal-terms.ts";
import { getDeal } from "../deals/deals-queries.ts";
import { readTerms } from "../deals/read-terms.ts";
import { problem } from "../errors.ts";
import { getChainDeal } from "../chain/chain-deal-queries.ts";
import { listDealTokens } from "./claim-queries.ts";

/** A deal as its holders see it. */
export interface DealOnChain {
  dealId: string;
  chainDealId: bigint;
  termsHash: string;
  terms: DealTerms;
  /** Class token addresses, in the order of the terms. */
  tokens: string[];
}

/** A deal's terms, on chain or not. @throws Problem deal-unknown */
export async function getDealTerms({ db }: Context, dealId: string): Promise<DealTerms> {
  return readTerms((await getDeal(db, dealId)).terms);
}

/**
 * The deal with its class tokens, as the stored DealCreated event names them.
 * @throws Problem deal-unknown; deal-not-on-chain while the chain has no such deal
 */
export async function getDealOnChain({ db }: Context, dealId: string): Promise<DealOnChain> {
  const { chainDealId, termsHash, terms } = await getChainDeal(db, dealId);
  const tokens = await listDealTokens(db, dealId);
  if (tokens.length === 0) throw problem("deal-not-on-chain", { deal: dealId });
  return { dealId, chainDealId, termsHash, terms, tokens: tokens.map(({ address }) => address) };
}

/** The token of a class. @throws Problem class-unknown */
export function getToken({ dealId, terms, tokens }: DealOnChain, classId: string): string {
  const token = tokens[terms.classes.findIndex(({ name }) => name === classId)];
  if (token === undefined) throw problem("class-unknown", { deal: dealId, class: classId });
  return token;
}
