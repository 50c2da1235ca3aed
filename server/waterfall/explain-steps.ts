/** Why a step asked what it asked, paid what it paid, and to whom. */
import { describeStep } from "../deals/describe-step.ts";
import { COMPONENTS, FLAG } from "../deals/terms-format.ts";
import type { StepTerms } from "../deals/deal-terms.ts";
import { countReadings, explainExpression } from "./explain-expression.ts";
import { amountOf, say, saySum } from "./explain-node.ts";
import type { Amount, Formula } from "./explain-node.ts";
import { figureOf } from "./explain-openings.ts";
import { noPayment, sharedPayment } from "./explain-payments.ts";
import type { SharingStep } from "./explain-payments.ts";
import {
  accountAt,
  balanceAt,
  claimPartAt,
  dueAt,
  feeDueAt,
  ledgerAt,
  writtenAt,
} from "./explain-running.ts";
import { mayBeNegative } from "./explain-signs.ts";
import { nameStep, recordOf, stepTermsOf } from "./explain-story.ts";
import type { RunStory } from "./explain-story.ts";
import { unitOfExpression } from "./explain-units.ts";

/** Label of a step, or its number: how it is addressed. */
export function stepAddress(story: RunStory, step: number): string {
  return stepTermsOf(story, step).label ?? `${step + 1}`;
}

const isSkipped = (story: RunStory, step: number): boolean =>
  (recordOf(story, step).flags & FLAG.SKIPPED) !== 0;

type Side = "amount" | "cap";

/** The engine evaluates a step's cap first, then its amount, then its weights. */
export function stepExpression(story: RunStory, step: number, side: Side): Formula {
  const terms = stepTermsOf(story, step);
  const { readings } = recordOf(story, step);
  const first = side === "cap" ? 0 : countReadings(terms.cap, readings);
  return explainExpression(story, {
    tokens: terms[side] ?? [],
    readings: readings.slice(first),
    position: story.firstStep + step,
    reader: { at: step, by: "step", index: step },
  });
}

/** Why nothing was asked: the step stood in a block that did not run. */
function skippedFormula(story: RunStory, step: number): Formula | null {
  const { records } = story.run;
  for (let i = step - 1; i >= 0; i -= 1) {
    const { operation, flags } = records[i] ?? {};
    const { jump } = stepTermsOf(story, i);
    const encloses = jump > story.firstStep + step && (operation === "IF" || operation === "ELSE");
    if (encloses && ((flags ?? 0) & FLAG.SKIPPED) === 0) {
      const condition = operation === "IF" ? i : conditionOfElse(story, i);
      return say`iff(${dueOf(story, condition)}, ${operation === "IF" ? "..." : "0"}, ${operation === "IF" ? "0" : "..."})`;
    }
  }
  return null;
}

/** The IF whose block ends where an ELSE begins. */
function conditionOfElse(story: RunStory, otherwise: number): number {
  return story.run.records.findIndex(
    ({ operation }, i) =>
      operation === "IF" && stepTermsOf(story, i).jump === story.firstStep + otherwise + 1,
  );
}

/** What the classes or fees of the list have due; a part that stands in a class's order is not paid by itself. */
export function payableDues(story: RunStory, step: number): { id: number; due: Amount }[] {
  const { list, operation, part } = stepTermsOf(story, step);
  const dueOfOne = (id: number): Amount => {
    if (operation === "FEE") return feeDueAt(story, id, step);
    if (part === null) return dueAt(story, id, step);
    return claimPartAt(story, [id, COMPONENTS.indexOf(part)], step);
  };
  const isPayable = (id: number): boolean =>
    part === null || story.terms.classes[id]?.componentOrder.includes(part) !== true;
  return list.filter(isPayable).map((id) => ({ id, due: dueOfOne(id) }));
}

/** What an expression of a step gives, as an amount of its own. */
function targetOf(story: RunStory, step: number): Amount {
  const { destination } = stepTermsOf(story, step);
  const held = accountAt(story, destination, step);
  const demand = recordOf(story, step).demand;
  const name = `target of ${nameStep(story, step).split(",")[0]}`;
  return amountOf({
    key: `target.${step}`,
    name,
    // Above the balance the demand tells it; else only that there is nothing to fill.
    value: held.value + demand,
    unit: "money",
    words: "balance up to which the account is filled",
    clause: stepTermsOf(story, step).clause,
    source: { kind: "step", words: nameStep(story, step) },
    formula: () => stepExpression(story, step, "amount"),
  });
}

function demandFormula(story: RunStory, step: number): Formula | null {
  const terms = stepTermsOf(story, step);
  switch (terms.operation) {
    case "FEE":
    case "INT":
      return saySum(payableDues(story, step).map(({ due }) => due));
    case "REST":
      return say`${availableOf(story, step)}`;
    case "PIK":
      return saySum(recordOf(story, step).payments.map((_, i) => paymentOf(story, step, i)));
    case "TEST": {
      const reader = { at: step + 1, by: "step", index: step } as const;
      return say`${story.explain.trigger(story, terms.destination, reader)}`;
    }
    case "FILL":
      return fillFormula(story, step);
    case "ELSE":
      return null;
    default: {
      if (terms.amount === null) return null;
      const formula = stepExpression(story, step, "amount");
      const isCondition = terms.operation === "IF";
      return !isCondition && mayBeNegative(story.terms, terms.amount)
        ? say`max(0, ${formula})`
        : formula;
    }
  }
}

