import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkSeniority } from "../../../server/deals/check-seniority.ts";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import { AUTO, EVERY_FEATURE } from "./deal-slips.ts";

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
      /interest of A \(senior\), B \(mezzanine\) is paid pro rata: a junior class may be paid while a more senior one is unpaid/,
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
      /^PRIN .* principal of A \(senior\), B \(mezzanine\) is paid pro rata/,
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

/** The auto deal with accounts for interest and for principal, and one program of these steps. */
function withProgram(steps: readonly string[]): string {
  const accounts =
    "  PRN: { kind: other, retained: false, initialDeposit: 0.00, receives: redeemed }\n" +
    "  LIQ: { kind: other, retained: true, initialDeposit: 500.00 }\n";
  const lines = steps.map((step) => `    ${step}${step === "}" ? "" : " @ 1"}\n`);
  return AUTO.replace("  RES: { kind: reserve", () => `${accounts}  RES: { kind: reserve`)
    .replace("  principal: { min", () => "  redeemed: { min: 0.00, max: 9.00 }\n  principal: { min")
    .replace(/( {2}amortising: \|\n)[^]*?\n\n/, (_, head: string) => `${head}${lines.join("")}\n`)
    .replace(
      "    REST RES -> COLL AS",
      () => "    REST PRN -> COLL @ 5.06(a)\n    REST RES -> COLL AS",
    );
}

const INTEREST = ["INT COLL -> A", "INT COLL -> B", "INT COLL -> C"];
const PRINCIPAL = ["PRIN PRN -> A, B, C SEQ UPTO sumbal(A, B, C)", "REST PRN -> residual"];
const REST = ["REST COLL -> residual"];

describe("principal from an account that interest may draw on", () => {
  const all = "sumdue(A, B, C)";
  const fee = "FEE COLL -> servicingFee";
  const enough: [what: string, steps: string[]][] = [
    ["all that interest lacks", [`MOVE PRN -> COLL UPTO pos(${all} - acct.COLL)`]],
    ["as far as there is cash", [`MOVE PRN -> COLL UPTO min(acct.PRN, pos(${all} - acct.COLL))`]],
    ["more than it lacks", [`MOVE PRN -> COLL UPTO ${all}`]],
    ["a need with a name", [`LET need = ${all}`, "MOVE PRN -> COLL UPTO pos(need - acct.COLL)"]],
    ["a lack with a name", [`LET lack = pos(${all} - acct.COLL)`, "MOVE PRN -> COLL UPTO lack"]],
    [
      "a fee ahead of it is in the need",
      [`MOVE PRN -> COLL UPTO pos(${all} + due.servicingFee - acct.COLL)`, fee],
    ],
    [
      "a fee ahead of it is in the need, within its cap",
      [
        "LET adm = min(sumdue(trusteeFee), capLeft.admin)",
        `MOVE PRN -> COLL UPTO pos(adm + ${all} - acct.COLL)`,
        "FEE COLL -> trusteeFee CAP capLeft.admin",
      ],
    ],
    [
      "principal ahead of it is in the need, paid in two steps",
      [
        "LET P = pos(bal.A - p.poolClosing)",
        `MOVE PRN -> COLL UPTO pos(${all} + P - acct.COLL)`,
        "PRIN COLL -> A UPTO P AS one",
        "PRIN COLL -> A UPTO pos(P - paid.one)",
      ],
    ],
    [
      "two draws, one after the other",
      [
        `MOVE LIQ -> COLL UPTO pos(${all} - acct.COLL)`,
        `MOVE PRN -> COLL UPTO pos(${all} - acct.COLL)`,
      ],
    ],
  ];
  for (const [what, draw] of enough) {
    test(`raises no note after a draw of ${what}`, () => {
      assert.deepEqual(notes(withProgram([...draw, ...INTEREST, ...PRINCIPAL, ...REST])), []);
    });
  }

  const lack = `pos(${all} - acct.COLL)`;
  const draw = `MOVE PRN -> COLL UPTO ${lack}`;
  const small: [what: string, steps: string[]][] = [
    ["of at most an amount", [`MOVE PRN -> COLL UPTO min(1.00, ${lack})`]],
    ["of an amount", ["MOVE PRN -> COLL UPTO 1.00"]],
    ["for junior interest only", ["MOVE PRN -> COLL UPTO pos(sumdue(B, C) - acct.COLL)"]],
    ["less an amount", [`MOVE PRN -> COLL UPTO pos(${all} - 1.00 - acct.COLL)`]],
    ["less a figure", [`MOVE PRN -> COLL UPTO pos(${all} + p.principal - acct.COLL)`]],
    ["less the cash of another account", [`MOVE PRN -> COLL UPTO pos(${all} - acct.PRN)`]],
    ["of a share", [`MOVE PRN -> COLL UPTO pct(${lack}, 50 %)`]],
    ["of which a fee takes a part", [draw, fee]],
    ["of which principal takes a part", [draw, "PRIN COLL -> A UPTO p.redeemed"]],
    ["whose lack is an old one", [`LET lack = ${lack}`, fee, "MOVE PRN -> COLL UPTO lack"]],
    ["in one branch only", ["IF p.loanCount > 3 {", draw, "}"]],
    [
      "of which principal takes a part twice",
      [
        "LET P = pos(bal.A - p.poolClosing)",
        `MOVE PRN -> COLL UPTO pos(${all} + P - acct.COLL)`,
        "PRIN COLL -> A UPTO P + P",
      ],
    ],
    ["before more cash comes in", [draw, "MOVE LIQ -> PRN UPTO 1.00"]],
  ];
  for (const [what, steps] of small) {
    test(`is noted after a draw ${what}`, () => {
      const found = notes(withProgram([...steps, ...INTEREST, ...PRINCIPAL, ...REST]));
      const says =
        /^PRIN .* principal of B \(mezzanine\) may be paid while interest of A \(senior\) is/;
      assert.ok(
        found.some((line) => says.test(line)),
        found.join("\n"),
      );
    });
  }

  test("the note names the line of the draw that may be too small", () => {
    const steps = [`MOVE PRN -> COLL UPTO min(1.00, ${lack})`, ...INTEREST, ...PRINCIPAL, ...REST];
    const [first = ""] = notes(withProgram(steps));
    assert.match(first, /from COLL, and the draw from PRN on line \d+ may be less than it needs$/);
  });
});

