/** What the explanation's routes answer, for validation and for OpenAPI. */
import { Type } from "typebox";
import type { ExplanationNode } from "../waterfall/explain-node.ts";

const text = Type.String();
const nullable = Type.Union([text, Type.Null()]);
const unit = Type.String({
  description: "money, percent, count, date, flag, phase, per 1,000, or number where nothing tells",
});

const sourceSchema = Type.Object({
  kind: Type.String({ description: "step, report figure, constant, earlier period ..." }),
  words: text,
  period: Type.Optional(Type.String({ description: "Month whose explanation goes on from here" })),
  amount: Type.Optional(Type.String({ description: "Its address there" })),
});

/** One amount of the tree; its inputs are of the same kind. */
export const ExplanationNodeSchema = Type.Object(
  {
    name: text,
    address: nullable,
    value: Type.String({ description: "Exact: rates in percent, dates ISO" }),
    unit,
    words: text,
    clause: nullable,
    formula: Type.Union([text, Type.Null()], {
      description: "With names; null where the tree ends",
    }),
    substituted: Type.Union([text, Type.Null()], { description: "The same with numbers" }),
    source: sourceSchema,
    above: Type.Union([text, Type.Null()], {
      description: "The name under which the tree shows it, with its inputs, further up",
    }),
    inputs: Type.Array(Type.Unsafe<ExplanationNode>({ $ref: "ExplanationNode#" })),
  },
  { $id: "ExplanationNode" },
);

const head = {
  deal: text,
  period: Type.Integer(),
  month: text,
  paymentDate: text,
  basis: Type.String({
    description: "distribution: what the chain ran; preview: what it would run",
  }),
  closeVersion: Type.Integer(),
  resultHash: Type.String({ description: "Of the run that is explained" }),
  recordedHash: Type.Union([text, Type.Null()], { description: "What the chain recorded" }),
  agrees: Type.Union([Type.Boolean(), Type.Null()], {
    description: "Whether both hashes are the same; null before the distribution",
  }),
};

const value = Type.Object({ value: text, unit });
const nullableValue = Type.Union([value, Type.Null()]);

const monitoredTrigger = Type.Object({
  trigger: text,
  clause: text,
  inBreach: Type.Boolean(),
  test: text,
  value: nullableValue,
  numerator: nullableValue,
  denominator: nullableValue,
  threshold: nullableValue,
  thresholdsAhead: Type.Array(Type.Object({ period: Type.Integer(), threshold: nullableValue })),
  headroom: Type.Union([Type.Object({ value: text, unit, direction: text }), Type.Null()], {
    description: "How much the numerator may still rise or fall; below 0 the test has failed",
  }),
  breachRule: text,
  lastTests: text,
  testsFailed: Type.Integer(),
  cure: text,
  cureAmounts: Type.Array(Type.Object({ amount: text, value: text })),
});

export const explanationListSchema = Type.Object({
  ...head,
  phase: text,
  amounts: Type.Array(
    Type.Object({ amount: text, value: text, unit, words: text, clause: nullable }),
  ),
  triggers: Type.Array(monitoredTrigger),
});

export const explanationSchema = Type.Object({
  ...head,
  explanation: Type.Unsafe<ExplanationNode>({ $ref: "ExplanationNode#" }),
});

export const triggersSchema = Type.Object({ ...head, triggers: Type.Array(monitoredTrigger) });
