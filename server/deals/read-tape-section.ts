import { FLOWS } from "./deal-file.ts";
import type { CsvSection, Flow, TapeSection } from "./deal-file.ts";
import {
  readChoice,
  readEntries,
  readList,
  readSection,
  readText,
  readWhole,
} from "./deal-source.ts";
import type { Field } from "./deal-source.ts";
import { readMoney } from "./read-amounts.ts";

export const FORMATS = ["absee-auto-loan-xml", "mapped-csv"] as const;
export const TAPE_RATE_UNITS = ["fraction", "percent"] as const;
export const TAPE_DATES = ["YYYY-MM-DD", "MM-DD-YYYY", "MM/DD/YYYY"] as const;
export const TAPE_MONTHS = ["YYYY-MM", "MM/YYYY"] as const;
const FLOW_LIST = `a list of ${FLOWS.join(", ")}`;

export const TAPE_KEYS = {
  format: FORMATS.join(" | "),
  loanIdPrefix: "what every loan id of the pool begins with",
  rateUnit: TAPE_RATE_UNITS.join(" | "),
  rollForward: "{ subtract: [...], add: [...], tolerance: 0.00 }",
  availableFunds: FLOW_LIST,
  chargeOffAgeDays: "days past due after which a loan must be charged off",
  "csv?": "the column mapping of a mapped-csv tape",
};
export const ROLL_KEYS = {
  subtract: FLOW_LIST,
  add: FLOW_LIST,
  tolerance: "an amount such as 0.00",
};
export const CSV_KEYS = {
  delimiter: "the column separator",
  columns: "canonical field: name in the header",
  dates: TAPE_DATES.join(" | "),
  months: TAPE_MONTHS.join(" | "),
  missing: "spellings of `not reported`, e.g. [n/a, -]",
};

function readFlows(field: Field | undefined): Flow[] {
  return readList(field).flatMap((item) => readChoice(item, FLOWS) ?? []);
}

function readCsv(field: Field | undefined): CsvSection | null {
  if (field === undefined) return null;
  const section = readSection(field, CSV_KEYS);
  const columns = [...readEntries(section.get("columns"))].map(
    ([name, entry]) => [name, readText(entry) ?? ""] as const,
  );
  return {
    delimiter: readText(section.get("delimiter")) ?? ",",
    columns: Object.fromEntries(columns),
    dates: readChoice(section.get("dates"), TAPE_DATES) ?? "YYYY-MM-DD",
    months: readChoice(section.get("months"), TAPE_MONTHS) ?? "YYYY-MM",
    missing: readList(section.get("missing")).map((item) => readText(item) ?? ""),
  };
}

/** What the deal says about its tapes: balance rules hold per deal, so all of it is required. */
export function readTapeSection(field: Field | undefined): TapeSection {
  const section = readSection(field, TAPE_KEYS);
  const roll = readSection(section.get("rollForward"), ROLL_KEYS);
  return {
    format: readChoice(section.get("format"), FORMATS) ?? "absee-auto-loan-xml",
    loanIdPrefix: readText(section.get("loanIdPrefix")) ?? "",
    rateUnit: readChoice(section.get("rateUnit"), TAPE_RATE_UNITS) ?? "fraction",
    rollForward: {
      subtract: readFlows(roll.get("subtract")),
      add: readFlows(roll.get("add")),
      toleranceCents: readMoney(roll.get("tolerance")) ?? 0n,
    },
    availableFunds: readFlows(section.get("availableFunds")),
    chargeOffAgeDays:
      readWhole(section.get("chargeOffAgeDays"), { minimum: 1, maximum: 3650 }) ?? 1,
    csv: readCsv(section.get("csv")),
  };
}
