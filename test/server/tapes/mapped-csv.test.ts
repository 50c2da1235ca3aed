import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { CsvSplitter, CsvSyntaxError } from "../../../server/tapes/formats/split-csv.ts";
import type { CsvRecord } from "../../../server/tapes/formats/split-csv.ts";
import type { LoanMonth } from "../../../server/tapes/source-loan.ts";
import type { TapeTerms } from "../../../server/tapes/tape-terms.ts";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import {
  AMCAR_DEAL_FILE,
  AMCAR_TERMS,
  amcarPeriod,
  amcarTape,
  insertDeal,
  upload,
} from "./amcar-2017-4.ts";
import { readTape } from "./read-tape.ts";

const COLUMNS = {
  loanId: "Loan No",
  periodEnd: "As of",
  originalBalance: "Original balance",
  beginningBalance: "Opening",
  endingBalance: "Closing",
  scheduledPrincipal: "Scheduled",
  principal: "Principal",
  interest: "Interest",
  fees: "Fees",
  otherAdjustment: "Adjustment",
  chargeOff: "Charged off",
  recovery: "Recovered",
  liquidationProceeds: "Proceeds",
  interestRate: "Rate %",
  originalTerm: "Term",
  remainingTerm: "Remaining",
  daysPastDue: "Days late",
  zeroBalanceCode: "Exit",
  origination: "From",
  maturity: "To",
  creditScore: "Score",
  region: "State",
} as const;

const CSV_TERMS: TapeTerms = {
  ...AMCAR_TERMS,
  format: "mapped-csv",
  rateUnit: "percent",
  csv: {
    delimiter: ";",
    columns: COLUMNS,
    dates: "YYYY-MM-DD",
    months: "YYYY-MM",
    missing: ["n/a"],
  },
};

