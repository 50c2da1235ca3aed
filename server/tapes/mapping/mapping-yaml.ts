/** A mapping as the text that a deal file or POST /deals/:deal/mappings takes. */
import { stringify } from "yaml";
import type { Reading } from "../formats/tape-format.ts";
import type { TapeMapping } from "../tape-mapping.ts";

/** What need not be said. */
const DEFAULTS: Partial<TapeMapping> = {
  delimiter: "auto",
  encoding: "utf-8",
  header: "first",
  sheet: null,
  decimalComma: false,
  loanIds: null,
  totals: null,
  differenced: false,
  history: false,
};

/** YAML without the section's own name; what has its default is left out. */
export function mappingYaml(mapping: TapeMapping): string {
  const { columns, statuses, terminations, ...others } = mapping;
  const said = Object.entries(others).filter(
    ([key, value]) => !isEmpty(value) && value !== DEFAULTS[key as keyof TapeMapping],
  );
  return stringify(
    {
      ...Object.fromEntries(said),
      columns: mapValues(columns, plainReading),
      ...(isEmpty(statuses) ? {} : { statuses: mapValues(statuses, plainStatus) }),
      ...(isEmpty(terminations)
        ? {}
        : { terminations: mapValues(terminations, (status) => status ?? "none") }),
    },
    { lineWidth: 0 },
  );
}

function mapValues<T>(
  record: Readonly<Record<string, T>>,
  change: (value: T) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function plainReading(reading: Reading): unknown {
  if (typeof reading === "string" || "sum" in reading) return reading;
  const names = [reading.column].flat();
  const column = names.length === 1 ? names[0] : names;
  return Object.keys(reading).length === 1 ? column : { ...reading, column };
}

function plainStatus(meant: TapeMapping["statuses"][string]): unknown {
  return meant.daysPastDue === undefined ? meant.status : meant;
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
