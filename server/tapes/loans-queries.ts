import type { Kysely, Selectable } from "kysely";
import type { Database, LoanMonthsTable } from "../db/tables.ts";

export type StoredLoanMonth = Selectable<LoanMonthsTable>;

/** Every month of a loan, in every version, after the given place. */
export async function listLoanMonths(
  db: Kysely<Database>,
  loan: { dealId: string; loanId: string },
): Promise<StoredLoanMonth[]> {
  return await db
    .selectFrom("loan_months")
    .selectAll()
    .where("deal_id", "=", loan.dealId)
    .where("loan_id", "=", loan.loanId)
    .orderBy("period")
    .orderBy("version")
    .execute();
}

export async function findLoanMonth(
  db: Kysely<Database>,
  key: { dealId: string; loanId: string; period: number; version: number },
): Promise<StoredLoanMonth | undefined> {
  return await db
    .selectFrom("loan_months")
    .selectAll()
    .where("deal_id", "=", key.dealId)
    .where("loan_id", "=", key.loanId)
    .where("period", "=", key.period)
    .where("version", "=", key.version)
    .executeTakeFirst();
}

/** The nodes beside the way from a leaf to the root, from the leaf upwards. */
export async function listSiblings(
  db: Kysely<Database>,
  tape: { dealId: string; period: number; version: number; rowCount: number },
  leafPosition: number,
): Promise<Selectable<Database["tape_tree_nodes"]>[]> {
  const places: { level: number; position: number }[] = [];
  let position = leafPosition;
  for (let level = 0, size = tape.rowCount; size > 1; level += 1, size = Math.ceil(size / 2)) {
    // An odd node at the end of a level has no sibling and stands on the next level as it is.
    if ((position ^ 1) < size) places.push({ level, position: position ^ 1 });
    position >>= 1;
  }
  if (places.length === 0) return [];
  return await db
    .selectFrom("tape_tree_nodes")
    .selectAll()
    .where("deal_id", "=", tape.dealId)
    .where("period", "=", tape.period)
    .where("version", "=", tape.version)
    .where((node) =>
      node.or(
        places.map(({ level, position: at }) =>
          node.and([node("level", "=", level), node("position", "=", at)]),
        ),
      ),
    )
    .orderBy("level")
    .execute();
}
