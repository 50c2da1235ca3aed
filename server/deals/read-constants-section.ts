/** Named constants: fixed values, schedules, values that a SET or a trigger changes. */
import { isMap, isScalar } from "yaml";
import { parseDate } from "../lib/dates.ts";
import { WAD } from "../lib/mul-div.ts";
import type { ConstantEntry, ConstantValue, ScheduleRow } from "./deal-file.ts";
import {
  complainAt,
  keyField,
  readChoice,
  readEntries,
  readSection,
  readWith,
} from "./deal-source.ts";
import type { Field } from "./deal-source.ts";
import { parseMoney, parsePercent } from "./read-amounts.ts";
import { readNamed } from "./read-names.ts";
import { LIMITS } from "./terms-format.ts";

const VALUE = "money as 2400.00, a rate as 2 %, a whole number as 12";
const FORMS =
  `${VALUE}, or one of { steps: … }, { linear: … }, { initial, settable: true }, ` +
  "{ value, while: { trigger: value } }";
const ROW_KEYS = {
  value: VALUE,
  increment: "what is added over twelve periods, as the value is written",
};

/** Money, a percentage or a whole number, as far as 64 bits hold it. */
function parseValue(text: string): bigint {
  if (text.endsWith("%")) {
    const wad = parsePercent(text);
    if (wad >= -9n * WAD && wad <= 9n * WAD) return wad;
    throw new RangeError(`"${text}" is not from -900 % to 900 %`);
  }
  if (/^-?\d{1,15}$/.test(text)) return BigInt(text);
  const cents = parseMoney(text);
  if (cents < 1n << 60n && cents > -(1n << 60n)) return cents;
  throw new RangeError(`"${text}" is too large`);
}

function readValue(field: Field | undefined): bigint {
  return readWith(field, parseValue, VALUE) ?? 0n;
}

/** A period number or a date. */
function readFrom(field: Field | undefined): ScheduleRow["from"] | undefined {
  return readWith(
    field,
    (text): ScheduleRow["from"] => {
      if (!/^\d{1,3}$/.test(text)) return { kind: "date", day: parseDate(text) };
      const period = Number(text);
      if (period < 1) throw new RangeError("periods count from 1");
      return { kind: "period", period };
    },
    "a period such as 13 or a date such as 2021-05-15",
  );
}

function readRows(field: Field | undefined, linear: boolean): ConstantValue {
  const rows = [...readEntries(field)].flatMap(([key, entry]): ScheduleRow[] => {
    const from = readFrom(keyField(field, key));
    if (from === undefined) return [];
    if (!linear) return [{ from, value: readValue(entry), increment: 0n }];
    const section = readSection(entry, ROW_KEYS);
    const value = readValue(section.get("value"));
    return [{ from, value, increment: readValue(section.get("increment")) }];
  });
  if (field !== undefined && rows.length === 0) {
    complainAt(field, "bad-value", "the schedule has no row; write { 1: 100 %, 61: 70 % }");
  }
  return { kind: "schedule", rows };
}

function readWhile(field: Field): ConstantValue {
  const section = readSection(field, { value: VALUE, while: "{ trigger: value }" });
  const during = section.get("while");
  return {
    kind: "while",
    value: readValue(section.get("value")),
    during: [...readEntries(during)].map(([trigger, entry]) => ({
      trigger: { text: trigger, ...(keyField(during, trigger)?.place ?? entry.place) },
      value: readValue(entry),
    })),
  };
}

function readSettable(field: Field): ConstantValue {
  const section = readSection(field, { initial: VALUE, settable: "true" });
  readChoice(section.get("settable"), ["true"]);
  return { kind: "settable", initial: readValue(section.get("initial")) };
}

function readConstant(entry: Field): ConstantValue {
  if (!isMap(entry.node)) {
    return { kind: "fixed", value: readWith(entry, parseValue, FORMS) ?? 0n };
  }
  const keys = readEntries(entry);
  if (keys.has("linear")) {
    return readRows(readSection(entry, { linear: "rows by period" }).get("linear"), true);
  }
  if (keys.has("settable") || keys.has("initial")) return readSettable(entry);
  if (keys.has("while") || keys.has("value")) return readWhile(entry);
  return readRows(readSection(entry, { steps: FORMS }).get("steps"), false);
}

/** Its first value tells how a constant is written. */
function unitOf(entry: Field): ConstantEntry["unit"] {
  if (isScalar(entry.node)) {
    const text = `${entry.node.source ?? String(entry.node.value)}`.trim();
    if (text.endsWith("%")) return "rate";
    return text.includes(".") ? "money" : "count";
  }
  const inner = readEntries(entry);
  const first = inner.get("value") ?? inner.get("initial") ?? [...inner.values()][0];
  return first === undefined ? "count" : unitOf(first);
}

export function readConstants(field: Field | undefined): ConstantEntry[] {
  return readNamed(field, LIMITS.constants, (name, entry) => ({
    name,
    place: entry.place,
    value: readConstant(entry),
    unit: unitOf(entry),
  }));
}
