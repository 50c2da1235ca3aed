import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ProblemCode } from "../../../../server/tapes/checks/check-codes.ts";
import type { SampleTerms } from "../formats/read-sample.ts";
import { GOOD_ROW, readMade } from "../made-csv.ts";
import type { MadeRow } from "../made-csv.ts";

interface Case {
  title: string;
  row: MadeRow;
  terms?: Partial<SampleTerms> & { yaml?: string };
  code: ProblemCode;
  severity?: "refuse" | "reason" | "note";
  field: string;
  value: string;
  expected: RegExp;
}

const CASES: Case[] = [
  {
    title: "an id of another pool",
    row: { loanId: "X-1" },
    terms: { loanIdPrefix: "L-" },
    code: "loan-id-shape",
    field: "loanId",
    value: "X-1",
    expected: /begins with "L-"/,
  },
  {
    title: "an id that is the prefix alone",
    row: { loanId: "L-" },
    terms: { loanIdPrefix: "L-" },
    code: "loan-id-shape",
    field: "loanId",
    value: "L-",
    expected: /at most 64 characters/,
  },
  {
    title: "an id that is too long",
    row: { loanId: `L-${"1".repeat(63)}` },
    code: "loan-id-shape",
    field: "loanId",
    value: `L-${"1".repeat(63)}`,
    expected: /at most 64 characters/,
  },
  {
    title: "an id that ends with a blank of no width",
    row: { loanId: "L-1\u200b" },
    code: "loan-id-shape",
    field: "loanId",
    value: "L-1\u200b",
    expected: /cannot be seen/,
  },
  {
    title: "an id with a blank that does not break",
    row: { loanId: "L\u00a01" },
    code: "loan-id-shape",
    field: "loanId",
    value: "L\u00a01",
    expected: /cannot be seen/,
  },
  {
    title: "an id written from right to left",
    row: { loanId: "L\u202e-1" },
    code: "loan-id-shape",
    field: "loanId",
    value: "L\u202e-1",
    expected: /cannot be seen/,
  },
  {
    title: "an id whose accent stands apart",
    row: { loanId: "Le\u0301-1" },
    code: "loan-id-shape",
    field: "loanId",
    value: "Le\u0301-1",
    expected: /cannot be seen/,
  },
  {
    title: "a row of another month",
    row: { periodEnd: "2024-04-30" },
    code: "period",
    field: "periodEnd",
    value: "2024-04-30",
    expected: /^2024-05-31$/,
  },
  {
    title: "a row that spans two months",
    row: { periodBegin: "2024-04-01" },
    code: "period-length",
    severity: "reason",
    field: "periodBegin",
    value: "2024-04-01",
    expected: /^2024-05-01/,
  },
  {
    title: "a loan made after the period",
    row: { origination: "2024-06" },
    code: "date-order",
    field: "origination",
    value: "2024-06",
    expected: /not after 2024-05-31/,
  },
  {
    title: "a loan that matures before it was made",
    row: { origination: "2024-01", maturity: "2023-12" },
    code: "date-order",
    field: "origination",
    value: "2024-01",
    expected: /not after maturity 2023-12/,
  },
  {
    title: "a first payment before the loan was made",
    row: { origination: "2024-01", firstPayment: "2023-12" },
    code: "date-order",
    field: "firstPayment",
    value: "2023-12",
    expected: /not before origination 2024-01/,
  },
  {
    title: "a first payment after maturity",
    row: { firstPayment: "2024-05", maturity: "2024-04" },
    code: "date-order",
    field: "firstPayment",
    value: "2024-05",
    expected: /not after maturity 2024-04/,
  },
  {
    title: "a negative balance",
    row: { principal: "1100.00", endingBalance: "-100.00" },
    code: "sign",
    field: "endingBalance",
    value: "-100.00",
    expected: /0 or more/,
  },
  {
    title: "a negative principal, which a reason must explain",
    row: { principal: "-100.00", endingBalance: "1100.00" },
    code: "sign",
    severity: "reason",
    field: "principal",
    value: "-100.00",
    expected: /0 or more/,
  },
  {
    title: "negative proceeds, which real tapes have",
    row: { liquidationProceeds: "-410.00" },
    code: "sign-reversal",
    severity: "note",
    field: "liquidationProceeds",
    value: "-410.00",
    expected: /0 or more/,
  },
  {
    // 1,000.00 - 100.00 - (-50.00) = 950.00
    title: "a balance that does not follow from the row",
    row: { otherAdjustment: "-50.00", endingBalance: "949.99" },
    code: "roll-forward",
    field: "endingBalance",
    value: "949.99",
    expected: /^950.00$/,
  },
  {
    // 1,000.00 - 100.00 - 850.00 repurchased = 50.00
    title: "a balance by a rule with other flows",
    row: { repurchase: "850.00", endingBalance: "51.00" },
    terms: {
      rollForward: { subtract: ["principal", "repurchase"], add: [], toleranceCents: 99n },
    },
    code: "roll-forward",
    field: "endingBalance",
    value: "51.00",
    expected: /^50.00$/,
  },
  {
    // 100.00 + 5.00 + 0.00 = 105.00
    title: "a total paid that is not the sum of its parts",
    row: { totalPaid: "105.01" },
    code: "payment-split",
    severity: "note",
    field: "totalPaid",
    value: "105.01",
    expected: /^105.00, /,
  },
  {
    title: "a balance above the original one",
    row: { originalBalance: "899.99" },
    code: "above-original-balance",
    severity: "note",
    field: "endingBalance",
    value: "900.00",
    expected: /at most the original 899.99/,
  },
  {
    title: "a loan that enters the pool",
    row: { beginningBalance: "0.00", principal: "0.00" },
    code: "addition",
    severity: "reason",
    field: "beginningBalance",
    value: "900.00",
    expected: /a reason for the addition/,
  },
  {
    title: "a loan that has ended and has a balance",
    row: { terminationCode: "1" },
    code: "terminated-with-balance",
    field: "endingBalance",
    value: "900.00",
    expected: /zero balance code 1/,
  },
  {
    // Ford's payoffs: 304 rows with cents left.
    title: "cents left on a loan that has ended",
    row: { principal: "999.69", endingBalance: "0.31", terminationCode: "1" },
    code: "small-residual",
    severity: "note",
    field: "endingBalance",
    value: "0.31",
    expected: /zero balance code 1/,
  },
  {
    title: "a loan that ends without a code",
    row: { principal: "1000.00", endingBalance: "0.00" },
    code: "zero-balance-without-code",
    severity: "reason",
    field: "terminationCode",
    value: "0.00",
    expected: /a zero balance code/,
  },
  {
    title: "a recovery on a loan that ended before",
    row: { beginningBalance: "0.00", endingBalance: "0.00", principal: "", recovery: "4720.60" },
    code: "recovery-after-zero-balance",
    severity: "note",
    field: "recovery",
    value: "4720.60",
    expected: /written off before/,
  },
  {
    title: "a loan that should have been charged off [F5]",
    row: { daysPastDue: "121" },
    terms: { chargeOffAgeDays: 120 },
    code: "past-charge-off-age",
    field: "daysPastDue",
    value: "121",
    expected: /after 120 days/,
  },
  {
    title: "a termination code outside the list",
    row: { terminationCode: "7" },
    code: "termination-unknown",
    field: "terminationCode",
    value: "7",
    expected: /one of 1, 2, 3, 4, 5, 99/,
  },
];

