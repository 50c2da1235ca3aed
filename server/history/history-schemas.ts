/** What the history's routes answer, for validation and for OpenAPI. Amounts are decimal strings. */
import { Type } from "typebox";
import { nullable } from "../http/nullable.ts";
import { FigureSchema } from "../periods/describe-figures.ts";

const text = Type.String();
const money = Type.String({ description: "Decimal amount in the deal's currency" });

const step = Type.Object({
  step: Type.Integer({ description: "1 is the first step of the phase's program" }),
  operation: text,
  label: nullable(text),
  clause: text,
  source: nullable(text),
  due: nullable(money),
  paid: nullable(money),
  short: nullable(money),
  sourceBefore: nullable(money),
  sourceAfter: nullable(money),
  condition: nullable(Type.Boolean()),
  skipped: Type.Boolean(),
  flags: Type.Array(text),
});

const classResult = Type.Object({
  class: text,
  interestAccrued: money,
  interestDue: money,
  interestPaid: money,
  principalPaid: money,
  balance: money,
  factor: Type.String({ description: "Balance over original face, seven digits" }),
  shortfall: money,
  shortfallInterest: money,
  writtenDown: money,
  interestPerThousand: text,
  principalPerThousand: text,
});

export const closingSchema = Type.Object({
  closedAt: text,
  deposits: money,
  reserve: nullable(
    Type.Object(
      {
        feed: text,
        maxAgeSeconds: Type.Integer(),
        advanceRate: Type.String({ description: "Percent of the reserve" }),
      },
      { description: "What had to cover the notes; null: nothing" },
    ),
  ),
  proceeds: nullable(money),
  deliveries: Type.Array(Type.Object({ class: text, investor: text, face: money, paid: money }), {
    description: "Notes that were delivered against payment to the originator",
  }),
});

export const historyPeriodSchema = Type.Object({
  period: Type.Integer(),
  month: text,
  paymentDate: text,
  phase: text,
  phaseAfter: text,
  inputs: Type.Object(
    {
      fixings: Type.Array(Type.Object({ index: text, rate: text })),
      purchasePrice: nullable(money),
      notices: Type.Array(text),
      carried: Type.Array(Type.Object({ figure: text, difference: text }), {
        description: "what restatements of earlier periods added to reported figures",
      }),
    },
    { description: "What the run read beside its report; rates in percent" },
  ),
  steps: Type.Array(step),
  classes: Type.Array(classResult),
  accounts: Type.Array(Type.Object({ account: text, balance: money })),
  reserve: nullable(money),
  fees: Type.Array(Type.Object({ fee: text, unpaid: money })),
  caps: Type.Array(Type.Object({ cap: text, used: money })),
  payees: Type.Array(Type.Object({ payee: text, paid: money })),
  flags: Type.Array(text),
  reportHash: text,
  resultHash: text,
  transaction: text,
  block: Type.Integer(),
  distributedAt: text,
});

export const historyPageSchema = Type.Object({
  items: Type.Array(historyPeriodSchema),
  next: nullable(text),
});

const note = Type.Object({
  month: Type.String({ description: "collection month of the tape" }),
  line: Type.Integer(),
  loan: nullable(text),
  field: text,
  code: text,
  value: text,
  expected: text,
  acceptedBy: nullable(text),
  acceptedAt: nullable(text),
  reason: nullable(text),
});

export const statementSchema = Type.Object({
  deal: text,
  name: text,
  period: Type.Integer(),
  month: text,
  recordTime: text,
  paymentDate: text,
  status: Type.Union([Type.Literal("closed"), Type.Literal("distributed")]),
  figures: Type.Array(FigureSchema),
  statistics: Type.Record(Type.String(), Type.Unknown()),
  tape: Type.Object({
    file: text,
    contentHash: text,
    version: Type.Integer(),
    rows: Type.Integer(),
    uploadedBy: text,
    uploadedAt: text,
  }),
  closed: Type.Object({
    version: Type.Integer(),
    hash: text,
    by: text,
    at: text,
    reason: nullable(text),
  }),
  notes: Type.Array(note),
  acceptances: Type.Array(
    Type.Object({
      month: text,
      code: text,
      problems: Type.Integer(),
      by: text,
      at: text,
      reason: text,
    }),
    { description: "problems that were accepted with a reason, by code, person and reason" },
  ),
  report: nullable(
    Type.Object({ version: Type.Integer(), digest: text, hash: text, tapeRoot: text }),
  ),
  attesters: Type.Array(
    Type.Object({ address: text, name: text, role: nullable(text), signedAt: text }),
  ),
  distribution: nullable(historyPeriodSchema),
});

const reconciliation = Type.Object({
  period: Type.Integer(),
  month: text,
  block: Type.Integer(),
  compared: Type.Integer(),
  differences: Type.Array(
    Type.Object({ item: text, books: Type.Record(Type.String(), Type.String()) }),
  ),
  reconciledAt: text,
});

export const reconciliationSchema = Type.Object({
  agrees: Type.Union([Type.Boolean(), Type.Null()], {
    description:
      "Whether no comparison found a difference, neither a stored one nor the one made now; null " +
      "while nothing was compared, because nothing is distributed yet",
  }),
  now: nullable(reconciliation),
  periods: Type.Array(reconciliation),
});
