/** Loan months as plain objects for tests of statistics: read from filings, or made, and put in the table. */
import { readFileSync } from "node:fs";
import { sql } from "kysely";
import type { Kysely } from "kysely";
import type { Database } from "../../../server/db/tables.ts";
import { AMCAR_MONTHS, amcarTape } from "../tapes/amcar-2017-4.ts";

/** Money in cents, rates as 1e18 integers, months as year * 12 + month - 1; null: the tape does not say. */
export interface PlainLoan {
  loan_id: string;
  original_balance_cents: bigint | null;
  beginning_balance_cents: bigint | null;
  ending_balance_cents: bigint;
  scheduled_principal_cents: bigint | null;
  principal_cents: bigint | null;
  prepaid_principal_cents: bigint | null;
  interest_cents: bigint | null;
  fees_cents: bigint | null;
  other_adjustment_cents: bigint | null;
  charge_off_cents: bigint | null;
  recovery_cents: bigint | null;
  liquidation_proceeds_cents: bigint | null;
  repurchase_cents: bigint | null;
  servicer_advance_cents: bigint | null;
  collateral_value_cents: bigint | null;
  interest_rate_wad: bigint | null;
  original_term_months: number | null;
  remaining_term_months: number | null;
  days_past_due: number | null;
  credit_score: number | null;
  origination_month: number | null;
  maturity_month: number | null;
  delinquency_bucket: string;
  status: string;
  termination_code: string | null;
  region: string | null;
  attributes: string | null;
}

/** Decimal text to an integer of so many places; the rest is cut. */
function integer(text: string | undefined, places: number): bigint | null {
  if (text === undefined || text === "" || text === "-") return null;
  const [whole = "", fraction = ""] = text.replace("-", "").split(".");
  const value = BigInt(whole + fraction.padEnd(places, "0").slice(0, places));
  return text.startsWith("-") ? -value : value;
}

/** Schedules alone are filed unrounded: 10^-8 to cents, an exact half up. */
const halfUp = (units: bigint | null): bigint | null =>
  units === null ? null : (units + 500_000n) / 1_000_000n;

const count = (text: string | undefined): number | null =>
  text === undefined || text === "" ? null : Number(text);

/** "06/2016" */
function month(text: string | undefined): number | null {
  const match = /^(\d\d)\/(\d{4})$/.exec(text ?? "");
  return match === null ? null : Number(match[2]) * 12 + Number(match[1]) - 1;
}

export function bucketOf(days: number): string {
  if (days <= 0) return "current";
  if (days < 30) return "1-29";
  if (days < 60) return "30-59";
  if (days < 90) return "60-89";
  return days < 120 ? "90-119" : "120+";
}

const ENDED: Readonly<Record<string, string>> = {
  "1": "prepaid or matured",
  "2": "liquidated",
  "3": "repurchased",
  "4": "charged off",
  "5": "servicing transfer",
  "99": "unavailable",
};

/** A record of Schedule AL for auto loans: element -> text. */
type Elements = Readonly<Record<string, string | undefined>>;

