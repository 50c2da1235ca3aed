/** Whether the values of a column can be those of a field: from the sample, by kind. */
import { CANONICAL_FIELDS } from "../canonical-fields.ts";
import type { CanonicalField } from "../canonical-fields.ts";
import { medianOf } from "./profile-column.ts";
import type { ColumnProfile } from "./profile-column.ts";

export interface Fit {
  /** 0 to 1; 0: it cannot be. */
  fit: number;
  reason: string;
}

const NO: Fit = { fit: 0, reason: "" };
const FLAG = /^(true|false|y|n|yes|no|0|1|t|f)$/i;

/** Of the rows of a history file so many are different periods, at most. */
const MANY_PERIODS = 0.05;

/** Medians that integers of a field lie between. */
const USUAL: Partial<Record<CanonicalField, { least: number; most: number }>> = {
  creditScore: { least: 300, most: 900 },
  originalTerm: { least: 3, most: 600 },
  remainingTerm: { least: 0, most: 600 },
  daysPastDue: { least: 0, most: 400 },
};

/** Columns without values fit weakly: the name alone speaks. */
export function fitField(field: CanonicalField, profile: ColumnProfile): Fit {
  if (profile.filled === 0) return { fit: 0.6, reason: "no values in the sample" };
  switch (CANONICAL_FIELDS[field]) {
    case "money":
      return fitMoney(profile);
    case "rate":
      return fitRate(profile);
    case "integer":
      return fitInteger(field, profile);
    case "day":
      return fitPeriod(profile);
    case "month":
      return fitDate(profile);
    case "flag":
      return fitFlag(profile);
    case "text":
      return fitText(field, profile);
  }
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

function fitMoney(profile: ColumnProfile): Fit {
  if (profile.numeric < 0.8) return NO;
  const isDate = profile.date !== null && profile.date.share > 0.9 && !isSerial(profile);
  if (isDate) return NO;
  return { fit: profile.numeric, reason: `${percent(profile.numeric)} amounts` };
}

function fitRate(profile: ColumnProfile): Fit {
  if (profile.numeric < 0.8) return NO;
  const median = medianOf(profile.numbers) ?? 0;
  if (median < 0 || median > 5_000) return NO;
  return { fit: profile.numeric, reason: `${percent(profile.numeric)} rates` };
}

function fitInteger(field: CanonicalField, profile: ColumnProfile): Fit {
  // A due date says how many days are past due.
  if (field === "daysPastDue" && isDated(profile)) return fitDate(profile);
  if (profile.numeric < 0.8) return NO;
  const range = USUAL[field] ?? { least: 0, most: 1_000 };
  const median = medianOf(profile.numbers) ?? 0;
  const isUsual = median >= range.least && median <= range.most;
  const share = profile.whole > 0 ? profile.whole : profile.numeric * 0.8;
  return isUsual
    ? { fit: share, reason: `whole numbers around ${median}` }
    : { fit: 0.3 * share, reason: `numbers around ${median}, which is unusual` };
}

function fitDate(profile: ColumnProfile): Fit {
  const { date } = profile;
  if (date === null) return NO;
  return { fit: date.share, reason: `${percent(date.share)} dates as ${date.pattern}` };
}

/** All rows of a tape are of one period, or of few. */
function fitPeriod(profile: ColumnProfile): Fit {
  const { fit, reason } = fitDate(profile);
  const few = Math.max(3, MANY_PERIODS * profile.filled);
  if (profile.distinct <= few) return { fit, reason };
  return { fit: 0.4 * fit, reason: `${reason}, ${profile.distinct} different ones` };
}

function fitFlag({ values }: ColumnProfile): Fit {
  const isFlag = values !== null && [...values.keys()].every((value) => FLAG.test(value));
  return isFlag ? { fit: 1, reason: "yes and no" } : NO;
}

function fitText(field: CanonicalField, profile: ColumnProfile): Fit {
  const { filled, distinct, values, rows } = profile;
  if (isDated(profile)) return NO;
  if (field === "loanId") {
    const isDecimal = profile.numeric > 0.9 && profile.whole < 0.5;
    const unique = distinct / Math.max(1, filled);
    if (isDecimal || filled < 0.5 * rows) return NO;
    return { fit: 0.4 + 0.6 * unique, reason: `${percent(unique)} different values` };
  }
  if (values === null) return field === "region" ? { fit: 0.7, reason: "many values" } : NO;
  if (profile.numeric > 0.9 && profile.whole < 0.9) return NO;
  return { fit: 1, reason: `${distinct} different values` };
}

export function isDated({ date }: ColumnProfile): boolean {
  return (
    date !== null && date.share > 0.9 && date.pattern !== "serial" && date.pattern !== "serial 1904"
  );
}

function isSerial({ date }: ColumnProfile): boolean {
  return (
    date?.pattern === "serial" || date?.pattern === "serial 1904" || date?.pattern === "YYYYMM"
  );
}
