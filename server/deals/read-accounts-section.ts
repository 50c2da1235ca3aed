/** Parties, accounts and facilities: who is paid, and where money is kept. */
import type { Rounding } from "../lib/mul-div.ts";
import type { AccountEntry, FeeEntry, Party } from "./deal-file.ts";
import { complainAt, readBoolean, readChoice, readSection, readText } from "./deal-source.ts";
import type { Field, Place } from "./deal-source.ts";
import { MONEY, RATE, readMoney, readRate } from "./read-amounts.ts";
import { DATES, DAY_COUNT, readAccrual, ROUNDING } from "./read-classes-section.ts";
import { readName, readNamed } from "./read-names.ts";
import type { ExpressionNode } from "./program-syntax.ts";
import { LIMITS, ROUNDINGS } from "./terms-format.ts";

export const PARTY_KEYS = { name: "the party's name", payee: "true when steps pay it, else false" };
export const ACCOUNT_KEYS = {
  kind: "collection | reserve | other",
  retained: "true when it may hold a balance between periods, else false",
  initialDeposit: `what the originator pays in at closing, ${MONEY}`,
  "receives?": "the figure that says how much of the period's cash goes into it",
};
export const FACILITY_KEYS = {
  limit: `the commitment, held as cash while it is not drawn, ${MONEY}`,
  provider: "the party that is paid its interest and commitment fee",
  interest: `what the drawn part costs, ${RATE}`,
  commitmentFee: `what the undrawn part costs, ${RATE}`,
  dayCount: DAY_COUNT,
  accrualDates: DATES,
  rounding: ROUNDING,
};

export function readParties(field: Field | undefined): Party[] {
  return readNamed(field, 64, (name, entry) => {
    const section = readSection(entry, PARTY_KEYS);
    const payee = readBoolean(section.get("payee")) ?? false;
    return { name, place: entry.place, title: readText(section.get("name")) ?? name, payee };
  });
}

export function readAccounts(field: Field | undefined): AccountEntry[] {
  const kinds = ["collection", "reserve", "other"] as const;
  return readNamed(field, LIMITS.accounts, (name, entry) => {
    const section = readSection(entry, ACCOUNT_KEYS);
    const kind = readChoice(section.get("kind"), kinds) ?? "other";
    const receives = section.get("receives");
    if (kind === "collection" && receives !== undefined) {
      const message = "the collection account receives what the others do not; leave this out";
      complainAt(receives, "bad-value", message);
    }
    return {
      name,
      place: entry.place,
      kind,
      retained: readBoolean(section.get("retained")) ?? false,
      facilityLimitCents: null,
      receives: readName(receives) ?? null,
      initialDepositCents: readMoney(section.get("initialDeposit")) ?? 0n,
    };
  });
}

/** An account of its own (the undrawn part) and two fees. */
export interface Facility {
  account: AccountEntry;
  fees: FeeEntry[];
}

export function readFacilities(field: Field | undefined): Facility[] {
  return readNamed(field, LIMITS.accounts, (name, entry) => {
    const section = readSection(entry, FACILITY_KEYS);
    const limit = readMoney(section.get("limit"), 1n) ?? 0n;
    const rounding = readChoice<Rounding>(section.get("rounding"), ROUNDINGS) ?? "half-up";
    const payee = readText(section.get("provider")) ?? "";
    const { place } = entry;
    const fee = (kind: string, rate: string, base: string): FeeEntry => ({
      name: `${name}.${kind}`,
      place,
      amount: {
        kind: "rate",
        wad: readRate(section.get(rate)) ?? 0n,
        rounding,
        on: { kind: "expression", expression: reference(base, place) },
        ...readAccrual(section),
      },
      payee,
      cap: null,
      places: { payee: section.get("provider")?.place ?? place, cap: place },
    });
    const account: AccountEntry = {
      name,
      place,
      kind: "other",
      retained: true,
      facilityLimitCents: limit,
      receives: null,
      initialDepositCents: limit,
    };
    return {
      account,
      fees: [
        fee("interest", "interest", `drawn.${name}`),
        fee("commitment", "commitmentFee", `undrawn.${name}`),
      ],
    };
  });
}

function reference(text: string, { line, column }: Place): ExpressionNode {
  return { kind: "reference", text, line, column };
}
