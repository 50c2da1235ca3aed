/** What a tape's tree is made from, and what a proof reads of it: a block's rows, a dozen nodes. */
import type { Kysely, Selectable } from "kysely";
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { poolOf } from "../db/connect-database.ts";
import type { Database } from "../db/tables.ts";
import type { SiblingPlace } from "../lib/tape-tree-shape.ts";
import { DELINQUENCY_BUCKETS } from "./canonical-fields.ts";
import { LINE_COLUMNS } from "./loan-month-columns.ts";
import type { TapeVersion } from "./partitions-queries.ts";

/** Place of a loan's row in the tape; undefined when the tape has no such loan. */
export async function findLoanPosition(
  db: Kysely<Database>,
  { dealKey, period, version }: TapeVersion,
  loanId: string,
): Promise<number | undefined> {
  const row = await db
    .selectFrom("loan_months")
    .select("position")
    .where("deal_key", "=", dealKey)
    .where("period", "=", period)
    .where("version", "=", version)
    .where("loan_id", "=", loanId)
    .executeTakeFirst();
  return row?.position;
}

/** The lines of the rows from position `first` on, as their leaves were hashed, without line ends. */
export async function listLines(
  db: Kysely<Database>,
  { dealKey, period, version }: TapeVersion,
  { first, rows }: { first: number; rows: number },
): Promise<Buffer[]> {
  const select = `
    select ${LINE_COLUMNS.join(", ")} from loan_months
    where deal_key = ${dealKey} and period = ${period} and version = ${version}
      and position >= ${first} and position < ${first + rows}
    order by position`;
  const client = await poolOf(db).connect();
  let broken = true;
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of client.query(copyTo(`copy (${select}) to stdout`))) {
      chunks.push(chunk as Buffer);
    }
    broken = false;
    return splitLines(Buffer.concat(chunks));
  } finally {
    client.release(broken);
  }
}

function splitLines(text: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < text.length;) {
    const end = text.indexOf("\n", at);
    lines.push(text.subarray(at, end));
    at = end + 1;
  }
  return lines;
}

/**
 * Every row of a tape's table in its order, as text: the ending balance, the place of its bucket (one digit)
 * and the line, tabs between them.
 */
export function streamLeaves(client: pg.PoolClient, table: string): AsyncIterable<Buffer> {
  const buckets = DELINQUENCY_BUCKETS.map((name, place) => `when '${name}' then ${place}`).join(
    " ",
  );
  const rows = `
    select ending_balance_cents, case delinquency_bucket ${buckets} end, ${LINE_COLUMNS.join(", ")}
    from ${table} order by position
  `;
  return client.query(copyTo(`copy (${rows}) to stdout`));
}

/** The nodes at these places, in their order. */
export async function listSiblings(
  db: Kysely<Database>,
  { dealKey, period, version }: TapeVersion,
  places: readonly SiblingPlace[],
): Promise<Selectable<Database["tape_tree_nodes"]>[]> {
  if (places.length === 0) return [];
  return await db
    .selectFrom("tape_tree_nodes")
    .selectAll()
    .where("deal_key", "=", dealKey)
    .where("period", "=", period)
    .where("version", "=", version)
    .where((node) =>
      node.or(
        places.map(({ level, position }) =>
          node.and([node("level", "=", level), node("position", "=", position)]),
        ),
      ),
    )
    .orderBy("level")
    .execute();
}
