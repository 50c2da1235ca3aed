import type { Kysely, Selectable } from "kysely";
import type { Database, LoanMonthsTable } from "../db/tables.ts";

export type StoredLoanMonth = Selectable<LoanMonthsTable>;

/** Every month of a loan, in every version. */
export async function listLoanMonths(
  db: Kysely<Database>,
  loan: { dealKey: number; loanId: string },
): Promise<StoredLoanMonth[]> {
  return await db
    .selectFrom("loan_months")
    .selectAll()
    .where("deal_key", "=", loan.dealKey)
    .where("loan_id", "=", loan.loanId)
    .orderBy("period")
    .orderBy("version")
    .execute();
}
