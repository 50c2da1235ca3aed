/** Tapes as the API shows them: schemas and the way from rows to them. */
import { Type } from "typebox";
import type { Static } from "typebox";
import { formatCents } from "../lib/money.ts";
import type { LoanMonthRow } from "./loan-month-columns.ts";
import { monthOfPeriod } from "./tape-deal.ts";
import type { TapeDeal } from "./tape-deal.ts";
import type { TapeProblem } from "./tape-problem.ts";
import type { ProblemCounts, StoredProblem, Tape } from "./tapes-queries.ts";

const Money = Type.String({ description: "decimal text, exact to the cent" });
const Period = Type.Integer({ description: "0 is the cut-off, 1 the first collection period" });
const Month = Type.String({ description: "collection month, YYYY-MM" });
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const TapeSchema = Type.Object({
  id: Type.String(),
  deal: Type.String(),
  period: Period,
  month: Month,
  version: Type.Integer(),
  contentHash: Type.String({ description: "sha-256 of the file, hex" }),
  fileName: Type.String(),
  format: Type.String(),
  byteCount: Type.String(),
  rowCount: Type.Integer(),
  loanCount: Type.Integer({ description: "loans with a closing balance above zero" }),
  closingBalance: Money,
  treeHash: Type.String({ description: "root of the tape's salted Merkle sum tree" }),
  uploadedBy: Type.String(),
  uploadedAt: Type.String(),
  problems: Type.Object({
    notes: Type.Integer(),
    reasons: Type.Integer(),
    openReasons: Type.Integer({ description: "reasons that the close still waits for" }),
  }),
});
export type TapeView = Static<typeof TapeSchema>;

export const ProblemSchema = Type.Object({
  ordinal: Type.Integer(),
  severity: Type.String(),
  line: Type.Integer({ description: "0 for what concerns the whole tape" }),
  column: nullable(Type.Integer()),
  loanId: nullable(Type.String()),
  field: Type.String(),
  code: Type.String(),
  value: Type.String(),
  expected: Type.String(),
  reason: nullable(Type.String()),
});
export type ProblemView = Static<typeof ProblemSchema>;

export const LoanMonthSchema = Type.Object({
  period: Period,
  month: Month,
  version: Type.Integer(),
  line: Type.Integer(),
  beginningBalance: Money,
  endingBalance: Money,
  originalBalance: Money,
  scheduledPrincipal: nullable(Money),
  principal: Money,
  interest: Money,
  fees: Money,
  otherAdjustment: Money,
  chargeOff: Money,
  recovery: Money,
  liquidationProceeds: Money,
  interestRateWad: nullable(Type.String()),
  originalTermMonths: nullable(Type.Integer()),
  remainingTermMonths: nullable(Type.Integer()),
  daysPastDue: Type.Integer(),
  delinquencyBucket: Type.String(),
  status: Type.String(),
  zeroBalanceCode: nullable(Type.String()),
  originationMonth: nullable(Type.String()),
  maturityMonth: nullable(Type.String()),
  creditScore: nullable(Type.Integer()),
  region: nullable(Type.String()),
});
export type LoanMonthView = Static<typeof LoanMonthSchema>;

export function viewTape(
  deal: TapeDeal,
  tape: Tape,
  problems: ProblemCounts | undefined,
): TapeView {
  return {
    id: tape.id,
    deal: tape.deal_id,
    period: tape.period,
    month: monthOfPeriod(deal, tape.period),
    version: tape.version,
    contentHash: tape.content_hash,
    fileName: tape.file_name,
    format: tape.format,
    byteCount: tape.byte_count.toString(),
    rowCount: tape.row_count,
    loanCount: tape.loan_count,
    closingBalance: formatCents(tape.closing_balance_cents),
    treeHash: tape.tree_hash,
    uploadedBy: tape.uploaded_by,
    uploadedAt: tape.uploaded_at.toISOString(),
    problems: problems ?? { notes: 0, reasons: 0, openReasons: 0 },
  };
}

export function viewProblem(found: StoredProblem): ProblemView {
  return {
    ordinal: found.ordinal,
    severity: found.severity,
    line: found.line,
    column: found.column_number,
    loanId: found.loan_id,
    field: found.field,
    code: found.code,
    value: found.value,
    expected: found.expected,
    reason: found.reason,
  };
}

/** The problems of a refused tape, which has no stored ones. */
export function viewRefusals(problems: readonly TapeProblem[]): ProblemView[] {
  return problems.map((found, ordinal) => ({ ...found, ordinal, reason: null }));
}

export function viewLoanMonth(
  deal: TapeDeal,
  row: LoanMonthRow & { period: number; version: number },
): LoanMonthView {
  return {
    period: row.period,
    month: monthOfPeriod(deal, row.period),
    version: row.version,
    line: row.line,
    beginningBalance: formatCents(row.beginning_balance_cents),
    endingBalance: formatCents(row.ending_balance_cents),
    originalBalance: formatCents(row.original_balance_cents),
    scheduledPrincipal:
      row.scheduled_principal_cents === null ? null : formatCents(row.scheduled_principal_cents),
    principal: formatCents(row.principal_cents),
    interest: formatCents(row.interest_cents),
    fees: formatCents(row.fees_cents),
    otherAdjustment: formatCents(row.other_adjustment_cents),
    chargeOff: formatCents(row.charge_off_cents),
    recovery: formatCents(row.recovery_cents),
    liquidationProceeds: formatCents(row.liquidation_proceeds_cents),
    interestRateWad: row.interest_rate_wad?.toString() ?? null,
    originalTermMonths: row.original_term_months,
    remainingTermMonths: row.remaining_term_months,
    daysPastDue: row.days_past_due,
    delinquencyBucket: row.delinquency_bucket,
    status: row.status,
    zeroBalanceCode: row.zero_balance_code,
    originationMonth: row.origination_month,
    maturityMonth: row.maturity_month,
    creditScore: row.credit_score,
    region: row.region,
  };
}
