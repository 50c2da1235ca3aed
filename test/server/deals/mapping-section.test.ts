import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import { readMapping } from "../../../server/deals/read-mapping-section.ts";
import { dealFileSchema } from "../../../server/deals/deal-schema.ts";

const EVERY_FEATURE = readFileSync(
  new URL("../../golden/every-feature/deal.yaml", import.meta.url),
  "utf8",
);

const MAPPING = `
columns:
  loanId: Loan No
  endingBalance: { column: [UPB, Balance], rounds: true }
  chargeOff: { sum: [Loss, -Back], when: { column: Status, values: [Lost, ""] } }
  daysPastDue: { column: Late, times: 30, codes: { FC: 120, XX: -1 } }
  maturity: { column: Due, dates: MM/DD/YY, pivot: 40 }
terminations: { P: prepaid or matured, C: none }
statuses: { Current: current, 30 Days: { status: delinquent, daysPastDue: 30 } }
missing: [n/a, 99]
`;

describe("a mapping", () => {
  it("says of each field which column it is and how it is written", () => {
    const { mapping, problems } = readMapping(MAPPING);
    assert.deepEqual(problems, []);
    assert.deepEqual(mapping?.columns, {
      loanId: "Loan No",
      endingBalance: { column: ["UPB", "Balance"], rounds: true },
      chargeOff: { sum: ["Loss", "-Back"], when: { column: "Status", values: ["Lost", ""] } },
      daysPastDue: { column: ["Late"], times: 30, codes: { FC: 120, XX: -1 } },
      maturity: { column: ["Due"], dates: ["MM/DD/YY"], pivot: 40 },
    });
    assert.deepEqual(mapping?.terminations, { P: "prepaid or matured", C: null });
    assert.deepEqual(mapping?.statuses, {
      Current: { status: "current" },
      "30 Days": { status: "delinquent", daysPastDue: 30 },
    });
    assert.deepEqual(mapping?.missing, ["n/a", "99"]);
  });

  it("has what most files have where it does not say", () => {
    const { mapping } = readMapping("columns: { loanId: a, endingBalance: b }");
    assert.deepEqual(mapping, {
      ...{ assetClass: "auto loan", delimiter: "auto", encoding: "utf-8", header: "first" },
      ...{ names: [], sheet: null, columns: { loanId: "a", endingBalance: "b" } },
      ...{ dates: ["YYYY-MM-DD"], months: ["YYYY-MM"], missing: [], decimalComma: false },
      ...{ terminations: {}, statuses: {}, loanIds: null, totals: null, personal: [] },
      ...{ differenced: false, history: false },
    });
  });

  it("is the same as JSON", () => {
    const json = '{ "columns": { "loanId": "a", "endingBalance": { "column": "b" } } }';
    assert.deepEqual(readMapping(json).mapping?.columns, {
      loanId: "a",
      endingBalance: { column: ["b"] },
    });
  });

  const FAULTS: [string, string, string, number, number][] = [
    ["a field that no loan month has", "  zeroBalance: Exit\n", "unknown-field", 4, 16],
    ["a key that no column has", "  fees: { column: F, round: true }\n", "unknown-key", 4, 22],
    [
      "a pattern that no date has",
      "  origination: { column: O, dates: MM-YY }\n",
      "bad-value",
      4,
      36,
    ],
    ["a status that is none", "terminations: { P: paid }\n", "bad-value", 4, 20],
    ["a list where a name stands", "loanIds: [a]\n", "not-a-value", 4, 10],
  ];
  for (const [title, yaml, code, line, column] of FAULTS) {
    it(`is refused with its place for ${title}`, () => {
      const { mapping, problems } = readMapping(
        `columns:\n  loanId: a\n  endingBalance: b\n${yaml}`,
      );
      assert.equal(mapping, null);
      assert.deepEqual(
        problems.map((found) => [found.code, found.line, found.column]),
        [[code, line, column]],
        problems.map(({ message }) => message).join(),
      );
    });
  }

  it("needs the columns without which no row is a loan", () => {
    const { problems } = readMapping("columns: { periodEnd: a }");
    assert.deepEqual(
      problems.map(({ code, value }) => [code, value]),
      [
        ["missing-term", "loanId"],
        ["missing-term", "endingBalance"],
      ],
    );
    assert.equal(readMapping("").mapping, null);
    assert.equal(readMapping("[1]").mapping, null);
  });
});

describe("the tape section of a deal", () => {
  function faults(change: (source: string) => string): string[] {
    const { problems } = compileDeal(change(EVERY_FEATURE));
    return problems.filter(({ severity }) => severity === "error").map(({ code }) => code);
  }

  it("has a mapping when its tapes are mapped, and only then", () => {
    assert.deepEqual(
      faults((source) => source),
      [],
    );
    const public_ = faults((source) => source.replace("format: mapped", "format: psa-scheduled"));
    assert.deepEqual(public_, ["unused-mapping"]);
    const bare = faults((source) => source.replace(/ {2}mapping:\n( {4}.*\n)+/, ""));
    assert.deepEqual(bare, ["missing-term"]);
  });

  it("sets the severity of checks, but not of those that leave nothing to read", () => {
    const set = (checks: string) =>
      faults((source) => source.replace(/checks: \{.*\}/, `checks: { ${checks} }`));
    assert.deepEqual(set("roll-forward: reason, sign: ignore"), []);
    assert.deepEqual(set("roll-forwards: reason"), ["unknown-check"]);
    assert.deepEqual(set("malformed: note"), ["unknown-check"]);
    assert.deepEqual(set("sign: allow"), ["bad-value"]);
  });

  it("is in the schema that editors use, with every word", () => {
    const { properties } = dealFileSchema() as {
      properties: {
        tape: { properties: Record<string, { enum?: string[]; required?: string[] }> };
      };
    };
    const { format, mapping } = properties.tape.properties;
    assert.ok(format?.enum?.includes("mapped"));
    assert.ok(format?.enum?.includes("absee-cmbs-xml"));
    assert.deepEqual(mapping?.required, ["columns"]);
  });
});
