/** Loan months made inside PostgreSQL, stored as an upload stores them: a table for each tape version. */
import { sql } from "kysely";
import type { Kysely } from "kysely";
import type { Database } from "../../server/db/tables.ts";
import * as partitions from "../../server/tapes/partitions-queries.ts";
import type { TapeVersion } from "../../server/tapes/partitions-queries.ts";

/** The attribute names of a made month: with the 33 columns about as much as a real tape has. */
export const MADE_ATTRIBUTES = ["Originator", "Vehicle", "Model year", "Payment", "Employer"];

/** The id of the loan in row `position`: the order of the file is not that of the ids. */
export function madeLoanId(position: number): string {
  return `LN-${String((BigInt(position + 1) * 48_271n) % 2_147_483_647n).padStart(10, "0")}`;
}

/**
 * Makes one month of `loans` loans that amortise over 72 months, and attaches it. Every sixteenth loan is
 * late, every 97th has ended.
 * @returns name of its table
 */
export async function makeMonth(
  trx: Kysely<Database>,
  tape: TapeVersion,
  loans: number,
): Promise<string> {
  const table = await partitions.createVersionTable(trx, tape);
  await sql`
    insert into ${sql.table(table)} (
      position, line, loan_id, original_balance_cents, beginning_balance_cents,
      ending_balance_cents, scheduled_principal_cents, principal_cents, interest_cents, fees_cents,
      other_adjustment_cents, charge_off_cents, recovery_cents, liquidation_proceeds_cents,
      interest_rate_wad, original_term_months, remaining_term_months, days_past_due, credit_score,
      origination_month, maturity_month, repossessed, modified, delinquency_bucket, status,
      termination_code, region, attributes
    )
    select position, position + 2,
      'LN-' || lpad(((position + 1)::bigint * 48271 % 2147483647)::text, 10, '0'),
      original, original - step * ${sql.lit(tape.period)},
      case when ended then 0 else original - step * (${sql.lit(tape.period)} + 1) end,
      step, step, original / 1200, 0, 0, 0, 0, 0, 124500000000000000, 72,
      72 - ${sql.lit(tape.period)}, late * 30, 550 + position % 300, 24180 + position % 24,
      24252 + position % 24, false, false,
      (enum_range(null::delinquency_bucket))[1 + late],
      case when ended then 'prepaid or matured' when late > 0 then 'delinquent' else 'current' end
        ::loan_status,
      case when ended then '1' end, (array['CA', 'TX', 'FL', 'NY', 'OH', 'GA'])[1 + position % 6],
      concat_ws(E'\\x1f', 'Originator ' || position % 40, 'Make ' || position % 25 || ' sedan',
        2010 + position % 15, step + original / 1200, 'Employer number ' || position % 5000)
    from (
      select position::integer, 500000 + position::bigint * 7919 % 4500000 as original,
        (500000 + position::bigint * 7919 % 4500000) / 73 as step,
        case when position % 16 = 7 then position / 16 % 6 else 0 end as late,
        position % 97 = 13 as ended
      from generate_series(0, ${sql.lit(loans - 1)}) as position
    ) as loans
    order by position
  `.execute(trx);
  await sql`create unique index on ${sql.table(table)} (deal_key, loan_id)`.execute(trx);
  await partitions.indexPositions(trx, table);
  await partitions.attachVersionTable(trx, table, tape);
  return table;
}