describe("a facility that senior interest draws on", () => {
  const every =
    "sumdue(trusteeFee, reviewerFee, indemnity, backupFee, servicingFee, LIQ.interest, LIQ.commitment, A-1, A-2a, A-2b)";
  const noted = (limit: string) => {
    const text = EVERY_FEATURE.replace(/LET need = sumdue\(.*?\)/, `LET need = ${every}`)
      .replace("min(undrawn.LIQ, pos(need", `min(${limit}, pos(need`)
      .replace(/ {4}FILL COLL -> LIQ TO .* AS liquidityRepaid.*\n/, "")
      .replace("    INT COLL -> M ", "    INT LIQ -> M @ 9.99\n    INT COLL -> M ");
    return notes(text).filter((line) => line.startsWith("INT [9.99]"));
  };

  test("may pay mezzanine interest when the draw was all that is undrawn or lacks", () => {
    assert.deepEqual(noted("undrawn.LIQ"), []);
  });

  test("may not when the draw had another limit", () => {
    assert.match(
      noted("5.00").join("\n"),
      /interest of M \(mezzanine\) .* A-2b \(senior\) is unpaid/,
    );
  });
});

describe("a deal that is pro rata on purpose", () => {
  test("has one note for each step that pays so", () => {
    const steps = [
      "INT COLL -> A, B, C PRORATA",
      "PRIN COLL -> A, B, C PRORATA(bal.A; bal.B; bal.C) UPTO acct.COLL",
      "REST PRN -> COLL",
      "REST COLL -> residual",
    ];
    const found = notes(withProgram(steps)).filter((line) => !line.startsWith("REST"));
    const classes = "A (senior), B (mezzanine), C (junior)";
    const why = "is paid pro rata: a junior class may be paid while a more senior one is unpaid";
    assert.deepEqual(found, [
      `INT [1] interest of ${classes} ${why}`,
      `PRIN [1] principal of ${classes} ${why}`,
    ]);
  });
});
