/** Classes, fees, caps, accounts, figures and reporting terms as the records of format 2. */
import type * as shape from "./deal-terms.ts";
import * as format from "./terms-format.ts";
import { codeOf, encodeRecord } from "./terms-records.ts";
import type { TermsWriter } from "./terms-records.ts";

function classFlags({ lanes, ...terms }: shape.ClassTerms): number {
  const { CLASS_FLAG } = format;
  return (
    (terms.interestOnShortfall ? CLASS_FLAG.INTEREST_ON_SHORTFALL : 0) |
    (terms.deferrable ? CLASS_FLAG.DEFERRABLE : 0) |
    (terms.interestOnDeferred ? CLASS_FLAG.INTEREST_ON_DEFERRED : 0) |
    (terms.interestOnCarryOver ? CLASS_FLAG.INTEREST_ON_CARRY_OVER : 0) |
    (lanes.deferred === null ? 0 : CLASS_FLAG.DEFERRED_LANE) |
    (lanes.carryOver === null ? 0 : CLASS_FLAG.CARRY_OVER_LANE) |
    (lanes.pik === null ? 0 : CLASS_FLAG.PIK_LANE)
  );
}

/** Six nibbles, the first component in the top one; 0 ends the order. */
function componentNibbles(order: shape.ClassTerms["componentOrder"]): number {
  return order.reduce(
    (word, component, i) => word | (codeOf(format.COMPONENTS, component) << (20 - 4 * i)),
    0,
  );
}

export function encodeClass(writer: TermsWriter, terms: shape.ClassTerms): Uint8Array {
  const { deferred, carryOver, pik } = terms.lanes;
  return encodeRecord(format.CLASS_SIZE, [
    [0, 8, terms.faceCents],
    [8, 8, terms.couponWad],
    [16, 1, terms.basis],
    [17, 1, codeOf(format.ROUNDINGS, terms.rounding)],
    [18, 1, classFlags(terms)],
    [19, 3, componentNibbles(terms.componentOrder)],
    [22, 1, deferred ?? carryOver ?? pik ?? format.NO_INDEX],
    [23, 2, writer.pool.pointerTo(terms.coupon)],
    [25, 2, terms.finalDay],
    [27, 2, writer.names.append(terms.name)],
    [29, 1, codeOf(format.SENIORITIES, terms.seniority)],
    [30, 2, writer.pool.pointerTo(terms.availableFundsCap)],
  ]);
}

export function encodeFee(writer: TermsWriter, fee: shape.FeeTerms): Uint8Array {
  return encodeRecord(format.FEE_SIZE, [
    [0, 1, codeOf(format.FEE_KINDS, fee.kind)],
    [1, 1, fee.basis],
    [2, 1, codeOf(format.ROUNDINGS, fee.rounding)],
    [3, 1, fee.payee],
    [4, 8, fee.amount],
    [12, 1, fee.baseFigure ?? format.NO_INDEX],
    [13, 1, fee.cap ?? format.NO_INDEX],
    [14, 2, writer.names.idOf(fee.name)],
    [16, 2, writer.pool.pointerTo(fee.expression)],
  ]);
}

export function encodeCap({ names }: TermsWriter, cap: shape.CapTerms): Uint8Array {
  return encodeRecord(format.CAP_SIZE, [
    [0, 8, cap.cents],
    [8, 1, codeOf(format.CAP_YEARS, cap.year)],
    [9, 2, names.idOf(cap.name)],
  ]);
}

export function encodeAccount({ names }: TermsWriter, account: shape.AccountTerms): Uint8Array {
  const retained = account.retained ? format.ACCOUNT_RETAINED : 0;
  return encodeRecord(format.ACCOUNT_SIZE, [
    [0, 1, retained | (account.facility ? format.ACCOUNT_FACILITY : 0)],
    [1, 8, account.initialDepositCents],
    [9, 2, names.idOf(account.name)],
    [11, 1, account.receives === null ? 0 : 1 + account.receives],
  ]);
}

export function encodeFigure({ names }: TermsWriter, figure: shape.FigureTerms): Uint8Array {
  return encodeRecord(format.FIGURE_SIZE, [
    [0, 8, figure.minimum, "signed"],
    [8, 8, figure.maximum, "signed"],
    [16, 2, names.idOf(figure.name)],
    [18, 1, figure.flow ? format.FIGURE_FLOW : 0],
  ]);
}

/** The fixed part, then each identity: how many figures it has, and which. */
export function encodeReporting(reporting: shape.ReportingTerms): Uint8Array[] {
  const head = encodeRecord(format.REPORTING_HEAD, [
    [0, 4, reporting.dueLeadSeconds],
    [4, 4, reporting.defaultGraceSeconds ?? format.NO_DEFAULT],
    [8, 4, reporting.challengeSeconds],
    [12, 4, reporting.answerSeconds],
    [16, 2, reporting.holdersBps ?? format.NO_POINTER],
    [18, 1, reporting.verifier ?? format.NO_INDEX],
    [19, 1, reporting.trustee ?? format.NO_INDEX],
    [20, 1, reporting.successor ? format.REPORTING_SUCCESSOR : 0],
    [21, 1, reporting.identities.length],
  ]);
  const identities = reporting.identities.map((addends) =>
    Uint8Array.of(
      addends.length,
      ...addends.map(
        ({ figure, subtracted }) => figure | (subtracted ? format.IDENTITY_SUBTRACTED : 0),
      ),
    ),
  );
  return [head, ...identities];
}
