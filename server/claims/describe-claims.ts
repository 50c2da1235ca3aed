import type { Selectable } from "kysely";
import type { Context } from "../context.ts";
import type { ClaimsTable } from "../db/chain-tables.ts";
import { formatCents } from "../lib/money.ts";
import { mulDivDown } from "../lib/mul-div.ts";
import { readWords } from "../waterfall/read-words.ts";
import { findLastWords } from "./claim-queries.ts";
import { getDealTerms } from "./get-deal-on-chain.ts";
import { unitAmount, type UnitAmount } from "./list-entitlements.ts";

export interface DescribedHolding {
  class: string;
  holder: string;
  face: string;
  principal: string;
}

/** Class balances after the last distribution; the original faces before the first. */
async function latestBalances(context: Context, dealId: string): Promise<Map<string, bigint>> {
  const terms = await getDealTerms(context, dealId);
  const words = await findLastWords(context.db, dealId);
  const after = words === undefined ? undefined : readWords(terms, words);
  return new Map(
    terms.classes.map(({ name, faceCents }, i) => [
      name,
      after?.state.classes[i]?.balance ?? faceCents,
    ]),
  );
}

/** Holdings with what is outstanding of them: face times balance over original face, rounded down. */
export async function describeHoldings(
  context: Context,
  dealId: string,
  rows: readonly { class_id: string; holder: string; face_cents: bigint }[],
): Promise<DescribedHolding[]> {
  const terms = await getDealTerms(context, dealId);
  const faces = new Map(terms.classes.map(({ name, faceCents }) => [name, faceCents]));
  const balances = await latestBalances(context, dealId);
  return rows.map(({ class_id, holder, face_cents }) => ({
    class: class_id,
    holder,
    face: formatCents(face_cents),
    principal: formatCents(
      mulDivDown(face_cents, balances.get(class_id) ?? 0n, faces.get(class_id) ?? 1n),
    ),
  }));
}

export interface DescribedClaim {
  class: string;
  holder: string;
  interest: UnitAmount;
  principal: UnitAmount;
  claimedAt: string;
  transaction: string;
  logIndex: number;
  block: number;
}

/** A claim as it is answered. */
export function describeClaim(row: Selectable<ClaimsTable>, cashDecimals: number): DescribedClaim {
  return {
    class: row.class_id,
    holder: row.holder,
    interest: unitAmount(row.interest_units, cashDecimals),
    principal: unitAmount(row.principal_units, cashDecimals),
    claimedAt: row.claimed_at.toISOString(),
    transaction: row.transaction_hash,
    logIndex: row.log_index,
    block: Number(row.block_number),
  };
}
