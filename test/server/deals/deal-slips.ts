import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { compileDeal } from "../../../server/deals/compile-deal.ts";

/** The auto deal, into which the tests put slips. */
export const AUTO = readFileSync(
  new URL("../../golden/amcar-2017-4/deal.yaml", import.meta.url),
  "utf8",
);

/** The deal that uses every feature once. */
export const EVERY_FEATURE = readFileSync(
  new URL("../../golden/every-feature/deal.yaml", import.meta.url),
  "utf8",
);

/**
 * One slip in a deal: `find` is replaced by `put`, in which ‹ › enclose what the error must
 * point at. `says` must stand in the message.
 */
export type Slip = [find: string, put: string, code: string, says: string];

/** Applies a slip; where the mark stood is where the error must be. */
export function applySlip(find: string, put: string, deal = AUTO) {
  assert.equal(deal.split(find).length > 1, true, `the deal has no text ${find}`);
  const marked = deal.replace(find, () => put);
  const before = marked.slice(0, marked.indexOf("‹")).split("\n");
  const value = /‹(.*?)›/s.exec(marked)?.[1] ?? "";
  const text = marked.replace("‹", "").replace("›", "");
  return { text, value, line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

export function checkSlips(slips: readonly Slip[], base = AUTO): void {
  for (const [find, put, code, says] of slips) {
    test(`${code}: ${put.replace(/\s+/g, " ").trim().slice(0, 70)}`, () => {
      const { text, value, line, column } = applySlip(find, put, base);
      const { deal, problems } = compileDeal(text);
      assert.equal(deal, null);
      const errors = problems.filter(({ severity }) => severity === "error");
      const found = errors.find((error) => error.code === code && error.line === line);
      assert.ok(found, `not found at ${line}: ${JSON.stringify(errors, null, 1)}`);
      assert.deepEqual([found.line, found.column], [line, column], found.message);
      if (value !== "") assert.equal(found.value, value);
      assert.ok(found.message.includes(says), found.message);
    });
  }
}
