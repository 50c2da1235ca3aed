/** The partitions of a deal and of a period in loan_months and tape_tree_nodes, made when first needed. */
import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { Kysely } from "kysely";
import type { Database } from "../db/tables.ts";

const PARTITIONED = ["loan_months", "tape_tree_nodes"] as const;

/**
 * Makes sure that both tables have a partition for this period of this deal. A partition is made beside
 * the table and then attached, which lets others go on reading; one process at a time does it.
 */
export async function createPartitions(
  trx: Kysely<Database>,
  dealId: string,
  period: number,
): Promise<void> {
  const deal = createHash("sha256").update(dealId).digest("hex").slice(0, 16);
  for (const table of PARTITIONED) {
    const dealTable = `${table}_${deal}`;
    const periodTable = `${dealTable}_${period}`;
    if (await tableExists(trx, periodTable)) continue;
    await sql`select pg_advisory_xact_lock(hashtextextended(${`partitions ${table}`}, 0))`.execute(
      trx,
    );
    if (!(await tableExists(trx, dealTable))) {
      const parts = { table: dealTable, of: table, values: sql.lit(dealId) };
      await attach(trx, { ...parts, partitionBy: sql`partition by list (period)` });
    }
    if (!(await tableExists(trx, periodTable))) {
      const parts = { table: periodTable, of: dealTable, values: sql.lit(period) };
      await attach(trx, { ...parts, partitionBy: sql`` });
    }
  }
}

async function tableExists(trx: Kysely<Database>, table: string): Promise<boolean> {
  const result = await sql<{ found: boolean }>`
    select to_regclass(quote_ident(${table})) is not null as found
  `.execute(trx);
  return result.rows[0]?.found ?? false;
}

interface Partition {
  table: string;
  of: string;
  values: ReturnType<typeof sql.lit>;
  partitionBy: ReturnType<typeof sql>;
}

async function attach(trx: Kysely<Database>, partition: Partition): Promise<void> {
  const table = sql.table(partition.table);
  const parent = sql.table(partition.of);
  await sql`
    create table ${table} (like ${parent} including defaults including constraints)
    ${partition.partitionBy}
  `.execute(trx);
  await sql`
    alter table ${parent} attach partition ${table} for values in (${partition.values})
  `.execute(trx);
}
