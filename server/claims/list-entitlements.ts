import { readEntitlement } from "../chain/read-entitlements.ts";
import type { Context } from "../context.ts";
import { formatMonth } from "../lib/dates.ts";
import { formatCents, formatDecimal } from "../lib/money.ts";
import { getDealOnChain } from "./get-deal-on-chain.ts";

/** Cash token amount: exact units, and the same with its decimal point. */
export interface UnitAmount {
  units: string;
  amount: string;
}

/** What a holder could claim of one class now. */
export interface ClassEntitlement {
  class: string;
  token: string;
  /** Original face, "172000.00". */
  face: string;
  interest: UnitAmount;
  principal: UnitAmount;
  /** The last period that was funded; claims before the next one add nothing. */
  lastFundedPeriod: number;
  /** Its collection month; null when none was funded. */
  lastFundedMonth: string | null;
  frozen: boolean;
}

/** Units of a cash token as text, both ways. */
export function unitAmount(units: bigint, decimals: number): UnitAmount {
  return { units: units.toString(), amount: formatDecimal(units, decimals) };
}

/**
 * What a holder could claim now, class by class, as the chain says at its head.
 * @throws Problem deal-unknown, deal-not-on-chain, chain-unreachable
 */
export async function listEntitlements(
  context: Context,
  dealId: string,
  holder: string,
): Promise<ClassEntitlement[]> {
  const { terms, tokens } = await getDealOnChain(context, dealId);
  return await Promise.all(
    tokens.map(async (token, i) => {
      const owed = await readEntitlement(context.chain, token, holder);
      const last = terms.calendar[owed.lastFundedPeriod - 1];
      return {
        class: terms.classes[i]?.name ?? String(i),
        token,
        face: formatCents(owed.faceCents),
        interest: unitAmount(owed.interestUnits, terms.cashDecimals),
        principal: unitAmount(owed.principalUnits, terms.cashDecimals),
        lastFundedPeriod: owed.lastFundedPeriod,
        lastFundedMonth: last === undefined ? null : formatMonth(last.collectionMonth),
        frozen: owed.frozen,
      };
    }),
  );
}
