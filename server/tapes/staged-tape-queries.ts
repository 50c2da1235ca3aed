/** The rows of an upload before they are accepted: a temporary table that ends with the transaction. */
import { sql } from "kysely";
import type { Kysely, RawBuilder } from "kysely";
import type pg from "pg";
import type { Database } from "../db/tables.ts";
import { copyRows } from "../db/copy-rows.ts";
import { LOAN_MONTH_COLUMNS, loanMonthValues } from "./loan-month-columns.ts";
import type { LoanMonthRow } from "./loan-month-columns.ts";
import type { LoanMonth } from "./loan-month.ts";
import { readInBatches } from "../db/read-in-batches.ts";
import type { LoanPair } from "./validate-month-chain.ts";

const COLUMN_LIST = sql.join(LOAN_MONTH_COLUMNS.map((column) => sql.ref(column)));

/** One tape version among the stored ones. */
export interface TapeVersion {
  dealId: string;
  period: number;
  version: number;
}

export async function createStagedTape(trx: Kysely<Database>): Promise<void> {
  await sql`
    create temporary table staged_loans on commit drop
    as select ${COLUMN_LIST} from loan_months with no data
  `.execute(trx);
}

export async function stageLoans(
  client: pg.PoolClient,
  loans: readonly LoanMonth[],
): Promise<void> {
  const table = { name: "staged_loans", columns: LOAN_MONTH_COLUMNS };
  await copyRows(client, table, loans.map(loanMonthValues));
}

/** The staged rows by loan id. */
export function readStagedLoans(trx: Kysely<Database>): AsyncGenerator<LoanMonthRow[]> {
  return readInBatches(
    trx,
    sql<LoanMonthRow>`select ${COLUMN_LIST} from staged_loans order by loan_id collate "C"`,
  );
}

/** The rows of a stored tape in the order of its tree. */
export function readStoredLoans(
  trx: Kysely<Database>,
  tape: TapeVersion,
): AsyncGenerator<LoanMonthRow[]> {
  const { dealId, period, version } = tape;
  return readInBatches(
    trx,
    sql<LoanMonthRow>`
      select ${COLUMN_LIST} from loan_months
      where deal_id = ${dealId} and period = ${period} and version = ${version}
      order by leaf_position
    `,
  );
}

export interface RepeatedLoan {
  loan_id: string;
  line: number;
  first_line: number;
  /** Whether every value but the line is that of the first row. */
  same: boolean;
}

/** Every row whose loan has stood in the tape before. */
export function readRepeatedLoans(trx: Kysely<Database>): AsyncGenerator<RepeatedLoan[]> {
  return readInBatches(
    trx,
    sql<RepeatedLoan>`
      select loan_id, line, first_line, row_text = first_text as same
      from (
        select loan_id, line,
          first_value(line) over first_row as first_line,
          to_jsonb(staged) - 'line' as row_text,
          first_value(to_jsonb(staged) - 'line') over first_row as first_text
        from staged_loans as staged
        where loan_id in (select loan_id from staged_loans group by loan_id having count(*) > 1)
        window first_row as (partition by loan_id order by line)
      ) as repeated
      where line > first_line
      order by line
    `,
  );
}

interface PairRow {
  loan_id: string;
  line: number | null;
  beginning_balance_cents: bigint | null;
  previous_cents: bigint | null;
  zero_balance_code: string | null;
}

/**
 * The loans that do not begin where they ended, and those that the tape leaves out without having
 * ended: all that validateLoanPair can find something in.
 * @param current the staged tape, or a stored version
 */
export async function* readLoanPairs(
  trx: Kysely<Database>,
  previous: TapeVersion,
  current: TapeVersion | "staged",
): AsyncGenerator<LoanPair[]> {
  const query = sql<PairRow>`
    select coalesce(c.loan_id, p.loan_id) as loan_id, c.line, c.beginning_balance_cents,
      p.ending_balance_cents as previous_cents, p.zero_balance_code
    from (${loansOf(current)}) as c full join (${loansOf(previous)}) as p on p.loan_id = c.loan_id
    where (c.loan_id is null and (p.ending_balance_cents > 0 or p.zero_balance_code is null))
      or c.beginning_balance_cents <> coalesce(p.ending_balance_cents, 0)
    order by c.line nulls last, loan_id
  `;
  for await (const rows of readInBatches(trx, query)) yield rows.map(toLoanPair);
}

/** Mean rate weighted by closing balance, 1e18 = 100 %; null when no loan with a balance has one. */
export async function findMeanRate(
  trx: Kysely<Database>,
  tape: TapeVersion | "staged",
): Promise<bigint | null> {
  const { rows } = await sql<{ mean: string | null }>`
    select trunc(
      sum(interest_rate_wad::numeric * ending_balance_cents) / nullif(sum(ending_balance_cents), 0)
    )::text as mean
    from (${loansOf(tape)}) as loans where interest_rate_wad is not null
  `.execute(trx);
  const mean = rows[0]?.mean ?? null;
  return mean === null ? null : BigInt(mean);
}

function loansOf(tape: TapeVersion | "staged"): RawBuilder<unknown> {
  const columns = sql`
    loan_id, line, beginning_balance_cents, ending_balance_cents, zero_balance_code,
    interest_rate_wad
  `;
  if (tape === "staged") return sql`select ${columns} from staged_loans`;
  return sql`
    select ${columns} from loan_months
    where deal_id = ${tape.dealId} and period = ${tape.period} and version = ${tape.version}
  `;
}

function toLoanPair(row: PairRow): LoanPair {
  const { loan_id, line, beginning_balance_cents, previous_cents, zero_balance_code } = row;
  return {
    loanId: loan_id,
    previous:
      previous_cents === null
        ? null
        : { endingBalanceCents: previous_cents, zeroBalanceCode: zero_balance_code },
    current:
      line === null || beginning_balance_cents === null
        ? null
        : { line, beginningBalanceCents: beginning_balance_cents },
  };
}

/** Closing balance and number of loans that have one. */
export async function sumStagedLoans(
  trx: Kysely<Database>,
): Promise<{ closingBalanceCents: bigint; loanCount: number }> {
  const { rows } = await sql<{ cents: string; loans: number }>`
    select coalesce(sum(ending_balance_cents), 0)::text as cents,
      (count(*) filter (where ending_balance_cents > 0))::integer as loans
    from staged_loans
  `.execute(trx);
  const sums = rows[0];
  if (sums === undefined) throw new Error("a sum without a row");
  return { closingBalanceCents: BigInt(sums.cents), loanCount: sums.loans };
}
