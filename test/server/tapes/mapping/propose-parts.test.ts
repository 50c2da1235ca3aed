import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matchName } from "../../../../server/tapes/mapping/known-names.ts";
import { isPersonal } from "../../../../server/tapes/mapping/personal-names.ts";
import { profileColumn } from "../../../../server/tapes/mapping/profile-column.ts";
import { statusOfWord } from "../../../../server/tapes/mapping/propose-codes.ts";
import { proposeUnit } from "../../../../server/tapes/mapping/propose-unit.ts";

describe("the unit of a rate column", () => {
  const cases: [string, "interestRate" | "servicingFeeRate", string[], string][] = [
    ["Rate", "interestRate", ["0.1245", "0.0899", "0.05"], "fraction"],
    ["Rate", "interestRate", ["11.49", "8.25", "5"], "percent"],
    ["Rate", "interestRate", ["24.49%", "7.39%"], "percent"],
    ["Rate", "interestRate", ["625", "480"], "basis points"],
    ["Monthly Rate", "interestRate", ["0.0104", "0.0099"], "fraction a month"],
    ["Monthly Rate", "interestRate", ["1.04", "0.99"], "percent a month"],
    ["Rate", "interestRate", ["0.0052", "0.0061"], "fraction a month"],
    ["Fee", "servicingFeeRate", ["0.01"], "fraction"],
    ["Fee", "servicingFeeRate", ["0.00083"], "fraction a month"],
    ["Fee", "servicingFeeRate", ["1.0"], "percent"],
    ["Fee", "servicingFeeRate", ["25"], "basis points"],
  ];
  for (const [name, field, cells, unit] of cases) {
    it(`${cells.join(", ")} as ${name}: ${unit}`, () => {
      assert.equal(proposeUnit(field, profileColumn(name, 0, cells))?.unit, unit);
    });
  }

  it("is not told by rates of 0", () => {
    assert.equal(proposeUnit("interestRate", profileColumn("Rate", 0, ["0", "0.00"])), null);
  });
});

describe("the word of a status", () => {
  const cases: [string, string | null, number?][] = [
    ["Current", "current", 0],
    ["C", "current", 0],
    ["Fully Paid", "prepaid or matured"],
    ["P I F", "prepaid or matured"],
    ["Paid In Full", "prepaid or matured"],
    ["CHGOFF", "charged off"],
    ["Charged Off", "charged off"],
    ["Late (31-120 days)", "delinquent", 31],
    ["60+ Days", "delinquent", 60],
    ["DQ30", "delinquent", 30],
    ["In Grace Period", "delinquent", 1],
    ["Repossessed", "repossessed"],
    ["Repo", "repossessed"],
    ["REO", "repossessed"],
    ["Foreclosure", "repossessed"],
    ["Bankruptcy", "defaulted"],
    ["Repurchased", "repurchased"],
    ["Short Sale", "liquidated"],
    ["Servicing Transfer", "servicing transfer"],
    ["Zombie", null],
    ["Report", null],
  ];
  for (const [word, status, daysPastDue] of cases) {
    it(`${word} is ${status ?? "not known"}`, () => {
      const expected =
        status === null ? null : daysPastDue === undefined ? { status } : { status, daysPastDue };
      assert.deepEqual(statusOfWord(word), expected);
    });
  }
});

describe("names of columns", () => {
  it("are known by their words, whatever their spelling", () => {
    for (const name of [
      "CURR_UPB",
      "Current UPB ($)",
      "currentUpb",
      "Curr. Unpaid Principal Balance",
    ]) {
      assert.equal(matchName(name, "endingBalance").likeness, 1, name);
    }
  });

  it("may be words of the language that this is written in", () => {
    assert.ok(matchName("constructor", "endingBalance").likeness < 0.5);
  });

  it("with a word that changes what is meant are not taken for others", () => {
    for (const name of ["Next Payment Date", "Interest Rate Cap", "Credit Limit Balance"]) {
      for (const field of ["maturity", "interestRate", "endingBalance"] as const) {
        assert.ok(matchName(name, field).likeness < 0.7, `${name} as ${field}`);
      }
    }
  });

  it("that say who somebody is are personal", () => {
    assert.deepEqual(
      ["Borrower Name", "SSN", "E-mail", "Date of Birth", "Property State", "Loan Number"].map(
        (name) => isPersonal(name),
      ),
      [true, true, true, true, false, false],
    );
  });
});
