/** Two versions of a period's tape beside each other, asked of PostgreSQL. */
import { sql } from "kysely";
import type { Kysely, RawBuilder } from "kysely";
import { readInBatches } from "../db/read-in-batches.ts";
import type { Database } from "../db/tables.ts";
import { CANONICAL_FIELDS } from "./canonical-fields.ts";
import type { CanonicalField } from "./canonical-fields.ts";
import { LINE_COLUMNS, LINE_FIELDS } from "./loan-month-columns.ts";
import type { StoredLoanMonth } from "./loans-queries.ts";
import { hasMovedFlows } from "./moved-flows-queries.ts";
import { versionTable } from "./partitions-queries.ts";
import type { TapeVersion } from "./partitions-queries.ts";

export interface ComparedVersions {
  old: TapeVersion;
  current: TapeVersion;
  /** Whether the attributes of both have the same names: else their text says nothing. */
  sameAttributes: boolean;
}

/** A loan in both versions, null where it is not in one. */
export interface LoanPair {
  old: StoredLoanMonth | null;
  current: StoredLoanMonth | null;
}

/** Columns that make a difference: all of the row's text but the line and the key. */
function comparedColumns({ sameAttributes }: ComparedVersions): string[] {
  const left = sameAttributes ? ["line", "loan_id"] : ["line", "loan_id", "attributes"];
  return LINE_COLUMNS.filter((column) => !left.includes(column));
}

function rowOf(side: "o" | "n", columns: readonly string[]): RawBuilder<unknown> {
  return sql`row(${sql.join(columns.map((column) => sql.ref(`${side}.${column}`)))})`;
}

function differingLoans(versions: ComparedVersions): RawBuilder<unknown> {
  const columns = comparedColumns(versions);
  return sql`
    ${sql.table(versionTable(versions.old))} as o
      full join ${sql.table(versionTable(versions.current))} as n on n.loan_id = o.loan_id
    where (o.loan_id is null or n.loan_id is null
      or ${rowOf("o", columns)} is distinct from ${rowOf("n", columns)})
  `;
}

const STORED_COLUMNS = ["deal_key", "period", "version", "position", ...LINE_COLUMNS];

function pairQuery(
  versions: ComparedVersions,
  page: { after: string; limit: number | null },
): RawBuilder<Record<string, unknown>> {
  const side = (name: "o" | "n") =>
    sql.join(
      STORED_COLUMNS.map(
        (column) => sql`${sql.ref(`${name}.${column}`)} as ${sql.ref(`${name}_${column}`)}`,
      ),
    );
  return sql`
    select ${side("o")}, ${side("n")}
    from ${differingLoans(versions)} and coalesce(n.loan_id, o.loan_id) > ${page.after}
    order by coalesce(n.loan_id, o.loan_id)
    ${page.limit === null ? sql`` : sql`limit ${page.limit}`}
  `;
}

function toPair(row: Record<string, unknown>): LoanPair {
  const side = (name: "o" | "n"): StoredLoanMonth | null =>
    row[`${name}_loan_id`] === null
      ? null
      : (Object.fromEntries(
          STORED_COLUMNS.map((column) => [column, row[`${name}_${column}`]]),
        ) as unknown as StoredLoanMonth);
  return { old: side("o"), current: side("n") };
}

/** Loans that differ, by their id, after the given one. */
export async function listDifferingLoans(
  db: Kysely<Database>,
  versions: ComparedVersions,
  page: { after: string; limit: number },
): Promise<LoanPair[]> {
  const { rows } = await pairQuery(versions, page).execute(db);
  return rows.map(toPair);
}

/** Plans what follows in the transaction for all of its rows: two tapes are joined in memory. */
export async function readWhole(trx: Kysely<Database>): Promise<void> {
  await sql`set local work_mem = '128MB'`.execute(trx);
  await sql`set local cursor_tuple_fraction = 1`.execute(trx);
}

/** All of them, a batch at a time: inside a transaction only. */
export async function* readDifferingLoans(
  trx: Kysely<Database>,
  versions: ComparedVersions,
): AsyncGenerator<LoanPair[]> {
  const query = pairQuery(versions, { after: "", limit: null });
  for await (const rows of readInBatches(trx, query, 1000)) yield rows.map(toPair);
}

export interface DifferenceCounts {
  changed: number;
  added: number;
  gone: number;
}

export async function countDifferingLoans(
  db: Kysely<Database>,
  versions: ComparedVersions,
): Promise<DifferenceCounts> {
  const { rows } = await sql<DifferenceCounts>`
    select (count(*) filter (where o.loan_id is not null and n.loan_id is not null))::integer as changed,
      (count(*) filter (where o.loan_id is null))::integer as added,
      (count(*) filter (where n.loan_id is null))::integer as gone
    from ${differingLoans(versions)}
  `.execute(db);
  return rows[0] ?? { changed: 0, added: 0, gone: 0 };
}

const MONEY_COLUMNS = LINE_FIELDS.flatMap(([column, , field]) =>
  field !== null && CANONICAL_FIELDS[field] === "money" ? [{ column, field }] : [],
);

export interface VersionSums {
  rows: number;
  /** Loans with a closing balance above zero. */
  loans: number;
  /** In cents; null where no loan of the tape has the field. */
  sums: { field: CanonicalField; cents: bigint | null }[];
}

export async function sumVersion(db: Kysely<Database>, version: TapeVersion): Promise<VersionSums> {
  const sums = MONEY_COLUMNS.map(
    ({ column, field }) => sql`sum(${sql.ref(column)})::text as ${sql.ref(field)}`,
  );
  const { rows } = await sql<Record<string, string | number | null>>`
    select count(*)::integer as rows,
      (count(*) filter (where ending_balance_cents > 0))::integer as loans, ${sql.join(sums)}
    from ${sql.table(versionTable(version))}
  `.execute(db);
  const row = rows[0] ?? {};
  return {
    rows: Number(row["rows"]),
    loans: Number(row["loans"]),
    sums: MONEY_COLUMNS.map(({ field }) => {
      const cents = row[field];
      return { field, cents: typeof cents === "string" ? BigInt(cents) : null };
    }),
  };
}

/**
 * Loans of a tape that do not begin where the tape before ended, or are missing from it with a balance, or
 * whose amounts since origination were counted from another tape.
 */
export async function countBrokenLoans(
  db: Kysely<Database>,
  before: TapeVersion,
  after: TapeVersion,
): Promise<number> {
  const { rows } = await sql<{ broken: number }>`
    select count(*)::integer as broken
    from ${sql.table(versionTable(after))} as c
      full join ${sql.table(versionTable(before))} as p on p.loan_id = c.loan_id
    where c.beginning_balance_cents <> coalesce(p.ending_balance_cents, 0)
      or (c.loan_id is null and p.ending_balance_cents > 0) or ${hasMovedFlows()}
  `.execute(db);
  return rows[0]?.broken ?? 0;
}
