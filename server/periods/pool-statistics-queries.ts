/**
 * The sums behind a closed period's statistics, by SQL over two tape versions: one join of the period's
 * rows with those of the period before, and one scan for regions and days past due. Integers only.
 */
import { sql } from "kysely";
import type { Kysely, RawBuilder } from "kysely";
import type { Database } from "../db/tables.ts";
import { formatCents } from "../lib/money.ts";
import { TERMINATED_STATUSES } from "../tapes/canonical-fields.ts";
import type { DelinquencyBucket, LoanStatus } from "../tapes/canonical-fields.ts";
import { hasMovedFlows } from "../tapes/moved-flows-queries.ts";
import type { TapeTerms } from "../tapes/tape-terms.ts";
import { DEFAULT_STATUSES, NO_BALANCE, NOT_IN_POOL } from "./loan-states.ts";
import type { LoanState } from "./loan-states.ts";

/** A stored tape version. */
export interface VersionKey {
  dealKey: number;
  period: number;
  version: number;
}

/** A period's tape and the one that the period before was closed over. */
export interface TapePair {
  previous: VersionKey;
  current: VersionKey;
  /** Last month of the period, year * 12 + month - 1. */
  month: number;
  terms: Pick<TapeTerms, "rollForward">;
}

/** Columns of the flows that a deal's rules name; what a tape does not state is nothing. */
const FLOW_COLUMNS = {
  principal: "principal_cents",
  prepaidPrincipal: "prepaid_principal_cents",
  interest: "interest_cents",
  fees: "fees_cents",
  otherAdjustment: "other_adjustment_cents",
  chargeOff: "charge_off_cents",
  recovery: "recovery_cents",
  liquidationProceeds: "liquidation_proceeds_cents",
  repurchase: "repurchase_cents",
} as const;
type FlowName = keyof typeof FLOW_COLUMNS;

const FLOW_NAMES = Object.keys(FLOW_COLUMNS) as FlowName[];

/** Means weighted by closing balance: the value of a row, null where the tape does not say. */
const MEANS = {
  rate: () => sql`interest_rate_wad`,
  remainingTerm: () => sql`remaining_term_months`,
  originalTerm: () => sql`original_term_months`,
  age: (month: number) => sql`${sql.lit(month)} - origination_month`,
  creditScore: () => sql`credit_score`,
  loanToValue: () => sql`
    case when original_balance_cents > 0 and collateral_value_cents > 0
      then div(original_balance_cents::numeric * 1000000000000000000, collateral_value_cents) end
  `,
} as const;
export type MeanName = keyof typeof MEANS;
export const MEAN_NAMES = Object.keys(MEANS) as MeanName[];

const list = (words: readonly string[]) => sql.join(words.map((word) => sql.lit(word)));

const PREPAID = sql`
  case when prepaid_principal_cents is not null then prepaid_principal_cents
    when status = 'prepaid or matured' then principal_cents
    -- A schedule of 0 on an old or simple-interest loan says nothing of the split.
    when scheduled_principal_cents > 0 and principal_cents > scheduled_principal_cents
      then principal_cents - scheduled_principal_cents
    else 0 end
`;
/** Has come to one of these statuses with a balance at the opening. */
const cameTo = (statuses: readonly LoanStatus[]) => sql`
  opening > 0 and status in (${list(statuses)})
    and coalesce(status_before not in (${list(statuses)}), true)
`;
const DEFAULTED = cameTo(["defaulted", "charged off", "liquidated"]);
const LIQUIDATED = cameTo(["charged off", "liquidated"]);
const ADDED = sql`opening = 0 and closing > 0`;

/** What the rows of a cell are added up to, beside flows and means. */
const AMOUNTS = {
  rows: sql`count(loan_id)`,
  loans: sql`count(*) filter (where closing > 0)`,
  loansBefore: sql`count(*) filter (where before > 0)`,
  before: sql`sum(before)`,
  opening: sql`sum(opening)`,
  closing: sql`sum(closing)`,
  live: sql`sum(live)`,
  scheduledPrincipal: sql`sum(scheduled_principal_cents)`,
  prepaid: sql`sum(${PREPAID})`,
  paidInFull: sql`sum(${PREPAID}) filter (where status = 'prepaid or matured')`,
  servicerAdvances: sql`sum(servicer_advance_cents)`,
  defaultedLoans: sql`count(*) filter (where ${DEFAULTED})`,
  defaultedBalance: sql`sum(opening) filter (where ${DEFAULTED})`,
  liquidatedBalance: sql`sum(opening) filter (where ${LIQUIDATED})`,
  liquidatedProceeds: sql`
    sum(coalesce(recovery_cents, 0) + coalesce(liquidation_proceeds_cents, 0))
      filter (where ${LIQUIDATED})
  `,
  loansAtOpening: sql`count(*) filter (where opening > 0)`,
  loansAdded: sql`count(*) filter (where ${ADDED})`,
  originalAtOpening: sql`sum(original_balance_cents) filter (where opening > 0)`,
  originalAdded: sql`sum(original_balance_cents) filter (where ${ADDED})`,
  chargedOffLoans: sql`count(*) filter (where charge_off_cents > 0 and status = 'charged off')`,
  repossessedLoans: sql`count(*) filter (where closing > 0 and status = 'repossessed')`,
  faults: sql`count(*) filter (where fault)`,
} as const;

