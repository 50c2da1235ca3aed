/** What an unknown file is, as far as it can be told: a mapping to look at, correct and store. */
import { CANONICAL_FIELDS, TERMINATED_STATUSES } from "./canonical-fields.ts";
import type { AssetClass, CanonicalField, LoanStatus } from "./canonical-fields.ts";
import type { ColumnReading, DatePattern, RateUnit } from "./formats/tape-format.ts";
import { assignColumns } from "./mapping/assign-columns.ts";
import type { Assignment } from "./mapping/assign-columns.ts";
import { isDated } from "./mapping/fit-field.ts";
import { countKnown } from "./mapping/known-names.ts";
import { isPersonal } from "./mapping/personal-names.ts";
import { profileColumn } from "./mapping/profile-column.ts";
import type { ColumnProfile } from "./mapping/profile-column.ts";
import { statusOfWord } from "./mapping/propose-codes.ts";
import { proposeUnit } from "./mapping/propose-unit.ts";
import { testRollForwards } from "./mapping/test-roll-forwards.ts";
import type { RollForwardTest } from "./mapping/test-roll-forwards.ts";
import type { TapeSample } from "./mapping/sample-tape.ts";
import { totalsOf } from "./mapping/total-rows.ts";
import { rankFormats } from "./recognise-format.ts";
import type { TapeMapping } from "./tape-mapping.ts";

/** Formats that a proposal names. */
const NAMED_FORMATS = 3;
/** From this score on a file's columns are taken to mean what they mean in the format. */
const LIKELY = 0.5;

/** Below this a column stands in the questions alone: pasted unseen it would refuse or misread the tape. */
const LEAST_WRITTEN = 0.6;

/** Words of one column that are asked about. */
const ASKED_WORDS = 10;

export interface FieldProposal {
  field: CanonicalField;
  column: string;
  /** 0 to 1. */
  confidence: number;
  /** Why, in words. */
  reason: string;
  samples: readonly string[];
  /** Of a rate. */
  unit: RateUnit | null;
  /** Of a date. */
  dates: readonly DatePattern[];
  /** Other columns that it could be, the likeliest first. */
  alternatives: readonly string[];
}

export interface OtherColumn {
  column: string;
  samples: readonly string[];
  /** Holds who somebody is: dropped as the file is read. */
  personal: boolean;
}

export interface MappingProposal {
  /** Public formats that the file is like. */
  formats: { id: string; title: string; score: number }[];
  /** Rows that were looked at. */
  rows: number;
  fields: FieldProposal[];
  others: OtherColumn[];
  /** Balance rules by the share of rows that they close. */
  rollForwards: RollForwardTest[];
  /** What somebody has to decide. */
  questions: string[];
  mapping: TapeMapping;
}

/** Proposes a mapping from the first rows of a file; pure. */
export function proposeMapping(sample: TapeSample): MappingProposal {
  const totals = totalsOf(sample.rows);
  const rows = sample.rows.filter((_, i) => !totals.places.has(i));
  const profiles = sample.columns.map((name, place) =>
    profileColumn(
      name,
      place,
      rows.map((row) => row[place] ?? null),
    ),
  );
  const personal = profiles.filter(({ name }) => isPersonal(name));
  const formats = rankFormats(sample.head).slice(0, NAMED_FORMATS);
  const [best] = formats;
  const likely = best !== undefined && best.score >= LIKELY ? best.format : null;
  const ownColumns = profiles.filter((profile) => !personal.includes(profile));
  const guessed = assignColumns(ownColumns, likely);
  const assigned = guessed.filter(({ confidence }) => confidence >= LEAST_WRITTEN);
  const fields = assigned.map((assignment) => fieldProposal(assignment));
  const columns = new Map(assigned.map(({ field, profile }) => [field, profile]));
  const questions = [
    ...(isTransposed(sample) ? ["The fields stand as rows: is the file to be transposed?"] : []),
    ...fields.flatMap(questionsOf),
    ...guessed
      .filter(({ confidence }) => confidence < LEAST_WRITTEN)
      .map(({ field, profile }) => `Is ${profile.name} the ${field}? It is not in the mapping.`),
    ...missingQuestions(columns),
  ];
  const statuses = statusesOf(columns.get("statusCode"), questions);
  return {
    formats: formats.map(({ format, score }) => ({ id: format.id, title: format.title, score })),
    rows: sample.rows.length,
    fields,
    others: profiles
      .filter((profile) => !assigned.some((other) => other.profile === profile))
      .map((profile) => ({
        column: profile.name,
        samples: personal.includes(profile) ? [] : profile.samples,
        personal: personal.includes(profile),
      })),
    rollForwards: testRollForwards(rows, columns),
    questions,
    mapping: {
      ...fileOf(sample),
      assetClass: assetClassOf(profiles),
      columns: Object.fromEntries(
        assigned.map((assignment, i) => [assignment.field, readingOf(assignment, fields[i])]),
      ),
      dates: commonDates(guessed.map((assignment) => fieldProposal(assignment))),
      months: [],
      missing: [...new Set(profiles.flatMap(({ missing }) => missing))],
      decimalComma: profiles.some(({ decimalCommas }) => decimalCommas > 0.5),
      terminations: terminationsOf(columns.get("terminationCode"), questions),
      statuses,
      loanIds: totals.loanIds,
      totals: totals.glob,
      personal: personal.map(({ name }) => name),
      differenced: !columns.has("beginningBalance"),
      history: isHistory(columns),
    },
  };
}

