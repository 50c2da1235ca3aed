/** Series, triggers and notices: what a deal remembers, watches and is told. */
import type { NoticeEntry, SeriesEntry, Smoothing, TriggerEntry } from "./deal-file.ts";
import {
  complain,
  complainAt,
  readChoice,
  readList,
  readSection,
  readText,
  readWhole,
  readWith,
} from "./deal-source.ts";
import type { Field } from "./deal-source.ts";
import type { ExpressionNode, NameNode } from "./program-syntax.ts";
import { readExpression, readExpressionOrZero, readName, readNamed } from "./read-names.ts";
import { COMPARISONS, LIMITS, MOMENTS, NOTICE_KINDS } from "./terms-format.ts";
import type { Comparison } from "./terms-format.ts";

export const SERIES_KEYS = {
  value: "an expression, recorded every period",
  when: "before | after: before or after the steps",
};
export const TRIGGER_KEYS = {
  test: 'how it is breached, e.g. "p.cumNetLoss / k.cutOffBalance > k.limit"',
  "over?":
    "mean of last 3 | ratio of sums over 3 | highest of last 12 | highest of last 12 of mean of last 3",
  "decimals?": "to how many decimals the ratio is rounded half-up",
  "breach?": "at once | 2 of last 3 | 3 in a row",
  cure: "never | after 3 passing | by notice NAME",
  when: "before (the determination date) | within (at its TEST) | after (the steps)",
  "effect?": "{ phase: EARLY }: the phase that a breach leads to",
  clause: "the clause of the document",
};
export const EFFECT_KEYS = {
  phase: "the phase that a breach leads to",
  "from?": "[A, B]: out of which phases; without it out of any other",
};
export const NOTICE_KEYS = {
  "by?": "the payee that may give it; nobody gives that of a servicer default",
  kind: "once (for one run) | standing (from then on) | servicer default (while reports say so)",
};

export function readSeries(field: Field | undefined): SeriesEntry[] {
  return readNamed(field, LIMITS.series, (name, entry) => {
    const section = readSection(entry, SERIES_KEYS);
    return {
      name,
      place: entry.place,
      value: readExpressionOrZero(section.get("value") ?? entry),
      at: readChoice(section.get("when"), ["before", "after"] as const) ?? "after",
    };
  });
}

export function readNotices(field: Field | undefined): NoticeEntry[] {
  return readNamed(field, LIMITS.notices, (name, entry) => {
    const section = readSection(entry, NOTICE_KEYS);
    const by = section.get("by");
    const kind = readChoice(section.get("kind"), NOTICE_KINDS) ?? "standing";
    if (kind === "servicer default" && by !== undefined) {
      complainAt(by, "bad-value", "nobody gives the notice of a servicer default; leave by out");
    }
    if (kind !== "servicer default" && by === undefined) {
      const message = `${entry.path} lacks the term \`by\`; write the payee that may give it`;
      complain(entry.source, entry.place, { code: "missing-term", value: "by", message });
    }
    return { name, place: entry.place, by: readName(by) ?? null, kind };
  });
}

type Test = Pick<TriggerEntry, "numerator" | "denominator" | "comparison" | "threshold">;

/** `N / D cmp T`, or `N cmp T` for an amount. */
function readTest(entry: Field, field: Field | undefined): Test {
  const node = readExpression(field);
  const nothing: ExpressionNode = { kind: "number", text: "0", value: 0n, ...entry.place };
  const empty: Test = {
    numerator: nothing,
    denominator: null,
    comparison: ">",
    threshold: nothing,
  };
  if (node === null || field === undefined) return empty;
  const comparison = COMPARISONS.find(
    (sign): sign is Comparison => node.kind === "binary" && node.operator === sign,
  );
  if (node.kind !== "binary" || comparison === undefined) {
    complainAt(field, "not-a-test", "compare, e.g. `p.lossSum / k.cutOffBalance > 5 %`");
    return empty;
  }
  const { left, right: threshold } = node;
  if (left.kind === "binary" && left.operator === "/") {
    return { numerator: left.left, denominator: left.right, comparison, threshold };
  }
  return { numerator: left, denominator: null, comparison, threshold };
}

/** Periods of a smoothing: as many as a series keeps. */
function periodsOf(text: string | undefined): number {
  const periods = Number(text);
  if (periods >= 1 && periods <= LIMITS.seriesDepth) return periods;
  throw new RangeError(`a series keeps from 1 to ${LIMITS.seriesDepth} periods, not ${text}`);
}