type SumName =
  | keyof typeof AMOUNTS
  | FlowName
  | "additions"
  | "prepaidLoans"
  | `${MeanName}Product`
  | `${MeanName}Weight`;
export type PoolSums = Record<SumName, bigint>;

/** Loans of one origination quarter that stood in one state at the opening and in another at the close. */
export interface PoolCell extends PoolSums {
  stateBefore: LoanState;
  stateAfter: LoanState;
  /** year * 4 + quarter - 1; null for loans that do not say. */
  quarter: number | null;
}

function sumsOf({ terms, month }: TapePair): [SumName, RawBuilder<unknown>][] {
  const flows = FLOW_NAMES.map(
    (name) => [name, sql`sum(${sql.ref(FLOW_COLUMNS[name])})`] as [SumName, RawBuilder<unknown>],
  );
  const means = MEAN_NAMES.flatMap((name): [SumName, RawBuilder<unknown>][] => {
    const value = MEANS[name](month);
    return [
      [`${name}Product`, sql`sum(live::numeric * (${value}))`],
      [`${name}Weight`, sql`sum(live) filter (where (${value}) is not null)`],
    ];
  });
  const amount = (name: FlowName) => sql`coalesce(${sql.ref(FLOW_COLUMNS[name])}, 0)`;
  const { subtract, add } = terms.rollForward;
  // What the balance was before the period's flows went off it.
  const entered = [
    sql`closing`,
    ...subtract.map((name) => sql`+ ${amount(name)}`),
    ...add.map((name) => sql`- ${amount(name)}`),
  ];
  const notYetDue = sql`(maturity_month is null or maturity_month > ${sql.lit(month)})`;
  return [
    ...(Object.entries(AMOUNTS) as [SumName, RawBuilder<unknown>][]),
    ...flows,
    ...means,
    ["additions", sql`sum(${sql.join(entered, sql` `)}) filter (where ${ADDED})`],
    [
      "prepaidLoans",
      sql`count(*) filter (where opening > 0 and closing = 0
        and status = 'prepaid or matured' and ${notYetDue})`,
    ],
  ];
}

const rowsOf = ({ dealKey, period, version }: VersionKey) => sql`
  (select * from loan_months where deal_key = ${sql.lit(dealKey)} and period = ${sql.lit(period)}
    and version = ${sql.lit(version)})
`;

/** The rows of both tapes, loan by loan; where one has no opening balance it is the last closing one. */
const pairedRows = ({ previous, current }: TapePair) => sql`
  select c.*,
    case when p.ending_balance_cents > 0 then
        case when p.status in (${list(DEFAULT_STATUSES)}) then p.status::text
          else p.delinquency_bucket::text end
      else ${sql.lit(NOT_IN_POOL)} end as state_before,
    case when c.loan_id is null then ${sql.lit(NOT_IN_POOL)}
      when c.ending_balance_cents > 0 then
        case when c.status in (${list(DEFAULT_STATUSES)}) then c.status::text
          else c.delinquency_bucket::text end
      when c.status in (${list(TERMINATED_STATUSES)}) then c.status::text
      else ${sql.lit(NO_BALANCE)} end as state_after,
    p.status as status_before,
    coalesce(c.origination_month, p.origination_month) / 3 as quarter,
    greatest(p.ending_balance_cents, 0) as before,
    coalesce(c.beginning_balance_cents, p.ending_balance_cents, 0) as opening,
    c.ending_balance_cents as closing,
    greatest(c.ending_balance_cents, 0) as live,
    ${FAULT} as fault
  from ${rowsOf(current)} as c full join ${rowsOf(previous)} as p on p.loan_id = c.loan_id
`;

const MOVED = hasMovedFlows();

/**
 * A month that does not begin where the last one ended, a balance that is gone without a row, or flows
 * counted from another tape than the one before.
 */
const FAULT = sql`
  case when c.loan_id is null then p.ending_balance_cents > 0
    else coalesce(c.beginning_balance_cents <> coalesce(p.ending_balance_cents, 0), false)
      or ${MOVED} end
`;