function fileOf({
  delimiter,
  encoding,
  header,
}: TapeSample): Pick<TapeMapping, "delimiter" | "encoding" | "header" | "names" | "sheet"> {
  return {
    delimiter: (delimiter ?? "auto") as TapeMapping["delimiter"],
    encoding,
    header: header.kind,
    names: header.kind === "none" ? header.columns : [],
    sheet: null,
  };
}

function fieldProposal({ field, profile, confidence, reason, others }: Assignment): FieldProposal {
  const isRate = field === "interestRate" || field === "servicingFeeRate";
  const unit = isRate ? proposeUnit(field, profile) : null;
  const kind = CANONICAL_FIELDS[field];
  const isDate =
    kind === "day" || kind === "month" || (field === "daysPastDue" && isDated(profile));
  return {
    field,
    column: profile.name,
    confidence: Math.round(100 * confidence * (unit?.confidence ?? 1)) / 100,
    reason: unit === null ? reason : `${reason}; ${unit.unit}: ${unit.reason}`,
    samples: profile.samples,
    unit: unit?.unit ?? null,
    dates: isDate && profile.date !== null ? [profile.date.pattern] : [],
    alternatives: others,
  };
}

/** The reading of a column, as short as it can be written. */
function readingOf(
  { field, profile }: Assignment,
  proposal: FieldProposal | undefined,
): string | ColumnReading {
  const reading: ColumnReading = { column: profile.name };
  if (proposal?.unit !== null && proposal !== undefined) reading.unit = proposal.unit;
  if (proposal !== undefined && proposal.dates.length > 0) reading.dates = proposal.dates;
  if (field === "daysPastDue" && isDated(profile)) reading.since = true;
  if (field === "daysPastDue" && areMonths(profile)) reading.times = 30;
  return Object.keys(reading).length === 1 ? profile.name : reading;
}

/** Delinquency counted in months: small whole numbers, and no days named. */
function areMonths({ name, numbers }: ColumnProfile): boolean {
  const most = numbers.at(-1) ?? 0;
  return !/day|dpd/i.test(name) && most > 0 && most <= 24;
}

function questionsOf({ field, column, confidence, unit, dates }: FieldProposal): string[] {
  const questions: string[] = [];
  if (confidence < 0.75) questions.push(`Is ${column} the ${field}?`);
  if (unit?.endsWith("a month") === true) questions.push(`Is ${column} a rate of one month?`);
  if (dates.some((pattern) => pattern === "MM/DD/YYYY" || pattern === "DD/MM/YYYY")) {
    questions.push(
      `Does ${column} begin with the ${dates[0]?.startsWith("M") === true ? "month" : "day"}?`,
    );
  }
  return questions;
}