describe("a row of a tape", () => {
  it("that is as it should be has nothing against it", async () => {
    const { problems, rows } = await readMade([GOOD_ROW]);
    assert.deepEqual(problems, []);
    assert.equal(rows.length, 1);
  });

  for (const { title, row, terms, ...expected } of CASES) {
    it(`is found to be wrong: ${title}`, async () => {
      const { problems } = await readMade([{ ...GOOD_ROW, ...row }], terms);
      const found = problems.find(({ code }) => code === expected.code);
      assert.ok(found, JSON.stringify(problems));
      assert.equal(found.severity, expected.severity ?? "refuse");
      assert.deepEqual([found.field, found.value, found.line], [expected.field, expected.value, 2]);
      assert.match(found.expected, expected.expected);
    });
  }

  it("whose total paid is not split by the tape has no wrong split", async () => {
    const row = { ...GOOD_ROW, totalPaid: "105.00", principal: "", interest: "", fees: "" };
    const { codes } = await readMade([row], { checks: { "roll-forward": "ignore" } });
    assert.equal(codes.includes("payment-split"), false);
    // One part is stated: 105.00 is not 0.00 of fees.
    const fees = await readMade([{ ...row, fees: "0.00" }], {
      checks: { "roll-forward": "ignore" },
    });
    assert.equal(fees.codes.includes("payment-split"), true);
  });

  it("is judged by the deal's own severities", async () => {
    const row = { ...GOOD_ROW, principal: "-100.00", endingBalance: "1100.01" };
    const { problems } = await readMade([row], {
      checks: { sign: "note", "roll-forward": "reason" },
    });
    assert.deepEqual(
      problems.map(({ code, severity }) => [code, severity]),
      [
        ["roll-forward", "reason"],
        ["sign", "note"],
      ],
    );
    const ignored = await readMade([row], { checks: { sign: "ignore", "roll-forward": "ignore" } });
    assert.deepEqual(ignored.problems, []);
  });

  it("may miss the rule by the deal's tolerance and no cent more", async () => {
    const rollForward = { subtract: ["principal"], add: [], toleranceCents: 5n } as const;
    const within = await readMade([{ ...GOOD_ROW, endingBalance: "899.95" }], { rollForward });
    assert.deepEqual(within.problems, []);
    const beyond = await readMade([{ ...GOOD_ROW, endingBalance: "899.94" }], { rollForward });
    assert.deepEqual(beyond.codes, ["roll-forward"]);
  });
});
