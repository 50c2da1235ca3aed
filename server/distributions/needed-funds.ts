import type { Kysely } from "kysely";
import {
  findAcceptedReport,
  type AcceptedMessage,
  type ChainDeal,
} from "../chain/chain-deal-queries.ts";
import type { Database } from "../db/tables.ts";
import { AVAILABLE_FUNDS } from "../deals/terms-format.ts";
import { carryInto } from "../waterfall/carry-differences.ts";
import { findCarried } from "../waterfall/run-inputs-queries.ts";

/** A report that a distribution would run on, and what must be escrowed for it. */
export interface NeededFunds {
  accepted: AcceptedMessage;
  /** Available funds as reported, with what restatements of earlier periods carry into them. */
  cents: bigint;
}

/** Undefined while the chain has accepted no report of the period. */
export async function findNeededFunds(
  db: Kysely<Database>,
  { deal, period }: { deal: ChainDeal; period: number },
): Promise<NeededFunds | undefined> {
  const accepted = await findAcceptedReport(db, { deal, period });
  if (accepted === undefined) return undefined;
  const carried = await findCarried(db, { dealId: deal.id, period, terms: deal.terms });
  const { figures } = carryInto(accepted.message.figures, carried?.differences);
  return { accepted, cents: figures[AVAILABLE_FUNDS] ?? 0n };
}
