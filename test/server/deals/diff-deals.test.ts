import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { alignLists } from "../../../server/deals/align-lists.ts";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import { diffDeals } from "../../../server/deals/diff-deals.ts";
import type { ComparableDeal } from "../../../server/deals/diff-deals.ts";
import { readTerms } from "../../../server/deals/read-terms.ts";
import { AUTO, EVERY_FEATURE } from "./deal-slips.ts";

function compiled(text: string) {
  const { deal, problems } = compileDeal(text);
  assert.ok(deal, JSON.stringify(problems.slice(0, 5), null, 1));
  return deal;
}

function changed(base: string, find: string, put: string): string[] {
  assert.ok(base.includes(find), find);
  return diffDeals(compiled(base), compiled(base.replace(find, () => put)));
}

describe("two deals are compared term by term", () => {
  const cases: [what: string, base: string, find: string, put: string, says: string[]][] = [
    [
      "a coupon",
      AUTO,
      "coupon: 4 %",
      "coupon: 4.5 %",
      ["  changed  A: coupon 4 % a year -> coupon 4.5 % a year"],
    ],
    [
      "a cap",
      AUTO,
      "amount: 600.00",
      "amount: 700.00",
      ["  changed  admin: 600.00 in each calendar year -> 700.00 in each calendar year"],
    ],
    [
      "a constant",
      AUTO,
      "ocCurrent: 2 %",
      "ocCurrent: 3 %",
      ["  changed  k.ocCurrent: 2 % -> 3 %"],
    ],
    [
      "a new constant",
      AUTO,
      "  ocFloor: 1 %",
      "  ocFloor: 1 %\n  extra: 12",
      ["  added    k.extra  12"],
    ],
    [
      "a rule of dates",
      AUTO,
      "businessDays: following",
      "businessDays: modified following",
      [
        "  changed  payment on: business-day rule following -> business-day rule modified following",
      ],
    ],
    [
      "a holiday",
      AUTO,
      "    - 2017-10-09\n",
      "    - 2017-10-09\n    - 2017-12-18\n",
      [
        "60 holidays",
        "dates or accruals of 1 of 51 periods, first of period 2: paid 2017-12-18 -> paid 2017-12-19",
      ],
    ],
    [
      "a trigger",
      EVERY_FEATURE,
      "breach: 2 of last 3",
      "breach: 3 in a row",
      [
        "Triggers",
        "  changed  delinquency: 2 failed tests of the last 3 are a breach -> 3 failed tests in a row are a breach",
      ],
    ],
    [
      "a notice",
      EVERY_FEATURE,
      "waiver: { by: trustee, kind: once }",
      "waiver: { by: trustee, kind: standing }",
      ["notice.waiver: in force for one run -> in force from then on"],
    ],
    ["a transition", EVERY_FEATURE, "period >= 24", "period >= 36", ["REVOLVING -> AMORTISING"]],
    [
      "a step that is taken out",
      AUTO,
      "    INT COLL -> C",
      "    # INT COLL -> C",
      ["  removed  20. Pay from COLL the interest due on class C. [8.04(a)(vii)]"],
    ],
    [
      "a step whose amount is another",
      AUTO,
      "SEQ UPTO P2",
      "SEQ UPTO P2 + 1.00",
      [
        "  changed  19. ",
        "       to  19. Pay from COLL principal of classes A, B, up to P2 + 1.00",
      ],
    ],
    [
      "a step that is put in",
      AUTO,
      "    INT COLL -> B ",
      "    MOVE RES -> COLL UPTO 5.00 @ 9.99\n    INT COLL -> B ",
      ["  added    18. Move from RES to COLL up to 5.00. [9.99]"],
    ],
  ];
  for (const [what, base, find, put, says] of cases) {
    test(`${what} is told`, () => {
      const lines = changed(base, find, put).join("\n");
      for (const text of says) assert.ok(lines.includes(text), `${text}\n${lines}`);
    });
  }

  test("a step that stands elsewhere is moved, not taken out and put in", () => {
    const [int] = /^ {4}INT COLL -> B .*\n/m.exec(AUTO) ?? [""];
    const prin = "    PRIN COLL -> A UPTO P1";
    const moved = diffDeals(
      compiled(AUTO),
      compiled(AUTO.replace(int, "").replace(prin, () => `${int}${prin}`)),
    );
    assert.deepEqual(moved.filter((line) => /moved|added|removed/.test(line)).length, 1);
    assert.match(moved.join("\n"), /moved {4}1[78]\. to 1[78]\. /);
  });

  test("a comment changes nothing, and the bytes alone compare as the file does", () => {
    const one = compiled(AUTO);
    assert.deepEqual(diffDeals(one, compiled(`# a comment\n${AUTO}`)), []);
    const onChain: ComparableDeal = { terms: readTerms(one.bytes), termsHash: one.termsHash };
    assert.deepEqual(diffDeals(one, onChain), []);
    const other = compiled(AUTO.replace("coupon: 4 %", "coupon: 4.5 %"));
    assert.deepEqual(diffDeals(other, onChain).length, 2);
  });
});

describe("lists are aligned by what they have in common", () => {
  test("what is only in one stands alone", () => {
    const show = (a: string, b: string) =>
      alignLists(a.split(""), b.split(""), (x, y) => x === y)
        .map(({ before, after }) => `${before ?? "-"}${after ?? "-"}`)
        .join(" ");
    assert.equal(show("abcd", "abcd"), "aa bb cc dd");
    assert.equal(show("abcd", "bxd"), "a- bb c- -x dd");
    assert.equal(show("", "ab"), "-a -b");
    assert.equal(show("ab", ""), "a- b-");
  });
});
