import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { CsvSplitter, CsvSyntaxError } from "../../../server/lib/split-csv.ts";
import type { CsvRecord } from "../../../server/lib/split-csv.ts";

describe("the CSV splitter", () => {
  function recordsOf(pieces: string[], delimiter: string): CsvRecord[] {
    const records: CsvRecord[] = [];
    const splitter = new CsvSplitter(delimiter, (record) => records.push(record));
    for (const piece of pieces) splitter.split(piece);
    splitter.end();
    return records;
  }

  const split = (pieces: string[], delimiter = ","): string[][] => {
    return recordsOf(pieces, delimiter).map(({ fields }) => fields);
  };

  it("gives back what was quoted, however the text is cut into pieces", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", " "), maxLength: 6 });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 });
    fc.assert(
      fc.property(table, fc.constantFrom("\n", "\r\n", "\r"), fc.nat(7), (rows, end, size) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const text = rows.map((row) => row.map(quoted).join(",") + end).join("");
        const step = size + 1;
        const pieces = Array.from({ length: Math.ceil(text.length / step) }, (_, index) =>
          text.slice(index * step, (index + 1) * step),
        );
        assert.deepEqual(split(pieces), rows);
      }),
    );
  });

  it("counts lines inside quotes and takes a last line without an end", () => {
    assert.deepEqual(recordsOf(['a,"b\nc"\r\n\r\nd,e'], ","), [
      { line: 1, fields: ["a", "b\nc"] },
      { line: 4, fields: ["d", "e"] },
    ]);
  });

  it("refuses stray quotes", () => {
    assert.throws(() => split(['a"b,c\n']), CsvSyntaxError);
    assert.throws(() => split(['"a"b,c\n']), CsvSyntaxError);
    assert.throws(() => split(['"a,c\n']), CsvSyntaxError);
    assert.throws(() => split([`"${"a".repeat(1_100_000)}`]), /a quote left open/);
  });
});
