import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { Compile } from "typebox/schema";
import { parse } from "yaml";
import { dealFileSchema } from "../../../server/deals/deal-schema.ts";
import { AUTO, EVERY_FEATURE } from "./deal-slips.ts";
import { GOLDEN_FILES } from "./golden-files.ts";

const validator = Compile(dealFileSchema());
const isValid = (text: string) => validator.Check(parse(text));

describe("the JSON Schema of the deal file", () => {
  for (const { name, text } of GOLDEN_FILES) {
    test(`takes ${name}`, () => {
      const [valid, errors] = validator.Errors(parse(text));
      assert.ok(valid, JSON.stringify(errors.slice(0, 5), null, 1));
    });
  }

  const wrong: [what: string, base: string, find: string, put: string][] = [
    ["a misspelt term", AUTO, "    seniority: senior", "    senority: senior"],
    ["a missing term", AUTO, "currency: USD\n", ""],
    ["an unknown section", AUTO, "currency: USD\n", "currency: USD\nremarks: none\n"],
    ["a coupon as a fraction", AUTO, "coupon: 4 %", "coupon: 0.04"],
    [
      "a coupon of two forms",
      EVERY_FEATURE,
      "{ index: SOFR30, margin: 0.60 %,",
      "{ index: SOFR30, expression: x, margin: 0.60 %,",
    ],
    ["a face with commas", AUTO, "face: 172000.00", "face: 172,000.00"],
    ["an unknown day count", AUTO, "dayCount: 30/360", "dayCount: actual"],
    ["an unknown rounding", AUTO, "accrualRounding: half-up", "accrualRounding: up"],
    ["an American date", AUTO, "closing: 2017-10-18", "closing: 10/18/2017"],
    ["a time without its zone", AUTO, "closing: 14:00Z", "closing: 14:00"],
    ["yes for true", AUTO, "retained: false", "retained: no"],
    ["an account of no kind", AUTO, "kind: reserve", "kind: cash"],
    ["a fee of no kind", AUTO, "kind: fixed", "kind: flat"],
    ["a rate fee without its base", AUTO, "    on: poolOpening\n", ""],
    ["a cap without its year", AUTO, "year: calendar year", "yaer: calendar year"],
    [
      "a figure without its maximum",
      AUTO,
      "  loanCount: { min: 0, max: 12 }",
      "  loanCount: { min: 0 }",
    ],
    [
      "a trigger without its cure",
      EVERY_FEATURE,
      "    cure: never\n    when: before\n    clause: 5.01(a)",
      "    when: before\n    clause: 5.01(a)",
    ],
    ["a cure in words", EVERY_FEATURE, "cure: after 3 passing", "cure: three months"],
    ["an average in words", EVERY_FEATURE, "over: mean of last 3", "over: three-month average"],
    ["a notice of no kind", EVERY_FEATURE, "kind: standing", "kind: permanent"],
    ["transitions that are no list", AUTO, "transitions:\n", "transitions: { a: b }\nother:\n"],
    [
      "a program that is a list",
      EVERY_FEATURE,
      "  accelerated: |\n",
      "  accelerated: [a]\n  rest: |\n",
    ],
    ["a name that is none", AUTO, "  ocFloor: 1 %", "  oc floor: 1 %"],
    ["an older schema", AUTO, "schema: penstock-deal/2", "schema: penstock-deal/1"],
  ];
  for (const [what, base, find, put] of wrong) {
    test(`refuses ${what}`, () => {
      assert.ok(base.includes(find), find);
      assert.equal(isValid(base), true);
      assert.equal(isValid(base.replace(find, () => put)), false);
    });
  }

  test("says of every term what it holds, and stands as written in the repository", () => {
    const file = new URL("../../../server/deals/deal-file.schema.json", import.meta.url);
    const written = JSON.parse(readFileSync(file, "utf8"));
    assert.deepEqual(written, JSON.parse(JSON.stringify(dealFileSchema())));
    const { properties } = written;
    for (const [key, term] of Object.entries<{ description?: string }>(properties)) {
      assert.ok((term.description ?? "").length > 3, key);
    }
  });
});
