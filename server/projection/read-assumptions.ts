/** The assumptions of a scenario as written: percentages, vectors, months. */
import { isMap, isSeq } from "yaml";
import type { Field, Keys, Section } from "../deals/deal-source.ts";
import {
  complain,
  complainAt,
  readBoolean,
  readEntries,
  readList,
  readSection,
  readText,
  readWhole,
  readWith,
} from "../deals/deal-source.ts";
import type { Assumptions, Vector } from "./assumptions.ts";
import { DEFAULT_RATES, PREPAYMENT_SPEEDS } from "./assumptions.ts";
import type { TextVector } from "./scenario.ts";

/** One assumption: its value, and its text for the name of a grid's scenario. */
export interface Setting {
  value: Vector | number | boolean | null;
  text: string;
}

/** Assumptions by key, as far as they are stated. */
export type Settings = ReadonlyMap<string, Setting>;

const RATE = "a percentage, a list of them by month, or `{ steps: { 1: …, 13: … } }`";
const MONTHS = "a number of months";

/** Every assumption that a scenario, `assume` and `grid` know. */
export const ASSUMPTION_KEYS: Keys = {
  "smm?": RATE,
  "cpr?": RATE,
  "psa?": RATE,
  "abs?": RATE,
  "mdr?": RATE,
  "cdr?": RATE,
  "sda?": RATE,
  "severity?": RATE,
  "liquidationLagMonths?": MONTHS,
  "recoveryLagMonths?": MONTHS,
  "delinquency?": RATE,
  "delinquencyLagMonths?": MONTHS,
  "servicerAdvances?": "true or false",
  "call?": "a share of the cut-off pool such as `10 %`, or `none`",
  "purchasePrice?": "what purchased collateral costs, a share of par such as `99.5 %`",
};

const ASSUMPTION_NAMES = Object.keys(ASSUMPTION_KEYS).map((key) => key.replace("?", ""));

/** Speeds and rates that exclude each other: the one stated last is the one that counts. */
const ALTERNATIVES: readonly (readonly string[])[] = [PREPAYMENT_SPEEDS, DEFAULT_RATES];

/** Multiples of a standard curve may pass 100 %; shares of a balance may not. */
const LARGEST: Readonly<Record<string, number>> = { psa: 100, sda: 100 };
const LONGEST_LAG = 120;
const HIGHEST_PRICE = 2;

/** "6 %" or "6" -> 0.06. @throws RangeError when it is no percentage within the bounds */
function parseShare(text: string, largest: number): number {
  const match = /^(\d+(?:\.\d+)?)\s*%?$/.exec(text);
  if (match === null) throw new RangeError(`"${text}" is not a percentage`);
  const share = Number(match[1]) / 100;
  if (share > largest) throw new RangeError(`"${text}" is more than ${largest * 100} %`);
  return share;
}

function readShare(field: Field, largest: number): number | undefined {
  return readWith(field, (text) => parseShare(text, largest), "a percentage such as `6 %`");
}

/** The values of a field month by month: one value, a list, or steps from months on. */
function expandVector<T>(field: Field, read: (item: Field) => T | undefined): T[] {
  if (isSeq(field.node)) {
    const items = readList(field);
    if (items.length === 0) complainAt(field, "empty-list", "write at least one value");
    return items.flatMap((item) => read(item) ?? []);
  }
  if (!isMap(field.node)) {
    const value = read(field);
    return value === undefined ? [] : [value];
  }
  const steps = readSection(field, { steps: "values by first month: `{ 1: 2 %, 13: 4 % }`" });
  return expandSteps(steps.get("steps"), read);
}

function expandSteps<T>(field: Field | undefined, read: (item: Field) => T | undefined): T[] {
  const values: T[] = [];
  for (const [key, entry] of readEntries(field)) {
    const from = /^[1-9]\d{0,3}$/.test(key) ? Number(key) : 0;
    const last = values.at(-1);
    if (from === 0 || (last === undefined ? from !== 1 : from <= values.length)) {
      complainAt(entry, "bad-step", "begin the steps with month 1 and let the months rise");
      return values;
    }
    if (last !== undefined) while (values.length < from - 1) values.push(last);
    const value = read(entry);
    if (value === undefined) return values;
    values.push(value);
  }
  return values;
}

