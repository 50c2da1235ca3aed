/** What only the whole tape shows, asked of PostgreSQL: a loaded tape, and it beside the tape before. */
import { sql } from "kysely";
import type { Kysely, RawBuilder } from "kysely";
import type { Database } from "../db/tables.ts";
import { CUMULATIVE_FIELDS, TERMINATED_STATUSES } from "./canonical-fields.ts";
import { LINE_COLUMNS } from "./loan-month-columns.ts";
import type { TapeSums } from "./copy-tape-rows.ts";
import { LISTED_PROBLEMS } from "./tape-problem.ts";

const UNIQUE_VIOLATION = "23505";

/**
 * Makes the key of a loaded tape.
 * @returns false when a loan stands in it twice
 */
export async function indexLoans(trx: Kysely<Database>, table: string): Promise<boolean> {
  // A million ids are sorted in memory; the setting ends with the transaction.
  await sql`set local maintenance_work_mem = '256MB'`.execute(trx);
  await sql`savepoint loans`.execute(trx);
  try {
    await sql`create unique index on ${sql.table(table)} (deal_key, loan_id)`.execute(trx);
  } catch (error) {
    if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error;
    await sql`rollback to savepoint loans`.execute(trx);
    return false;
  }
  await sql`release savepoint loans`.execute(trx);
  return true;
}

export interface RepeatedLoan {
  loan_id: string;
  position: number;
  line: number;
  first_line: number;
  /** Whether every value but the line is that of the first row. */
  same: boolean;
}

export interface RepeatedLoans {
  /** The first of them by line, up to the number that is listed. */
  listed: RepeatedLoan[];
  copies: number;
  others: number;
}

/** Marks the rows whose loan has stood in the tape before, in a temporary table. */
export async function findRepeatedLoans(
  trx: Kysely<Database>,
  table: string,
): Promise<RepeatedLoans> {
  const values = LINE_COLUMNS.filter((column) => column !== "line").map((column) =>
    sql.ref(column),
  );
  const rowText = sql`row(${sql.join(values)})::text`;
  await sql`
    create temporary table repeated_loans on commit drop as
    select loan_id, position, line, first_line, row_text = first_text as same
    from (
      select loan_id, position, line, ${rowText} as row_text,
        first_value(line) over first_row as first_line,
        first_value(${rowText}) over first_row as first_text,
        row_number() over first_row as ordinal
      from ${sql.table(table)}
      where loan_id in (
        select loan_id from ${sql.table(table)} group by loan_id having count(*) > 1
      )
      window first_row as (partition by loan_id order by position)
    ) as repeated
    where ordinal > 1
  `.execute(trx);
  const listed = await sql<RepeatedLoan>`
    select * from (
      (select * from repeated_loans where same order by position limit ${LISTED_PROBLEMS})
      union all
      (select * from repeated_loans where not same order by position limit ${LISTED_PROBLEMS})
    ) as listed order by position
  `.execute(trx);
  const counts = await sql<{ copies: number; others: number }>`
    select (count(*) filter (where same))::integer as copies,
      (count(*) filter (where not same))::integer as others
    from repeated_loans
  `.execute(trx);
  return { listed: listed.rows, ...(counts.rows[0] ?? { copies: 0, others: 0 }) };
}

export async function sumTape(trx: Kysely<Database>, table: string): Promise<TapeSums> {
  const { rows } = await sql<{ rows: number; loans: number; cents: string }>`
    select count(*)::integer as rows,
      (count(*) filter (where ending_balance_cents > 0))::integer as loans,
      coalesce(sum(ending_balance_cents), 0)::text as cents
    from ${sql.table(table)}
  `.execute(trx);
  const sums = rows[0];
  if (sums === undefined) throw new Error("a sum without a row");
  return { rows: sums.rows, loanCount: sums.loans, balanceCents: BigInt(sums.cents) };
}

/** What can be found in a loan of two tapes. "added" is no problem: it is counted and looked up. */
export const PAIR_FINDINGS = [
  "chain-broken",
  "loan-vanished",
  "vanished-without-code",
  "added",
  "reinstated",
  "status-skipped",
  "terms-changed",
  "cumulative-fell",
] as const;
export type PairFinding = (typeof PAIR_FINDINGS)[number];

/** A loan as the last tape (previous_) and this one have it; null where it is not in that tape. */
export interface FoundPair {
  found: PairFinding;
  /** How many pairs this was found in; at most LISTED_PROBLEMS of them are given, by line. */
  total: number;
  loan_id: string;
  line: number | null;
  beginning_balance_cents: bigint | null;
  ending_balance_cents: bigint | null;
  original_balance_cents: bigint | null;
  origination_month: number | null;
  delinquency_bucket: string | null;
  cumulative_cents: (bigint | null)[] | null;
  previous_ending_cents: bigint | null;
  previous_original_cents: bigint | null;
  previous_origination_month: number | null;
  previous_bucket: string | null;
  previous_status: string | null;
  previous_cumulative_cents: (bigint | null)[] | null;
}

export interface TapePair {
  /** Tables of the two versions. */
  table: string;
  previousTable: string;
  /** Days of the period: no loan can be later by more since the last tape. */
  days: number;
  /** Whether the format states amounts since origination. */
  cumulative: boolean;
}

