import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { readSample, sampleFile } from "./read-sample.ts";
import type { ReadSample, SampleTerms } from "./read-sample.ts";

const text = (name: string): string => readFileSync(sampleFile(name), "utf8");

describe("LendingClub's loan file", () => {
  const file = text("lendingclub-loans/loan-stats.csv");
  const read = (tape: string, terms: Partial<SampleTerms> = {}): Promise<ReadSample> =>
    readSample(tape, { format: "lendingclub-loans", periodEnd: "2016-06-30", ...terms });

  it("finds the header below the title and leaves totals and section rows out", async () => {
    const { rows, problems, refusals, totals } = await read(file);
    assert.deepEqual(refusals, []);
    assert.equal(rows.length, 6);
    assert.ok(
      problems.some(({ code, value }) => code === "title-rows" && value.startsWith("1 row")),
    );
    // Two totals rows and one section line.
    assert.ok(
      problems.some(({ code, value }) => code === "records-skipped" && value.startsWith("3 ")),
    );
    // 6,120.45 + 0 + 0 + 7,795.27 + 3,420.53 + 0
    assert.equal(totals.cents("endingBalance"), 17_336_25);
    // 10,000 + 24,000 + 5,000 + 8,000 + 3,500 + 6,000
    assert.equal(totals.cents("originalBalance"), 56_500_00);
    // 3,879.55 + 24,000.00 + 1,102.30 + 204.73 + 79.47 + 6,000.00
    assert.equal(totals.cents("principal"), 35_266_05);
    // 1,102.95 + 5,800.11 + 398.12 + 52.58 + 39.20 + 540.00
    assert.equal(totals.cents("interest"), 7_932_96);
  });

  it("reads the words of the status: how the loan stands and how late it is", async () => {
    const { rows, totals } = await read(file);
    assert.deepEqual(
      rows.map(({ loanId, status, bucket }) => [loanId, status, bucket]),
      [
        ["70000001", "current", "current"],
        ["70000002", "prepaid or matured", "current"],
        ["70000003", "charged off", "current"],
        ["70000004", "delinquent", "30-59"],
        // 1 to 15 days late, in order for the platform.
        ["70000005", "current", "1-29"],
        ["70000006", "prepaid or matured", "current"],
      ],
    );
    assert.deepEqual([totals.terminated, totals.delinquent], [3, 2]);
  });

  it("reads % rates, terms in words and months by their names", async () => {
    const { rows } = await read(file, { rateUnit: "fraction" });
    assert.equal(rows[0]?.rate("interestRate"), 0.1199);
    assert.equal(rows[0]?.number("originalTerm"), 36);
    assert.equal(rows[1]?.number("originalTerm"), 60);
    assert.equal(rows[0]?.number("origination"), 2015 * 12 + 5);
    assert.equal(rows[0]?.number("creditScore"), 705);
  });

  it("charges off what neither came in nor is owed, of charged-off loans only", async () => {
    const { rows } = await read(file);
    assert.deepEqual(
      rows.map(({ cents }) => cents("chargeOff")),
      // 5,000.00 - 1,102.30 - 0
      [0, 0, 3_897_70, 0, 0, 0],
    );
    // 275.00 recovered less 49.50 for collecting it.
    assert.equal(rows[2]?.cents("recovery"), 225_50);
    // 15.00000003 as the platform computes it.
    assert.equal(rows[2]?.cents("fees"), 15_00);
  });

  it("refuses the months that a spreadsheet made days of", async () => {
    const { refusals, totals } = await read(file.replaceAll(/"Jun-2015"|"Apr-2016"/g, '"16-Jun"'));
    assert.deepEqual(
      [...new Set(refusals.map(({ code, field }) => `${code} ${field}`))],
      ["date-destroyed issue_d"],
    );
    // The totals are still those of the whole file.
    assert.equal(totals.cents("endingBalance"), 17_336_25);
  });

  it("reads such months as unknown where the deal takes them with a reason", async () => {
    const destroyed = file.replaceAll(/"Jun-2015"|"Apr-2016"/g, '"16-Jun"');
    const { rows, problems, refusals } = await read(destroyed, {
      checks: { "date-destroyed": "reason" },
    });
    assert.deepEqual(refusals, []);
    assert.deepEqual(
      rows.map(({ number }) => number("origination") === null),
      [true, false, false, true, false, false],
    );
    const reasons = problems.filter(({ severity }) => severity === "reason");
    assert.deepEqual(
      reasons.map(({ code, expected }) => [code, /in 2 rows/.test(expected)]),
      [["date-destroyed", true]],
    );
    // A balance is needed, whatever the deal says of its parts of a cent.
    const balance = await read(file.replace('"6120.45","6120.45"', '"6120.455","6120.45"'), {
      checks: { decimals: "note" },
    });
    assert.deepEqual(
      balance.refusals.map(({ code, loanId }) => [code, loanId]),
      [["missing", "70000001"]],
    );
  });

  it("refuses a balance with parts of a cent and a term that it does not know", async () => {
    const { codes } = await read(file.replace('"6120.45","6120.45"', '"6120.455","6120.45"'));
    assert.ok(codes.includes("decimals"));
    const { problems } = await read(file.replace(" 60 months", " 84 months"));
    assert.ok(problems.some(({ code, field }) => code === "code-unknown" && field === "term"));
  });

  it("notes a total paid that is not the sum of its parts", async () => {
    const clean = await read(file);
    assert.equal(clean.codes.includes("payment-split"), false);
    const { problems } = await read(file.replace('"4982.50","4982.50"', '"4992.50","4982.50"'));
    assert.ok(
      problems.some(({ code, loanId }) => code === "payment-split" && loanId === "70000001"),
    );
  });

  it("refuses ids that a spreadsheet made numbers of", async () => {
    for (const [from, to] of [
      [/"(7000000\d)","8/g, '"$1.0","8'],
      [/"7000000(\d)","8/g, '"7.0E+0$1","8'],
    ] as const) {
      const { codes, rows } = await read(file.replaceAll(from, to));
      assert.ok(codes.includes("loan-id-number"), `${to}: ${codes.join()}`);
      assert.equal(rows.length, 6);
    }
  });

  it("reads a line end within quotes, and notes lines that end in several ways", async () => {
    const { rows, refusals, codes } = await read(
      file.replace("Nurse, night shift", "Nurse,\nnights"),
    );
    assert.deepEqual(refusals, []);
    assert.equal(rows.length, 6);
    assert.equal(codes.includes("mixed-line-ends"), false);
    const mixed = await read(
      file.replace('"80000004"', '"80000004"').replace('\r\n"70000004', '\n"70000004'),
    );
    assert.ok(mixed.codes.includes("mixed-line-ends"));
    assert.equal(mixed.rows.length, 6);
  });

  it("keeps no column with personal data", async () => {
    const { attributeNames } = await read(file);
    assert.ok(attributeNames.includes("purpose"));
    for (const name of ["emp_title", "member_id", "title"]) {
      assert.equal(attributeNames.includes(name), false, name);
    }
  });
});

describe("LendingClub's payment history", () => {
  const file = text("lendingclub-payments/payment-history.csv");
  const read = (tape: string, terms: Partial<SampleTerms> = {}): Promise<ReadSample> =>
    readSample(tape, { format: "lendingclub-payments", periodEnd: "2014-03-31", ...terms });

  it("reads the month's rows out of all months, and every balance rolls forward", async () => {
    const { rows, problems, refusals, totals } = await read(file);
    assert.deepEqual(refusals, []);
    assert.equal(rows.length, 4);
    assert.ok(problems.some(({ code }) => code === "records-skipped"));
    // 9,461.55 + 4,000.00 + 6,120.40 + 2,500.00
    assert.equal(totals.cents("beginningBalance"), 22_081_95);
    // 272.70 + 4,000.00 + 0 + 95.10
    assert.equal(totals.cents("principal"), 4_367_80);
    assert.equal(totals.cents("chargeOff"), 6_120_40);
    // 22,081.95 - 4,367.80 - 6,120.40
    assert.equal(totals.cents("endingBalance"), 11_593_75);
    // 120.00 - 21.60
    assert.equal(totals.cents("recovery"), 98_40);
    assert.deepEqual(
      rows.map(({ status }) => status),
      ["current", "prepaid or matured", "charged off", "delinquent"],
    );
  });

  it("finds a row that does not roll forward", async () => {
    const { refusals } = await read(file.replace(",9188.85,", ",9188.84,"));
    assert.deepEqual(
      refusals.map(({ code, loanId }) => [code, loanId]),
      [["roll-forward", "9000001"]],
    );
  });

  it("reads the investors' names of the same columns", async () => {
    const [header = "", ...rows] = file.split("\n");
    const investors = header
      .split(",")
      .map((name) =>
        /^(PBAL|PRNCP|INT|FEE|COAMT|PCO|DUE|RECEIVED_AMT)/.test(name) ? `${name}_INVESTORS` : name,
      )
      .join(",");
    const { totals, refusals } = await read([investors, ...rows].join("\n"));
    assert.deepEqual(refusals, []);
    assert.equal(totals.cents("endingBalance"), 11_593_75);
  });
});

describe("Prosper's loan data", () => {
  const file = text("prosper-loans/prosper-loan-data.csv");
  const read = (tape: string): Promise<ReadSample> =>
    readSample(tape, { format: "prosper-loans", periodEnd: "2014-02-28" });

  it("makes the balance of what was lent, came in and was lost", async () => {
    const { rows, refusals, totals } = await read(file);
    assert.deepEqual(refusals, []);
    assert.deepEqual(
      rows.map(({ status, bucket, cents }) => [status, bucket, cents("endingBalance")]),
      [
        // 9,000.00 - 1,911.20
        ["current", "current", 7_088_80],
        ["prepaid or matured", "current", 0],
        // 3,000.00 - 600.10 - 2,399.90
        ["charged off", "120+", 0],
        // 15,000.00 - 1,980.40
        ["delinquent", "30-59", 13_019_60],
      ],
    );
    assert.equal(totals.cents("endingBalance"), 20_108_40);
    // Gross less net loss, and what is not principal: 2,399.90 - 2,219.90 + 40.00
    assert.equal(rows[2]?.cents("recovery"), 220_00);
    assert.equal(rows[0]?.rate("interestRate"), 0.138);
    assert.equal(rows[0]?.number("origination"), 2013 * 12 + 4);
  });

  it("refuses times that a spreadsheet destroyed", async () => {
    const { refusals } = await read(file.replaceAll(/\d{4}-\d\d-\d\d 00:00:00,M/g, "09:29.3,M"));
    assert.ok(
      refusals.some(
        ({ code, field }) => code === "date-destroyed" && field === "LoanOriginationDate",
      ),
    );
  });

  it("keeps ranges of income as text", async () => {
    const { attributeNames, rows } = await read(file);
    assert.ok(attributeNames.includes("IncomeRange"));
    assert.equal(rows.length, 4);
  });
});

describe("SBA 7(a) loans", () => {
  const file = text("sba-7a-loans/sba-national.csv");
  const read = (tape: string): Promise<ReadSample> =>
    readSample(tape, { format: "sba-7a-loans", periodEnd: "2014-12-31" });

  it("reads names with commas, dollar amounts and states", async () => {
    const { rows, refusals, codes, attributeNames } = await read(file);
    assert.deepEqual(refusals, []);
    assert.deepEqual(
      rows.map(({ loanId, status, cents }) => [
        loanId,
        status,
        cents("endingBalance"),
        cents("chargeOff"),
      ]),
      [
        ["2000014003", "prepaid or matured", 0, 0],
        ["2000024006", "charged off", 0, 14_084_50],
        ["2000034009", "current", 38_250_75, 0],
        ["2000044001", "prepaid or matured", 0, 0],
      ],
    );
    assert.ok(codes.includes("amount-style"));
    // Often a person's.
    assert.equal(attributeNames.includes("Name"), false);
    assert.ok(attributeNames.includes("Bank"));
  });

  it("reads both styles of date, and years of two digits around 1930", async () => {
    const { rows } = await read(file);
    assert.deepEqual(
      rows.map(({ number }) => number("origination")),
      [1997 * 12 + 4, 2005 * 12 + 4, 2010 * 12 + 6, 1968 * 12 + 11],
    );
    const { codes } = await read(file.replaceAll("12-Dec-68", "1968-12-12"));
    assert.ok(codes.includes("date-style"));
  });

  it("notes stray flags and keeps them", async () => {
    const { problems } = await read(file);
    const stray = problems.filter(
      ({ code, field }) => code === "code-unknown" && field === "RevLineCr",
    );
    assert.deepEqual(stray.map(({ value }) => value).toSorted(), ["0", "`"]);
  });

  it("refuses ids that a spreadsheet made numbers of", async () => {
    const { codes } = await read(file.replaceAll(/^(20000\d{5}),/gm, "$1.0,"));
    assert.ok(codes.includes("loan-id-number"), codes.join());
  });

  it("takes the balance from the status where the release has none, and asks for it where neither says", async () => {
    const bare = file
      .split("\n")
      .map((line) =>
        line
          .replace("BalanceGross,", "")
          .replace(/("\$0\.00 "|"\$38,250\.75 "),(?=P I F|CHGOFF|,)/, ""),
      )
      .join("\n");
    const { rows, refusals, problems } = await read(bare);
    assert.deepEqual(refusals, []);
    assert.deepEqual(
      problems
        .filter(({ severity }) => severity === "reason")
        .map(({ code, loanId }) => [code, loanId]),
      [["zero-balance-without-code", "2000034009"]],
    );
    assert.deepEqual(
      rows.map(({ cents }) => cents("endingBalance")),
      [0, 0, 0, 0],
    );
  });
});

describe("Bondora's loan dataset", () => {
  it("reads cumulative amounts as of the report's day", async () => {
    const { rows, refusals, totals, attributeNames } = await readSample(
      text("bondora-loans/loan-dataset.csv"),
      {
        format: "bondora-loans",
        periodEnd: "2026-03-31",
      },
    );
    assert.deepEqual(refusals, []);
    assert.deepEqual(
      rows.map(({ status, bucket }) => [status, bucket]),
      [
        ["current", "current"],
        ["delinquent", "60-89"],
        // Repaid, as it says, but for 300.00 that was written off.
        ["charged off", "current"],
      ],
    );
    // 1,589.78 + 4,100.00
    assert.equal(totals.cents("endingBalance"), 5_689_78);
    // 300.00 of principal and 25.00 of interest
    assert.equal(rows[2]?.cents("recovery"), 325_00);
    assert.equal(rows[1]?.number("modified"), 1);
    assert.equal(rows[0]?.rate("interestRate"), 0.215);
    assert.equal(attributeNames.includes("UserName"), false);
  });
});
