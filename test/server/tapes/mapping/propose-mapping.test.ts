import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { makeWorkbook, textRows } from "../framing/make-zip.ts";
import { readSample } from "../formats/read-sample.ts";
import { columnsOf, propose, throughYaml } from "./propose.ts";

/** A servicer's own file: 40 loans, each pays 100.00 of principal; every tenth is 45 days late. */
function servicerFile(): string {
  const head =
    "Account Number,As Of Date,Orig Bal,Beg Bal,Curr Bal,Prin Pmt,Int Pmt,Note Rate,Rem Term,DPD,FICO,Orig Date,Mat Date,St,Loan Status,Borrower Name";
  const rows = Array.from({ length: 40 }, (_, i) => {
    const beginning = 5_000 + i * 37;
    const late = i % 10 === 0;
    return [
      ...[`A-${7_000 + i}`, "07/31/2026", "10000.00", `${beginning}.50`, `${beginning - 100}.50`],
      ...[
        "100.00",
        "42.17",
        (5 + i / 10).toFixed(3),
        60 - i,
        late ? 45 : 0,
        i === 3 ? "N/A" : 640 + i,
      ],
      ...[
        "03/15/2024",
        "03/15/2031",
        ["NY", "TX", "CA"][i % 3],
        late ? "30-59 Days" : "Current",
        "Jo Doe",
      ],
    ].join(",");
  });
  return [head, ...rows].join("\n");
}

const AS_READ = {
  rateUnit: "fraction",
  periodBegin: "2026-07-01",
  periodEnd: "2026-07-31",
} as const;

describe("a mapping proposed for a servicer's own file", () => {
  it("finds the columns by the market's words, and says why", async () => {
    const proposal = await propose(servicerFile());
    assert.deepEqual(columnsOf(proposal), {
      loanId: "Account Number",
      periodEnd: "As Of Date",
      originalBalance: "Orig Bal",
      beginningBalance: "Beg Bal",
      endingBalance: "Curr Bal",
      principal: "Prin Pmt",
      interest: "Int Pmt",
      interestRate: "Note Rate",
      remainingTerm: "Rem Term",
      daysPastDue: "DPD",
      creditScore: "FICO",
      origination: "Orig Date",
      maturity: "Mat Date",
      statusCode: "Loan Status",
      region: "St",
    });
    const rate = proposal.fields.find(({ field }) => field === "interestRate")!;
    assert.equal(rate.unit, "percent");
    // Rates run from 5.000 to 8.900 in steps of a tenth: the 21st of 40 is 7.000.
    assert.match(rate.reason, /percent: the median is 7$/);
    assert.deepEqual(rate.samples.slice(0, 2), ["5.000", "5.100"]);
    assert.ok(proposal.fields.every(({ confidence }) => confidence > 0.5 && confidence <= 1));
  });

  it("has the codes, the spellings of nothing, the personal columns and the balance rule", async () => {
    const { mapping, others, rollForwards } = await propose(servicerFile());
    assert.deepEqual(mapping.statuses, {
      Current: { status: "current", daysPastDue: 0 },
      "30-59 Days": { status: "delinquent", daysPastDue: 30 },
    });
    assert.deepEqual(mapping.missing, ["N/A"]);
    assert.deepEqual(mapping.personal, ["Borrower Name"]);
    assert.deepEqual(others, [{ column: "Borrower Name", samples: [], personal: true }]);
    assert.deepEqual(rollForwards[0], { subtract: ["principal"], add: [], share: 1 });
  });

  it("reads the very file that it was made of, after its way through YAML", async () => {
    const { mapping } = await propose(servicerFile());
    const back = throughYaml(mapping);
    const read = await readSample(servicerFile(), { ...AS_READ, mapping: back });
    assert.deepEqual(read.refusals, []);
    assert.equal(read.rows.length, 40);
    // 40 x 4,900.50 and 37 x (0 + 1 + ... + 39) = 37 x 780.
    assert.equal(read.totals.cents("endingBalance"), 40 * 490_050 + 37 * 780 * 100);
    assert.equal(read.rows[0]?.days, 45);
    assert.equal(read.rows[1]?.rate("interestRate"), 0.051);
  });

  it("asks about a guess, and leaves it out of the mapping", async () => {
    const loans = ["BS1 5AH", "M1 1AE", "LS1 4AP"].map(
      (postCode, i) => `L${i},${100 + i}.00,${postCode},Current`,
    );
    const file = ["Loan ID,UPB,Post Code,Status", ...loans].join("\n");
    const { fields, questions, mapping, others } = await propose(file);
    assert.ok(questions.includes("Is Post Code the terminationCode? It is not in the mapping."));
    assert.deepEqual(Object.keys(mapping.columns), ["loanId", "endingBalance", "statusCode"]);
    assert.ok(fields.every(({ confidence }) => confidence >= 0.6));
    assert.ok(others.some(({ column }) => column === "Post Code"));
  });

  it("asks what it cannot decide", async () => {
    const file =
      "Loan ID,UPB,Status,Sale Date\n1,5.00,Zombie,01/02/2026\n2,6.00,Current,03/04/2026\n";
    const { questions } = await propose(file);
    assert.ok(questions.includes("What does the status Zombie mean?"), questions.join());
    const none = await propose("x,y\n1,2\n3,4\n");
    assert.ok(none.questions.includes("Which column is the loanId? A mapping needs it."));
    assert.ok(none.questions.includes("No column says how late a loan is."));
  });
});

