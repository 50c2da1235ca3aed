/** A random deal file as text: valid by construction, so that the compiler must take it. */
import {
  formatDate,
  dayInMonth,
  monthOf,
  parseDate,
  toBusinessDay,
} from "../../server/lib/dates.ts";
import { BUSINESS_DAY_RULES } from "../../server/lib/dates.ts";
import { formatCents } from "../../server/lib/money.ts";
import { ROUNDINGS, SENIORITIES, SPLIT_ROUNDINGS } from "../../server/deals/terms-format.ts";
import { randomShape } from "./deal-shape.ts";
import type { ClassShape, DealShape } from "./deal-shape.ts";
import { randomDraw } from "./random-draw.ts";
import type { Draw } from "./random-draw.ts";
import { expressionWriter } from "./random-expression.ts";
import { randomProgram } from "./random-program.ts";
import { stateSections } from "./random-state-sections.ts";

const FIRST_PAYMENT = parseDate("2040-03-15");

/** 0.01 to 2,814,749,767,106.55: as many cents as a deal file may state. */
const money = (draw: Draw) =>
  formatCents(draw.chance(0.6) ? 1n + draw.bits(36) : 1n + draw.bits(47));

const rate = (draw: Draw) => draw.pick(["0 %", "2.25 %", "4 %", "7.3 %", "11.111 %", "100 %"]);

/** The payment date of a period. */
function paymentDate(period: number, rule: (typeof BUSINESS_DAY_RULES)[number]): string {
  const day = dayInMonth(monthOf(FIRST_PAYMENT) + period - 1, 15);
  return formatDate(toBusinessDay(day, rule, new Set()));
}

function couponText(draw: Draw, shape: DealShape): string {
  const indices = [...shape.reportIndices, ...shape.feeds];
  const form = draw.below(4);
  if (form === 1 && indices.length > 0) {
    const floor = draw.chance(0.5) ? ", floor: 0 %" : "";
    const cap = draw.chance(0.5) ? ", cap: 9 %" : "";
    return `{ index: ${draw.pick(indices)}, margin: ${draw.pick(["1.3 %", "-0.25 %", "0 %"])}${floor}${cap} }`;
  }
  if (form === 2) {
    const later = shape.periods > 2 ? `, ${paymentDate(1, "unadjusted")}: ${rate(draw)}` : "";
    return `{ steps: { 2040-02-15: ${rate(draw)}${later} } }`;
  }
  if (form === 3) {
    const write = expressionWriter(draw, shape, { stage: "coupon" });
    const near = `min(12 %, pos(${write.plain()}))`;
    return `{ expression: "${draw.chance(0.5) ? near : write.amount()}" }`;
  }
  return rate(draw);
}

function orderText(draw: Draw, one: ClassShape): string {
  const first = ["interestOnShortfall", "shortfall", "current"];
  const needed = one.interestOnShortfall || draw.chance(0.5) ? first : first.slice(1);
  const parts = [...needed, ...one.ownParts];
  return draw.some(parts, parts.length).join(", ");
}

function classText(draw: Draw, shape: DealShape, one: ClassShape, final: string): string {
  const { dayCount, accrualDates } = draw.pick(shape.bases);
  const own = [
    one.defers ? "unpaidInterest: deferred" : "",
    one.defers && draw.chance(0.5) ? "interestOnDeferred: true" : "",
    one.carriesOver
      ? `availableFundsCap: "${expressionWriter(draw, shape, { stage: "coupon" })[draw.pick(["amount", "plain"] as const)]()}"`
      : "",
    one.carriesOver && draw.chance(0.5) ? "interestOnCarryOver: true" : "",
    one.capitalises ? "capitalises: true" : "",
  ];
  return `
  ${one.name}:
    seniority: ${draw.pick(SENIORITIES)}
    face: ${money(draw)}
    coupon: ${couponText(draw, shape)}
    dayCount: ${dayCount}
    accrualDates: ${accrualDates}
    accrualRounding: ${draw.pick(ROUNDINGS)}
    interestOnShortfall: ${one.interestOnShortfall}
    componentOrder: [${orderText(draw, one)}]
    finalScheduledDate: ${final}${own.map((line) => (line === "" ? "" : `\n    ${line}`)).join("")}`;
}

function accountsText(draw: Draw, shape: DealShape): string {
  const lines = shape.accounts.map(({ name, retained, receives }, i) => {
    const kind = ["collection", "reserve"][i] ?? "other";
    const deposit = retained && draw.chance(0.5) ? money(draw) : "0.00";
    const taken = receives === null ? "" : `, receives: ${receives}`;
    return `\n  ${name}: { kind: ${kind}, retained: ${retained}, initialDeposit: ${deposit}${taken} }`;
  });
  const facilities = shape.facilities.map((name) => {
    const { dayCount, accrualDates } = draw.pick(shape.bases);
    return `
  ${name}:
    limit: ${money(draw)}
    provider: ${draw.pick(shape.payees)}
    interest: ${rate(draw)}
    commitmentFee: ${rate(draw)}
    dayCount: ${dayCount}
    accrualDates: ${accrualDates}
    rounding: ${draw.pick(ROUNDINGS)}`;
  });
  const section = facilities.length === 0 ? "" : `\nfacilities:${facilities.join("")}`;
  return `accounts:${lines.join("")}${section}`;
}

