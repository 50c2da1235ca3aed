/**
 * The JSON Schema of a deal file, for editors: its keys and their meaning come from the tables that the
 * reader of the deal file itself uses. It judges the shape; `deal check` judges the deal.
 */
import { BUSINESS_DAY_RULES } from "../lib/dates.ts";
import { COUPON_MONTHS, DAY_COUNTS } from "../lib/day-counts.ts";
import { ACCRUAL_DATES, FIGURE_MEASURES, FIGURE_UNITS, FLOWS } from "./deal-file.ts";
import * as accounts from "./read-accounts-section.ts";
import * as calendar from "./read-calendar-section.ts";
import * as classes from "./read-classes-section.ts";
import * as constants from "./read-constants-section.ts";
import { DEAL_KEYS, DEAL_SCHEMA, POOL_KEYS, TOKEN_KEYS } from "./read-deal-file.ts";
import * as fees from "./read-fees-section.ts";
import * as figures from "./read-figures-section.ts";
import { TRANSITION_KEYS } from "./read-programs-section.ts";
import * as reporting from "./read-reporting-section.ts";
import { RATE_UNITS } from "../tapes/tape-words.ts";
import { mappingSchema } from "./mapping-schema.ts";
import * as tape from "./read-tape-section.ts";
import * as triggers from "./read-triggers-section.ts";
import * as value from "./schema-values.ts";
import type { JsonSchema } from "./schema-values.ts";
import * as format from "./terms-format.ts";

const { entries, list, oneOf, section, text, whole, words } = value;
const { LIMITS } = format;

const accrual = { dayCount: words(DAY_COUNTS), accrualDates: words(ACCRUAL_DATES) };
const rounding = words(format.ROUNDINGS);
const aNumber: JsonSchema = { type: "number" };
const businessDays = "[0-9]{1,2} business days? before";
const PERIOD_OR_DATE = "^([0-9]{1,3}|[0-9]{4}-[0-9]{2}-[0-9]{2})$";

const coupon = oneOf(
  value.percent,
  section(classes.FLOATING_KEYS, {
    index: value.name,
    margin: value.percent,
    floor: value.percent,
    cap: value.percent,
  }),
  section(classes.STEPPED_KEYS, {
    steps: entries(value.percent, { keys: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }),
  }),
  section(classes.EXPRESSION_KEYS, { expression: value.expression }),
);

const noteClass = section(classes.CLASS_KEYS, {
  ...accrual,
  seniority: words(format.SENIORITIES),
  face: value.money,
  coupon,
  availableFundsCap: value.expression,
  accrualRounding: rounding,
  interestOnShortfall: value.yesOrNo,
  unpaidInterest: words(["shortfall", "deferred"]),
  interestOnDeferred: value.yesOrNo,
  interestOnCarryOver: value.yesOrNo,
  capitalises: value.yesOrNo,
  componentOrder: list(words(format.COMPONENTS)),
  finalScheduledDate: value.date,
});

const account = section(accounts.ACCOUNT_KEYS, {
  kind: words(["collection", "reserve", "other"]),
  retained: value.yesOrNo,
  initialDeposit: value.money,
  receives: value.name,
});

const facility = section(accounts.FACILITY_KEYS, {
  ...accrual,
  limit: value.money,
  provider: value.name,
  interest: value.percent,
  commitmentFee: value.percent,
  rounding,
});

const paid = { payee: value.name, cap: text() };
const fee = oneOf(
  section(fees.FEE_KEYS.fixed, { ...paid, kind: { const: "fixed" }, amount: value.money }),
  section(fees.FEE_KEYS.rate, {
    ...paid,
    ...accrual,
    kind: { const: "rate" },
    rate: value.percent,
    on: value.expression,
    rounding,
  }),
  section(fees.FEE_KEYS.expression, {
    ...paid,
    kind: { const: "expression" },
    amount: value.expression,
  }),
);

const cap = section(fees.CAP_KEYS, {
  amount: value.money,
  year: words(format.CAP_YEARS),
  scope: words(["shared", "per payee"]),
});

const bound = oneOf(aNumber, value.percent);
const figure = section(figures.FIGURE_KEYS, {
  min: bound,
  max: bound,
  unit: words(FIGURE_UNITS),
  source: words(["tape", "servicer"]),
  measures: words(FIGURE_MEASURES),
});

const index = oneOf(
  section(figures.REPORT_INDEX_KEYS, {
    source: { const: "report" },
    min: value.percent,
    max: value.percent,
  }),
  section(figures.FEED_INDEX_KEYS, {
    source: { const: "feed" },
    decimals: whole(0, 18),
    unit: words(format.RATE_UNITS),
    maxAge: text("[0-9]{1,3} days?"),
    initial: value.percent,
    fixing: text(`${businessDays} accrual`),
    time: value.timeOfDay,
  }),
);

const plain = oneOf(aNumber, value.percent, value.money);
const row = section(constants.ROW_KEYS, { value: plain, increment: plain });
const constant = oneOf(
  plain,
  section(constants.STEPS_KEYS, { steps: entries(plain, { keys: PERIOD_OR_DATE }) }),
  section(constants.LINEAR_KEYS, { linear: entries(row, { keys: PERIOD_OR_DATE }) }),
  section(constants.SETTABLE_KEYS, { initial: plain, settable: { const: true } }),
  section(constants.WHILE_KEYS, { value: plain, while: entries(plain) }),
);

