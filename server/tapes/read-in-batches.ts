import { sql } from "kysely";
import type { Kysely, RawBuilder } from "kysely";
import type { Database } from "../db/tables.ts";

/**
 * Rows of a query, a batch at a time, through a cursor: the result is never in memory whole. Inside a
 * transaction only, one such reading at a time on a connection.
 */
export async function* readInBatches<T>(
  trx: Kysely<Database>,
  query: RawBuilder<T>,
  batchSize = 2000,
): AsyncGenerator<T[]> {
  await sql`declare row_batches no scroll cursor for ${query}`.execute(trx);
  for (;;) {
    const { rows } = await sql<T>`fetch ${sql.lit(batchSize)} from row_batches`.execute(trx);
    if (rows.length > 0) yield rows;
    if (rows.length < batchSize) break;
  }
  await sql`close row_batches`.execute(trx);
}
