/** Parties, classes, accounts, fees and caps: who may be owed money and under which terms. */
import { DAY_COUNTS } from "../lib/day-counts.ts";
import type { Rounding } from "../lib/mul-div.ts";
import type * as entries from "./deal-file.ts";
import {
  complainAt,
  readBoolean,
  readChoice,
  readEntries,
  readList,
  readSection,
  readText,
} from "./deal-source.ts";
import type { Field, Section } from "./deal-source.ts";
import { readMoney, readRate } from "./read-amounts.ts";
import { readDate } from "./read-calendar-section.ts";
import { RESERVED } from "./parse-expression.ts";
import {
  CAP_YEARS,
  COMPONENTS,
  FEE_KINDS,
  LIMITS,
  ROUNDINGS,
  SENIORITIES,
} from "./terms-format.ts";
import type { Component } from "./terms-format.ts";

const ACCRUAL_DATES = ["unadjusted", "adjusted"] as const;
const MONEY = "an amount with two decimals such as 2400.00";
const RATE = "an annual rate such as 2.25 %";
const ROUNDING = `how accruals round to the cent: ${ROUNDINGS.join(" | ")}`;
const DAY_COUNT = `the day count: ${DAY_COUNTS.join(" | ")}`;
const DATES =
  "whether accrual ends on payment dates as scheduled (unadjusted) or as moved (adjusted)";

const CLASS_KEYS = {
  seniority: SENIORITIES.join(" | "),
  face: `the original face, ${MONEY}`,
  coupon: RATE,
  dayCount: DAY_COUNT,
  accrualDates: DATES,
  accrualRounding: ROUNDING,
  interestOnShortfall: "true or false: whether unpaid interest bears interest",
  componentOrder: `the order inside a claim, e.g. [${COMPONENTS.join(", ")}]`,
  finalScheduledDate: "the payment date on which the class must be repaid",
};
const PARTY_KEYS = { name: "the party's name", payee: "true when steps pay it, else false" };
const ACCOUNT_KEYS = {
  kind: "collection | reserve | other",
  retained: "true when it may hold a balance between periods, else false",
  initialDeposit: `what the originator pays in at closing, ${MONEY}`,
};
const CAP_KEYS = { amount: `cents a year, ${MONEY}`, year: CAP_YEARS.join(" | ") };
const FIXED_FEE_KEYS = {
  kind: FEE_KINDS.join(" | "),
  amount: `the fee per period, ${MONEY}`,
  payee: "the party that it is paid to",
  cap: "the name of an annual cap, or none",
};
const RATE_FEE_KEYS = {
  kind: FEE_KINDS.join(" | "),
  rate: RATE,
  on: "the reported figure that it accrues on, e.g. poolOpening",
  dayCount: DAY_COUNT,
  accrualDates: DATES,
  rounding: ROUNDING,
  payee: FIXED_FEE_KEYS.payee,
  cap: FIXED_FEE_KEYS.cap,
};

/** Names are plain words, so that programs can speak them. */
export function readNamed<T>(
  field: Field | undefined,
  limit: number,
  read: (name: string, entry: Field) => T,
): T[] {
  const all = [...readEntries(field)];
  for (const [name, entry] of all) {
    if (/^[A-Za-z][A-Za-z0-9_]{0,31}$/.test(name) && !RESERVED.has(name)) continue;
    const instead =
      "write a letter, then letters, digits or _, at most 32, no word of the notation";
    complainAt({ ...entry, node: null }, "bad-name", `"${name}" cannot be a name; ${instead}`);
  }
  if (field !== undefined && all.length > limit) {
    complainAt(field, "too-many", `${all.length} entries; the limit is ${limit}`);
  }
  return all.map(([name, entry]) => read(name, entry));
}

export function readParties(field: Field | undefined): entries.Party[] {
  return readNamed(field, 64, (name, entry) => {
    const section = readSection(entry, PARTY_KEYS);
    const payee = readBoolean(section.get("payee")) ?? false;
    return { name, place: entry.place, title: readText(section.get("name")) ?? name, payee };
  });
}

function readAccrual(section: Section): entries.AccrualBasis {
  return {
    dayCount: readChoice(section.get("dayCount"), DAY_COUNTS) ?? "30/360",
    accrualDates: readChoice(section.get("accrualDates"), ACCRUAL_DATES) ?? "unadjusted",
  };
}

