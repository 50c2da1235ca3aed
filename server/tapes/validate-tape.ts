/** Step 3: what must hold of every row. One rule, one small function; all of them pure. */
import { formatCents } from "../lib/money.ts";
import type { LoanMonth, TapeLoan } from "./source-loan.ts";
import type { ProblemCode, ProblemSeverity } from "./checks/check-codes.ts";
import type { ProblemList } from "./tape-problem.ts";
import type { Flow, TapePeriod, TapeTerms } from "./tape-terms.ts";

export interface TapeRules {
  terms: TapeTerms;
  period: TapePeriod;
}

/** A problem without its place, which is the row's. */
export interface Finding {
  field: string;
  code: ProblemCode;
  severity: ProblemSeverity;
  value: string;
  expected: string;
}

type RowRule = (row: TapeLoan, rules: TapeRules) => Finding[];

const FLOW_FIELDS: Record<Flow, keyof LoanMonth & `${string}Cents`> = {
  principal: "principalCents",
  interest: "interestCents",
  fees: "feesCents",
  otherAdjustment: "otherAdjustmentCents",
  chargeOff: "chargeOffCents",
  recovery: "recoveryCents",
  liquidationProceeds: "liquidationProceedsCents",
};

/** The amount of a flow, in cents, with its sign. */
export function flowCents(loan: LoanMonth, flow: Flow): bigint {
  return loan[FLOW_FIELDS[flow]] as bigint;
}

/** The closing balance that the deal's roll-forward rule gives. */
export function rolledBalanceCents(loan: LoanMonth, terms: TapeTerms): bigint {
  const { subtract, add } = terms.rollForward;
  const down = subtract.reduce((sum, flow) => sum + flowCents(loan, flow), 0n);
  const up = add.reduce((sum, flow) => sum + flowCents(loan, flow), 0n);
  return loan.beginningBalanceCents - down + up;
}

/** A loan that enters the pool: nothing at the opening, a balance at the close. */
export function isAddition(loan: LoanMonth): boolean {
  return loan.beginningBalanceCents === 0n && loan.endingBalanceCents > 0n;
}

function checkLoanId({ loan }: TapeLoan, { terms }: TapeRules): Finding[] {
  const rest = loan.loanId.slice(terms.loanIdPrefix.length);
  const holds = loan.loanId.startsWith(terms.loanIdPrefix) && rest !== "";
  const printable = loan.loanId.length <= 64 && !/\p{Cc}/u.test(loan.loanId);
  if (holds && printable) return [];
  return [
    {
      field: "loanId",
      code: "loan-id-shape",
      severity: "refuse",
      value: loan.loanId,
      expected: `an id that begins with "${terms.loanIdPrefix}", of at most 64 characters`,
    },
  ];
}

function checkPeriod({ periodBegin, periodEnd }: TapeLoan, { period }: TapeRules): Finding[] {
  const wrong = { code: "period", severity: "refuse" } as const;
  if (periodEnd !== period.end) {
    return [{ ...wrong, field: "periodEnd", value: periodEnd, expected: period.end }];
  }
  if (periodBegin !== null && periodBegin !== period.begin) {
    return [{ ...wrong, field: "periodBegin", value: periodBegin, expected: period.begin }];
  }
  return [];
}

function checkDateOrder({ loan }: TapeLoan, { period }: TapeRules): Finding[] {
  const { originationMonth, maturityMonth } = loan;
  if (originationMonth === null) return [];
  const wrong = { field: "origination", code: "date-order", severity: "refuse" } as const;
  if (originationMonth > period.end.slice(0, 7)) {
    return [{ ...wrong, value: originationMonth, expected: `not after ${period.end}` }];
  }
  if (maturityMonth !== null && originationMonth > maturityMonth) {
    return [{ ...wrong, value: originationMonth, expected: `not after maturity ${maturityMonth}` }];
  }
  return [];
}

/** Balances are never negative; a negative flow is a reversal, which happens and is worth a look. */
const SIGNS: readonly [keyof LoanMonth & `${string}Cents`, ProblemSeverity][] = [
  ["beginningBalanceCents", "refuse"],
  ["endingBalanceCents", "refuse"],
  ["originalBalanceCents", "refuse"],
  ["principalCents", "reason"],
  ["interestCents", "note"],
  ["chargeOffCents", "note"],
  ["recoveryCents", "note"],
  ["liquidationProceedsCents", "note"],
];

