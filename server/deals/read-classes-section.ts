/** Classes: what each is owed, at which rate, and what happens to interest that is not paid. */
import { isMap, isScalar } from "yaml";
import { DAY_COUNTS } from "../lib/day-counts.ts";
import type { Rounding } from "../lib/mul-div.ts";
import { ACCRUAL_DATES } from "./deal-file.ts";
import type { AccrualBasis, ClassEntry, Coupon } from "./deal-file.ts";
import {
  complainAt,
  keyField,
  readBoolean,
  readChoice,
  readEntries,
  readList,
  readSection,
  readText,
} from "./deal-source.ts";
import type { Field, Section } from "./deal-source.ts";
import { MONEY, readMargin, readMoney, readRate } from "./read-amounts.ts";
import { readDate } from "./read-calendar-section.ts";
import { readExpression, readExpressionOrZero, readNamed } from "./read-names.ts";
import { COMPONENTS, LIMITS, ROUNDINGS, SENIORITIES } from "./terms-format.ts";
import type { Component } from "./terms-format.ts";

export const ROUNDING = `how accruals round to the cent: ${ROUNDINGS.join(" | ")}`;
export const DAY_COUNT = `the day count: ${DAY_COUNTS.join(" | ")}`;
export const DATES =
  "whether accrual ends on payment dates as scheduled (unadjusted), as moved (adjusted), or with the " +
  "collection month (collection)";

const COUPON_FORMS =
  "a rate such as 4 %, { index, margin, floor?, cap? }, { steps: { 2020-04-29: 4 % } } or { expression }";

export const CLASS_KEYS = {
  seniority: SENIORITIES.join(" | "),
  face: `the original face, ${MONEY}`,
  coupon: COUPON_FORMS,
  "availableFundsCap?":
    "an expression for the highest annual rate that is due; the rest carries over",
  dayCount: DAY_COUNT,
  accrualDates: DATES,
  accrualRounding: ROUNDING,
  interestOnShortfall: "true or false: whether unpaid interest bears interest",
  "unpaidInterest?": "what unpaid interest becomes: shortfall | deferred",
  "interestOnDeferred?": "true or false: whether deferred interest bears interest",
  "interestOnCarryOver?": "true or false: whether interest carried over bears interest",
  "capitalises?": "true when a PIK may add its unpaid interest to the balance",
  componentOrder: `the order inside a claim, e.g. [${COMPONENTS.slice(0, 3).join(", ")}]`,
  finalScheduledDate: "the payment date on which the class must be repaid",
};
export const STEPPED_KEYS = { steps: "annual rates by the date from which they accrue" };
export const EXPRESSION_KEYS = {
  expression: "an expression in program notation for the annual rate",
};
export const FLOATING_KEYS = {
  index: "the name of an index",
  margin: "what is added to the index, e.g. 1.30 %",
  "floor?": "the lowest coupon",
  "cap?": "the highest coupon",
};

export function readAccrual(section: Section): AccrualBasis {
  return {
    dayCount: readChoice(section.get("dayCount"), DAY_COUNTS) ?? "30/360",
    accrualDates: readChoice(section.get("accrualDates"), ACCRUAL_DATES) ?? "unadjusted",
  };
}

/** The margin is one rate; how a deal whose margin steps up writes it. */
function readOneMargin(field: Field | undefined, index: string): bigint {
  if (field === undefined || isScalar(field.node)) return readMargin(field) ?? 0n;
  const message =
    `write one rate; a margin that steps up is a constant: coupon: { expression: "max(0 %, ` +
    `index.${index} + k.margin)" } and, under constants, margin: { steps: { 1: 0.60 %, 2029-05-20: 0.90 % } }`;
  complainAt(field, "not-a-value", message);
  return 0n;
}

function readFloating(field: Field): Coupon {
  const section = readSection(field, FLOATING_KEYS);
  const index = readText(section.get("index")) ?? "";
  return {
    kind: "floating",
    index,
    place: section.get("index")?.place ?? field.place,
    margin: readOneMargin(section.get("margin"), index),
    floor: readRate(section.get("floor")) ?? null,
    cap: readRate(section.get("cap")) ?? null,
  };
}

function readSteps(field: Field | undefined): Coupon {
  const steps = [...readEntries(field)].flatMap(([date, rate]) => {
    const from = readDate(keyField(field, date));
    return from === undefined ? [] : [{ from, wad: readRate(rate) ?? 0n }];
  });
  if (field !== undefined && steps.length === 0) {
    complainAt(field, "bad-value", "there is no step; write { 2020-04-29: 4 % }");
  }
  return { kind: "steps", steps: steps.toSorted((a, b) => a.from - b.from) };
}

