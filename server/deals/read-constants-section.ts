/** Named constants: fixed values, schedules, values that a SET or a trigger changes. */
import { isMap } from "yaml";
import { parseDate } from "../lib/dates.ts";
import { WAD } from "../lib/mul-div.ts";
import type { ConstantEntry, ConstantValue, FigureUnit, ScheduleRow } from "./deal-file.ts";
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
export const STEPS_KEYS = { steps: "values by period or date, e.g. { 1: 100 %, 61: 70 % }" };
export const LINEAR_KEYS = { linear: "rows by period or date, each { value, increment }" };
export const SETTABLE_KEYS = { initial: VALUE, settable: "true" };
export const WHILE_KEYS = { value: VALUE, while: "{ trigger: value }" };
export const ROW_KEYS = {
  value: VALUE,
  increment: "what is added over twelve periods, as the value is written",
};

/** Units in which the values of one constant are written: there must be one. */
type Units = Set<FigureUnit>;

/** Money, a percentage or a whole number, as far as 64 bits hold it. */
function parseValue(text: string): { value: bigint; unit: FigureUnit } {
  if (text.endsWith("%")) {
    const value = parsePercent(text);
    if (value >= -9n * WAD && value <= 9n * WAD) return { value, unit: "rate" };
    throw new RangeError(`"${text}" is not from -900 % to 900 %`);
  }
  if (/^-?\d{1,15}$/.test(text)) return { value: BigInt(text), unit: "count" };
  // Without its two decimals nobody knows whether it is money or a rate.
  if (!/^-?\d+\.\d{2}$/.test(text)) throw new RangeError(`"${text}" has no unit`);
  const value = parseMoney(text);
  if (value < 1n << 60n && value > -(1n << 60n)) return { value, unit: "money" };
  throw new RangeError(`"${text}" is too large`);
}

function readValue(field: Field | undefined, units: Units, instead = VALUE): bigint {
  const parsed = readWith(field, parseValue, instead);
  if (parsed === undefined) return 0n;
  units.add(parsed.unit);
  if (field !== undefined && units.size > 1) {
    const message = `its values are written as ${[...units].join(" and ")}; write all in one unit`;
    complainAt(field, "mixed-units", message);
  }
  return parsed.value;
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

function readRows(field: Field | undefined, units: Units, linear: boolean): ConstantValue {
  const rows = [...readEntries(field)].flatMap(([key, entry]): ScheduleRow[] => {
    const from = readFrom(keyField(field, key));
    if (from === undefined) return [];
    if (!linear) return [{ from, value: readValue(entry, units), increment: 0n }];
    const section = readSection(entry, ROW_KEYS);
    const value = readValue(section.get("value"), units);
    return [{ from, value, increment: readValue(section.get("increment"), units) }];
  });
  if (field !== undefined && rows.length === 0) {
    complainAt(field, "bad-value", "the schedule has no row; write { 1: 100 %, 61: 70 % }");
  }
  return { kind: "schedule", rows };
}

function readWhile(field: Field, units: Units): ConstantValue {
  const section = readSection(field, WHILE_KEYS);
  const during = section.get("while");
  return {
    kind: "while",
    value: readValue(section.get("value"), units),
    during: [...readEntries(during)].map(([trigger, entry]) => ({
      trigger: { text: trigger, ...(keyField(during, trigger)?.place ?? entry.place) },
      value: readValue(entry, units),
    })),
  };
}

function readSettable(field: Field, units: Units): ConstantValue {
  const section = readSection(field, SETTABLE_KEYS);
  readChoice(section.get("settable"), ["true"]);
  return { kind: "settable", initial: readValue(section.get("initial"), units) };
}

function readConstant(entry: Field, units: Units): ConstantValue {
  if (!isMap(entry.node)) return { kind: "fixed", value: readValue(entry, units, FORMS) };
  const keys = readEntries(entry);
  if (keys.has("linear")) {
    const section = readSection(entry, LINEAR_KEYS);
    return readRows(section.get("linear"), units, true);
  }
  if (keys.has("settable") || keys.has("initial")) return readSettable(entry, units);
  if (keys.has("while") || keys.has("value")) return readWhile(entry, units);
  return readRows(readSection(entry, STEPS_KEYS).get("steps"), units, false);
}

export function readConstants(field: Field | undefined): ConstantEntry[] {
  return readNamed(field, LIMITS.constants, (name, entry) => {
    const units: Units = new Set();
    const value = readConstant(entry, units);
    const [unit = "money"] = units;
    return { name, place: entry.place, unit, value };
  });
}
