import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sql } from "kysely";
import { to as copyTo } from "pg-copy-streams";
import { COPY_HEADER_BYTES, startCopyIn } from "../../../server/db/copy-in.ts";
import { CopyText } from "../../../server/db/copy-text.ts";
import { copyTransaction } from "../../../server/db/copy-transaction.ts";
import {
  CANONICAL_FIELDS,
  CUMULATIVE_FIELDS,
  DELINQUENCY_BUCKETS,
  LOAN_STATUSES,
  MOST_CENTS,
} from "../../../server/tapes/canonical-fields.ts";
import { LINE_COLUMNS } from "../../../server/tapes/loan-month-columns.ts";
import { LoanRow, NUMBER_FIELDS, TEXT_FIELDS } from "../../../server/tapes/loan-row.ts";
import { createVersionTable } from "../../../server/tapes/partitions-queries.ts";
import { LoanLineWriter } from "../../../server/tapes/write-loan-line.ts";
import type { RecordAttributes } from "../../../server/tapes/write-loan-line.ts";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";

const ROWS = 1_000;

/** Pseudo-random numbers below 1, the same in every run. */
let state = 20_171_018;
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return (state >>> 0) / 2 ** 32;
}
const below = (limit: number): number => Math.floor(random() * limit);

/** What COPY escapes, what looks like an escape, and what is more than a byte. */
const PIECES = [
  "\b",
  "\t",
  "\n",
  "\v",
  "\f",
  "\r",
  "\\",
  "\\N",
  "\\.",
  '"',
  "'",
  ",",
  "{",
  "\u007f",
];
const LETTERS = ["a", "Z", "0", " ", "é", "ß", "漢", "\u{1f3e6}", "\u2028", "\u0001", "\u001b"];

function nastyText(): string {
  const pieces = [...PIECES, ...LETTERS, ...LETTERS];
  return Array.from({ length: below(12) }, () => pieces[below(pieces.length)] ?? "").join("");
}

/** Powers of ten and their neighbours, both signs, 0 and -0, and whatever lies between. */
function nastyInteger(most: number): number {
  if (below(10) === 0) return below(2) === 0 ? 0 : -0;
  const size = Math.min(most, 10 ** below(16) + below(3) - 1 + (below(2) === 0 ? 0 : below(1e9)));
  return below(2) === 0 ? size : -size;
}

const LARGEST = { money: MOST_CENTS, rate: 1e12, flag: 1, text: 0 } as const;

function fillNumbers(row: LoanRow): void {
  NUMBER_FIELDS.forEach((field, place) => {
    const kind = CANONICAL_FIELDS[field];
    const most = kind in LARGEST ? LARGEST[kind as keyof typeof LARGEST] : 2 ** 31 - 1;
    const value = kind === "flag" ? below(2) : nastyInteger(most);
    row.numbers[place] = field !== "endingBalance" && below(5) === 0 ? Number.NaN : value;
  });
}

function fillTexts(row: LoanRow): void {
  const parts: Buffer[] = [];
  let at = 0;
  TEXT_FIELDS.forEach((field, place) => {
    const missing = field !== "loanId" && below(4) === 0;
    const bytes = Buffer.from(nastyText());
    row.textStart[place] = missing ? -1 : at;
    row.textEnd[place] = missing ? -1 : (at += bytes.length);
    if (!missing) parts.push(bytes);
  });
  row.bytes = Buffer.concat(parts);
}

function nastyAttributes(): RecordAttributes {
  const texts = Array.from({ length: below(6) }, () => Buffer.from(nastyText()));
  const [start, end] = [new Int32Array(texts.length), new Int32Array(texts.length)];
  let at = 0;
  texts.forEach((text, cell) => {
    start[cell] = below(4) === 0 ? -1 : at;
    at += text.length;
    end[cell] = start[cell] === -1 ? -1 : at;
  });
  const record = { line: 0, bytes: Buffer.concat(texts), count: texts.length, start, end };
  // In another order than the cells, and one beyond what the record has.
  const columns = Int32Array.from(texts, (_, cell) => texts.length - cell);
  return { record, columns };
}

describe("the line of a loan", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  for (const cumulative of [[], ["principal", "recovery"]] as const) {
    const what = cumulative.length === 0 ? "flows of the month" : "amounts since origination";
    it(`is what PostgreSQL prints of it, byte for byte: ${ROWS} random rows with ${what}`, async () => {
      const writer = new LoanLineWriter(cumulative);
      const text = new CopyText(Buffer.alloc(1 << 22));
      text.at = COPY_HEADER_BYTES;
      const row = new LoanRow();
      for (let position = 0; position < ROWS; position += 1) {
        row.line = below(2 ** 31 - 1);
        row.bucket = below(DELINQUENCY_BUCKETS.length);
        row.status = below(LOAN_STATUSES.length);
        fillNumbers(row);
        fillTexts(row);
        const attributes = nastyAttributes();
        const [before, room] = [text.at, writer.room(row, attributes)];
        writer.write(text, position, row, attributes);
        assert.ok(text.at - before <= room, "a row needs no more room than it said");
      }
      const written = text.bytes.subarray(COPY_HEADER_BYTES, text.at).toString();
      const columns = ["position", ...LINE_COLUMNS].join(", ");
      const printed = await copyTransaction(server.context.db, async ({ trx, client }) => {
        const place = { dealKey: 7, period: 0, version: cumulative.length + 1 };
        const table = await createVersionTable(trx, place);
        const copy = await startCopyIn(client, `copy ${table} (${columns}) from stdin`);
        await copy.send(text.bytes, text.at);
        assert.equal(await copy.finish(), ROWS);
        const rows = `copy (select ${columns} from ${table} order by position) to stdout`;
        const pieces: Buffer[] = await client.query(copyTo(rows)).toArray();
        await sql`drop table ${sql.table(table)}`.execute(trx);
        return Buffer.concat(pieces).toString();
      });
      assert.deepEqual(written.split("\n"), printed.split("\n"));
    });
  }

  it("keeps an amount since origination beside the flow, which waits for the tape before", () => {
    const writer = new LoanLineWriter(["principal", "recovery"]);
    const text = new CopyText(Buffer.alloc(4_096));
    const row = new LoanRow();
    row.numbers.fill(Number.NaN);
    row.numbers[NUMBER_FIELDS.indexOf("principal")] = 12_345;
    row.numbers[NUMBER_FIELDS.indexOf("endingBalance")] = 1;
    const cells = new Int32Array(0);
    const record = { line: 0, bytes: Buffer.alloc(0), count: 0, start: cells, end: cells };
    writer.write(text, 0, row, { record, columns: cells });
    const values = text.bytes.toString("utf8", writer.lineStart, writer.lineEnd).split("\t");
    assert.equal(values[LINE_COLUMNS.indexOf("principal_cents")], "\\N");
    const items = CUMULATIVE_FIELDS.map((field) => (field === "principal" ? "12345" : "NULL"));
    assert.equal(values[LINE_COLUMNS.indexOf("cumulative_cents")], `{${items.join(",")}}`);
  });
});