function feesText(draw: Draw, shape: DealShape): string {
  const write = expressionWriter(draw, shape, { stage: "fee" });
  const own = shape.fees.filter(({ name }) => !name.includes("."));
  const lines = own.map(({ name, cap }) => {
    const tail = `payee: ${draw.pick(shape.payees)}, cap: ${cap ?? "none"} }`;
    if (draw.chance(0.3)) return `${name}: { kind: fixed, amount: ${money(draw)}, ${tail}`;
    if (draw.chance(0.4)) {
      return `${name}: { kind: expression, amount: "${write[draw.pick(["amount", "plain"] as const)]()}", ${tail}`;
    }
    const stated = shape.figures.filter(({ unit }) => unit === "money").map((one) => one.name);
    const on = draw.chance(0.5) ? draw.pick(["poolOpening", ...stated]) : `"(${write.plain()})"`;
    const { dayCount, accrualDates } = draw.pick(shape.bases);
    return (
      `${name}: { kind: rate, rate: ${rate(draw)}, on: ${on}, dayCount: ${dayCount}, ` +
      `accrualDates: ${accrualDates}, rounding: ${draw.pick(ROUNDINGS)}, ${tail}`
    );
  });
  const used = shape.caps.filter(
    ({ perPayee, name }) => !perPayee || own.some((f) => f.cap === name),
  );
  const caps = used.map(
    ({ name, year, perPayee }) =>
      `${name}: { amount: ${money(draw)}, year: ${year}, scope: ${perPayee ? "per payee" : "shared"} }`,
  );
  return `fees:${map(lines)}\ncaps:${map(caps)}`;
}

/** Entries of a section, or none. */
export function map(lines: readonly string[]): string {
  return lines.length === 0 ? " {}" : lines.map((line) => `\n  ${line}`).join("");
}

const MOST = "2000000000000.00";

function figuresText(draw: Draw, shape: DealShape): string {
  const bounds = {
    money: (signed: boolean) => `{ min: ${signed ? `-${MOST}` : "0.00"}, max: ${MOST} }`,
    count: () => "{ min: 0, max: 100000, unit: count }",
    rate: (signed: boolean) => `{ min: ${signed ? "-900 %" : "0 %"}, max: 900 %, unit: rate }`,
    flag: () => "{ min: 0, max: 1, unit: flag }",
  };
  const lines = shape.figures.map(
    ({ name, unit, signed }) => `\n  ${name}: ${bounds[unit](signed)}`,
  );
  const indices = [
    ...shape.reportIndices.map((name) => `${name}: { source: report, min: -5 %, max: 50 % }`),
    ...shape.feeds.map((name) => {
      const unit = draw.pick(["percent", "fraction"]);
      const time = draw.chance(0.5) ? ", time: 11:00Z" : "";
      const fixing = `${1 + draw.below(3)} business days before accrual`;
      return `${name}: { source: feed, decimals: ${draw.below(19)}, unit: ${unit}, maxAge: 7 days, fixing: ${fixing}${time} }`;
    }),
  ];
  return `figures:
  poolOpening: { min: 0.00, max: ${MOST} }
  poolClosing: { min: 0.00, max: ${MOST} }
  loanCount: { min: 0, max: 100000 }
  availableFunds: { min: 0.00, max: ${MOST} }${lines.join("")}
indices:${map(indices)}`;
}

function headText(draw: Draw, shape: DealShape, rule: string): string {
  const parties = shape.payees.map((name) => `${name}: { name: ${name}, payee: true }`);
  return `schema: penstock-deal/2
id: random-deal
name: Random
currency: USD
legalUnit: "0.01"
cashToken: { decimals: ${2 + draw.below(7)} }
splitRounding: "${draw.pick(SPLIT_ROUNDINGS)}"
holderCap: none
parties:${map(parties)}
tape:
  format: absee-auto-loan-xml
  loanIdPrefix: ""
  rateUnit: fraction
  rollForward: { subtract: [principal], add: [], tolerance: 0.00 }
  availableFunds: [principal]
  chargeOffAgeDays: 120
pool: { cutOff: 2040-01-31, cutOffBalance: ${money(draw)}, cutOffLoans: 12 }
calendar:
  closing: 2040-02-20
  firstCollectionMonth: 2040-02
  firstPaymentDate: ${formatDate(FIRST_PAYMENT)}
  periods: ${shape.periods}
  businessDays: ${rule}
  determination: ${draw.pick(["end of collection month", "2 business days before payment"])}
  record: 1 business day before payment
  firstAccrualFrom: 2040-02-${draw.pick(["15", "20"])}
  graceDays: ${draw.below(6)}
  times: { closing: 14:00Z, determination: 00:00Z, record: 22:00Z, payment: 14:00Z }
  holidays: []`;
}

/** The deal file of a case of a seed. */
export function randomDealText(seed: number, number: number): string {
  const draw = randomDraw(seed, number);
  const shape = randomShape(draw);
  const rule = draw.pick(BUSINESS_DAY_RULES);
  const final = paymentDate(1 + draw.below(shape.periods), rule);
  const programs = shape.programs.map((name, i) => {
    const lines = randomProgram(draw, shape, i === 0);
    return `\n  ${name}: |${lines.map((line) => `\n    ${line}`).join("")}`;
  });
  return `${headText(draw, shape, rule)}
classes:${shape.classes.map((one) => classText(draw, shape, one, final)).join("")}
${accountsText(draw, shape)}
${feesText(draw, shape)}
${figuresText(draw, shape)}
${stateSections(draw, shape)}
programs:${programs.join("")}
`;
}
