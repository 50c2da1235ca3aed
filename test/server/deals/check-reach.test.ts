import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import { AUTO, EVERY_FEATURE } from "./deal-slips.ts";

/** What is warned of, with the line on which it stands. */
function warnings(text: string): string[] {
  const { deal, problems } = compileDeal(text);
  assert.ok(deal, JSON.stringify(problems.slice(0, 3), null, 1));
  return problems
    .filter(({ code }) => /^never-|^locked/.test(code))
    .map(({ line, code, message }) => `${text.split("\n")[line - 1]?.trim()}: ${code}: ${message}`);
}

const withLine = (base: string, before: string, ...lines: string[]) =>
  base.replace(
    before,
    () => `${lines.map((line) => `${line} @ 9.99`).join("\n    ")}\n    ${before}`,
  );

describe("steps that can never run or never pay are found", () => {
  const cases: [what: string, text: string, says: RegExp][] = [
    [
      "an account is paid from after it was swept",
      AUTO.replace(/( {4}REST COLL -> residual.*\n)/, "$1    INT COLL -> A @ 9.99\n"),
      /^INT COLL -> A @ 9.99: never-pays: .*COLL has no money here: it was emptied on line \d+/,
    ],
    [
      "an account is paid from before any cash came into it",
      AUTO.replace(
        "  RES: {",
        "  SPARE: { kind: other, retained: false, initialDeposit: 0.00 }\n  RES: {",
      )
        .replace(/ {4}REST RES -> COLL/g, "    REST SPARE -> COLL @ 9.99\n    REST RES -> COLL")
        .replace(
          / {4}REST COLL -> residual/g,
          "    REST SPARE -> residual @ 9.98\n    REST COLL -> residual",
        ),
      /^REST SPARE -> COLL @ 9.99: never-pays: .*nothing has flowed into it in this run/,
    ],
    [
      "deferred interest is paid after it was capitalised",
      EVERY_FEATURE.replace(
        /( {4}INT COLL -> N OF deferred .*\n)([^]*?)( {4}PIK N .*\n)/,
        "$3$2$1",
      ),
      /^INT COLL -> N OF deferred .*never-pays: .*a PIK above has added the deferred interest of N to the balance/,
    ],
    [
      "a condition compares bounds that exclude it",
      AUTO.replace("IF sumbal(A, B, C) <= acct.RES {", "IF p.loanCount > 12 {"),
      /^IF p.loanCount > 12 \{.*: never-runs: the condition never holds here/,
    ],
    [
      "a condition always holds",
      AUTO.replace("IF sumbal(A, B, C) <= acct.RES {", "IF p.loanCount <= 12 {"),
      /never-runs: the condition always holds here; write the steps without IF/,
    ],
    [
      "constants decide a condition",
      AUTO.replace("IF sumbal(A, B, C) <= acct.RES {", "IF k.ocCurrent < k.ocFloor {"),
      /never-runs: the condition never holds here/,
    ],
    [
      "an inner test of the phase contradicts the outer one",
      EVERY_FEATURE.replace(
        "      MOVE COLL -> PR UPTO min(fresh",
        "      IF phase == 'EARLY' { @ 9.99\n        PIK N @ 9.99\n      }\n      MOVE COLL -> PR UPTO min(fresh",
      ),
      /^IF phase == 'EARLY' \{ @ 9.99: never-runs/,
    ],
    [
      "an inner test of a trigger contradicts the outer one",
      EVERY_FEATURE.replace(
        "      PRIN COLL -> A-1, A-2a, A-2b SEQ UPTO max(oc",
        "      IF not trig.overcollateralisation { @ 9.99\n        PIK N @ 9.99\n      }\n      PRIN COLL -> A-1, A-2a, A-2b SEQ UPTO max(oc",
      ),
      /^IF not trig.overcollateralisation \{ @ 9.99: never-runs/,
    ],
    [
      "a program tests a phase that does not run it",
      EVERY_FEATURE.replace(
        "    REST COLL -> residual                                                                    @ 5.06(a)(xii)",
        "    IF phase == 'EARLY' { @ 9.99\n      PIK N @ 9.99\n    }\n    REST COLL -> residual @ 5.06(a)(xii)",
      ),
      /^IF phase == 'EARLY' \{ @ 9.99: never-runs/,
    ],
    [
      "an amount is always 0",
      withLine(AUTO, "INT COLL -> B ", "MOVE RES -> COLL UPTO pos(p.loanCount - 20)"),
      /^MOVE RES .*: never-pays: .*its amount always comes to 0/,
    ],
    [
      "an amount is named that is always 0",
      withLine(
        AUTO,
        "INT COLL -> B ",
        "LET none1 = pos(k.ocFloor - k.ocCurrent)",
        "MOVE RES -> COLL UPTO none1",
      ),
      /^MOVE RES .*: never-pays: .*its amount always comes to 0/,
    ],
    [
      "a cap is always 0",
      withLine(AUTO, "INT COLL -> B ", "INT COLL -> A CAP 0.00"),
      /^INT COLL -> A CAP .*: never-pays: .*its CAP always comes to 0/,
    ],
    [
      "nothing leads to a phase",
      AUTO.replace(/\ntransitions:\n(?: .*\n)*/, "\ntransitions: []\n"),
      /never-runs: nothing leads to the phase accelerated/,
    ],
    [
      "no step pays out of a reserve",
      AUTO.replaceAll(/^ {4,6}(?:MOVE|REST|PRIN) RES .*\n/gm, ""),
      /^RES: .*: locked-account: no step of any program pays out of RES/,
    ],
  ];
  for (const [what, text, says] of cases) {
    test(what, () => {
      const found = warnings(text);
      assert.ok(
        found.some((line) => says.test(line)),
        found.join("\n"),
      );
    });
  }

  test("deals whose every step may run raise no such doubt", () => {
    assert.deepEqual(warnings(AUTO), []);
    assert.deepEqual(warnings(EVERY_FEATURE), []);
  });

  test("cash that came back in, on either way through an IF, may be paid again", () => {
    const text = AUTO.replace(
      /( {4}REST COLL -> residual.*\n)/,
      "$1    IF bal.A > 0 { @ 9.99\n      MOVE RES -> COLL UPTO 1.00 @ 9.99\n    }\n    REST COLL -> residual @ 9.99\n",
    );
    assert.deepEqual(warnings(text), []);
  });
});
