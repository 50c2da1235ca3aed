import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { formatMonth } from "../../../server/lib/dates.ts";
import { CANONICAL_FIELDS } from "../../../server/tapes/canonical-fields.ts";
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
import { readSample } from "./formats/read-sample.ts";
import type { ReadSample, SampleRow } from "./formats/read-sample.ts";
import { readMapping } from "../../../server/deals/read-mapping-section.ts";

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
  terminationCode: "Exit",
  origination: "From",
  maturity: "To",
  creditScore: "Score",
  region: "State",
} as const;

const MAPPING_YAML = [
  'delimiter: ";"',
  "columns:",
  ...Object.entries(COLUMNS).map(([field, name]) => `  ${field}: "${name}"`),
  "dates: YYYY-MM-DD",
  "months: YYYY-MM",
  "missing: [n/a]",
].join("\n");

const { mapping: MAPPING } = readMapping(MAPPING_YAML);

function readXml(month: string): Promise<ReadSample> {
  const { begin, end } = amcarPeriod(month);
  const { mapping: _none, ...terms } = AMCAR_TERMS;
  return readSample(amcarTape(month), { ...terms, periodBegin: begin, periodEnd: end });
}

function readCsv(tape: string, month: string): Promise<ReadSample> {
  const { begin, end } = amcarPeriod(month);
  const { mapping: _none, format: _mapped, ...terms } = AMCAR_TERMS;
  return readSample(tape, {
    ...terms,
    rateUnit: "percent",
    mapping: MAPPING!,
    periodBegin: begin,
    periodEnd: end,
  });
}

const money = (cents: number | null): string => (Number(cents ?? 0) / 100).toFixed(2);
const month = (number: number | null): string => formatMonth(number ?? 0);

/** A tape of the golden deal as its servicer might write it in CSV. */
async function csvTape(name: string): Promise<string> {
  const { rows } = await readXml(name);
  const lines = rows.map((row) => {
    const { number, values } = row;
    return [
      values.loanId,
      amcarPeriod(name).end,
      money(number("originalBalance")),
      money(number("beginningBalance")),
      money(number("endingBalance")),
      number("scheduledPrincipal") === null ? "n/a" : money(number("scheduledPrincipal")),
      money(number("principal")),
      money(number("interest")),
      money(number("fees")),
      money(number("otherAdjustment")),
      money(number("chargeOff")),
      money(number("recovery")),
      money(number("liquidationProceeds")),
      number("interestRate") === null ? "" : number("interestRate")! / 1e10,
      number("originalTerm"),
      number("remainingTerm"),
      number("daysPastDue"),
      values.terminationCode ?? "",
      month(number("origination")),
      month(number("maturity")),
      number("creditScore") ?? "NONE",
      `"${values.region}"`,
    ].join(";");
  });
  return `\uFEFF${Object.values(COLUMNS).join(";")}\r\n${lines.join("\r\n")}\r\n\r\n`;
}

/** What both tapes state: flows that one leaves out are 0.00 in the other. */
function comparable(row: SampleRow): object {
  const fields = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
  const values = fields.map((field) => [
    field,
    row.values[field] ?? (CANONICAL_FIELDS[field] === "money" ? 0 : null),
  ]);
  return { ...Object.fromEntries(values), bucket: row.bucket };
}

describe("a CSV tape with a declared column mapping", () => {
  it("gives the loan months that the same tape gives in XML", async () => {
    for (const name of ["2017-09", "2018-06", "2020-02"]) {
      const xml = await readXml(name);
      const csv = await readCsv(await csvTape(name), name);
      assert.deepEqual(csv.refusals, []);
      assert.deepEqual(csv.rows.map(comparable), xml.rows.map(comparable));
    }
  });

  const FAULTS: [string, (tape: string) => string, Record<string, unknown>][] = [
    ["a missing column", (tape) => tape.replace("Closing", "End"), { code: "header", line: 1 }],
    ["a column twice", (tape) => tape.replace("Fees", "Interest"), { code: "header" }],
    [
      "another delimiter",
      (tape) => tape.replaceAll(";", ","),
      { code: "header", expected: /Loan No/ },
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
      { code: "date-style", field: "As of", value: "10-31-2017", column: 2 },
    ],
    [
      "an amount that an export wrote with an exponent",
      (tape) => tape.replace("23795.70", "2.37957E+04"),
      { code: "type", field: "Original balance", value: "2.37957E+04", column: 3 },
    ],
  ];
  for (const [title, spoil, expected] of FAULTS) {
    it(`is refused for ${title}`, async () => {
      const tape = await csvTape("2017-10");
      const spoilt = spoil(tape);
      assert.notEqual(spoilt, tape);
      const { problems } = await readCsv(spoilt, "2017-10");
      const found = problems.find(({ code }) => code === expected["code"]);
      assert.ok(found, JSON.stringify(problems.slice(0, 3)));
      assert.equal(found.severity, "refuse");
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
    const mapping = MAPPING_YAML.replace(/^/gm, "    ");
    const source = AMCAR_DEAL_FILE.replace("absee-auto-loan-xml", "mapped")
      .replace("rateUnit: fraction", "rateUnit: percent")
      .replace("  chargeOffAgeDays: 120", `  chargeOffAgeDays: 120\n  mapping:\n${mapping}`);
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
