/** Fees and their caps. */
import type { Rounding } from "../lib/mul-div.ts";
import type { CapEntry, FeeAmount, FeeBase, FeeEntry } from "./deal-file.ts";
import { readChoice, readEntries, readSection, readText } from "./deal-source.ts";
import type { Field, Section } from "./deal-source.ts";
import { MONEY, RATE, readMoney, readRate } from "./read-amounts.ts";
import { DATES, DAY_COUNT, readAccrual, ROUNDING } from "./read-classes-section.ts";
import { readExpressionOrZero, readNamed } from "./read-names.ts";
import { CAP_YEARS, FEE_KINDS, LIMITS, ROUNDINGS } from "./terms-format.ts";
import type { FeeKind } from "./terms-format.ts";

const KIND = FEE_KINDS.join(" | ");
const PAYEE = "the party that it is paid to";
const CAP = "the name of a cap, or none";

export const FEE_KEYS = {
  fixed: { kind: KIND, amount: `the fee per period, ${MONEY}`, payee: PAYEE, cap: CAP },
  rate: {
    kind: KIND,
    rate: RATE,
    on: "the reported figure that it accrues on, e.g. poolOpening, or an expression",
    dayCount: DAY_COUNT,
    accrualDates: DATES,
    rounding: ROUNDING,
    payee: PAYEE,
    cap: CAP,
  },
  expression: { kind: KIND, amount: "an expression in cents", payee: PAYEE, cap: CAP },
};
export const CAP_KEYS = {
  amount: `what it allows a year (or in all), ${MONEY}`,
  year: CAP_YEARS.join(" | "),
  "scope?": "shared: one amount for all its fees (as without it) | per payee: one for each",
};

/** A cap as the file states it; per payee, each of its fees has one of its own. */
export interface CapTermsEntry extends CapEntry {
  perPayee: boolean;
}

export function readCaps(field: Field | undefined): CapTermsEntry[] {
  return readNamed(field, LIMITS.caps, (name, entry) => {
    const section = readSection(entry, CAP_KEYS);
    return {
      name,
      place: entry.place,
      cents: readMoney(section.get("amount")) ?? 0n,
      year: readChoice(section.get("year"), CAP_YEARS) ?? "calendar year",
      perPayee: readChoice(section.get("scope"), ["shared", "per payee"]) === "per payee",
    };
  });
}

/** The kind decides which terms a fee has, so it is looked at first. */
function feeKindOf(entry: Field): FeeKind {
  const kind = readEntries(entry).get("kind");
  const text = kind === undefined ? "" : readText(kind);
  return FEE_KINDS.find((known) => known === text) ?? "fixed";
}

/** One plain word is a figure; everything else an expression. */
function readBase(field: Field | undefined, place: FeeEntry["place"]): FeeBase {
  const text = readText(field)?.trim() ?? "";
  if (field === undefined || /^[A-Za-z][\w-]*$/.test(text)) {
    return { kind: "figure", name: text, place: field?.place ?? place };
  }
  return { kind: "expression", expression: readExpressionOrZero(field) };
}

function readAmount(kind: FeeKind, section: Section, entry: Field): FeeAmount {
  const amount = section.get("amount");
  if (kind === "fixed") return { kind, cents: readMoney(amount) ?? 0n };
  if (kind === "expression") {
    return amount === undefined
      ? { kind: "fixed", cents: 0n }
      : { kind, expression: readExpressionOrZero(amount) };
  }
  return {
    kind,
    ...readAccrual(section),
    wad: readRate(section.get("rate")) ?? 0n,
    rounding: readChoice<Rounding>(section.get("rounding"), ROUNDINGS) ?? "half-up",
    on: readBase(section.get("on"), entry.place),
  };
}

export function readFees(field: Field | undefined): FeeEntry[] {
  return readNamed(field, LIMITS.fees, (name, entry) => {
    const kind = feeKindOf(entry);
    const section = readSection(entry, FEE_KEYS[kind]);
    readChoice(section.get("kind"), FEE_KINDS);
    const cap = readText(section.get("cap")) ?? "none";
    const placeOf = (key: string) => section.get(key)?.place ?? entry.place;
    return {
      name,
      place: entry.place,
      amount: readAmount(kind, section, entry),
      payee: readText(section.get("payee")) ?? "",
      cap: cap === "none" ? null : cap,
      places: { payee: placeOf("payee"), cap: placeOf("cap") },
    };
  });
}

/** Puts `cap.fee` in the place of each cap per payee, and into the fees that name it. */
export function spreadCaps(
  caps: readonly CapTermsEntry[],
  fees: readonly FeeEntry[],
): { caps: CapEntry[]; fees: FeeEntry[] } {
  const perPayee = new Set(caps.filter((cap) => cap.perPayee).map(({ name }) => name));
  const ownCap = (fee: FeeEntry) =>
    fee.cap !== null && perPayee.has(fee.cap) ? `${fee.cap}.${fee.name}` : fee.cap;
  return {
    caps: caps.flatMap(({ name, place, cents, year, perPayee: spread }) => {
      if (!spread) return [{ name, place, cents, year }];
      const own = fees.filter(({ cap }) => cap === name);
      return own.map((fee) => ({ name: `${name}.${fee.name}`, place, cents, year }));
    }),
    fees: fees.map((fee) => ({ ...fee, cap: ownCap(fee) })),
  };
}
