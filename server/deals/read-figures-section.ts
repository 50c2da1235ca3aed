/** Reported figures and indices: what comes from outside in every period. */
import { parseTimeOfDay, SECONDS_PER_DAY } from "../lib/dates.ts";
import { FIGURE_MEASURES, FIGURE_UNITS } from "./deal-file.ts";
import type { FeedEntry, FigureEntry, FigureMeasure, FigureUnit, IndexEntry } from "./deal-file.ts";
import {
  complain,
  complainAt,
  readChoice,
  readEntries,
  readSection,
  readText,
  readWhole,
  readWith,
} from "./deal-source.ts";
import type { Field, Section } from "./deal-source.ts";
import { findCatalogueFigure, FIGURE_CATALOGUE } from "./figure-catalogue.ts";
import { readMargin, readMoney, readPercentBound } from "./read-amounts.ts";
import { readNamed } from "./read-names.ts";
import { FIXED_FIGURES, LIMITS, RATE_UNITS } from "./terms-format.ts";

export const FIGURE_KEYS = {
  min: "the least value a report may state",
  max: "the greatest",
  "unit?": `how it is written: ${FIGURE_UNITS.join(" | ")}`,
  "source?": "tape (summed from the loans) | servicer (stated when the period is closed)",
  "measures?":
    "period (an amount of the period, whose differences a restatement carries) | date (as of a date)",
};
export const REPORT_INDEX_KEYS = {
  source: "report | feed",
  min: "the lowest rate that a report may state",
  max: "the highest",
};
export const FEED_INDEX_KEYS = {
  source: "report | feed",
  decimals: "the feed's decimals, from 0 to 18",
  unit: `how the feed states a rate: ${RATE_UNITS.join(" | ")}`,
  maxAge: "how old its answer may be, e.g. 7 days",
  "initial?": "the rate of the first period if the feed fixes none; without it 0 %",
  fixing: "`2 business days before accrual`",
  "time?": "the UTC time of the fixing, e.g. 11:00Z; without it the determination's",
};

/** A bound in the unit of its figure. */
function readBound(field: Field | undefined, unit: FigureUnit | undefined): bigint {
  if (unit === undefined) return 0n; // an unknown unit is one fault, not three
  if (unit === "money") return readMoney(field, -(1n << 48n)) ?? 0n;
  if (unit === "rate") return readPercentBound(field) ?? 0n;
  const maximum = unit === "flag" ? 1 : 2 ** 31;
  return BigInt(readWhole(field, { minimum: 0, maximum }) ?? 0);
}

/** What a figure measures, by the catalogue or its unit where it is not said. */
function readMeasures(
  field: Field | undefined,
  { name, unit, known }: { name: string; unit: FigureUnit; known: FigureMeasure | undefined },
): FigureMeasure {
  const stated = readChoice(field, FIGURE_MEASURES);
  if (field === undefined || stated === undefined) {
    return known ?? (unit === "money" ? "period" : "date");
  }
  if (stated === "period" && (unit === "rate" || unit === "flag")) {
    complainAt(field, "wrong-unit", `${name} is a ${unit}, which nothing adds up; write date`);
  }
  if (FIXED_FIGURES.some((fixed) => fixed === name) && known !== undefined && stated !== known) {
    complainAt(field, "bad-value", `${name} measures a ${known} in every deal; leave it out`);
  }
  return stated;
}

export function readFigures(field: Field | undefined): FigureEntry[] {
  return readNamed(field, LIMITS.figures, (name, entry) => {
    const section = readSection(entry, FIGURE_KEYS);
    const stated = readChoice(section.get("source"), ["tape", "servicer"]);
    const found = findCatalogueFigure(name);
    const catalogue = found?.onRequest === true && stated !== "tape" ? undefined : found;
    if (catalogue === undefined && stated === "tape") {
      const names = FIGURE_CATALOGUE.map((figure) => figure.name).join(", ");
      const message = `no tape gives the figure \`${name}\`; write source: servicer, or one of ${names}`;
      complain(entry.source, entry.place, { code: "unknown-name", value: name, message });
    }
    const written = section.get("unit");
    const known = readChoice(written, FIGURE_UNITS);
    const unit = known ?? catalogue?.unit ?? "money";
    const bounds = written === undefined ? unit : known;
    if (catalogue !== undefined && unit !== catalogue.unit) {
      const message = `${name} is a figure of unit ${catalogue.unit}; leave the unit out`;
      complain(entry.source, written?.place ?? entry.place, {
        code: "bad-value",
        value: unit,
        message,
      });
    }
    return {
      name,
      place: entry.place,
      unit,
      source: stated ?? (catalogue === undefined ? "servicer" : "tape"),
      measures: readMeasures(section.get("measures"), { name, unit, known: catalogue?.measures }),
      minimum: readBound(section.get("min"), bounds),
      maximum: readBound(section.get("max"), bounds),
    };
  });
}

/** "7 days" -> seconds. */
function parseDays(text: string): number {
  const match = /^(\d{1,3}) days?$/.exec(text);
  if (match === null || Number(match[1]) === 0) {
    throw new RangeError(`"${text}" is not a number of days`);
  }
  return Number(match[1]) * SECONDS_PER_DAY;
}

function parseFixing(text: string): number {
  const match = /^(\d{1,2}) business days? before accrual$/.exec(text);
  if (match === null) throw new RangeError(`"${text}" is not a number of business days`);
  return Number(match[1]);
}

function readFeed(name: string, entry: Field, section: Section): FeedEntry {
  return {
    name,
    place: entry.place,
    decimals: readWhole(section.get("decimals"), { minimum: 0, maximum: 18 }) ?? 8,
    unit: readChoice(section.get("unit"), RATE_UNITS) ?? "percent",
    maxAgeSeconds: readWith(section.get("maxAge"), parseDays, FEED_INDEX_KEYS.maxAge) ?? 0,
    initialRateWad: readMargin(section.get("initial")) ?? 0n,
    fixingBusinessDaysBefore:
      readWith(section.get("fixing"), parseFixing, FEED_INDEX_KEYS.fixing) ?? 0,
    fixingSeconds:
      readWith(section.get("time"), parseTimeOfDay, "a UTC time of day such as 11:00Z") ?? null,
  };
}

/** Indices, and the figures that those which come with the report are. */
export function readIndices(field: Field | undefined): {
  indices: IndexEntry[];
  figures: FigureEntry[];
} {
  const figures: FigureEntry[] = [];
  const indices = readNamed(field, LIMITS.figures, (name, entry): IndexEntry => {
    const { place } = entry;
    const source = readEntries(entry).get("source");
    const isFeed = source !== undefined && readText(source) === "feed";
    const section = readSection(entry, isFeed ? FEED_INDEX_KEYS : REPORT_INDEX_KEYS);
    readChoice(section.get("source"), ["report", "feed"]);
    if (isFeed) return { name, place, feed: readFeed(name, entry, section) };
    figures.push({
      name,
      place,
      unit: "rate",
      source: "servicer",
      measures: "date",
      minimum: readPercentBound(section.get("min")) ?? 0n,
      maximum: readPercentBound(section.get("max")) ?? 0n,
    });
    return { name, place, feed: null };
  });
  return { indices, figures };
}