/** Sums of a pool by state before, state after and origination quarter: a few hundred cells. */
export async function readPoolCells(trx: Kysely<Database>, pair: TapePair): Promise<PoolCell[]> {
  const sums = sumsOf(pair);
  const columns = sums.map(([name, sum]) => sql`coalesce(${sum}, 0)::text as ${sql.ref(name)}`);
  const { rows } = await inParallel(trx, () =>
    sql<Record<string, string> & { quarter: number | null }>`
      select state_before, state_after, quarter, ${sql.join(columns)}
      from (${pairedRows(pair)}) as loans
      group by state_before, state_after, quarter
    `.execute(trx),
  );
  return rows.map((row) => ({
    ...(Object.fromEntries(sums.map(([name]) => [name, BigInt(row[name] ?? "0")])) as PoolSums),
    stateBefore: row["state_before"] as LoanState,
    stateAfter: row["state_after"] as LoanState,
    quarter: row.quarter,
  }));
}

/** Loans with a balance that stand in one region, or are as many days past due. */
export interface PoolSpread {
  by: "region" | "days";
  region: string | null;
  daysPastDue: number | null;
  bucket: DelinquencyBucket | null;
  loans: bigint;
  balance: bigint;
  rateProduct: bigint;
  rateWeight: bigint;
}

/** A pool's balances by region and by days past due. */
export async function readPoolSpread(
  trx: Kysely<Database>,
  current: VersionKey,
): Promise<PoolSpread[]> {
  const { rows } = await inParallel(trx, () =>
    sql<Record<string, string> & Pick<PoolSpread, "by" | "region" | "daysPastDue" | "bucket">>`
      select case when grouping(region) = 0 then 'region' else 'days' end as by, region,
        days_past_due as "daysPastDue", delinquency_bucket as bucket,
        count(*)::text as loans, sum(ending_balance_cents)::text as balance,
        coalesce(sum(ending_balance_cents::numeric * interest_rate_wad), 0)::text as "rateProduct",
        coalesce(sum(ending_balance_cents) filter (where interest_rate_wad is not null), 0)::text
          as "rateWeight"
      from ${rowsOf(current)} as loans where ending_balance_cents > 0
      group by grouping sets ((region), (days_past_due, delinquency_bucket))
    `.execute(trx),
  );
  return rows.map(({ by, region, daysPastDue, bucket, ...sums }) => {
    const sum = (name: string) => BigInt(sums[name] ?? "0");
    return {
      ...{ by, region, daysPastDue, bucket },
      ...{ loans: sum("loans"), balance: sum("balance") },
      ...{ rateProduct: sum("rateProduct"), rateWeight: sum("rateWeight") },
    };
  });
}

interface FirstFault {
  loan: string;
  begins: bigint | null;
  ended: bigint | null;
  moved: boolean;
}

/** The first row that breaks the chain of months, in words; only where a cell has counted faults. */
export async function describeFirstFault(trx: Kysely<Database>, pair: TapePair): Promise<string> {
  const { rows } = await sql<FirstFault>`
    select coalesce(c.loan_id, p.loan_id) as loan, c.beginning_balance_cents as begins,
      p.ending_balance_cents as ended, ${MOVED} as moved
    from ${rowsOf(pair.current)} as c full join ${rowsOf(pair.previous)} as p
      on p.loan_id = c.loan_id
    where ${FAULT} order by c.line nulls last, loan limit 1
  `.execute(trx);
  const [fault] = rows;
  if (fault === undefined) throw new Error("a fault was counted that no row has");
  const { loan, begins, ended, moved } = fault;
  if (moved) {
    return `${loan}: its amounts since origination were counted from another tape than the one before; send the file again`;
  }
  if (begins === null) {
    const last = formatCents(ended ?? 0n);
    return `${loan}: found "", expected a row: its last closing balance is ${last}`;
  }
  const expected =
    ended === null
      ? "0.00: the loan is not in the tape before"
      : `${formatCents(ended)}, the closing balance of the tape before`;
  return `${loan}: found "${formatCents(begins)}", expected ${expected}`;
}

/**
 * Runs one large aggregate on two workers beside this one. Groups are few, but the planner cannot know
 * it of computed states: it would sort all rows first, so sorting is made dear until the query is over.
 */
async function inParallel<T>(trx: Kysely<Database>, run: () => Promise<T>): Promise<T> {
  const set = async (values: Record<string, string>): Promise<void> => {
    for (const [name, value] of Object.entries(values)) {
      await sql`select set_config(${name}, ${value}, true)`.execute(trx);
    }
  };
  const { rows } = await sql<{ name: string; setting: string }>`
    select name, setting || case unit when 'kB' then 'kB' else '' end as setting
    from pg_settings where name in (${list(Object.keys(PARALLEL))})
  `.execute(trx);
  await set(PARALLEL);
  const answer = await run();
  await set(Object.fromEntries(rows.map(({ name, setting }) => [name, setting])));
  return answer;
}

const PARALLEL: Readonly<Record<string, string>> = {
  work_mem: "64MB",
  max_parallel_workers_per_gather: "2",
  enable_sort: "off",
  jit: "off",
};