/** A vector of plain values that the deal's figures give their unit. */
export function readTextVector(field: Field): TextVector {
  return expandVector(field, (item) => readText(item)?.trim());
}

function textOf({ source, node }: Field): string {
  const range = (node as { range?: [number, number, number] | null } | null)?.range;
  const text = range ? source.text.slice(range[0], range[1]).trim().replaceAll(/\s+/g, " ") : "";
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function readCall(field: Field): number | null | undefined {
  const parse = (text: string) =>
    text === "none" || text === "false" ? null : parseShare(text, 1);
  return readWith(field, parse, "a share of the cut-off pool such as `10 %`, or `none`");
}

function readPrice(field: Field): number | undefined {
  const parse = (text: string) => {
    const price = parseShare(text, HIGHEST_PRICE);
    if (price === 0) throw new RangeError("collateral is never free");
    return price;
  };
  return readWith(field, parse, "a share of par such as `99.5 %`");
}

/** One assumption of a known key; undefined (and a problem) when it cannot be read. */
export function readSetting(key: string, field: Field): Setting | undefined {
  const text = textOf(field);
  if (key === "servicerAdvances") {
    const value = readBoolean(field);
    return value === undefined ? undefined : { value, text };
  }
  if (key.endsWith("Months")) {
    const value = readWhole(field, { minimum: 0, maximum: LONGEST_LAG });
    return value === undefined ? undefined : { value, text };
  }
  if (key === "call" || key === "purchasePrice") {
    const value = key === "call" ? readCall(field) : readPrice(field);
    return value === undefined ? undefined : { value, text };
  }
  const value = expandVector(field, (item) => readShare(item, LARGEST[key] ?? 1));
  return value.length === 0 ? undefined : { value, text };
}

/** The assumptions of a section; two speeds, or two default rates, in one section are a problem. */
export function readSettings(section: Section): Settings {
  const settings = new Map<string, Setting>();
  for (const key of ASSUMPTION_NAMES) {
    const field = section.get(key);
    const setting = field && readSetting(key, field);
    if (field === undefined || setting === undefined) continue;
    const other = alternativesOf(key).find((each) => settings.has(each));
    if (other !== undefined) {
      const message = `${field.path}: \`${other}\` stands here too; a scenario has one of them`;
      complain(field.source, field.place, { code: "two-speeds", value: key, message });
    }
    settings.set(key, setting);
  }
  return settings;
}

export function alternativesOf(key: string): readonly string[] {
  return ALTERNATIVES.find((group) => group.includes(key))?.filter((each) => each !== key) ?? [];
}

/** Later settings replace earlier ones, and a speed replaces any other speed. */
export function mergeSettings(earlier: Settings, later: Settings): Settings {
  const merged = new Map(earlier);
  for (const [key, setting] of later) {
    for (const other of alternativesOf(key)) merged.delete(other);
    merged.set(key, setting);
  }
  return merged;
}

/** What is not stated is nothing: no prepayment, no default, no delinquency, no lag; severity 100 %. */
export function buildAssumptions(settings: Settings): Assumptions {
  const vector = (key: string, otherwise: number): Vector =>
    (settings.get(key)?.value as Vector | undefined) ?? [otherwise];
  const months = (key: string) => (settings.get(key)?.value as number | undefined) ?? 0;
  const speed = PREPAYMENT_SPEEDS.find((key) => settings.has(key)) ?? "smm";
  const rate = DEFAULT_RATES.find((key) => settings.has(key)) ?? "mdr";
  return {
    prepayment: { speed, values: vector(speed, 0) },
    defaults: { rate, values: vector(rate, 0) },
    severity: vector("severity", 1),
    liquidationLagMonths: months("liquidationLagMonths"),
    recoveryLagMonths: months("recoveryLagMonths"),
    delinquency: vector("delinquency", 0),
    delinquencyLagMonths: months("delinquencyLagMonths"),
    servicerAdvances: settings.get("servicerAdvances")?.value === true,
  };
}

export const callOf = (settings: Settings): number | null =>
  (settings.get("call")?.value as number | null | undefined) ?? null;

export const purchasePriceOf = (settings: Settings): number =>
  (settings.get("purchasePrice")?.value as number | undefined) ?? 1;
