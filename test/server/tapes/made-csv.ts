/** Small tapes made for a test: a mapping over columns that bear the names of the fields. */
import { readMapping } from "../../../server/deals/read-mapping-section.ts";
import type { TapeMapping } from "../../../server/tapes/tape-mapping.ts";
import { readSample } from "./formats/read-sample.ts";
import type { ReadSample, SampleTerms } from "./formats/read-sample.ts";

export type MadeRow = Readonly<Record<string, string>>;

/** A loan that pays as it should: 1,000.00 - 100.00 = 900.00. */
export const GOOD_ROW: MadeRow = {
  loanId: "L-1",
  periodEnd: "2024-05-31",
  originalBalance: "5000.00",
  beginningBalance: "1000.00",
  endingBalance: "900.00",
  principal: "100.00",
  interest: "5.00",
  interestRate: "0.06",
};

/** Good rows, each with what is its own. */
export function manyRows(count: number, row: (index: number) => MadeRow): MadeRow[] {
  return Array.from({ length: count }, (_, index) => ({ ...GOOD_ROW, ...row(index) }));
}

/** A mapping with these columns under their own names, and whatever else YAML says. */
export function mappingOf(columns: readonly string[], yaml = ""): TapeMapping {
  const names = columns.map((name) => `  ${name}: ${name}`).join("\n");
  const text = yaml.includes("columns:") ? yaml : `columns:\n${names}\n${yaml}`;
  const { mapping, problems } = readMapping(text);
  if (mapping === null) throw new Error(JSON.stringify(problems));
  return mapping;
}

export function csvOf(rows: readonly MadeRow[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const quoted = (text: string): string =>
    /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const lines = rows.map((row) => columns.map((name) => quoted(row[name] ?? "")).join(","));
  return `${[columns.join(","), ...lines].join("\n")}\n`;
}

/** The rows read by a mapping of all their columns that are fields, or by the mapping given. */
export function readMade(
  rows: readonly MadeRow[],
  { yaml, ...terms }: Partial<SampleTerms> & { yaml?: string } = {},
): Promise<ReadSample> {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter(
    (name) => !name.startsWith("extra"),
  );
  return readSample(csvOf(rows), {
    mapping: mappingOf(columns, yaml),
    periodEnd: "2024-05-31",
    rollForward: {
      subtract: ["principal", "otherAdjustment", "chargeOff"],
      add: [],
      toleranceCents: 0n,
    },
    ...terms,
  });
}
