/** When reports are due, who may challenge them, and what must hold between their figures. */
import { SECONDS_PER_DAY } from "../lib/dates.ts";
import type { IdentityEntry, ReportingEntry } from "./deal-file.ts";
import {
  complain,
  complainAt,
  readBoolean,
  readList,
  readSection,
  readWith,
} from "./deal-source.ts";
import type { Field, Section } from "./deal-source.ts";
import type { ExpressionNode } from "./program-syntax.ts";
import { parsePercent } from "./read-amounts.ts";
import { readExpression, readName } from "./read-names.ts";
import { LIMITS } from "./terms-format.ts";

const DURATION = "days or hours such as `5 days` or `36 hours`";

export const REPORTING_KEYS = {
  "due?":
    "until when a report must be accepted: `2 days before payment` or `36 hours before payment`; without it the payment itself",
  "servicerDefault?": "{ after: 5 days, successor: true }; without it lateness has no end",
  "challengeWindow?": `how long an accepted report may be challenged, ${DURATION}; without it a report is final at once`,
  "answerWithin?": `how long the trustee has to answer a challenge, ${DURATION}`,
  "trustee?": "the payee that answers challenges",
  "verifier?": "the payee that may challenge beside the trustee",
  "holders?":
    "the share of the notes' principal whose holders may challenge together, e.g. 25 %; without it holders may not",
  "identities?":
    'what must hold between the figures, ["poolOpening - principal - chargeOffs == poolClosing"]',
};
export const DEFAULT_KEYS = {
  after: `how long after the due time, ${DURATION}`,
  "successor?": "true: the successor's attesters sign from then on; without it false",
};

const SECONDS_PER_HOUR = 3_600;

/** "5 days" or "36 hours" as seconds. */
function parseDuration(text: string): number {
  const match = /^(\d{1,4}) (day|hour)s?$/.exec(text);
  if (match === null) throw new RangeError(`"${text}" is no duration; write ${DURATION}`);
  return Number(match[1]) * (match[2] === "day" ? SECONDS_PER_DAY : SECONDS_PER_HOUR);
}

const inDays = (seconds: number) => `${seconds / SECONDS_PER_DAY} days`;

/** A duration from 0 up to `most` seconds. */
function readDuration(
  field: Field | undefined,
  { most, parse = parseDuration }: { most: number; parse?: (text: string) => number },
): number {
  const within = (text: string) => {
    const seconds = parse(text);
    if (seconds <= most) return seconds;
    throw new RangeError(`"${text}" is too long; write at most ${inDays(most)}`);
  };
  return readWith(field, within, DURATION) ?? 0;
}

function parseLead(text: string): number {
  const lead = /^(.*) before payment$/.exec(text)?.[1];
  if (lead === undefined) {
    throw new RangeError(`"${text}" is no due time; write such as \`2 days before payment\``);
  }
  return parseDuration(lead);
}

function readHolders(field: Field | undefined): number | null {
  const parse = (text: string): number => {
    const wad = parsePercent(text);
    const bps = wad / 10n ** 14n;
    if (bps >= 1n && bps <= 10_000n && wad % 10n ** 14n === 0n) return Number(bps);
    throw new RangeError(`"${text}" is not from 0.01 % to 100 % in hundredths`);
  };
  return readWith(field, parse, "a percentage such as 25 %") ?? null;
}

function readDefault(field: Field | undefined): ReportingEntry["servicerDefault"] {
  if (field === undefined) return null;
  const section = readSection(field, DEFAULT_KEYS);
  return {
    afterSeconds: readDuration(section.get("after"), { most: LIMITS.defaultGraceSeconds }),
    successor: readBoolean(section.get("successor")) ?? false,
  };
}

/** Figures of one side with their signs; null at anything but sums and differences of figures. */
function addends(node: ExpressionNode, subtracted: boolean): IdentityEntry["addends"] | null {
  if (node.kind === "reference") {
    const { text, line, column } = node;
    return [{ figure: { text: text.replace(/^p\./, ""), line, column }, subtracted }];
  }
  if (node.kind !== "binary" || (node.operator !== "+" && node.operator !== "-")) return null;
  const left = addends(node.left, subtracted);
  const right = addends(node.right, (node.operator === "-") !== subtracted);
  return left === null || right === null ? null : [...left, ...right];
}

function readIdentity(field: Field): IdentityEntry[] {
  const node = readExpression(field);
  if (node === null) return [];
  const isEquation = node.kind === "binary" && node.operator === "==";
  const left = isEquation ? addends(node.left, false) : null;
  const right = isEquation ? addends(node.right, true) : null;
  if (left === null || right === null) {
    const message = "an identity has figures with + and - on both sides of ==";
    complainAt(field, "not-an-identity", `${message}; write such as a - b == c`);
    return [];
  }
  const all = [...left, ...right];
  if (all.length > LIMITS.figures) {
    complainAt(field, "too-many", `${all.length} figures; the limit is ${LIMITS.figures}`);
  }
  return [{ place: field.place, addends: all }];
}

function readIdentities(field: Field | undefined): IdentityEntry[] {
  const items = readList(field);
  if (field !== undefined && items.length > LIMITS.identities) {
    complainAt(field, "too-many", `${items.length} identities; the limit is ${LIMITS.identities}`);
  }
  return items.flatMap(readIdentity);
}

/** A challenge takes a window, a window somebody who answers, and time to do so. */
function checkChallenge(field: Field, section: Section, windowSeconds: number): void {
  const lacks = (code: string, value: string, message: string) =>
    complain(field.source, section.get(value)?.place ?? field.place, { code, value, message });
  if (windowSeconds === 0) {
    for (const key of ["answerWithin", "trustee", "verifier", "holders"]) {
      if (!section.has(key)) continue;
      const message = `reporting.${key}: without a challengeWindow nobody can challenge; write challengeWindow: 24 hours or leave ${key} out`;
      lacks("no-window", key, message);
    }
    return;
  }
  for (const key of ["trustee", "answerWithin"] as const) {
    if (section.has(key)) continue;
    const message = `reporting lacks the term \`${key}\`, which a challengeWindow needs; write ${REPORTING_KEYS[`${key}?`]}`;
    lacks("missing-term", key, message);
  }
}

/** The reporting terms; without the section reports are due at the payment and final at once. */
export function readReporting(field: Field | undefined): ReportingEntry {
  const section = readSection(field, REPORTING_KEYS);
  const most = LIMITS.reportingSeconds;
  const window = section.get("challengeWindow");
  const answer = section.get("answerWithin");
  const challengeSeconds = readDuration(window, { most });
  const answerSeconds = readDuration(answer, { most });
  if (field !== undefined) checkChallenge(field, section, challengeSeconds);
  if (answer !== undefined && challengeSeconds > 0 && answerSeconds === 0) {
    complainAt(answer, "bad-value", "the trustee needs time to answer; write such as 24 hours");
  }
  return {
    place: field?.place ?? { line: 1, column: 1 },
    windowPlace: window?.place ?? field?.place ?? { line: 1, column: 1 },
    dueLeadSeconds: readDuration(section.get("due"), { most, parse: parseLead }),
    servicerDefault: readDefault(section.get("servicerDefault")),
    challengeSeconds,
    answerSeconds,
    trustee: readName(section.get("trustee")) ?? null,
    verifier: readName(section.get("verifier")) ?? null,
    holdersBps: readHolders(section.get("holders")),
    identities: readIdentities(section.get("identities")),
  };
}
