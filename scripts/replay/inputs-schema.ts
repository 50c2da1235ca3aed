/** The file of periods that `npm run replay -- --deal --inputs` runs: its schema and its types. */
import { type Static, type TSchema, Type } from "typebox";

const CLOSED = { additionalProperties: false } as const;

const Decimal = Type.String({
  pattern: "^-?[0-9]+([.][0-9]+)?$",
  description: 'a number in quotes, such as "123.45"',
});
const Money = Type.String({
  pattern: "^-?[0-9]+([.][0-9]{1,2})?$",
  description: 'an amount in quotes, such as "123.45"',
});
const Integer = Type.String({
  pattern: "^-?[0-9]+$",
  description: 'a whole number in quotes, such as "12"',
});
const Constant = Type.String({
  pattern: "^-?[0-9]+([.][0-9]{2}|([.][0-9]+)? ?%)?$",
  description: 'a value as in the deal file, in quotes: "5000.00", "2 %" or "3"',
});
const Day = Type.String({
  pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
  description: 'a date in quotes, such as "2020-05-15"',
});
const Text = Type.String({ description: "a text in quotes" });

const Stated = Type.String({
  pattern: "^-?[0-9]+([.][0-9]{1,2}|[.][0-9]{1,16}%|%)?$",
  description: 'an amount in quotes, such as "123.45", or a rate, such as "1.57176%"',
});
const Amount = Type.Union(
  [
    Stated,
    Type.Object(
      {
        value: Stated,
        basis: Type.Optional(
          Type.String({ description: "not published: how it was derived; it is counted apart" }),
        ),
        contradiction: Type.Optional(
          Type.String({ description: "published, but the filing contradicts itself here: why" }),
        ),
      },
      CLOSED,
    ),
  ],
  {
    description:
      'an amount such as "123.45", a rate such as "1.57176%", or {"value": "123.45", "basis": "…"}',
  },
);

const byName = <T extends TSchema>(entry: T, description: string) =>
  Type.Optional(Type.Record(Type.String(), entry, { description }));

const Expected = Type.Object(
  {
    paid: byName(Amount, "what the step with that label paid"),
    due: byName(Amount, "what that step was to pay; of a LET, its value"),
    interest: byName(Amount, "interest paid to the class"),
    interestDue: byName(Amount, "the class's whole claim"),
    principal: byName(Amount, "principal paid to the class"),
    balances: byName(Amount, "the class's balance after the run"),
    shortfalls: byName(Amount, "the class's interest shortfall after the run"),
    written: byName(Amount, "what is written down of the class after the run"),
    deferred: byName(Amount, "the class's deferred interest after the run"),
    carryOver: byName(Amount, "the class's cap carry-over after the run"),
    capitalised: byName(Amount, "interest in the class's balance after the run"),
    accounts: byName(Amount, "the account's balance after the run"),
    ledgers: byName(Amount, "the ledger's balance after the run"),
    feesUnpaid: byName(Amount, "what is left unpaid of the fee after the run"),
    payees: byName(Amount, "what the payee received in the run"),
    triggers: byName(
      Type.Enum(["0", "1"], { description: '"1" (in breach) or "0"' }),
      "in breach after the run",
    ),
    phase: Type.Optional(Type.String({ description: "the phase after the run" })),
  },
  CLOSED,
);

const Dates = Type.Object(
  {
    paymentDate: Type.Optional(Day),
    recordDate: Type.Optional(Day),
    determinationDate: Type.Optional(Day),
    collectionMonth: Type.Optional(Type.String({ pattern: "^[0-9]{4}-[0-9]{2}$" })),
    days: byName(Type.Integer(), "days that the class's interest accrues"),
  },
  // What a report states beside these is named as not compared, never refused.
  { additionalProperties: true, description: "compared with the deal's calendar" },
);

const Period = Type.Object(
  {
    period: Type.Integer({
      minimum: 1,
      maximum: 1_200,
      description: "a whole number, counted from 1",
    }),
    note: Type.Optional(Text),
    dates: Type.Optional(Dates),
    figures: byName(Decimal, "report figures: money, counts, rates in percent, flags 0 or 1"),
    cash: byName(Money, "cash of the period by account"),
    index: byName(Decimal, "index fixings in percent"),
    notices: Type.Optional(Type.Array(Type.String(), { description: "notices in force" })),
    purchasePrice: Type.Optional(
      Type.Union([Money, Type.Literal("any")], {
        description: 'the price of the purchase list, or "any" for whatever the step pays',
      }),
    ),
    features: Type.Optional(
      Type.Union(
        [Type.Array(Type.String()), Type.Record(Type.String(), Type.Array(Type.String()))],
        {
          description:
            'what the run alone cannot show: ["call"] of the whole period, or {"shortfall": ["interest.A"]} of single figures',
        },
      ),
    ),
    expected: Type.Optional(Expected),
  },
  CLOSED,
);

const OpeningTrigger = Type.Object(
  {
    inBreach: Type.Boolean(),
    tests: Type.Integer({ minimum: 0, maximum: 255 }),
    history: Type.String({ pattern: "^[01]{0,48}$", description: "1 failed; the newest last" }),
  },
  CLOSED,
);

const Opening = Type.Object(
  {
    balances: Type.Record(Type.String(), Money, { description: "of every class" }),
    shortfalls: byName(Money, "interest shortfall of a class"),
    interestOnShortfall: byName(Money, "unpaid interest on that shortfall"),
    written: byName(Money, "what is written down of a class"),
    deferred: byName(Money, "deferred interest of a class"),
    carryOver: byName(Money, "cap carry-over of a class"),
    capitalised: byName(Money, "interest in a class's balance"),
    accounts: byName(Money, "balance of an account"),
    feesUnpaid: byName(Money, "what is unpaid of a fee"),
    capsUsed: byName(Money, "what was paid under a cap in its year"),
    ledgers: byName(Money, "balance of a ledger"),
    variables: byName(Constant, "a constant that the programs set"),
    triggers: byName(OpeningTrigger, "what a trigger remembers"),
    series: byName(Type.Array(Integer), "recorded values, the newest first, cents or 1e18"),
    phase: Type.Optional(Type.String({ description: "the phase of the first period" })),
    poolClosing: Type.Optional(Money),
  },
  { ...CLOSED, description: "the state before the first period; without it the deal is new" },
);

export const Inputs = Type.Object(
  {
    $schema: Type.Optional(Type.String({ description: "this schema, for editors" })),
    about: Type.Optional(Text),
    opening: Type.Optional(Opening),
    periods: Type.Array(Period, { minItems: 1, description: "a list of at least one period" }),
  },
  { ...CLOSED, title: "Penstock: a deal's periods, to be run and compared" },
);

export type InputsFile = Static<typeof Inputs>;
export type InputPeriod = Static<typeof Period>;
export type OpeningEntry = Static<typeof Opening>;
export type ExpectedEntry = Static<typeof Expected>;
export type ExpectedAmount = Static<typeof Amount>;

/** The schema as it is published: inputs.schema.json. */
export function formatInputsSchema(): string {
  const published = { $schema: "https://json-schema.org/draft/2020-12/schema", ...Inputs };
  return `${JSON.stringify(published, null, 2)}\n`;
}
