import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GOOD_ROW, manyRows, mappingOf, readMade } from "../made-csv.ts";
import { readSample } from "../formats/read-sample.ts";

describe("the columns of a file", () => {
  it("may stand in any order, with blanks and letters as people write them", async () => {
    const { rows, refusals } = await readSample(" ENDING  balance ;Loan Id\n900.00;L-1\n", {
      mapping: mappingOf([], "columns: { loanId: loan id, endingBalance: Ending Balance }"),
      periodEnd: "2024-05-31",
    });
    assert.deepEqual(
      refusals.map(({ code }) => code).filter((code) => code === "header"),
      [],
    );
    assert.equal(rows[0]?.cents("endingBalance"), 90_000);
  });

  it("that are needed and not there refuse the file, all at once", async () => {
    const { refusals } = await readMade([{ loan: "L-1", endingBalance: "1.00" }], {
      yaml: "columns: { loanId: Loan, periodEnd: As of, endingBalance: Balance }",
    });
    assert.equal(refusals.length, 1);
    assert.deepEqual([refusals[0]?.code, refusals[0]?.field], ["header", "As of, Balance"]);
  });

  it("that the layout has and the file does not are told in one note", async () => {
    const file =
      "assetNumber,reportingPeriodEndingDate,reportingPeriodBeginningLoanBalanceAmount," +
      "actualPrincipalCollectedAmount,reportingPeriodActualEndBalanceAmount,vin\n" +
      "A-1,05-31-2024,10.00,5.00,5.00,1HG\n";
    const { problems } = await readSample(file, {
      format: "absee-auto-loan-table",
      periodEnd: "2024-05-31",
    });
    const lacking = problems.filter(({ code }) => code === "missing-column");
    // 72 elements less the five that are there.
    assert.match(lacking[0]?.expected ?? "", /; 67 are not in the file/);
    assert.equal(lacking.length, 1);
    const unknown = problems.filter(({ code }) => code === "unknown-column");
    assert.deepEqual(
      unknown.map(({ value, column }) => [value, column]),
      [["vin", 6]],
    );
  });

  it("that nothing reads are kept as attributes, personal ones are dropped", async () => {
    const { attributeNames, problems } = await readMade(
      [{ ...GOOD_ROW, extraVin: "1HG", extraName: "A. Borrower" }],
      {
        yaml:
          "columns: { loanId: loanId, periodEnd: periodEnd, endingBalance: endingBalance }\n" +
          "personal: [EXTRANAME]",
      },
    );
    assert.ok(attributeNames.includes("extraVin"));
    assert.ok(!attributeNames.includes("extraName"));
    assert.ok(!attributeNames.includes("endingBalance"), "read plainly");
    const unknown = problems.filter(({ code }) => code === "unknown-column");
    assert.ok(unknown.some(({ value, column }) => value === "extraVin" && column === 9));
  });

  it("that say who somebody is are dropped whether or not the mapping lists them", async () => {
    const personal = { "Borrower Name": "A. Borrower", SSN: "123-45-6789", Email: "a@example.org" };
    const { attributeNames, problems } = await readMade([{ ...GOOD_ROW, ...personal }], {
      yaml: "columns: { loanId: loanId, periodEnd: periodEnd, endingBalance: endingBalance }",
    });
    assert.deepEqual(
      Object.keys(personal).filter((name) => attributeNames.includes(name)),
      [],
    );
    const told = problems.filter(({ expected }) => expected.includes("personal data, dropped"));
    assert.deepEqual(
      told.map(({ value }) => value),
      Object.keys(personal),
    );
    assert.doesNotMatch(JSON.stringify(problems), /A\. Borrower|123-45|example\.org/);
  });

  it("that are read with more than their value are attributes too", async () => {
    const { attributeNames } = await readMade([{ ...GOOD_ROW, extraLate: "2" }], {
      yaml: `
columns:
  loanId: loanId
  periodEnd: periodEnd
  endingBalance: endingBalance
  scheduledPrincipal: { column: principal, rounds: true }
  daysPastDue: { column: extraLate, times: 30 }
  origination: { column: interest, dates: YYYY-MM-DD }
  interestRate: interestRate`,
    });
    for (const name of ["principal", "extraLate", "interest"]) {
      assert.ok(attributeNames.includes(name), name);
    }
    assert.ok(!attributeNames.includes("interestRate"));
  });
});

