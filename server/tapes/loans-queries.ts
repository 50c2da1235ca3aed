import { sql } from "kysely";
import type { Kysely, Selectable } from "kysely";
import { readInBatches } from "../db/read-in-batches.ts";
import type { Database, LoanMonthsTable } from "../db/tables.ts";
import type { TapeVersion } from "./partitions-queries.ts";

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

/** The rows of a tape by their position: inside a transaction only. */
export function readTapeRows(
  trx: Kysely<Database>,
  { dealKey, period, version }: TapeVersion,
): AsyncGenerator<StoredLoanMonth[]> {
  return readInBatches(
    trx,
    sql<StoredLoanMonth>`
      select * from loan_months
      where deal_key = ${dealKey} and period = ${period} and version = ${version}
      order by position
    `,
  );
}