function readElements(elements: Elements): PlainLoan {
  const money = (name: string) => integer(elements[name], 2);
  const days = count(elements["currentDelinquencyStatus"]) ?? 0;
  const code = elements["zeroBalanceCode"] ?? "";
  const score = elements["obligorCreditScore"] ?? "";
  const standing = days > 0 ? "delinquent" : "current";
  const alive = elements["repossessedIndicator"] === "true" ? "repossessed" : standing;
  const scheduled = elements["scheduledPrincipalAmount"];
  return {
    loan_id: elements["assetNumber"] ?? "",
    original_balance_cents: money("originalLoanAmount"),
    beginning_balance_cents: money("reportingPeriodBeginningLoanBalanceAmount") ?? 0n,
    ending_balance_cents: money("reportingPeriodActualEndBalanceAmount") ?? 0n,
    scheduled_principal_cents: halfUp(integer(scheduled, 8)),
    principal_cents: money("actualPrincipalCollectedAmount"),
    prepaid_principal_cents: null,
    interest_cents: money("actualInterestCollectedAmount"),
    fees_cents: money("actualOtherCollectedAmount"),
    other_adjustment_cents: money("otherPrincipalAdjustmentAmount"),
    charge_off_cents: money("chargedoffPrincipalAmount"),
    recovery_cents: money("recoveredAmount"),
    liquidation_proceeds_cents: money("repossessedProceedsAmount"),
    repurchase_cents: money("repurchaseAmount"),
    servicer_advance_cents: money("servicerAdvancedAmount"),
    collateral_value_cents: money("vehicleValueAmount"),
    interest_rate_wad: integer(elements["reportingPeriodInterestRatePercentage"], 18),
    original_term_months: count(elements["originalLoanTerm"]),
    remaining_term_months: count(elements["remainingTermToMaturityNumber"]),
    days_past_due: days,
    credit_score: /^[1-9]\d\d$/.test(score) ? Number(score) : null,
    origination_month: month(elements["originationDate"]),
    maturity_month: month(elements["loanMaturityDate"]),
    delinquency_bucket: bucketOf(days),
    status: ENDED[code] ?? alive,
    termination_code: code === "" ? null : code,
    region: elements["obligorGeographicLocation"] ?? null,
    attributes: elements["vehicleManufacturerName"] ?? null,
  };
}

/** The 40 tapes of AmeriCredit 2017-4, the cut-off first. */
export function readAmcar(): { month: number; loans: PlainLoan[] }[] {
  return AMCAR_MONTHS.map((name, i) => ({
    month: 2017 * 12 + 8 + i,
    loans: [...amcarTape(name).matchAll(/<assets>([^]*?)<\/assets>/g)].map(([, record = ""]) =>
      readElements(
        Object.fromEntries(
          [...record.matchAll(/<(\w+)>([^<]*)</g)].map(([, name = "", text = ""]) => [name, text]),
        ),
      ),
    ),
  }));
}

/** The five months of CarMax 2017-1, the first of which stands for the cut-off. */
export function readCarmax(): { month: number; loans: PlainLoan[] }[] {
  const file = new URL("../../golden/carmax-2017-1/loan-months.csv", import.meta.url);
  const [header = "", ...lines] = readFileSync(file, "utf8").trimEnd().split("\n");
  const names = header.split(",");
  const rows = lines.map((line) => {
    const cells = line.split(",");
    return Object.fromEntries(names.map((name, i) => [name, cells[i]])) as Elements;
  });
  const ends = ["12-31-2016", "01-31-2017", "02-28-2017", "03-31-2017", "04-30-2017"];
  return ends.map((end, i) => ({
    month: 2016 * 12 + 11 + i,
    loans: rows.filter((row) => row["reportingPeriodEndingDate"] === end).map(readElements),
  }));
}

/** Puts loan months in the table as a tape version of their own, as an upload leaves them. */
export async function insertVersion(
  db: Kysely<Database>,
  key: { dealKey: number; period: number; version: number },
  loans: readonly PlainLoan[],
): Promise<void> {
  const { dealKey, period, version } = key;
  const tables = [
    ["loan_months", dealKey, sql`partition by list (period)`],
    [`loan_months_${dealKey}`, period, sql`partition by list (version)`],
    [`loan_months_${dealKey}_${period}`, version, sql``],
  ] as const;
  for (const [parent, value, below] of tables) {
    await sql`
      create table if not exists ${sql.table(`${parent}_${value}`)}
      partition of ${sql.table(parent)} for values in (${sql.lit(value)}) ${below}
    `.execute(db);
  }
  const rows = loans.map((loan, position) => ({
    deal_key: dealKey,
    ...{ period, version, position, line: position + 2 },
    ...loan,
  }));
  const json = JSON.stringify(rows, (_name, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  );
  await sql`
    insert into loan_months select * from json_populate_recordset(null::loan_months, ${json}::json)
  `.execute(db);
}
