import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CANONICAL_FIELDS } from "../../../../server/tapes/canonical-fields.ts";
import { FORMATS } from "../../../../server/tapes/formats/formats.ts";
import { sourceNames } from "../../../../server/tapes/reading/compile-number.ts";
import { TAPE_FORMAT_IDS } from "../../../../server/tapes/tape-words.ts";

const tapes = FORMATS.filter(({ refused }) => refused === undefined);

describe("the public formats", () => {
  it("are those that a deal may declare, but the ones that are no tapes", () => {
    assert.deepEqual(
      tapes.map(({ id }) => id),
      [...TAPE_FORMAT_IDS],
    );
  });

  for (const format of tapes) {
    it(`say what they are and where they come from: ${format.id}`, () => {
      assert.match(format.id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
      assert.ok(format.title.length > 0 && format.source.length > 0);
      assert.ok(format.framings.length > 0);
      assert.ok(format.fields.loanId !== undefined && format.fields.endingBalance !== undefined);
    });

    it(`read columns that their layout has: ${format.id}`, () => {
      const columns = new Set(format.columns);
      if (columns.size === 0) return;
      const unknown = Object.entries(format.fields)
        .filter(([, reading]) => !sourceNames(reading).some((name) => columns.has(name)))
        .map(([field]) => field);
      assert.deepEqual(unknown, []);
    });

    it(`have a status for every code that ends a loan: ${format.id}`, () => {
      const { terminations, statuses, fields } = format;
      assert.equal(terminations !== undefined, fields.terminationCode !== undefined);
      assert.equal(statuses !== undefined, fields.statusCode !== undefined);
    });
  }

  it("read only what loan months have", () => {
    for (const { fields } of FORMATS) {
      for (const field of Object.keys(fields)) assert.ok(field in CANONICAL_FIELDS, field);
    }
  });
});