/** Every component once; interestOnShortfall may be left out where it never accrues. */
function readComponentOrder(field: Field | undefined, interestOnShortfall: boolean): Component[] {
  const order = readList(field).flatMap((item) => readChoice(item, COMPONENTS) ?? []);
  const needed = COMPONENTS.slice(0, 3).filter(
    (part) => interestOnShortfall || part !== "interestOnShortfall",
  );
  const complete = needed.every((part) => order.includes(part));
  if (field !== undefined && (!complete || new Set(order).size !== order.length)) {
    complainAt(field, "component-order", `name each once: ${needed.join(", ")}`);
  }
  return order.includes("interestOnShortfall") ? order : ["interestOnShortfall", ...order];
}

export function readClasses(field: Field | undefined): entries.ClassEntry[] {
  return readNamed(field, LIMITS.classes, (name, entry) => {
    const section = readSection(entry, CLASS_KEYS);
    const interestOnShortfall = readBoolean(section.get("interestOnShortfall")) ?? false;
    const rounding = readChoice<Rounding>(section.get("accrualRounding"), ROUNDINGS);
    return {
      name,
      place: entry.place,
      ...readAccrual(section),
      seniority: readChoice(section.get("seniority"), SENIORITIES) ?? "senior",
      faceCents: readMoney(section.get("face"), 1n) ?? 0n,
      facePlace: section.get("face")?.place ?? entry.place,
      couponWad: readRate(section.get("coupon")) ?? 0n,
      rounding: rounding ?? "half-up",
      interestOnShortfall,
      componentOrder: readComponentOrder(section.get("componentOrder"), interestOnShortfall),
      finalDay: readDate(section.get("finalScheduledDate")) ?? 0,
    };
  });
}

export function readAccounts(field: Field | undefined): entries.AccountEntry[] {
  const kinds = ["collection", "reserve", "other"] as const;
  return readNamed(field, LIMITS.accounts, (name, entry) => {
    const section = readSection(entry, ACCOUNT_KEYS);
    return {
      name,
      place: entry.place,
      kind: readChoice(section.get("kind"), kinds) ?? "other",
      retained: readBoolean(section.get("retained")) ?? false,
      initialDepositCents: readMoney(section.get("initialDeposit")) ?? 0n,
    };
  });
}

export function readCaps(field: Field | undefined): entries.CapEntry[] {
  return readNamed(field, LIMITS.caps, (name, entry) => {
    const section = readSection(entry, CAP_KEYS);
    return {
      name,
      place: entry.place,
      cents: readMoney(section.get("amount")) ?? 0n,
      year: readChoice(section.get("year"), CAP_YEARS) ?? "calendar year",
    };
  });
}

/** The kind decides which terms a fee has, so it is looked at first. */
function feeKindOf(entry: Field): "rate" | "fixed" {
  const kind = readEntries(entry).get("kind");
  return kind !== undefined && readText(kind) === "rate" ? "rate" : "fixed";
}

export function readFees(field: Field | undefined): entries.FeeEntry[] {
  return readNamed(field, LIMITS.fees, (name, entry) => {
    const kind = feeKindOf(entry);
    const section = readSection(entry, kind === "rate" ? RATE_FEE_KEYS : FIXED_FEE_KEYS);
    readChoice(section.get("kind"), FEE_KINDS);
    const cap = readText(section.get("cap")) ?? "none";
    const rate = kind === "rate";
    const placeOf = (key: string) => section.get(key)?.place ?? entry.place;
    return {
      name,
      place: entry.place,
      ...(rate ? readAccrual(section) : { dayCount: "30/360", accrualDates: "unadjusted" }),
      kind,
      amount: (rate ? readRate(section.get("rate")) : readMoney(section.get("amount"))) ?? 0n,
      rounding: rate
        ? (readChoice<Rounding>(section.get("rounding"), ROUNDINGS) ?? "half-up")
        : "half-up",
      payee: readText(section.get("payee")) ?? "",
      on: (rate ? readText(section.get("on")) : undefined) ?? "poolOpening",
      cap: cap === "none" ? null : cap,
      places: { payee: placeOf("payee"), on: placeOf("on"), cap: placeOf("cap") },
    };
  });
}