describe("the cells of a row", () => {
  it("are as many as the columns; empty ones at the end do not count", async () => {
    const mapping = mappingOf(["loanId", "periodEnd", "endingBalance"]);
    const sample = { mapping, periodEnd: "2024-05-31" };
    const header = "loanId,periodEnd,endingBalance\n";
    const more = await readSample(
      `${header}L-1,2024-05-31,1.00,,\nL-2,2024-05-31,1.00,5\n`,
      sample,
    );
    const found = more.problems.filter(({ code }) => code === "field-count");
    assert.deepEqual(
      found.map(({ line, value }) => [line, value]),
      [[3, "4 fields"]],
    );
    const fewer = await readSample(`${header}L-1,2024-05-31\n`, sample);
    assert.deepEqual(
      fewer.refusals.map(({ code, value }) => [code, value]),
      [["field-count", "2 fields"]],
    );
  });

  it("that lack where they are needed are missing, by line and column", async () => {
    const { refusals } = await readMade([{ ...GOOD_ROW, endingBalance: "" }]);
    assert.deepEqual(
      refusals.map(({ code, line, column, field }) => [code, line, column, field]),
      [["missing", 2, 5, "endingBalance"]],
    );
  });

  it("say nothing in many spellings, and zero is none of them", async () => {
    const { rows } = await readMade(
      ["", "-", "NA", "ND5", "ND4-2024-07-01", "9999", "0"].map((creditScore, index) => ({
        ...GOOD_ROW,
        loanId: `L-${index}`,
        fees: creditScore,
      })),
      {
        yaml: `
columns:
  loanId: loanId
  periodEnd: periodEnd
  endingBalance: endingBalance
  beginningBalance: beginningBalance
  principal: principal
  fees: { column: fees, missing: ["9999"] }
missing: ["-", NA, ND5, ND4-*]`,
      },
    );
    assert.deepEqual(
      rows.map((row) => row.cents("fees")),
      [null, null, null, null, null, null, 0],
    );
  });

  it("with control characters are refused, but for line ends in a memo", async () => {
    const bell = await readMade([{ ...GOOD_ROW, loanId: "L\u0007-1" }]);
    assert.deepEqual(
      bell.refusals.map(({ code }) => code),
      ["control-character"],
    );
    const unit = await readMade([{ ...GOOD_ROW, extraMemo: "a\u001fb" }]);
    assert.deepEqual(
      unit.refusals.map(({ code, field }) => [code, field]),
      [["control-character", "extraMemo"]],
    );
    const memo = await readMade([{ ...GOOD_ROW, extraMemo: "two\nlines\tand a tab" }]);
    assert.deepEqual(memo.refusals, []);
    assert.equal(memo.rows.length, 1);
  });

  it("that hold an error of a workbook are refused where a field needs them", async () => {
    const { refusals } = await readMade([{ ...GOOD_ROW, principal: "#N/A", extraNote: "#REF!" }]);
    assert.deepEqual(
      refusals.map(({ code, field }) => [code, field]),
      [["error-cell", "principal"]],
    );
  });

  it("in a style of their own are noted once a column with the number of rows", async () => {
    const rows = manyRows(50, (index) => ({ loanId: `L-${index}`, originalBalance: "$5,000.00" }));
    const { problems } = await readMade(rows);
    assert.deepEqual(
      problems.map(({ code, value, line, column }) => [code, value, line, column]),
      [["amount-style", "$5,000.00", 2, 3]],
    );
    assert.match(problems[0]?.expected ?? "", /in 50 rows/);
  });

  it("with destroyed dates refuse their column once", async () => {
    const rows = manyRows(30, (index) => ({ loanId: `L-${index}`, origination: "16-Jun" }));
    const { refusals, rows: read } = await readMade(rows);
    assert.deepEqual(
      refusals.map(({ code, value }) => [code, value]),
      [["date-destroyed", "16-Jun"]],
    );
    assert.equal(read.length, 0);
  });
});

