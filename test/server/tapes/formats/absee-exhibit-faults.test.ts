/** What real exhibits have wrong, each found with its own code. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { readSample, sampleFile } from "./read-sample.ts";
import { USUAL } from "./usual-roll-forward.ts";

const text = (name: string): string => readFileSync(sampleFile(name), "utf8");

describe("faults of an exhibit", () => {
  /** Without its first asset, which is charged off. */
  const FILE = text("absee-auto-loan-xml/california-republic-2017-03.xml").replace(
    /<assets>[^]*?<\/assets>/,
    "",
  );
  const TERMS = { periodEnd: "2017-03-31", rateUnit: "percent", rollForward: USUAL } as const;

  /** The first asset with the text of an element exchanged; null takes the element out. */
  function withElement(name: string, value: string | null, file = FILE): string {
    const pattern = new RegExp(`<${name}>[^<]*</${name}>`);
    if (value !== null && !pattern.test(file)) {
      return file.replace("</assets>", `<${name}>${value}</${name}></assets>`);
    }
    return file.replace(pattern, value === null ? "" : `<${name}>${value}</${name}>`);
  }

  const cases: [fault: string, file: string, code: string, severity: string][] = [
    ["another month", withElement("reportingPeriodEndingDate", "04-30-2017"), "period", "refuse"],
    [
      "a period of two months",
      withElement("reportingPeriodBeginningDate", "02-01-2017"),
      "period-length",
      "reason",
    ],
    [
      "a date as another extract writes it",
      withElement("reportingPeriodEndingDate", "3/31/17"),
      "date-style",
      "refuse",
    ],
    [
      "a day where a month stands",
      withElement("originationDate", "03-15-2016"),
      "date-style",
      "refuse",
    ],
    [
      "a code of another schema",
      withElement("zeroBalanceCode", "7"),
      "termination-unknown",
      "refuse",
    ],
    [
      "an employment code that is not in the list",
      withElement("obligorEmploymentVerificationCode", "0"),
      "code-unknown",
      "note",
    ],
    [
      "a rate that went through a float",
      withElement("reportingPeriodInterestRatePercentage", "9.155850000000001"),
      "float-noise",
      "note",
    ],
    [
      "negative proceeds of a repossession",
      withElement("repossessedProceedsAmount", "-410"),
      "sign-reversal",
      "note",
    ],
    [
      "a loan without its balance",
      withElement("reportingPeriodActualEndBalanceAmount", null),
      "missing",
      "refuse",
    ],
    [
      "a loan that enters the pool",
      withElement("reportingPeriodBeginningLoanBalanceAmount", null),
      "addition",
      "reason",
    ],
    [
      "an element that the schema does not have",
      withElement("obligorName", "J. Doe"),
      "unknown-element",
      "note",
    ],
    [
      "an element twice",
      FILE.replace("</assets>", "<assetNumber>2</assetNumber></assets>"),
      "repeated-element",
      "refuse",
    ],
    [
      "a balance that does not follow",
      withElement("reportingPeriodActualEndBalanceAmount", "1.00"),
      "roll-forward",
      "refuse",
    ],
    [
      "parts of a cent",
      withElement("actualPrincipalCollectedAmount", "134.755"),
      "decimals",
      "refuse",
    ],
    [
      "a word where an amount stands",
      withElement("chargedoffPrincipalAmount", "none"),
      "type",
      "refuse",
    ],
  ];
  for (const [fault, file, code, severity] of cases) {
    it(`are found with their own code: ${fault}`, async () => {
      const { problems } = await readSample(file, TERMS);
      assert.deepEqual(
        problems.find((problem) => problem.code === code)?.severity,
        severity,
        problems.map((problem) => problem.code).join(", "),
      );
    });
  }

  it("are none: several codes, an id that begins with a slash, inner blanks", async () => {
    const file = withElement("assetNumber", "/0001694010 - 000264==").replace(
      "<subvented>",
      "<subvented>2</subvented><subvented>",
    );
    const { rows, problems } = await readSample(file, TERMS);
    assert.equal(rows[0]?.loanId, "/0001694010 - 000264==");
    assert.deepEqual(
      problems.filter(({ code }) => code === "code-unknown"),
      [],
    );
  });

  it("take zero for a balance that a charged-off loan leaves out", async () => {
    const file = withElement(
      "reportingPeriodActualEndBalanceAmount",
      null,
      withElement("zeroBalanceCode", "4"),
    );
    const { rows } = await readSample(file, TERMS);
    assert.deepEqual([rows[0]?.status, rows[0]?.cents("endingBalance")], ["charged off", 0]);
  });

  it("leave a cent or two of a loan that is paid off", async () => {
    const file = withElement(
      "reportingPeriodActualEndBalanceAmount",
      "0.31",
      withElement("zeroBalanceCode", "1"),
    );
    const { problems } = await readSample(file, TERMS);
    assert.ok(problems.some(({ code }) => code === "small-residual"));
  });
});