/** A target below the balance asks for nothing: then its formula stands in place of its amount. */
function fillFormula(story: RunStory, step: number): Formula {
  const { destination } = stepTermsOf(story, step);
  const held = accountAt(story, destination, step);
  if (recordOf(story, step).demand > 0n) return say`${targetOf(story, step)} - ${held}`;
  const target = stepExpression(story, step, "amount");
  // A name or one function call needs no brackets.
  const isSimple = /^[^ ]+$|^\w+\([^()]*\)$/.test(target.text);
  return isSimple ? say`max(0, ${target} - ${held})` : say`max(0, (${target}) - ${held})`;
}

function dueWords(story: RunStory, step: number): string {
  const { operation } = stepTermsOf(story, step);
  if (isSkipped(story, step))
    return `0: ${nameStep(story, step)} stands in a block that did not run`;
  if (operation === "LET") return `defined by ${nameStep(story, step).split(",")[0]}`;
  return describeStep(story.terms, story.firstStep + step);
}

/** What a step asked for; of a LET its value, of an IF whether its condition held. */
export function dueOf(story: RunStory, step: number): Amount {
  const terms = stepTermsOf(story, step);
  const record = recordOf(story, step);
  const position = story.firstStep + step;
  const { operation, label } = terms;
  const isTerm = operation === "LET";
  const isTest = operation === "IF" || operation === "TEST";
  const setsPhase = operation === "SET" && terms.mode !== "VALUE" && !isSkipped(story, step);
  const unit =
    isTerm || operation === "SET" ? unitOfExpression(story, terms.amount ?? [], position) : "money";
  const address = stepAddress(story, step);
  return amountOf({
    key: `due.${step}`,
    name: isTerm ? (label ?? `let ${step + 1}`) : `due.${address}`,
    address: isTerm ? `terms.${address}` : `steps.${address}.due`,
    value: record.demand,
    unit: setsPhase ? "phase" : isTest ? "flag" : unit,
    ...(setsPhase ? { valueText: `'${story.terms.phases[terms.destination]?.name ?? ""}'` } : {}),
    words: dueWords(story, step),
    clause: terms.clause,
    source: {
      kind: isTerm ? "defined term" : isTest ? "condition" : "step",
      words: nameStep(story, step),
    },
    formula: () =>
      isSkipped(story, step) ? skippedFormula(story, step) : demandFormula(story, step),
  });
}

/** Cash that a step may use: its account, or what its cap leaves of it. */
export function availableOf(story: RunStory, step: number): Amount {
  const terms = stepTermsOf(story, step);
  const account = accountAt(story, terms.source, step);
  if (terms.cap === null) return account;
  const { available } = recordOf(story, step);
  return amountOf({
    key: `available.${step}`,
    name: `available.${stepAddress(story, step)}`,
    value: available,
    unit: "money",
    words: `cash of ${account.name.slice(5)} that ${nameStep(story, step)} may use`,
    clause: terms.clause,
    source: { kind: "cap", words: `cap of ${nameStep(story, step)}` },
    formula: () => say`min(${account}, max(0, ${stepExpression(story, step, "cap")}))`,
  });
}

/** What the classes of a step can still take. */
function roomOf(story: RunStory, step: number): Amount[] {
  const { list, operation } = stepTermsOf(story, step);
  const of = operation === "GAIN" ? writtenAt : balanceAt;
  return list.map((id) => of(story, id, step));
}

function paidFormula(story: RunStory, step: number): Formula | null {
  const terms = stepTermsOf(story, step);
  const due = dueOf(story, step);
  switch (terms.operation) {
    case "FEE":
      if (terms.capEach) return sumOfPayments(story, step);
      return say`min(${availableOf(story, step)}, ${due})`;
    case "INT":
    case "FILL":
    case "MOVE":
    case "REST":
      return say`min(${availableOf(story, step)}, ${due})`;
    case "PRIN": {
      if (terms.weights !== null) return sumOfPayments(story, step);
      return say`min(${availableOf(story, step)}, ${due}, ${saySum(roomOf(story, step))})`;
    }
    case "LOSS":
    case "GAIN":
      return say`min(${due}, ${saySum(roomOf(story, step))})`;
    case "PIK":
      return say`${due}`;
    case "BOOK":
      if (terms.mode === "DR") return say`${due}`;
      return say`min(${due}, ${ledgerAt(story, terms.destination, step)})`;
    case "BUY":
      return purchaseFormula(story, step);
    default:
      return null;
  }
}

