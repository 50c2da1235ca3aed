/** Tapes as the API shows them: schemas and the way from rows to them. */
import { Type } from "typebox";
import type { Static } from "typebox";
import { nullable } from "../http/nullable.ts";
import { formatMonth } from "../lib/dates.ts";
import { formatCents } from "../lib/money.ts";
import { toLoanMonth } from "./loan-month-columns.ts";
import type { StoredLoanMonth } from "./loans-queries.ts";
import type { TapeStanding } from "./acceptances-queries.ts";
import { monthOfPeriod } from "./tape-deal.ts";
import type { TapeDeal } from "./tape-deal.ts";
import type { TapeProblem } from "./tape-problem.ts";
import type { ProblemCounts, StoredProblem, Tape } from "./tapes-queries.ts";

const Money = Type.String({ description: "decimal text, exact to the cent" });
const Period = Type.Integer({ description: "0 is the cut-off, 1 the first collection period" });
const Month = Type.String({ description: "collection month, YYYY-MM" });

export const TapeSchema = Type.Object({
  id: Type.String(),
  deal: Type.String(),
  period: Period,
  month: Month,
  version: Type.Integer(),
  contentHash: Type.String({ description: "sha-256 of the file, hex" }),
  fileName: Type.String(),
  format: Type.String(),
  mappingVersion: nullable(
    Type.Integer({ description: "of the mapping that read it, 0: the deal file's" }),
  ),
  byteCount: Type.String(),
  rowCount: Type.Integer(),
  loanCount: Type.Integer({ description: "loans with a closing balance above zero" }),
  closingBalance: Money,
  treeHash: Type.String({ description: "root of the tape's salted Merkle sum tree" }),
  uploadedBy: Type.String(),
  uploadedAt: Type.String(),
  state: Type.String({
    description:
      "standing for its period | replaced by another version | proposed: not accepted yet",
  }),
  acceptance: nullable(
    Type.Object({ by: Type.String(), at: Type.String(), reason: nullable(Type.String()) }),
  ),
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
  by: nullable(Type.String({ description: "who gave the reason" })),
  at: nullable(Type.String()),
});
export type ProblemView = Static<typeof ProblemSchema>;

/** Columns of a sheet of problems. */
export const PROBLEM_COLUMNS = Object.keys(ProblemSchema.properties);

export const LoanMonthSchema = Type.Object({
  period: Period,
  month: Month,
  version: Type.Integer(),
  line: Type.Integer(),
  originalBalance: nullable(Money),
  beginningBalance: nullable(Money),
  endingBalance: Money,
  scheduledPrincipal: nullable(Money),
  principal: nullable(Money),
  prepaidPrincipal: nullable(Money),
  interest: nullable(Money),
  fees: nullable(Money),
  otherAdjustment: nullable(Money),
  chargeOff: nullable(Money),
  recovery: nullable(Money),
  liquidationProceeds: nullable(Money),
  repurchase: nullable(Money),
  servicerAdvance: nullable(Money),
  collateralValue: nullable(Money),
  interestRateWad: nullable(Type.String()),
  servicingFeeRateWad: nullable(Type.String()),
  originalTermMonths: nullable(Type.Integer()),
  remainingTermMonths: nullable(Type.Integer()),
  daysPastDue: nullable(Type.Integer()),
  creditScore: nullable(Type.Integer()),
  originationMonth: nullable(Type.String({ description: "YYYY-MM" })),
  maturityMonth: nullable(Type.String({ description: "YYYY-MM" })),
  repossessed: nullable(Type.Boolean()),
  modified: nullable(Type.Boolean()),
  delinquencyBucket: Type.String(),
  status: Type.String(),
  terminationCode: nullable(Type.String()),
  region: nullable(Type.String()),
});
export type LoanMonthView = Static<typeof LoanMonthSchema>;

/** A tape with what was decided about it. */
export interface TapeFacts {
  tape: Tape;
  problems: ProblemCounts;
  standing: TapeStanding;
}

export function viewTape(deal: TapeDeal, { tape, problems, standing }: TapeFacts): TapeView {
  const { state, acceptance } = standing;
  return {
    id: tape.id,
    deal: tape.deal_id,
    period: tape.period,
    month: monthOfPeriod(deal, tape.period),
    version: tape.version,
    contentHash: tape.content_hash,
    fileName: tape.file_name,
    format: tape.format,
    mappingVersion: tape.mapping_version,
    byteCount: tape.byte_count.toString(),
    rowCount: tape.row_count,
    loanCount: tape.loan_count,
    closingBalance: formatCents(tape.closing_balance_cents),
    treeHash: tape.tree_hash,
    uploadedBy: tape.uploaded_by,
    uploadedAt: tape.uploaded_at.toISOString(),
    state,
    acceptance:
      acceptance === null
        ? null
        : {
            by: acceptance.accepted_by,
            at: acceptance.accepted_at.toISOString(),
            reason: acceptance.reason,
          },
    problems,
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
    by: found.accepted_by_name,
    at: found.accepted_at?.toISOString() ?? null,
  };
}

/** The problems of a refused tape, which has no stored ones. */
export function viewRefusals(problems: readonly TapeProblem[]): ProblemView[] {
  return problems.map((found, ordinal) => ({
    ...found,
    ordinal,
    reason: null,
    by: null,
    at: null,
  }));
}

export function viewLoanMonth(deal: TapeDeal, row: StoredLoanMonth): LoanMonthView {
  const loan = toLoanMonth(row);
  const money = (cents: bigint | null): string | null =>
    cents === null ? null : formatCents(cents);
  const month = (number: number | null): string | null =>
    number === null ? null : formatMonth(number);
  return {
    period: row.period,
    month: monthOfPeriod(deal, row.period),
    version: row.version,
    line: loan.line,
    originalBalance: money(loan.originalBalanceCents),
    beginningBalance: money(loan.beginningBalanceCents),
    endingBalance: formatCents(loan.endingBalanceCents),
    scheduledPrincipal: money(loan.scheduledPrincipalCents),
    principal: money(loan.principalCents),
    prepaidPrincipal: money(loan.prepaidPrincipalCents),
    interest: money(loan.interestCents),
    fees: money(loan.feesCents),
    otherAdjustment: money(loan.otherAdjustmentCents),
    chargeOff: money(loan.chargeOffCents),
    recovery: money(loan.recoveryCents),
    liquidationProceeds: money(loan.liquidationProceedsCents),
    repurchase: money(loan.repurchaseCents),
    servicerAdvance: money(loan.servicerAdvanceCents),
    collateralValue: money(loan.collateralValueCents),
    interestRateWad: loan.interestRateWad?.toString() ?? null,
    servicingFeeRateWad: loan.servicingFeeRateWad?.toString() ?? null,
    originalTermMonths: loan.originalTermMonths,
    remainingTermMonths: loan.remainingTermMonths,
    daysPastDue: loan.daysPastDue,
    creditScore: loan.creditScore,
    originationMonth: month(loan.originationMonth),
    maturityMonth: month(loan.maturityMonth),
    repossessed: loan.repossessed,
    modified: loan.modified,
    delinquencyBucket: loan.delinquencyBucket,
    status: loan.status,
    terminationCode: loan.terminationCode,
    region: loan.region,
  };
}