describe("a reading of a mapping", () => {
  it("takes the first of several columns that has a value", async () => {
    const { rows } = await readMade(
      [
        { ...GOOD_ROW, extraNew: "2030-01", extraOld: "2028-01" },
        { ...GOOD_ROW, loanId: "L-2", extraNew: "", extraOld: "2028-01" },
      ],
      {
        yaml: `
columns:
  loanId: loanId
  periodEnd: periodEnd
  endingBalance: endingBalance
  maturity: { column: [extraNew, extraOld] }`,
      },
    );
    const month = (year: number): number => year * 12;
    assert.deepEqual(
      rows.map((row) => row.number("maturity")),
      [month(2030), month(2028)],
    );
    // Months from May 2024 to maturity.
    assert.deepEqual(
      rows.map((row) => row.number("remainingTerm")),
      [68, 44],
    );
  });

  it("adds columns up, takes some off and stops at zero where it says so", async () => {
    const yaml = (more: string): string => `
columns:
  loanId: loanId
  periodEnd: periodEnd
  endingBalance: endingBalance
  chargeOff: { sum: [extraLoss, -extraBack]${more} }`;
    const rows = [{ ...GOOD_ROW, extraLoss: "10.00", extraBack: "12.50" }];
    const below = await readMade(rows, { yaml: yaml("") });
    assert.equal(below.rows[0]?.cents("chargeOff"), -250);
    const never = await readMade(rows, { yaml: yaml(", neverNegative: true") });
    assert.equal(never.rows[0]?.cents("chargeOff"), 0);
    const absent = [{ ...GOOD_ROW, extraLoss: "", extraBack: "" }];
    const silent = await readMade(absent, { yaml: yaml("") });
    assert.equal(silent.rows[0]?.cents("chargeOff"), null);
  });

  it("counts only when another column says so", async () => {
    const yaml = `
columns:
  loanId: loanId
  periodEnd: periodEnd
  endingBalance: { column: endingBalance, when: { column: extraSettled, values: [""] } }`;
    const { rows } = await readMade(
      [
        { ...GOOD_ROW, extraSettled: "" },
        { ...GOOD_ROW, loanId: "L-2", extraSettled: "2024-05-07" },
      ],
      { yaml },
    );
    assert.deepEqual(
      rows.map((row) => row.cents("endingBalance")),
      [90_000, 0],
    );
  });

  it("counts the days from a next due date, and months as thirty days", async () => {
    const { rows } = await readMade(
      [
        { ...GOOD_ROW, extraDue: "2024-04-01" },
        { ...GOOD_ROW, loanId: "L-2", extraDue: "2024-06-01" },
      ],
      {
        yaml: `
columns:
  loanId: loanId
  periodEnd: periodEnd
  endingBalance: endingBalance
  daysPastDue: { column: extraDue, since: true, dates: YYYY-MM-DD }`,
      },
    );
    // From 1 April to 31 May there are 60 days.
    assert.deepEqual(
      rows.map(({ days, bucket, status }) => [days, bucket, status]),
      [
        [60, "60-89", "delinquent"],
        [0, "current", "current"],
      ],
    );
  });

  it("tells the status from words, which are kept", async () => {
    const words = ["Current", "Late (31-60)", "In grace", "Fully Paid", "Sold"];
    const { rows, problems, attributeNames } = await readMade(
      words.map((extraStatus, index) => ({
        loanId: `L-${index}`,
        periodEnd: "2024-05-31",
        endingBalance: extraStatus === "Fully Paid" ? "0.00" : "900.00",
        extraStatus,
      })),
      {
        yaml: `
columns:
  loanId: loanId
  periodEnd: periodEnd
  endingBalance: endingBalance
  statusCode: extraStatus
statuses:
  Current: current
  "Late (31-60)": { status: delinquent, daysPastDue: 31 }
  In grace: { status: current, daysPastDue: 1 }
  Fully Paid: prepaid or matured
differenced: true`,
      },
    );
    assert.deepEqual(
      rows.map(({ status, bucket }) => [status, bucket]),
      [
        ["current", "current"],
        ["delinquent", "30-59"],
        ["current", "1-29"],
        ["prepaid or matured", "current"],
        ["current", "current"],
      ],
    );
    assert.ok(attributeNames.includes("extraStatus"));
    const unknown = problems.find(({ code }) => code === "code-unknown");
    assert.deepEqual([unknown?.value, unknown?.severity, unknown?.line], ["Sold", "note", 6]);
  });

  it("ends a loan by the gravest of several codes", async () => {
    const codes = ["1; 4", "['5', '3']", "4.0", "99"];
    const { rows } = await readMade(
      codes.map((terminationCode, index) => ({
        ...GOOD_ROW,
        loanId: `L-${index}`,
        principal: "1000.00",
        endingBalance: "0.00",
        terminationCode,
      })),
    );
    assert.deepEqual(
      rows.map(({ status }) => status),
      ["charged off", "repurchased", "charged off", "unavailable"],
    );
  });

  it("says what was prepaid: above the schedule, all of a payoff, nothing without a schedule", async () => {
    const paid = (row: Record<string, string>) => ({ ...GOOD_ROW, ...row });
    const { rows } = await readMade([
      paid({ loanId: "L-1", scheduledPrincipal: "80.00" }),
      paid({ loanId: "L-2", scheduledPrincipal: "120.00" }),
      paid({ loanId: "L-3", scheduledPrincipal: "0.00" }),
      paid({
        ...{ loanId: "L-4", scheduledPrincipal: "0.00", terminationCode: "1" },
        ...{ principal: "1000.00", endingBalance: "0.00", maturity: "2026-01" },
      }),
    ]);
    // 100.00 - 80.00 = 20.00; 100.00 of 120.00 due is no prepayment.
    assert.deepEqual(
      rows.map((row) => row.cents("prepaidPrincipal")),
      [2_000, 0, null, 100_000],
    );
  });
});