/** All payments of a FEE or PRIN, with those of the list that got nothing. */
function sumOfPayments(story: RunStory, step: number): Formula {
  const { list, operation } = stepTermsOf(story, step);
  const kind = operation === "FEE" ? "fee" : "principal";
  return saySum(list.flatMap((to) => paymentsIn(story, step, { kind, to })));
}

/** The price of the list is paid where it is within what there is and what may be bought, once. */
function purchaseFormula(story: RunStory, step: number): Formula {
  const [available, due] = [availableOf(story, step), dueOf(story, step)];
  if (story.input.purchasePrice === "any") return say`min(${available}, ${due})`;
  const index = story.terms.figures.length + story.terms.indices.length;
  const earlier = story.run.records.some(
    ({ operation, paid }, i) => operation === "BUY" && i < step && paid > 0n,
  );
  if (earlier) return say`0`;
  const price = figureOf(story, index, story.run.extras.at(-1) ?? 0n);
  return say`iff(${price} > 0 and ${price} <= min(${available}, ${due}), ${price}, 0)`;
}

/** What a step paid, moved, wrote or booked. */
export function paidOf(story: RunStory, step: number): Amount {
  const terms = stepTermsOf(story, step);
  const address = stepAddress(story, step);
  return amountOf({
    key: `paid.${step}`,
    name: `paid.${address}`,
    address: `steps.${address}.paid`,
    value: recordOf(story, step).paid,
    unit: "money",
    words: `paid by ${nameStep(story, step)}: ${describeStep(story.terms, story.firstStep + step)}`,
    clause: terms.clause,
    source: { kind: "step", words: nameStep(story, step) },
    formula: () => (isSkipped(story, step) ? say`${dueOf(story, step)}` : paidFormula(story, step)),
  });
}

/** What a LOSS, GAIN or BOOK could not place. */
export function lostOf(story: RunStory, step: number, value: bigint): Amount {
  const address = stepAddress(story, step);
  return amountOf({
    key: `lost.${step}`,
    name: `lost.${address}`,
    value,
    unit: "money",
    words: `what ${nameStep(story, step)} could not place`,
    clause: stepTermsOf(story, step).clause,
    source: { kind: "step", words: nameStep(story, step) },
    formula: () => say`${dueOf(story, step)} - ${paidOf(story, step)}`,
  });
}

function sharingOf(story: RunStory, step: number): SharingStep {
  const weights = stepTermsOf(story, step).weights === null ? null : weightsOf(story, step);
  return { step, parts: { availableOf, dueOf, payableDues }, weights };
}

/** One payment of a step, to one fee, class, payee or account. */
export function paymentOf(story: RunStory, step: number, payment: number): Amount {
  const terms: StepTerms = stepTermsOf(story, step);
  const whole = paidOf(story, step);
  const { payments } = recordOf(story, step);
  const single = ["FILL", "MOVE", "REST", "BUY", "BOOK"].includes(terms.operation);
  // Where the whole is told as the sum of its payments, each of them stands by itself.
  const isSum = terms.capEach || terms.weights !== null || terms.operation === "PIK";
  if (single || (!isSum && payments.length === 1 && terms.list.length === 1)) return whole;
  return sharedPayment(story, { ...sharingOf(story, step), payment });
}

const PAID_BY = { fee: "FEE", interest: "INT", principal: "PRIN" } as const;

interface Recipient {
  kind: keyof typeof PAID_BY;
  to: number;
}

/** What a step paid to one of its list; where that is nothing, why. */
function paymentsIn(story: RunStory, step: number, recipient: Recipient): Amount[] {
  const made = recordOf(story, step).payments.flatMap(({ to }, i) =>
    to === recipient.to ? [paymentOf(story, step, i)] : [],
  );
  return made.length > 0 ? made : [noPayment(story, sharingOf(story, step), recipient)];
}

/** All that the steps paid to a fee or class, and each step that could have paid and did not. */
export function paymentsTo(story: RunStory, recipient: Recipient): Amount[] {
  return story.run.records.flatMap(({ operation, index }) => {
    const { list } = stepTermsOf(story, index);
    if (operation !== PAID_BY[recipient.kind] || !list.includes(recipient.to)) return [];
    if (list.length === 1 || isSkipped(story, index)) return wholeOrParts(story, index, recipient);
    return paymentsIn(story, index, recipient);
  });
}

/** One recipient has the whole step, told by the parts of its claim where it has several. */
function wholeOrParts(story: RunStory, step: number, recipient: Recipient): Amount[] {
  const several = recordOf(story, step).payments.length > 1;
  return several ? paymentsIn(story, step, recipient) : [paidOf(story, step)];
}

/** The stated weights of a PRIN, one a class. */
function weightsOf(story: RunStory, step: number): Formula {
  const terms = stepTermsOf(story, step);
  const { readings } = recordOf(story, step);
  const cap = countReadings(terms.cap, readings);
  const first = cap + countReadings(terms.amount, readings.slice(cap));
  return explainExpression(story, {
    tokens: terms.weights ?? [],
    readings: readings.slice(first),
    position: story.firstStep + step,
    reader: { at: step, by: "step", index: step },
  });
}
