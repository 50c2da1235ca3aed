/** Rows into a table by COPY: the only way in which bulk rows enter the database. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

export type CopyValue = string | number | bigint | Buffer | null;

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
};

/** One value in COPY's text format; a zero byte has no text form in PostgreSQL and is refused by it. */
function copyText(value: CopyValue): string {
  if (value === null) return "\\N";
  if (Buffer.isBuffer(value)) return `\\\\x${value.toString("hex")}`;
  return String(value).replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character);
}

/**
 * Copies one batch of rows into `table` and waits until the server has them.
 * @param table with its columns, from our own code only: it goes into the statement as it is
 */
export async function copyRows(
  client: pg.PoolClient,
  table: { name: string; columns: readonly string[] },
  rows: readonly (readonly CopyValue[])[],
): Promise<void> {
  if (rows.length === 0) return;
  const text = rows.map((row) => `${row.map(copyText).join("\t")}\n`).join("");
  const statement = `copy ${table.name} (${table.columns.join(", ")}) from stdin`;
  await pipeline(Readable.from([Buffer.from(text)]), client.query(copyFrom(statement)));
}
