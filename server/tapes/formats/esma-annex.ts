/** What the ESMA templates have in common, whatever the annex and whether text or XML. */
import type { AssetClass } from "../canonical-fields.ts";
import type { EsmaField } from "./esma-fields.ts";
import type { TapeFormat } from "./tape-format.ts";

/** Keys of the fields that loan months are made of; null where the annex has none. */
export interface EsmaUses {
  newId: string;
  originalId: string;
  cutOff: string;
  originalBalance: string | null;
  currentBalance: string;
  interestRate: string | null;
  origination: string;
  maturity: string | null;
  originalTerm: string | null;
  daysInArrears: string;
  /** Of assets without instalments. */
  daysMayBeMissing?: true;
  accountStatus: string;
  defaultAmount: string;
  recoveries: string;
  prepayments: string | null;
  valuation: string | null;
  region: string;
}

export interface EsmaAnnex {
  /** The first part of its formats' ids. */
  id: string;
  title: string;
  assetClass: AssetClass;
  /** Element of a record's exposure in auth.099. */
  element: string;
  fields: readonly EsmaField[];
  uses: EsmaUses;
}

export const ESMA_SOURCE =
  "Delegated Regulation (EU) 2020/1224 and Implementing Regulation (EU) 2020/1225";

/** Statuses under which a default amount is a loss of the pool: not those of a repurchase. */
const LOSS_STATUSES = ["DFLT", "NDFT", "DTCR", "DADB", "RDMD", "OTHR"] as const;

/**
 * Account Status (fields AUTL70, RREL69, CREL136). OTHR says nothing: such a loan stands as its days say.
 */
const STATUSES: NonNullable<TapeFormat["statuses"]> = {
  PERF: { status: "current" },
  RNAR: { status: "current" },
  RARR: { status: "delinquent" },
  ARRE: { status: "delinquent" },
  DFLT: { status: "defaulted" },
  NDFT: { status: "defaulted" },
  DTCR: { status: "defaulted" },
  DADB: { status: "defaulted" },
  REBR: { status: "repurchased" },
  REDF: { status: "repurchased" },
  RERE: { status: "repurchased" },
  RESS: { status: "repurchased" },
  REOT: { status: "repurchased" },
  RDMD: { status: "prepaid or matured" },
  OTHR: { status: "current" },
};

/** The parts of a format that follow from an annex, with columns named by `columnOf`. */
export function readEsmaAnnex(
  { uses }: EsmaAnnex,
  columnOf: (key: string) => string,
): Pick<
  TapeFormat,
  "fields" | "rates" | "missing" | "dates" | "statuses" | "idPattern" | "differenced"
> {
  const balance = columnOf(uses.currentBalance);
  const status = columnOf(uses.accountStatus);
  return {
    fields: {
      ...optionalReadings(uses, columnOf),
      loanId: { column: [columnOf(uses.newId), columnOf(uses.originalId)] },
      periodEnd: columnOf(uses.cutOff),
      endingBalance: amount(balance),
      daysPastDue: {
        column: columnOf(uses.daysInArrears),
        required: uses.daysMayBeMissing !== true,
      },
      statusCode: { column: status, required: true },
      // Restructured, with or without arrears.
      modified: { column: status, codes: { RNAR: true, RARR: true } },
      // The default amount is gross and stays; the balance falls as it is worked out. What is gone of
      // it is written off, and what came in for that are recoveries.
      chargeOff: {
        sum: [columnOf(uses.defaultAmount), `-${balance}`],
        over: "cumulative",
        when: { column: status, values: LOSS_STATUSES },
        neverNegative: true,
      },
      // From every source, the sale of the collateral too: a sale price read beside it counts twice.
      recovery: { ...amount(columnOf(uses.recoveries)), over: "cumulative" },
      origination: columnOf(uses.origination),
      region: columnOf(uses.region),
    },
    rates: "percent",
    missing: ["ND1", "ND2", "ND3", "ND4", "ND4-*", "ND5"],
    dates: ["YYYY-MM-DD"],
    statuses: STATUSES,
    idPattern: loanIdOf(uses),
    differenced: true,
  };
}

/** A second header row (names below codes, or codes below names) is no loan. */
function loanIdOf({ newId, originalId }: EsmaUses): RegExp {
  const names = ["New Underlying Exposure Identifier", "Original Underlying Exposure Identifier"];
  return new RegExp(`^(?!(?:${[newId, originalId, ...names].join("|")})$).`, "i");
}

function optionalReadings(
  uses: EsmaUses,
  columnOf: (key: string) => string,
): Partial<TapeFormat["fields"]> {
  const { originalBalance, interestRate, maturity, originalTerm, prepayments, valuation } = uses;
  return {
    ...(originalBalance === null ? {} : { originalBalance: amount(columnOf(originalBalance)) }),
    ...(interestRate === null ? {} : { interestRate: columnOf(interestRate) }),
    ...(maturity === null ? {} : { maturity: columnOf(maturity) }),
    ...(originalTerm === null ? {} : { originalTerm: columnOf(originalTerm) }),
    ...(prepayments === null
      ? {}
      : { prepaidPrincipal: { ...amount(columnOf(prepayments)), over: "cumulative" as const } }),
    // A loan may have several collaterals.
    ...(valuation === null
      ? {}
      : { collateralValue: { ...amount(columnOf(valuation)), several: "sum" as const } }),
  };
}

/** An amount; in the message its sign stands beside it. */
function amount(column: string): { column: string; sign?: string } {
  return column.endsWith("/Amt") ? { column, sign: column.replace(/Amt$/, "Sgn") } : { column };
}
