/** A tape version of rows that a test makes up, written by the upload's own writer, with its tree. */
import { randomBytes, randomUUID } from "node:crypto";
import { pipeline } from "node:stream/promises";
import type { Kysely } from "kysely";
import { from as copyFrom } from "pg-copy-streams";
import { copyTransaction } from "../../../server/db/copy-transaction.ts";
import { CopyText } from "../../../server/db/copy-text.ts";
import type { Database } from "../../../server/db/tables.ts";
import { startTapeTree } from "../../../server/lib/tape-tree.ts";
import type { CanonicalField } from "../../../server/tapes/canonical-fields.ts";
import { LINE_COLUMNS, treeColumns } from "../../../server/tapes/loan-month-columns.ts";
import { LoanRow, NUMBER_AT, TEXT_AT } from "../../../server/tapes/loan-row.ts";
import * as partitions from "../../../server/tapes/partitions-queries.ts";
import type { TapeRecord } from "../../../server/tapes/tape-record.ts";
import type { Tape } from "../../../server/tapes/tapes-queries.ts";
import { insertTreeNodes } from "../../../server/tapes/tree-nodes-queries.ts";
import { LoanLineWriter } from "../../../server/tapes/write-loan-line.ts";

export interface WrittenRow {
  loanId: string;
  endingBalance: number;
  bucket: number;
  status?: number;
  texts?: Partial<Record<CanonicalField, string>>;
  numbers?: Partial<Record<CanonicalField, number>>;
  /** By the tape's attribute names. */
  attributes?: readonly string[];
}

function rowOf(written: WrittenRow, line: number): LoanRow {
  const row = new LoanRow();
  row.line = line;
  row.bucket = written.bucket;
  row.status = written.status ?? 9;
  row.numbers.fill(Number.NaN);
  row.textStart.fill(-1);
  const numbers = { ...written.numbers, endingBalance: written.endingBalance };
  for (const [field, value] of Object.entries(numbers)) {
    row.numbers[NUMBER_AT[field as CanonicalField]] = value;
  }
  const parts: Buffer[] = [];
  let at = 0;
  for (const [field, text] of Object.entries({ ...written.texts, loanId: written.loanId })) {
    const bytes = Buffer.from(text);
    row.textStart[TEXT_AT[field as CanonicalField]] = at;
    at += bytes.length;
    row.textEnd[TEXT_AT[field as CanonicalField]] = at;
    parts.push(bytes);
  }
  row.bytes = Buffer.concat(parts);
  return row;
}

function recordOf(cells: readonly string[]): TapeRecord {
  const texts = cells.map((cell) => Buffer.from(cell));
  const start = new Int32Array(cells.length);
  const end = new Int32Array(cells.length);
  let at = 0;
  texts.forEach((text, cell) => {
    start[cell] = at;
    at += text.length;
    end[cell] = at;
  });
  return { line: 0, bytes: Buffer.concat(texts), count: cells.length, start, end };
}

/** Stores the rows as the tape of a period, and its row in `tapes`. */
export async function writeTape(
  db: Kysely<Database>,
  place: { dealId: string; dealKey: number; period: number; version: number; uploadedBy: string },
  written: readonly WrittenRow[],
  attributeNames: readonly string[] = [],
): Promise<Tape> {
  const { dealId, period, version } = place;
  const secret = randomBytes(32);
  const tree = startTapeTree({ dealId, period, secret });
  const writer = new LoanLineWriter();
  const text = new CopyText(Buffer.alloc(0));
  written.forEach((one, position) => {
    const row = rowOf(one, position + 2);
    const columns = Int32Array.from(attributeNames, (_name, at) => at);
    const attributes = { record: recordOf(one.attributes ?? []), columns };
    const room = text.at + writer.room(row, attributes);
    if (room > text.bytes.length) text.bytes = Buffer.concat([text.bytes], 2 * room);
    writer.write(text, position, row, attributes);
    const sums = {
      counted: one.endingBalance > 0 ? (1 as const) : (0 as const),
      balanceCents: one.endingBalance,
      bucket: one.bucket,
    };
    tree.add(text.bytes, writer.lineStart, writer.lineEnd, sums);
  });
  const { root, nodes, rowCount } = tree.finish(treeColumns(attributeNames));
  const tape: Tape = {
    id: randomUUID(),
    deal_id: dealId,
    period,
    version,
    content_hash: randomBytes(32).toString("hex"),
    file_name: "made-up.csv",
    format: "mapped",
    asset_class: "auto loan",
    byte_count: BigInt(text.at),
    row_count: rowCount,
    closing_balance_cents: root.balanceCents,
    loan_count: root.loanCount,
    bucket_cents: [...root.bucketCents],
    tree_hash: `0x${root.hash.toString("hex")}`,
    leaf_secret: secret,
    attribute_names: [...attributeNames],
    control_totals: {},
    mapping_version: null,
    differenced_from: null,
    uploaded_by: place.uploadedBy,
    uploaded_at: new Date("2017-10-18T12:00:00Z"),
  };
  await copyTransaction(db, async ({ trx, client }) => {
    const name = await partitions.createVersionTable(trx, place);
    const columns = ["position", ...LINE_COLUMNS].join(", ");
    const copy = client.query(copyFrom(`copy ${name} (${columns}) from stdin`));
    await pipeline([text.bytes.subarray(0, text.at)], copy);
    await partitions.indexPositions(trx, name);
    await partitions.attachVersionTable(trx, name, place);
    await insertTreeNodes({ trx, client }, place, nodes);
  });
  return tape;
}
