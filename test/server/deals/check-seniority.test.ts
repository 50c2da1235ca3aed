import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkSeniority } from "../../../server/deals/check-seniority.ts";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import { AUTO } from "./deal-slips.ts";

function notes(text: string): string[] {
  const { deal, problems } = compileDeal(text);
  assert.ok(deal, JSON.stringify(problems.slice(0, 3), null, 1));
  return checkSeniority(deal.file).map(
    ({ operation, clause, message }) => `${operation} [${clause}] ${message}`,
  );
}

/** The auto deal with some steps of its first program in another form. */
function withSteps(...changes: [find: string | RegExp, put: string][]): string {
  return changes.reduce((text, [find, put]) => {
    const next = text.replace(find, () => put);
    assert.notEqual(next, text, `${find}`);
    return next;
  }, AUTO);
}

const intA = /^ {4}INT COLL -> A .*8\.04.*\n/m;
const residual = "    REST COLL -> residual";

describe("where a junior claim may be paid before a senior one", () => {
  test("an ordinary sequential deal raises no note: mezzanine interest before senior principal is normal", () => {
    assert.deepEqual(notes(AUTO), []);
  });

  const cases: [what: string, text: string, says: RegExp][] = [
    [
      "interest of a junior class stands first",
      withSteps(
        [intA, ""],
        [
          "    INT COLL -> C ",
          "    INT COLL -> C @ 9.99\n    INT COLL -> A @ 9.99\n    INT COLL -> C ",
        ],
      ),
      /^INT \[9.99\] interest of C \(junior\) may be paid while interest of A \(senior\) is unpaid: no step above pays it/,
    ],
    [
      "interest is pro rata over the seniorities",
      withSteps(["    INT COLL -> B ", "    INT COLL -> A, B PRORATA "]),
      /interest of B \(mezzanine\) may be paid while interest of A \(senior\) is unpaid: this step pays them pro rata/,
    ],
    [
      "senior interest is limited by a CAP",
      withSteps([/^ {4}INT COLL -> A .*8\.04/m, "    INT COLL -> A CAP 100.00 @ 8.04"]),
      /interest of B \(mezzanine\) .* of A \(senior\) is unpaid: the step that pays it on line \d+ is limited by a CAP/,
    ],
    [
      "the reserve is drawn after the interest that it should support",
      withSteps(
        [/^ {4}MOVE RES -> COLL .*\n/m, ""],
        ["    INT COLL -> B ", "    MOVE RES -> COLL UPTO 100.00 @ 9.99\n    INT COLL -> B "],
      ),
      /interest of B \(mezzanine\) may be paid while interest of A \(senior\) is unpaid: cash flows from RES into COLL on line \d+, after it was paid/,
    ],
    [
      "interest is paid in one branch only",
      withSteps([
        /^ {4}INT COLL -> A (.*8\.04.*)\n/m,
        "    IF p.loanCount > 3 { @ 9.99\n      INT COLL -> A @ 9.99\n    }\n",
      ]),
      /interest of B .* unpaid: it is paid in one branch only of the IF on line \d+/,
    ],
    [
      "the residual comes before a class's interest",
      withSteps(
        [residual, `    MOVE RES -> COLL UPTO 1.00 @ 9.98\n${residual}`],
        ["    INT COLL -> C ", "    REST COLL -> residual @ 9.99\n    INT COLL -> C "],
      ),
      /^REST \[9.99\] the residual \(residual\) may be paid while interest of C \(junior\) is unpaid/,
    ],
    [
      "the reserve is filled before a class's interest",
      withSteps([
        "    INT COLL -> C ",
        "    FILL COLL -> RES TO 2400.00 @ 9.99\n    INT COLL -> C ",
      ]),
      /^FILL \[9.99\] the reserve \(RES\) may be paid while interest of C \(junior\) is unpaid/,
    ],
    [
      "principal is pro rata over the seniorities",
      withSteps(["PRIN COLL -> A, B SEQ UPTO P2", "PRIN COLL -> A, B PRORATA(1; 1) UPTO P2"]),
      /^PRIN .* principal of B \(mezzanine\) may be paid while principal of A \(senior\) is unpaid: this step pays them pro rata/,
    ],
    [
      "principal of a junior class stands alone",
      withSteps(["PRIN COLL -> A, B SEQ UPTO P2", "PRIN COLL -> B UPTO P2"]),
      /^PRIN .* principal of B \(mezzanine\) may be paid while principal of A \(senior\) is unpaid: .*up to an amount, not its whole balance/,
    ],
    [
      "after acceleration a junior class's interest comes before the senior balance",
      withSteps(
        [/^ {4}INT COLL -> B +@ 5\.06.*\n/m, ""],
        [
          /^ {4}PRIN COLL -> A UPTO bal\.A /m,
          "    INT COLL -> B @ 9.99\n    PRIN COLL -> A UPTO bal.A ",
        ],
      ),
      /^INT \[9.99\] interest of B \(mezzanine\) may be paid while the whole balance, which this program pays, of A \(senior\) is unpaid/,
    ],
    [
      "a program forgets a class's interest",
      withSteps([intA, ""]),
      /no step of program amortising pays interest of A \(senior\)/,
    ],
  ];
  for (const [what, text, says] of cases) {
    test(what, () => {
      const found = notes(text);
      assert.ok(
        found.some((line) => says.test(line)),
        found.join("\n"),
      );
    });
  }

  test("a junior step that takes off what the senior's step paid waits for it", () => {
    const steps =
      "PRIN COLL -> A UPTO P2 AS toA @ 9.99\n    PRIN COLL -> B UPTO pos(P2 - paid.toA)";
    assert.deepEqual(notes(withSteps(["PRIN COLL -> A, B SEQ UPTO P2", steps])), []);
  });
});
