/** A preview as the API shows it. */
import { Type } from "typebox";
import type { Static } from "typebox";
import { unitOf, writeValue } from "../deals/deal-notes.ts";
import { formatMonth } from "../lib/dates.ts";
import { formatCents } from "../lib/money.ts";
import { explainWaterfall, flagNames } from "./explain-waterfall.ts";
import type { WaterfallPreview } from "./preview-waterfall.ts";

const text = Type.String();
const amount = Type.Union([Type.String(), Type.Null()]);

const StepSchema = Type.Object({
  step: Type.Integer(),
  operation: text,
  label: amount,
  clause: text,
  words: text,
  account: amount,
  accountBefore: amount,
  accountAfter: amount,
  due: amount,
  paid: amount,
  short: amount,
  formula: amount,
  numbers: Type.Array(Type.Object({ name: text, value: text })),
  payments: Type.Array(
    Type.Object({ kind: text, to: text, amount: text, component: Type.Optional(text) }),
  ),
  skipped: Type.Boolean(),
  flags: Type.Array(text),
});

export const WaterfallPreviewSchema = Type.Object({
  deal: text,
  period: Type.Integer(),
  month: text,
  paymentDate: text,
  phase: text,
  phaseAfter: text,
  closeVersion: Type.Integer(),
  resultHash: text,
  attestable: Type.Boolean(),
  flags: Type.Array(text),
  carried: Type.Array(
    Type.Object({ figure: text, reported: text, difference: text, periods: Type.Array(text) }),
    { description: "what restatements of earlier periods add to the reported figures" },
  ),
  accruals: Type.Array(
    Type.Object({ name: text, kind: text, formula: text, due: text, paid: text, short: text }),
  ),
  steps: Type.Array(StepSchema),
  classes: Type.Array(
    Type.Object({
      class: text,
      interestDue: text,
      interestPaid: text,
      interestShort: text,
      principalPaid: text,
      balance: text,
      writtenDown: text,
    }),
  ),
  accounts: Type.Array(Type.Object({ account: text, balance: text })),
  payees: Type.Array(Type.Object({ payee: text, paid: text })),
});

function describeCarried(
  { terms, figures }: WaterfallPreview["input"],
  carried: WaterfallPreview["carried"],
): Static<typeof WaterfallPreviewSchema>["carried"] {
  const months = (periods: readonly number[]) =>
    periods.map((period) => formatMonth(terms.calendar[period - 1]?.collectionMonth ?? 0));
  return terms.figures.flatMap(({ name }, i) => {
    const difference = carried?.differences[i] ?? 0n;
    if (difference === 0n) return [];
    const unit = unitOf(terms, "figures", i) ?? "money";
    return [
      {
        figure: name,
        reported: writeValue((figures[i] ?? 0n) - difference, unit),
        difference: writeValue(difference, unit),
        periods: months(carried?.periods[i] ?? []),
      },
    ];
  });
}

export function viewPreview(preview: WaterfallPreview): Static<typeof WaterfallPreviewSchema> {
  const { input, run, carried, closeVersion } = preview;
  const { terms } = input;
  return {
    ...explainWaterfall(input, run),
    closeVersion,
    resultHash: run.resultHash,
    attestable: run.flags === 0,
    flags: flagNames(run.flags),
    carried: describeCarried(input, carried),
    classes: run.classes.map((result, i) => ({
      class: terms.classes[i]?.name ?? "",
      interestDue: formatCents(result.interestDue),
      interestPaid: formatCents(result.interestPaid),
      interestShort: formatCents(result.interestDue - result.interestPaid),
      principalPaid: formatCents(result.principalPaid),
      balance: formatCents(run.state.classes[i]?.balance ?? 0n),
      writtenDown: formatCents(run.state.classes[i]?.written ?? 0n),
    })),
    accounts: run.state.accounts.map((balance, i) => ({
      account: terms.accounts[i]?.name ?? "",
      balance: formatCents(balance),
    })),
    payees: run.payees.map((paid, i) => ({
      payee: terms.payees[i] ?? "",
      paid: formatCents(paid),
    })),
  };
}