function missingQuestions(columns: ReadonlyMap<CanonicalField, ColumnProfile>): string[] {
  const needed = ["loanId", "endingBalance"] as const;
  const questions = needed
    .filter((field) => !columns.has(field))
    .map((field) => `Which column is the ${field}? A mapping needs it.`);
  if (!columns.has("daysPastDue") && !columns.has("statusCode")) {
    questions.push("No column says how late a loan is.");
  }
  return questions;
}

function statusesOf(
  profile: ColumnProfile | undefined,
  questions: string[],
): TapeMapping["statuses"] {
  const words = [...(profile?.values?.keys() ?? [])];
  const meant = words.map((word) => [word, statusOfWord(word)] as const);
  const unknown = meant.filter(([, meaning]) => meaning === null).map(([word]) => word);
  ask(unknown, (word) => `What does the status ${word} mean?`, questions);
  return Object.fromEntries(
    meant.flatMap(([word, meaning]) => (meaning === null ? [] : [[word, meaning]])),
  );
}

function terminationsOf(
  profile: ColumnProfile | undefined,
  questions: string[],
): TapeMapping["terminations"] {
  const words = [...(profile?.values?.keys() ?? [])];
  const meant = words.map((word) => [word, endOf(word)] as const);
  const unknown = meant.filter(([, status]) => status === null).map(([word]) => word);
  ask(unknown, (word) => `What does the termination code ${word} mean?`, questions);
  return Object.fromEntries(
    meant.flatMap(([word, status]) => (status === null ? [] : [[word, status]])),
  );
}

/** The status that a loan ends with; null for a word of one that goes on. */
function endOf(word: string): LoanStatus | null {
  const status = statusOfWord(word)?.status;
  return status !== undefined && TERMINATED_STATUSES.includes(status) ? status : null;
}

function ask(words: string[], question: (word: string) => string, questions: string[]): void {
  questions.push(...words.slice(0, ASKED_WORDS).map(question));
}

/** More known names in the first column, or the second, than in the header. */
function isTransposed({ columns, rows }: TapeSample): boolean {
  const across = countKnown(columns);
  const down = (place: number): number => countKnown(rows.map((row) => row[place] ?? ""));
  return [0, 1].some((place) => down(place) > 2 * across + 2);
}

/** The pattern that most date columns have comes first. */
function commonDates(fields: readonly FieldProposal[]): DatePattern[] {
  const counts = new Map<DatePattern, number>();
  for (const pattern of fields.flatMap(({ dates }) => dates)) {
    counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
  }
  const [most] = [...counts].toSorted(([, a], [, b]) => b - a);
  return most === undefined ? ["YYYY-MM-DD"] : [most[0]];
}

/** One loan stands with several dates. */
function isHistory(columns: ReadonlyMap<CanonicalField, ColumnProfile>): boolean {
  const ids = columns.get("loanId");
  const dates = columns.get("periodEnd");
  if (ids === undefined || dates === undefined) return false;
  return dates.distinct > 1 && ids.distinct < ids.filled;
}

const CLASS_WORDS: readonly { words: RegExp; assetClass: AssetClass }[] = [
  { words: /vehicle|\bvin\b|\bauto|dealer|odometer/i, assetClass: "auto loan" },
  { words: /invoice|receivable/i, assetClass: "trade receivable" },
  { words: /student|school|semester|in.?school/i, assetClass: "student loan" },
  { words: /credit.?limit|card/i, assetClass: "credit card" },
  { words: /equipment|lease/i, assetClass: "equipment" },
  { words: /naics|business/i, assetClass: "small business loan" },
  { words: /dscr|noi\b|occupancy.?rate/i, assetClass: "commercial mortgage" },
  {
    words: /mortgage|property|ltv|lien|occupancy|escrow|fnma|fhlmc/i,
    assetClass: "residential mortgage",
  },
];

function assetClassOf(profiles: readonly ColumnProfile[]): AssetClass {
  const names = profiles.map(({ name }) => name);
  const counted = CLASS_WORDS.map(({ words, assetClass }) => ({
    assetClass,
    count: names.filter((name) => words.test(name)).length,
  })).toSorted((a, b) => b.count - a.count);
  const [best] = counted;
  return best !== undefined && best.count > 0 ? best.assetClass : "consumer loan";
}
