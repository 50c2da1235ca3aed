import type { Kysely, Selectable } from "kysely";
import type { ReconciliationsTable } from "../db/chain-tables.ts";
import type { Database } from "../db/tables.ts";
import type { Reconciliation } from "./reconcile-period.ts";

/** Distributions whose books were not compared since they were recorded. */
export async function listUnreconciled(
  db: Kysely<Database>,
): Promise<{ deal_id: string; period: number; transaction_hash: string }[]> {
  return await db
    .selectFrom("distributions as distribution")
    .leftJoin("reconciliations as done", (join) =>
      join
        .onRef("done.deal_id", "=", "distribution.deal_id")
        .onRef("done.period", "=", "distribution.period")
        // A re-org gives the distribution another block: compare again.
        .onRef("done.block_number", ">=", "distribution.block_number"),
    )
    .select(["distribution.deal_id", "distribution.period", "distribution.transaction_hash"])
    .where("done.deal_id", "is", null)
    .orderBy("distribution.deal_id")
    .orderBy("distribution.period")
    .execute();
}

/** Keeps the last comparison of a period. */
export async function storeReconciliation(
  db: Kysely<Database>,
  found: Reconciliation,
): Promise<void> {
  const row = {
    block_number: BigInt(found.block),
    compared_count: found.compared,
    differences: JSON.stringify(found.differences),
    reconciled_at: found.reconciledAt,
  };
  await db
    .insertInto("reconciliations")
    .values({ deal_id: found.dealId, period: found.period, ...row })
    .onConflict((conflict) => conflict.columns(["deal_id", "period"]).doUpdateSet(row))
    .execute();
}

/** The stored comparisons of a deal, in order. */
export async function listReconciliations(
  db: Kysely<Database>,
  dealId: string,
): Promise<Selectable<ReconciliationsTable>[]> {
  return await db
    .selectFrom("reconciliations")
    .selectAll()
    .where("deal_id", "=", dealId)
    .orderBy("period")
    .execute();
}