function parseSmoothing(text: string): Smoothing {
  const mean = /^mean of last (\d{1,3})$/.exec(text);
  if (mean !== null) return { kind: "mean", periods: periodsOf(mean[1]) };
  const sums = /^ratio of sums over (\d{1,3})$/.exec(text);
  if (sums !== null) return { kind: "ratio of sums", periods: periodsOf(sums[1]) };
  const highest = /^highest of last (\d{1,3})(?: of mean of last (\d{1,3}))?$/.exec(text);
  if (highest === null) throw new RangeError(`"${text}" is no way to look at several periods`);
  const meanOf = highest[2] === undefined ? null : periodsOf(highest[2]);
  return { kind: "highest", periods: periodsOf(highest[1]), meanOf };
}

/** How many of the last tests must fail. */
function parseBreach(text: string): { breaches: number; tests: number } {
  const counts = /^(\d{1,2}) of last (\d{1,2})$/.exec(text) ?? /^(\d{1,2}) in a row$/.exec(text);
  if (text !== "at once" && counts === null) throw new RangeError(`"${text}" is no such rule`);
  const breaches = Number(counts?.[1] ?? 1);
  const tests = Number(counts?.[2] ?? breaches);
  if (breaches >= 1 && breaches <= tests && tests <= LIMITS.testsRemembered) {
    return { breaches, tests };
  }
  throw new RangeError(`"${text}" is not from 1 of 1 to ${LIMITS.testsRemembered} tests`);
}

function readCure(field: Field | undefined): TriggerEntry["cure"] {
  const parse = (text: string): TriggerEntry["cure"] => {
    const notice = /^by notice ([A-Za-z][\w-]*)$/.exec(text)?.[1];
    if (notice !== undefined && field !== undefined) {
      const { line, column } = field.place;
      return {
        kind: "notice",
        notice: { text: notice, line, column: column + text.indexOf(notice) },
      };
    }
    const passing = /^after (\d{1,2}) passing$/.exec(text)?.[1];
    if (passing === undefined && text !== "never") throw new RangeError(`"${text}" is no cure`);
    const periods = Number(passing ?? 0);
    if (passing === undefined) return { kind: "never" };
    if (periods >= 1 && periods <= LIMITS.testsRemembered) return { kind: "passing", periods };
    throw new RangeError(`"${text}" is not from 1 to ${LIMITS.testsRemembered} passing periods`);
  };
  return readWith(field, parse, TRIGGER_KEYS.cure) ?? { kind: "never" };
}

function readEffect(field: Field | undefined): TriggerEntry["effect"] {
  if (field === undefined) return null;
  const section = readSection(field, EFFECT_KEYS);
  const phase = readName(section.get("phase"));
  const from = section.get("from");
  if (phase === undefined) return null;
  const names = readList(from).map(readName);
  const known = names.filter((name): name is NameNode => name !== undefined);
  return { phase, from: from === undefined ? null : known };
}

function readTrigger(name: string, entry: Field): TriggerEntry {
  const section = readSection(entry, TRIGGER_KEYS);
  const over = section.get("over");
  const breach = readWith(section.get("breach"), parseBreach, TRIGGER_KEYS["breach?"]);
  if (name === "any") {
    const message = "`trig.any` stands for all triggers; give this one another name";
    complain(entry.source, entry.place, { code: "bad-name", value: name, message });
  }
  return {
    name,
    place: entry.place,
    ...readTest(entry, section.get("test")),
    smoothing: readWith(over, parseSmoothing, TRIGGER_KEYS["over?"]) ?? { kind: "none" },
    smoothingPlace: over?.place ?? entry.place,
    decimals: readWhole(section.get("decimals"), { minimum: 0, maximum: 16 }) ?? null,
    breaches: breach?.breaches ?? 1,
    tests: breach?.tests ?? 1,
    cure: readCure(section.get("cure")),
    at: readChoice(section.get("when"), MOMENTS) ?? "after",
    effect: readEffect(section.get("effect")),
    clause: readText(section.get("clause")) ?? "",
  };
}

export function readTriggers(field: Field | undefined): TriggerEntry[] {
  return readNamed(field, LIMITS.triggers, readTrigger);
}
