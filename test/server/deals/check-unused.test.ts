import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkUnused } from "../../../server/deals/check-unused.ts";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import { AUTO, EVERY_FEATURE } from "./deal-slips.ts";

/** What is noted, with the line on which it stands. */
function notes(text: string): string[] {
  const { deal, problems } = compileDeal(text);
  assert.ok(deal, JSON.stringify(problems.slice(0, 3), null, 1));
  const lines = text.split("\n");
  return checkUnused(deal.file).map(
    ({ line, code, message }) => `${lines[line - 1]?.trim()}: ${code}: ${message}`,
  );
}

/** The notes of a changed deal that the deal as it was did not have. */
function added(base: string, changed: string): string[] {
  assert.notEqual(changed, base, "the case changes nothing");
  const before = new Set(notes(base).map((note) => note.replace(/^.*?: never/, "never")));
  return notes(changed).filter((note) => !before.has(note.replace(/^.*?: never/, "never")));
}

const without = (base: string, line: RegExp) => base.replace(line, "");
const inSection = (base: string, heading: string, line: string) =>
  base.replace(`\n${heading}:`, `\n${heading}:\n  ${line}`);

describe("terms that nothing reads and claims that nothing pays are noted", () => {
  const cases: [what: string, base: string, changed: string, says: RegExp][] = [
    [
      "a constant",
      AUTO,
      inSection(AUTO, "constants", "turbo: 3 %"),
      /^turbo: 3 %: never-used: nothing reads k\.turbo$/,
    ],
    [
      "a figure",
      AUTO,
      AUTO.replace("\nfigures:", "\nfigures:").replace(
        /(\n {2}availableFunds: \{ min.*)/,
        "$1\n  callPrice: { min: 0.00, max: 1.00 }",
      ),
      /^callPrice: .*never-used: no step, fee, trigger or identity reads .*p\.callPrice.*: only reported$/,
    ],
    [
      "an index",
      EVERY_FEATURE,
      inSection(EVERY_FEATURE, "indices", "EURIBOR3M: { source: report, min: 0 %, max: 9 % }"),
      /^EURIBOR3M: .*never-used: no coupon or expression reads index\.EURIBOR3M$/,
    ],
    [
      "a notice",
      EVERY_FEATURE,
      EVERY_FEATURE.replace(" and notice.optionalCall", ""),
      /^optionalCall: .*never-used: giving the notice optionalCall changes nothing$/,
    ],
    [
      "a series",
      EVERY_FEATURE,
      without(EVERY_FEATURE, / {4}LET peak .*\n/),
      /^poolAtEnd: .*never-used: nothing reads the series poolAtEnd$/,
    ],
    [
      "a trigger",
      EVERY_FEATURE,
      EVERY_FEATURE.replace(" and not trig.any", ""),
      /^defaultPeak: .*never-used: a breach of defaultPeak changes nothing/,
    ],
    [
      "a deficiency ledger that is never made good",
      EVERY_FEATURE,
      EVERY_FEATURE.replace("BOOK PDL-N CR min(ledger.PDL-N, p.recoveries)", "BOOK PDL-N DR 0"),
      /never-used: PDL-N is debited and never credited, so it only grows$/,
    ],
    [
      "interest carried over",
      EVERY_FEATURE,
      without(EVERY_FEATURE, / {4}INT COLL -> M OF carryOver.*\n/),
      /^M:.*never-paid: no step pays the interest carried over of class M; write `INT … -> M OF carryOver`/,
    ],
    [
      "deferred interest",
      EVERY_FEATURE,
      EVERY_FEATURE.replace(/ {4}INT COLL -> N OF deferred.*\n/g, "").replace(/ {4}PIK N .*\n/, ""),
      /^N:.*never-paid: no step pays the deferred interest of class N/,
    ],
    [
      "a fee",
      AUTO,
      without(AUTO, / {4}FEE COLL -> servicingFee .*\n/g),
      /^servicingFee:.*never-paid: no step pays the fee servicingFee; write `FEE … -> servicingFee`$/,
    ],
    [
      "a cap",
      EVERY_FEATURE,
      inSection(EVERY_FEATURE, "caps", "spare: { amount: 1.00, year: calendar year }"),
      /^spare: .*never-used: no fee has the cap spare$/,
    ],
    [
      "a reserve that is filled and never let go",
      AUTO,
      AUTO.replace(/ {4}IF sumbal\(A, B, C\) <= acct\.RES \{[^]*?\n {4}\}.*\n/, ""),
      /^RES: .*never-released: amortising fills RES and lets go of it only for a shortfall/,
    ],
    [
      "a named amount",
      AUTO,
      AUTO.replace("    LET ocT", "    LET spare = acct.RES @ 1.01\n    LET ocT"),
      /^LET spare .*never-used: no later line of amortising uses .*spare.*: only in the record of a run$/,
    ],
  ];
  for (const [what, base, changed, says] of cases) {
    test(what, () => {
      const found = added(base, changed);
      assert.ok(
        found.some((note) => says.test(note)),
        found.join("\n"),
      );
    });
  }
});
