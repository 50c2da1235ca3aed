/** What a run reads beside its report, as the API shows it before and after the run. */
import type { Kysely } from "kysely";
import { Type } from "typebox";
import type { Static } from "typebox";
import type { Database } from "../db/tables.ts";
import type { DealTerms } from "../deals/deal-terms.ts";
import { nullable } from "../http/nullable.ts";
import { formatCents } from "../lib/money.ts";
import { formatPercent } from "../lib/money.ts";
import { describeFixing, isLastRate } from "../waterfall/last-rate.ts";
import {
  findPurchaseList,
  listFixings,
  findNotices,
  type RunKey,
} from "../waterfall/run-inputs-queries.ts";

export const InputsBody = Type.Object({
  deal: Type.String(),
  period: Type.Integer(),
  fixings: Type.Array(
    Type.Object({
      index: Type.String(),
      due: Type.String({ description: "when the feed fixes it" }),
      rate: nullable(Type.String({ description: "annual, in percent; null: not fixed" })),
      source: nullable(Type.String({ description: "round and time, or why there is no round" })),
      round: nullable(
        Type.String({ description: "of the feed; null where no round gave the rate" }),
      ),
      answeredAt: nullable(Type.String()),
    }),
  ),
  purchaseList: nullable(
    Type.Object({
      version: Type.Integer(),
      listRoot: Type.String(),
      loanCount: Type.String(),
      balance: Type.String(),
      price: Type.String(),
    }),
  ),
  notices: Type.Array(
    Type.Object({
      notice: Type.String(),
      kind: Type.String(),
      party: nullable(
        Type.String({ description: "who may give it; null: it is in force in a servicer default" }),
      ),
      inForce: Type.Boolean(),
    }),
  ),
});
export type InputsView = Static<typeof InputsBody>;

export async function viewInputs(db: Kysely<Database>, key: RunKey): Promise<InputsView> {
  const { dealId, period, terms } = key;
  const list = await findPurchaseList(db, key);
  return {
    deal: dealId,
    period,
    fixings: await describeFixings(db, key),
    purchaseList:
      list === undefined
        ? null
        : {
            version: list.version,
            listRoot: list.list_root,
            loanCount: list.loan_count,
            balance: formatCents(BigInt(list.balance_cents)),
            price: formatCents(BigInt(list.price_cents)),
          },
    notices: describeNotices(terms, await findNotices(db, key)),
  };
}

async function describeFixings(db: Kysely<Database>, key: RunKey): Promise<InputsView["fixings"]> {
  const { period, terms } = key;
  const fixed = await listFixings(db, key);
  return terms.indices.map(({ name }, position) => {
    const fixing = fixed.find((row) => row.position === position);
    const due = terms.calendar[period - 1]?.fixingTimes[position] ?? 0;
    const round = fixing === undefined || isLastRate(fixing) ? undefined : fixing;
    return {
      index: name,
      due: new Date(due * 1_000).toISOString(),
      rate: fixing === undefined ? null : formatPercent(BigInt(fixing.rate_wad)),
      source: fixing === undefined ? null : describeFixing(fixing),
      round: round?.round_id ?? null,
      answeredAt: round?.answered_at.toISOString() ?? null,
    };
  });
}

function describeNotices(terms: DealTerms, inForce: number): InputsView["notices"] {
  return terms.notices.map(({ name, kind, payee }, position) => ({
    notice: name,
    kind,
    party: payee === null ? null : (terms.payees[payee] ?? `payee ${payee}`),
    inForce: ((inForce >> position) & 1) === 1,
  }));
}