/** Everything that one pass over both tapes finds between them. */
export async function comparePair(trx: Kysely<Database>, pair: TapePair): Promise<FoundPair[]> {
  // Two tapes of a million loans are joined in memory; the settings end with the transaction.
  await sql`set local work_mem = '128MB'`.execute(trx);
  // Its costs are guessed far too high, and compiling would take longer than the join.
  await sql`set local jit = off`.execute(trx);
  const conditions = PAIR_FINDINGS.map((finding) => conditionOf(finding, pair));
  const bits = conditions.map(
    (condition, bit) => sql`case when ${condition} then ${sql.lit(1 << bit)} else 0 end`,
  );
  const kinds = PAIR_FINDINGS.map((name, bit) => sql`(${sql.lit(name)}, ${sql.lit(1 << bit)})`);
  const { rows } = await sql<FoundPair>`
    with pairs as materialized (
      select coalesce(c.loan_id, p.loan_id) as loan_id, c.line,
        c.beginning_balance_cents, c.ending_balance_cents, c.original_balance_cents,
        c.origination_month, c.delinquency_bucket, c.cumulative_cents,
        p.ending_balance_cents as previous_ending_cents,
        p.original_balance_cents as previous_original_cents,
        p.origination_month as previous_origination_month,
        p.delinquency_bucket as previous_bucket, p.status as previous_status,
        p.cumulative_cents as previous_cumulative_cents,
        ${sql.join(bits, sql` | `)} as bits
      from ${sql.table(pair.table)} as c
        full join ${sql.table(pair.previousTable)} as p on p.loan_id = c.loan_id
      where ${sql.join(conditions, sql` or `)}
    )
    select kind.found, listed.*
    from (values ${sql.join(kinds)}) as kind (found, bit)
      cross join lateral (
        select pairs.*, (count(*) over ())::integer as total
        from pairs where pairs.bits & kind.bit <> 0
        order by line nulls last, loan_id limit ${sql.lit(LISTED_PROBLEMS)}
      ) as listed
  `.execute(trx);
  return rows;
}

const TERMINATED = sql.join(TERMINATED_STATUSES.map((status) => sql.lit(status)));

/** The bucket after the next one: what a loan cannot reach in a month. */
const SKIPPED = sql`case p.delinquency_bucket
  when 'current' then c.delinquency_bucket > '1-29'
  when '1-29' then c.delinquency_bucket > '30-59'
  when '30-59' then c.delinquency_bucket > '60-89'
  when '60-89' then c.delinquency_bucket > '90-119'
  else false end`;

function conditionOf(finding: PairFinding, { days, cumulative }: TapePair): RawBuilder<unknown> {
  switch (finding) {
    case "chain-broken":
      return sql`(c.beginning_balance_cents <> coalesce(p.ending_balance_cents, 0))`;
    case "loan-vanished":
      return sql`(c.line is null and p.ending_balance_cents > 0)`;
    case "vanished-without-code":
      return sql`(c.line is null and p.ending_balance_cents <= 0 and p.termination_code is null
        and p.status not in (${TERMINATED}))`;
    case "added":
      return sql`(p.line is null)`;
    case "reinstated":
      return sql`(p.status in (${TERMINATED}) and c.ending_balance_cents > 0)`;
    case "status-skipped":
      return sql`(c.delinquency_bucket > p.delinquency_bucket and ${SKIPPED}
        and coalesce(c.days_past_due - greatest(p.days_past_due, 0) > ${sql.lit(days)}, true)
        and c.ending_balance_cents > 0)`;
    case "terms-changed":
      return sql`(c.original_balance_cents <> p.original_balance_cents
        or c.origination_month <> p.origination_month)`;
    case "cumulative-fell":
      return cumulative ? cumulativeFell() : sql`false`;
  }
}

/** The items are compared one by one: unnesting them would cost a subquery a row. */
function cumulativeFell(): RawBuilder<unknown> {
  const items = CUMULATIVE_FIELDS.map((_, item) => {
    const place = sql.lit(item + 1);
    return sql`c.cumulative_cents[${place}] < p.cumulative_cents[${place}]`;
  });
  return sql`(${sql.join(items, sql` or `)})`;
}

/** How a loan last stood before the tape before. */
export interface EarlierLoan {
  loan_id: string;
  period: number;
  status: string;
  ending_balance_cents: bigint;
}

/** Of these loans, those that stood in a tape before `before`, each as it last did; what is only proposed does not count. */
export async function listEarlierLoans(
  trx: Kysely<Database>,
  loans: readonly string[],
  { dealKey, before }: { dealKey: number; before: number },
): Promise<EarlierLoan[]> {
  if (loans.length === 0 || before <= 0) return [];
  return await trx
    .selectFrom("loan_months")
    .distinctOn("loan_id")
    .select(["loan_id", "period", "status", "ending_balance_cents"])
    .where("deal_key", "=", dealKey)
    .where("period", "<", before)
    .where(sql<boolean>`loan_id = any(${loans})`)
    .where(({ exists, not, selectFrom }) =>
      not(
        exists(
          selectFrom("tapes as proposed")
            .innerJoin("deals as deal", "deal.id", "proposed.deal_id")
            .leftJoin("tape_acceptances as acceptance", "acceptance.tape_id", "proposed.id")
            .select("proposed.id")
            .whereRef("deal.key", "=", "loan_months.deal_key")
            .whereRef("proposed.period", "=", "loan_months.period")
            .whereRef("proposed.version", "=", "loan_months.version")
            .where("acceptance.tape_id", "is", null),
        ),
      ),
    )
    .orderBy("loan_id")
    .orderBy("period", "desc")
    .orderBy("version", "desc")
    .execute();
}