const money = (cents: bigint): string => {
  const digits = String(cents < 0n ? -cents : cents).padStart(3, "0");
  return `${cents < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

/** A tape of the golden deal as its servicer might write it in CSV. */
async function csvTape(month: string): Promise<string> {
  const { rows } = await readTape(amcarTape(month), AMCAR_TERMS, amcarPeriod(month));
  const lines = rows.map(({ loan, periodEnd }) =>
    [
      loan.loanId,
      periodEnd,
      money(loan.originalBalanceCents),
      money(loan.beginningBalanceCents),
      money(loan.endingBalanceCents),
      loan.scheduledPrincipalCents === null ? "n/a" : money(loan.scheduledPrincipalCents),
      money(loan.principalCents),
      money(loan.interestCents),
      money(loan.feesCents),
      money(loan.otherAdjustmentCents),
      money(loan.chargeOffCents),
      money(loan.recoveryCents),
      money(loan.liquidationProceedsCents),
      loan.interestRateWad === null ? "" : `${Number(loan.interestRateWad / 10n ** 10n) / 1e6}`,
      loan.originalTermMonths,
      loan.remainingTermMonths,
      loan.daysPastDue,
      loan.zeroBalanceCode ?? "",
      loan.originationMonth,
      loan.maturityMonth,
      loan.creditScore ?? "NONE",
      `"${loan.region}"`,
    ].join(";"),
  );
  return `\uFEFF${Object.values(COLUMNS).join(";")}\r\n${lines.join("\r\n")}\r\n\r\n`;
}

const withoutLine = ({ line: _line, ...loan }: LoanMonth): object => loan;

describe("a CSV tape with a declared column mapping", () => {
  it("gives the loan months that the same tape gives in XML", async () => {
    for (const month of ["2017-09", "2018-06", "2020-02"]) {
      const period = amcarPeriod(month);
      const xml = await readTape(amcarTape(month), AMCAR_TERMS, period);
      const csv = await readTape(await csvTape(month), CSV_TERMS, period);
      assert.equal(csv.problems.count("refuse"), 0, JSON.stringify(csv.problems.listed()));
      // Repossession has no column here, and so no status.
      const comparable = (rows: typeof xml.rows): object[] =>
        rows.map(({ loan }) => ({ ...withoutLine(loan), status: "" }));
      assert.deepEqual(comparable(csv.rows), comparable(xml.rows));
      assert.deepEqual(
        csv.rows.map(({ loan }) => loan.line),
        csv.rows.map((_row, index) => index + 2),
      );
    }
  });

  const FAULTS: [string, (tape: string) => string, Record<string, unknown>][] = [
    ["a missing column", (tape) => tape.replace("Closing", "End"), { code: "header", line: 1 }],
    ["a column twice", (tape) => tape.replace("Fees", "Interest"), { code: "header" }],
    [
      "another delimiter",
      (tape) => tape.replaceAll(";", ","),
      { code: "header", expected: /^the columns Loan No/ },
    ],
    [
      "a row with a field too many",
      (tape) => tape.replace("\r\n0001718362 - 004955;", "\r\n0001718362 - 004955;;"),
      { code: "field-count", line: 3, value: "23 fields" },
    ],
    [
      "a quote that is never closed",
      (tape) => tape.replace('"FL"', '"FL'),
      { code: "malformed", value: /closing quote|never closed/ },
    ],
    [
      "an Excel formula for an id",
      (tape) => tape.replace("0001718362 - 003033", `"=""0001718362 - 003033"""`),
      { code: "loan-id-shape", value: '="0001718362 - 003033"' },
    ],
    [
      "a date in the other order",
      (tape) => tape.replace("2017-10-31", "10-31-2017"),
      { code: "type", field: "As of", value: "10-31-2017", column: 2 },
    ],
    [
      "an amount with a thousands separator",
      (tape) => tape.replace("23795.70", '"23,795.70"'),
      { code: "type", field: "Original balance", value: "23,795.70" },
    ],
  ];
  for (const [title, spoil, expected] of FAULTS) {
    it(`is refused for ${title}`, async () => {
      const tape = await csvTape("2017-10");
      const spoilt = spoil(tape);
      assert.notEqual(spoilt, tape);
      const { problems } = await readTape(spoilt, CSV_TERMS, amcarPeriod("2017-10"));
      const found = problems.listed().find(({ code }) => code === expected["code"]);
      assert.ok(found, JSON.stringify(problems.listed().slice(0, 3)));
      for (const [name, value] of Object.entries(expected)) {
        const actual: unknown = found[name as keyof typeof found];
        if (value instanceof RegExp) assert.match(String(actual), value);
        else assert.equal(actual, value);
      }
    });
  }
});

describe("a deal with CSV tapes", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
    const columns = Object.entries(COLUMNS).map(([field, name]) => `      ${field}: "${name}"`);
    const csv = [
      "  csv:",
      '    delimiter: ";"',
      "    columns:",
      ...columns,
      "    dates: YYYY-MM-DD",
      "    months: YYYY-MM",
      "    missing: [n/a]",
    ].join("\n");
    const source = AMCAR_DEAL_FILE.replace("absee-auto-loan-xml", "mapped-csv")
      .replace("rateUnit: fraction", "rateUnit: percent")
      .replace("  chargeOffAgeDays: 120", `  chargeOffAgeDays: 120\n${csv}`);
    await insertDeal(server, source);
  });
  after(() => server.close());

  it("takes its tapes, and no XML", async () => {
    for (const month of ["2017-09", "2017-10"]) {
      const headers = { "content-type": "text/csv" };
      const answer = await upload(server, { month, tape: await csvTape(month), headers });
      assert.equal(answer.statusCode, 201, answer.body);
    }
    const xml = await upload(server, { month: "2017-11" });
    assert.deepEqual([xml.statusCode, xml.json().code], [422, "tape-wrong-format"]);
  });
});

describe("the CSV splitter", () => {
  function recordsOf(pieces: string[], delimiter: string): CsvRecord[] {
    const records: CsvRecord[] = [];
    const splitter = new CsvSplitter(delimiter, (record) => records.push(record));
    for (const piece of pieces) splitter.split(piece);
    splitter.end();
    return records;
  }

  const split = (pieces: string[], delimiter = ","): string[][] => {
    return recordsOf(pieces, delimiter).map(({ fields }) => fields);
  };

  it("gives back what was quoted, however the text is cut into pieces", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", " "), maxLength: 6 });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 });
    fc.assert(
      fc.property(table, fc.constantFrom("\n", "\r\n", "\r"), fc.nat(7), (rows, end, size) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const text = rows.map((row) => row.map(quoted).join(",") + end).join("");
        const step = size + 1;
        const pieces = Array.from({ length: Math.ceil(text.length / step) }, (_, index) =>
          text.slice(index * step, (index + 1) * step),
        );
        assert.deepEqual(split(pieces), rows);
      }),
    );
  });

  it("counts lines inside quotes and takes a last line without an end", () => {
    assert.deepEqual(recordsOf(['a,"b\nc"\r\n\r\nd,e'], ","), [
      { line: 1, fields: ["a", "b\nc"] },
      { line: 4, fields: ["d", "e"] },
    ]);
  });

  it("refuses stray quotes", () => {
    assert.throws(() => split(['a"b,c\n']), CsvSyntaxError);
    assert.throws(() => split(['"a"b,c\n']), CsvSyntaxError);
    assert.throws(() => split(['"a,c\n']), CsvSyntaxError);
    assert.throws(() => split([`"${"a".repeat(1_100_000)}`]), /a quote left open/);
  });
});