/** A rate; `SONIA + 2.50 %` is told how a coupon floats. */
function readFixed(field: Field | undefined): bigint {
  const text = field !== undefined && isScalar(field.node) ? String(field.node.value) : "";
  const [, index, margin] = /^([A-Za-z][\w-]*)\s*\+\s*(\d+(?:\.\d+)?\s*%)$/.exec(text) ?? [];
  if (field === undefined || index === undefined) return readRate(field) ?? 0n;
  complainAt(field, "bad-value", `write { index: ${index}, margin: ${margin} }`);
  return 0n;
}

/** A rate, or a map whose first key says which form it has. */
function readCoupon(field: Field | undefined): Coupon {
  if (field === undefined || !isMap(field.node)) {
    return { kind: "fixed", wad: readFixed(field) };
  }
  const keys = readEntries(field);
  if (keys.has("index")) return readFloating(field);
  if (keys.has("steps")) {
    return readSteps(readSection(field, STEPPED_KEYS).get("steps"));
  }
  const expression = readSection(field, EXPRESSION_KEYS).get("expression");
  return expression === undefined
    ? { kind: "fixed", wad: 0n }
    : { kind: "expression", expression: readExpressionOrZero(expression) };
}

/** Which parts must stand in the order of an ordinary payment, and which may. */
interface OrderRules {
  interestOnShortfall: boolean;
  defers: boolean;
  carriesOver: boolean;
}

/** Every part once; interestOnShortfall may be left out where it never accrues. */
function readComponentOrder(field: Field | undefined, rules: OrderRules): Component[] {
  const order = readList(field).flatMap((item) => readChoice(item, COMPONENTS) ?? []);
  const needed = COMPONENTS.slice(0, 3).filter(
    (part) => rules.interestOnShortfall || part !== "interestOnShortfall",
  );
  const complete = needed.every((part) => order.includes(part));
  if (field !== undefined && (!complete || new Set(order).size !== order.length)) {
    complainAt(field, "component-order", `name each once: ${needed.join(", ")}`);
  }
  if (field !== undefined && order.includes("deferred") && !rules.defers) {
    const message = "nothing is deferred; leave `deferred` out or write unpaidInterest: deferred";
    complainAt(field, "component-order", message);
  }
  if (field !== undefined && order.includes("carryOver") && !rules.carriesOver) {
    const message = "nothing carries over; leave `carryOver` out or write an availableFundsCap";
    complainAt(field, "component-order", message);
  }
  return order.includes("interestOnShortfall") ? order : ["interestOnShortfall", ...order];
}

function readInterest(section: Section) {
  const interestOnShortfall = readBoolean(section.get("interestOnShortfall")) ?? false;
  const unpaid = readChoice(section.get("unpaidInterest"), ["shortfall", "deferred"]);
  const availableFundsCap = readExpression(section.get("availableFundsCap"));
  const rules = {
    interestOnShortfall,
    defers: unpaid === "deferred",
    carriesOver: section.has("availableFundsCap"),
  };
  return {
    interestOnShortfall,
    availableFundsCap,
    defers: rules.defers,
    interestOnDeferred: readDependent(section.get("interestOnDeferred"), {
      holds: rules.defers,
      needs: "unpaidInterest: deferred",
    }),
    interestOnCarryOver: readDependent(section.get("interestOnCarryOver"), {
      holds: rules.carriesOver,
      needs: "availableFundsCap",
    }),
    capitalises: readBoolean(section.get("capitalises")) ?? false,
    componentOrder: readComponentOrder(section.get("componentOrder"), rules),
  };
}

/** A truth that makes sense only beside another term. */
function readDependent(
  field: Field | undefined,
  { holds, needs }: { holds: boolean; needs: string },
): boolean {
  const value = readBoolean(field) ?? false;
  if (field !== undefined && value && !holds) {
    complainAt(field, "bad-value", `this needs the term ${needs}; write it or leave this out`);
  }
  return value;
}

export function readClasses(field: Field | undefined): ClassEntry[] {
  return readNamed(field, LIMITS.classes, (name, entry) => {
    const section = readSection(entry, CLASS_KEYS);
    return {
      name,
      place: entry.place,
      ...readAccrual(section),
      ...readInterest(section),
      seniority: readChoice(section.get("seniority"), SENIORITIES) ?? "senior",
      faceCents: readMoney(section.get("face"), 1n) ?? 0n,
      facePlace: section.get("face")?.place ?? entry.place,
      coupon: readCoupon(section.get("coupon")),
      rounding: readChoice<Rounding>(section.get("accrualRounding"), ROUNDINGS) ?? "half-up",
      finalDay: readDate(section.get("finalScheduledDate")) ?? 0,
    };
  });
}
