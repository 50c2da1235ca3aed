/**
 * The second pass over a loaded tape, rarely needed: copies of rows are left out, and what a format does
 * not state of the month is the difference to the tape before. The final table is made by SQL from the
 * loaded one, with positions of its own.
 */
import { sql } from "kysely";
import type { Kysely, RawBuilder } from "kysely";
import type { Database } from "../db/tables.ts";
import { CUMULATIVE_FIELDS, TERMINATED_STATUSES } from "./canonical-fields.ts";
import type { CumulativeField } from "./canonical-fields.ts";
import { LINE_FIELDS } from "./loan-month-columns.ts";
import { createVersionTable, dropTable, indexPositions } from "./partitions-queries.ts";
import type { TapeVersion } from "./partitions-queries.ts";

export interface Rewriting {
  table: string;
  /** The version that the rows have in `table`. */
  version: TapeVersion;
  /** Whether repeated_loans (tape-checks-queries.ts) marks copies to leave out. */
  copies: boolean;
  /** Table of the tape before; null when nothing is differenced. */
  previousTable: string | null;
  /** Fields that the format states since origination. */
  cumulative: readonly CumulativeField[];
  /** Whether no row states what was there before: the opening balance is the last closing one. */
  differenced: boolean;
}

/** Makes the final table; the loaded one is gone then. @returns its name */
export async function rewriteTape(trx: Kysely<Database>, rewriting: Rewriting): Promise<string> {
  const { table, version, copies, previousTable } = rewriting;
  const final = await createVersionTable(trx, version);
  const columns = LINE_FIELDS.map(([column, , field]) => ({
    column: sql.ref(column),
    value: (previousTable === null ? null : valueOf(field, rewriting)) ?? sql.ref(`c.${column}`),
  }));
  const before =
    previousTable === null
      ? sql``
      : sql`left join ${sql.table(previousTable)} as p on p.loan_id = c.loan_id`;
  const kept = copies
    ? sql`where c.position not in (select position from repeated_loans where same)`
    : sql``;
  await sql`
    insert into ${sql.table(final)} (position, ${sql.join(columns.map(({ column }) => column))})
    select (row_number() over (order by c.position) - 1)::integer,
      ${sql.join(columns.map(({ value }) => value))}
    from ${sql.table(table)} as c ${before} ${kept}
    order by c.position
  `.execute(trx);
  await indexPositions(trx, final);
  await dropTable(trx, table);
  return final;
}

const TERMINATED = sql.join(TERMINATED_STATUSES.map((status) => sql.lit(status)));

/** A format masks balances of young loans as 0: no end of the loan, and no balance to count from. */
const isKnown = (tape: "c" | "p"): RawBuilder<unknown> => {
  const [balance, status] = [sql.ref(`${tape}.ending_balance_cents`), sql.ref(`${tape}.status`)];
  return sql`(${balance} > 0 or ${status} in (${TERMINATED}))`;
};

const OPENING = sql`case when ${isKnown("p")} then p.ending_balance_cents end`;

/** What a column is computed from; null: it stays as it was loaded. */
function valueOf(
  field: string | null,
  { cumulative, differenced }: Rewriting,
): RawBuilder<unknown> | null {
  const flow = cumulative.find((name) => name === field);
  if (flow !== undefined) return flowOf(flow);
  if (!differenced) return null;
  if (field === "beginningBalance") return sql`coalesce(c.beginning_balance_cents, ${OPENING})`;
  if (field !== "principal") return null;
  const chargeOff = cumulative.includes("chargeOff")
    ? flowOf("chargeOff")
    : sql.ref("c.charge_off_cents");
  return sql`coalesce(c.principal_cents, case when ${isKnown("c")} then
    ${OPENING} - c.ending_balance_cents - coalesce(${chargeOff}, 0) end)`;
}

/** This tape's amount since origination less the last one's: unknown in a loan's first tape. */
function flowOf(field: CumulativeField): RawBuilder<unknown> {
  const item = sql.lit(CUMULATIVE_FIELDS.indexOf(field) + 1);
  return sql`c.cumulative_cents[${item}] - p.cumulative_cents[${item}]`;
}