const series = section(triggers.SERIES_KEYS, {
  value: value.expression,
  when: words(["before", "after"]),
});

const trigger = section(triggers.TRIGGER_KEYS, {
  test: text(),
  over: text(
    "mean of last [0-9]{1,3}|ratio of sums over [0-9]{1,3}|highest of last [0-9]{1,3}( of mean of last [0-9]{1,3})?",
  ),
  decimals: whole(0, 16),
  breach: text("at once|[0-9]{1,2} of last [0-9]{1,2}|[0-9]{1,2} in a row"),
  cure: text("never|after [0-9]{1,2} passing|by notice [A-Za-z][\\w-]*"),
  when: words(format.MOMENTS),
  effect: section(triggers.EFFECT_KEYS, { phase: value.name, from: list(value.name) }),
  clause: { type: ["string", "number"] },
});

const duration = text("[0-9]{1,4} (day|hour)s?");
const reportingSection = section(reporting.REPORTING_KEYS, {
  due: text("[0-9]{1,4} (day|hour)s? before payment"),
  servicerDefault: section(reporting.DEFAULT_KEYS, { after: duration, successor: value.yesOrNo }),
  challengeWindow: duration,
  answerWithin: duration,
  trustee: value.name,
  verifier: value.name,
  holders: value.percent,
  identities: { ...list(text()), maxItems: LIMITS.identities },
});

const notice = section(triggers.NOTICE_KEYS, { by: value.name, kind: words(format.NOTICE_KINDS) });

const transition = section(TRANSITION_KEYS, {
  from: text(),
  to: value.name,
  when: value.expression,
  clause: { type: ["string", "number"] },
  at: words(["before", "after"]),
});

const calendarSection = section(calendar.CALENDAR_KEYS, {
  closing: value.date,
  firstCollectionMonth: value.month,
  firstPaymentDate: value.date,
  paymentDay: whole(1, 31),
  periods: whole(1, 480),
  months: { enum: [...COUPON_MONTHS] },
  businessDays: words(BUSINESS_DAY_RULES),
  determination: text(`end of collection month|${businessDays} payment`),
  record: text(`${businessDays} payment`),
  firstAccrualFrom: value.date,
  graceDays: whole(0, 90),
  times: section(calendar.TIME_KEYS, {
    closing: value.timeOfDay,
    determination: value.timeOfDay,
    record: value.timeOfDay,
    payment: value.timeOfDay,
  }),
  holidays: list(value.date),
});

const flows = list(words(FLOWS));
const tapeSection = section(tape.TAPE_KEYS, {
  format: words(tape.FORMATS),
  loanIdPrefix: value.scalar,
  rateUnit: words(RATE_UNITS),
  feeUnit: words(RATE_UNITS),
  rollForward: section(tape.ROLL_KEYS, { subtract: flows, add: flows, tolerance: value.money }),
  availableFunds: flows,
  chargeOffAgeDays: whole(1, 3650),
  checks: {
    type: "object",
    propertyNames: words(tape.CHECK_NAMES),
    additionalProperties: words(tape.CHECK_WORDS),
  },
  mapping: mappingSchema(),
});

/** The whole schema, draft 2020-12; `$schema` may be named in the file for editors that look there. */
export function dealFileSchema(): JsonSchema {
  const root = section(DEAL_KEYS, {
    schema: { const: DEAL_SCHEMA },
    id: text("[a-z0-9][a-z0-9-]{0,62}"),
    name: { type: ["string", "number"] },
    currency: words(["USD", "EUR", "GBP", "CHF"]),
    legalUnit: { const: "0.01" },
    cashToken: section(TOKEN_KEYS, { decimals: whole(2, 8) }),
    splitRounding: words(format.SPLIT_ROUNDINGS),
    holderCap: oneOf({ const: "none" }, value.percent),
    parties: entries(
      section(accounts.PARTY_KEYS, { name: { type: ["string", "number"] }, payee: value.yesOrNo }),
      { most: 64 },
    ),
    tape: tapeSection,
    pool: section(POOL_KEYS, {
      cutOff: value.date,
      cutOffBalance: value.money,
      cutOffLoans: whole(1, 2 ** 31),
    }),
    calendar: calendarSection,
    classes: entries(noteClass, { most: LIMITS.classes }),
    accounts: entries(account, { most: LIMITS.accounts }),
    facilities: entries(facility, { most: LIMITS.accounts }),
    fees: entries(fee, { most: LIMITS.fees }),
    caps: entries(cap, { most: LIMITS.caps }),
    figures: entries(figure, { most: LIMITS.figures }),
    reporting: reportingSection,
    indices: entries(index, { most: LIMITS.figures }),
    ledgers: { ...list(value.name), maxItems: LIMITS.ledgers },
    constants: entries(constant, { most: LIMITS.constants }),
    series: entries(series, { most: LIMITS.series }),
    triggers: entries(trigger, { most: LIMITS.triggers }),
    notices: entries(notice, { most: LIMITS.notices }),
    phases: entries(value.name, { most: LIMITS.phases }),
    programs: entries(text(), { most: LIMITS.phases }),
    transitions: { ...list(transition), maxItems: LIMITS.transitions },
  });
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Penstock deal file",
    description:
      "The terms of a securitisation. `npm run deal -- check FILE` says what is wrong with one, and what to write instead.",
    ...root,
  };
}