describe("what kind of file it is", () => {
  const columns = ["Loan ID", "Current UPB ($)", "Note Rate", "Next Due Date"];
  const loans = Array.from({ length: 12 }, (_, i) => [
    `MSR1000${10 + i}`,
    `${2_000 + i}.25`,
    "0.0475",
    "2026-06-01",
  ]);

  it("a workbook with titles and totals", async () => {
    const rows = [["MSR TAPE"], columns, ...loans, ["TOTALS / AVERAGES", "24069"]];
    const file = makeWorkbook({ sheets: [{ name: "Jul", rows: textRows(rows) }] });
    const { mapping } = await propose(file);
    assert.deepEqual(
      [mapping.header, mapping.loanIds, mapping.totals],
      ["find", "MSR#*", "TOTALS / AVERAGES*"],
    );
    assert.equal(mapping.differenced, true);
    const read = await readSample(file, { ...AS_READ, mapping: throughYaml(mapping) });
    assert.deepEqual(read.refusals, []);
    // The next payment was due on 2026-06-01: 29 + 31 days before the end of July.
    assert.deepEqual([read.rows.length, read.rows[0]?.days], [12, 60]);
    // 12 x 2,000.25 + (0 + 1 + ... + 11).
    assert.equal(read.totals.cents("endingBalance"), 12 * 200_025 + 6_600);
  });

  it("semicolons, decimal commas and windows-1252", async () => {
    const text =
      "Loan ID;Outstanding Balance;Interest Rate;Origination Date\n" +
      loans.map(([id], i) => `${id};${1_000 + i},50;6,25;31.01.2024`).join("\n") +
      "\nMSRé;1,00;6,25;31.01.2024\n";
    const { mapping, fields } = await propose(Buffer.from(text, "latin1"));
    assert.deepEqual(
      [mapping.delimiter, mapping.encoding, mapping.decimalComma, mapping.dates],
      [";", "windows-1252", true, ["DD.MM.YYYY"]],
    );
    assert.equal(fields.find(({ field }) => field === "interestRate")?.unit, "percent");
  });

  it("no header: columns are named by their places", async () => {
    const { mapping } = await propose("1001|5000.00|2026-07-31\n1002|6000.00|2026-07-31\n");
    assert.deepEqual([mapping.header, mapping.delimiter], ["none", "|"]);
    assert.deepEqual(mapping.names, ["column 1", "column 2", "column 3"]);
  });

  it("a history, where a loan stands with several dates", async () => {
    const months = ["2026-05-31", "2026-06-30", "2026-07-31"];
    const rows = Array.from({ length: 30 }, (_, i) =>
      months.map((month) => `L${i},${month},${900 - i}.00`),
    ).flat();
    const { mapping } = await propose(["Loan ID,Reporting Date,UPB", ...rows].join("\n"));
    assert.equal(mapping.history, true);
  });

  it("fields as rows: it asks whether to transpose", async () => {
    const file = [
      "name,a,b",
      "Loan ID,1,2",
      "Current Balance,5.00,6.00",
      "Interest Rate,5,6",
      "Status,C,C",
      "Maturity Date,x,y",
    ].join("\n");
    const { questions } = await propose(file);
    assert.match(questions[0]!, /transposed/);
  });

  it("a public format: it says so and takes its columns", async () => {
    const file =
      "assetNumber,reportingPeriodEndingDate,reportingPeriodActualEndBalanceAmount,actualPrincipalCollectedAmount,totalActualAmountPaid,reportingPeriodInterestRatePercentage,zeroBalanceCode,currentDelinquencyStatus,vehicleManufacturerName,vehicleModelName,obligorCreditScore\n0001 - 1,07-31-2026,900.00,100.00,140.00,0.12,,0,FORD,F-150,700\n";
    const proposal = await propose(file);
    assert.equal(proposal.formats[0]?.id, "absee-auto-loan-table");
    assert.equal(columnsOf(proposal)["principal"], "actualPrincipalCollectedAmount");
    assert.equal(columnsOf(proposal)["totalPaid"], "totalActualAmountPaid");
  });

  it("a large text: only its first rows are read", async () => {
    const rows = `${servicerFile()}\n`.repeat(2);
    const line = rows.split("\n")[1]!;
    const { rows: looked } = await propose(rows + `${line}\n`.repeat(60_000));
    assert.equal(looked, 2_000);
  });
});
