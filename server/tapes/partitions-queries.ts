/**
 * A tape version's own table below loan_months: made and filled where nobody sees it, attached when the
 * tape is accepted, gone with the transaction when it is not.
 */
import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import type { Kysely, RawBuilder } from "kysely";
import type { Database } from "../db/tables.ts";

/** One tape version among the stored ones. */
export interface TapeVersion {
  dealKey: number;
  period: number;
  version: number;
}

/** The table that loan_months_<deal>_<period>_<version> is. */
export function versionTable({ dealKey, period, version }: TapeVersion): string {
  return `${periodTable(dealKey, period)}_${version}`;
}

const dealTable = (dealKey: number): string => `loan_months_${dealKey}`;
const periodTable = (dealKey: number, period: number): string => `${dealTable(dealKey)}_${period}`;

/**
 * Makes the table of an upload. Deal, period and version are constants of it: not among its COPY's
 * columns, and checked, so that attaching it reads no row. Its name is nobody else's until it is attached:
 * another upload of the same period does not wait for it.
 */
export async function createVersionTable(
  trx: Kysely<Database>,
  tape: TapeVersion,
): Promise<string> {
  const name = `${periodTable(tape.dealKey, tape.period)}_u${randomBytes(8).toString("hex")}`;
  await sql`create table ${sql.table(name)} (like loan_months)`.execute(trx);
  await setConstants(trx, name, tape);
  return name;
}

const CONSTANTS = "tape_version";

async function setConstants(
  trx: Kysely<Database>,
  name: string,
  { dealKey, period, version }: TapeVersion,
): Promise<void> {
  const [deal, month, number] = [sql.lit(dealKey), sql.lit(period), sql.lit(version)];
  await sql`
    alter table ${sql.table(name)}
      alter column deal_key set default ${deal},
      alter column period set default ${month},
      alter column version set default ${number},
      add constraint ${sql.ref(CONSTANTS)}
        check (deal_key = ${deal} and period = ${month} and version = ${number})
  `.execute(trx);
}

/** Another upload took the version meanwhile: the rows get another one. Rare, so it may read them all. */
export async function changeVersion(
  trx: Kysely<Database>,
  name: string,
  tape: TapeVersion,
): Promise<void> {
  await sql`alter table ${sql.table(name)} drop constraint ${sql.ref(CONSTANTS)}`.execute(trx);
  await sql`update ${sql.table(name)} set version = ${sql.lit(tape.version)}`.execute(trx);
  await setConstants(trx, name, tape);
}

/**
 * A proof reads rows by their position. Made before the rows come: they come in its order, and
 * PostgreSQL has the time while the file is read.
 */
export async function indexPositions(trx: Kysely<Database>, name: string): Promise<void> {
  await sql`create unique index on ${sql.table(name)} (deal_key, position)`.execute(trx);
}

/**
 * Lets everybody see a filled table as a version of its tape. The deal's and the period's own partitions
 * are made when they are not there. Readers go on; another upload waits until this transaction ends,
 * which should be at once.
 */
export async function attachVersionTable(
  trx: Kysely<Database>,
  name: string,
  tape: TapeVersion,
): Promise<void> {
  const deal = dealTable(tape.dealKey);
  const period = periodTable(tape.dealKey, tape.period);
  const own = versionTable(tape);
  await createParent(trx, deal, {
    of: "loan_months",
    value: tape.dealKey,
    by: sql`list (period)`,
  });
  await createParent(trx, period, { of: deal, value: tape.period, by: sql`list (version)` });
  await sql`alter table ${sql.table(name)} rename to ${sql.table(own)}`.execute(trx);
  await attach(trx, own, { of: period, value: tape.version });
}

export async function dropTable(trx: Kysely<Database>, name: string): Promise<void> {
  await sql`drop table ${sql.table(name)}`.execute(trx);
}

/** Takes a version's rows and tree nodes away. */
export async function dropTapeVersion(trx: Kysely<Database>, tape: TapeVersion): Promise<void> {
  const { dealKey, period, version } = tape;
  await dropTable(trx, versionTable(tape));
  await trx
    .deleteFrom("tape_tree_nodes")
    .where("deal_key", "=", dealKey)
    .where("period", "=", period)
    .where("version", "=", version)
    .execute();
}

interface Place {
  of: string;
  value: number;
}

/** Attaching locks the table above against other attachers: so the first one makes the parent. */
async function createParent(
  trx: Kysely<Database>,
  name: string,
  { of, value, by }: Place & { by: RawBuilder<unknown> },
): Promise<void> {
  if (await tableExists(trx, name)) return;
  await sql`lock table ${sql.table(of)} in share update exclusive mode`.execute(trx);
  if (await tableExists(trx, name)) return;
  await sql`create table ${sql.table(name)} (like ${sql.table(of)}) partition by ${by}`.execute(
    trx,
  );
  await attach(trx, name, { of, value });
}

async function attach(trx: Kysely<Database>, name: string, { of, value }: Place): Promise<void> {
  await sql`
    alter table ${sql.table(of)} attach partition ${sql.table(name)} for values in (${sql.lit(value)})
  `.execute(trx);
}

async function tableExists(trx: Kysely<Database>, name: string): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select to_regclass(quote_ident(${name})) is not null as found
  `.execute(trx);
  return rows[0]?.found ?? false;
}