function checkSigns({ loan }: TapeLoan): Finding[] {
  return SIGNS.flatMap(([name, severity]) => {
    const cents = loan[name] as bigint;
    if (cents >= 0n) return [];
    const field = name.replace("Cents", "");
    return [
      { field, code: "sign" as const, severity, value: formatCents(cents), expected: "0 or more" },
    ];
  });
}

function checkRollForward({ loan }: TapeLoan, { terms, period }: TapeRules): Finding[] {
  if (isAddition(loan)) return [];
  const expected = rolledBalanceCents(loan, terms);
  const difference = loan.endingBalanceCents - expected;
  const size = difference < 0n ? -difference : difference;
  if (size <= terms.rollForward.toleranceCents) return [];
  return [
    {
      field: "endingBalance",
      code: "roll-forward",
      // Of the cut-off tape only the closing balances are read.
      severity: period.ordinal === 0 ? "note" : "refuse",
      value: formatCents(loan.endingBalanceCents),
      expected: formatCents(expected),
    },
  ];
}

function checkAddition({ loan }: TapeLoan): Finding[] {
  if (!isAddition(loan)) return [];
  return [
    {
      field: "beginningBalance",
      code: "addition",
      severity: "reason",
      value: formatCents(loan.endingBalanceCents),
      expected: "a balance at the opening, or a reason for the addition",
    },
  ];
}

function checkTermination({ loan }: TapeLoan): Finding[] {
  const value = formatCents(loan.endingBalanceCents);
  if (loan.zeroBalanceCode !== null && loan.endingBalanceCents > 0n) {
    const expected = `0.00, as the loan has the zero balance code ${loan.zeroBalanceCode}`;
    return [
      {
        field: "endingBalance",
        code: "terminated-with-balance",
        severity: "refuse",
        value,
        expected,
      },
    ];
  }
  const ended = loan.beginningBalanceCents > 0n && loan.endingBalanceCents === 0n;
  if (loan.zeroBalanceCode === null && ended) {
    const expected = "a zero balance code";
    return [
      {
        field: "zeroBalanceCode",
        code: "zero-balance-without-code",
        severity: "reason",
        value,
        expected,
      },
    ];
  }
  return [];
}

function checkLateRecovery({ loan }: TapeLoan): Finding[] {
  if (loan.beginningBalanceCents !== 0n || loan.endingBalanceCents !== 0n) return [];
  const cents = loan.recoveryCents + loan.liquidationProceedsCents;
  if (loan.recoveryCents === 0n && loan.liquidationProceedsCents === 0n) return [];
  return [
    {
      field: "recovery",
      code: "recovery-after-zero-balance",
      severity: "note",
      value: formatCents(cents),
      expected: "recoveries of a loan that was written off before",
    },
  ];
}

function checkChargeOffAge({ loan }: TapeLoan, { terms }: TapeRules): Finding[] {
  if (loan.endingBalanceCents <= 0n || loan.daysPastDue <= terms.chargeOffAgeDays) return [];
  return [
    {
      field: "daysPastDue",
      code: "past-charge-off-age",
      severity: "refuse",
      value: String(loan.daysPastDue),
      expected: `charged off after ${terms.chargeOffAgeDays} days past due`,
    },
  ];
}

function checkOriginalBalance({ loan }: TapeLoan): Finding[] {
  if (loan.originalBalanceCents === 0n) return [];
  if (loan.endingBalanceCents <= loan.originalBalanceCents) return [];
  return [
    {
      field: "endingBalance",
      code: "above-original-balance",
      severity: "note",
      value: formatCents(loan.endingBalanceCents),
      expected: `at most the original ${formatCents(loan.originalBalanceCents)}`,
    },
  ];
}

const ROW_RULES: readonly RowRule[] = [
  checkLoanId,
  checkPeriod,
  checkDateOrder,
  checkSigns,
  checkRollForward,
  checkAddition,
  checkTermination,
  checkLateRecovery,
  checkChargeOffAge,
  checkOriginalBalance,
];

/** Runs every rule over one row. `names` are the file's names of the canonical fields. */
export function validateRow(
  row: TapeLoan,
  rules: TapeRules & { names: Partial<Record<string, string>> },
  problems: ProblemList,
): void {
  for (const rule of ROW_RULES) {
    for (const finding of rule(row, rules)) {
      problems.add({
        ...finding,
        field: rules.names[finding.field] ?? finding.field,
        line: row.loan.line,
        column: null,
        loanId: row.loan.loanId,
      });
    }
  }
}
