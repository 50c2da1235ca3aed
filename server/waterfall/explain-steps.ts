/** Why a step asked what it asked, paid what it paid, and to whom. */
import { describeStep } from "../deals/describe-step.ts";
import { COMPONENTS, FLAG, OPCODE } from "../deals/terms-format.ts";
import type { Expression, StepTerms } from "../deals/deal-terms.ts";
import { countReadings, explainExpression } from "./explain-expression.ts";
import { amountOf, say, saySum } from "./explain-node.ts";
import type { Amount, Formula } from "./explain-node.ts";
import { figureOf } from "./explain-openings.ts";
import { sharedPayment } from "./explain-payments.ts";
import {
  accountAt,
  balanceAt,
  claimPartAt,
  dueAt,
  feeDueAt,
  ledgerAt,
  writtenAt,
} from "./explain-running.ts";
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

const SIGNED: ReadonlySet<number> = new Set([
  ...[OPCODE.SUB, OPCODE.SMULDIV, OPCODE.MUL, OPCODE.SLANE, OPCODE.FIGURE],
  ...[OPCODE.HIST, OPCODE.HISTSUM, OPCODE.HISTMAX],
]);

/** Whether an expression may give less than 0: then the step takes 0 instead. */
function mayBeNegative(tokens: Expression | null): boolean {
  if (tokens === null || tokens.at(-1)?.code === OPCODE.POS) return false;
  return tokens.some(({ code }) => SIGNED.has(code));
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

/** What the classes or fees of the list have due. */
function listedDues(story: RunStory, step: number): Amount[] {
  const { list, operation, part } = stepTermsOf(story, step);
  return list.map((id) => {
    if (operation === "FEE") return feeDueAt(story, id, step);
    if (part === null) return dueAt(story, id, step);
    return claimPartAt(story, [id, COMPONENTS.indexOf(part)], step);
  });
}

/** Dues that a step may meet: a part that stands in the class's order is not paid by itself. */
export function payableDues(story: RunStory, step: number): Amount[] {
  const { list, part } = stepTermsOf(story, step);
  const isOrdinary = (id: number): boolean =>
    part !== null && story.terms.classes[id]?.componentOrder.includes(part) === true;
  return listedDues(story, step).filter((_, i) => !isOrdinary(list[i] ?? 0));
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
      return saySum(payableDues(story, step));
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
      return !isCondition && mayBeNegative(terms.amount) ? say`max(0, ${formula})` : formula;
    }
  }
}

/** A target below the balance asks for nothing: then its formula stands in place of its amount. */
function fillFormula(story: RunStory, step: number): Formula {
  const { destination } = stepTermsOf(story, step);
  const held = accountAt(story, destination, step);
  if (recordOf(story, step).demand > 0n) return say`${targetOf(story, step)} - ${held}`;
  return say`max(0, (${stepExpression(story, step, "amount")}) - ${held})`;
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
    words: isSkipped(story, step)
      ? `not run: ${describeStep(story.terms, position)}`
      : describeStep(story.terms, position),
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

function sumOfPayments(story: RunStory, step: number): Formula {
  return saySum(recordOf(story, step).payments.map((_, i) => paymentOf(story, step, i)));
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

/** One payment of a step, to one fee, class, payee or account. */
export function paymentOf(story: RunStory, step: number, payment: number): Amount {
  const terms: StepTerms = stepTermsOf(story, step);
  const whole = paidOf(story, step);
  const { payments } = recordOf(story, step);
  const single = ["FILL", "MOVE", "REST", "BUY", "BOOK"].includes(terms.operation);
  if (single || (payments.length === 1 && terms.list.length === 1 && whole.value > 0n))
    return whole;
  const weights = terms.weights === null ? null : weightsOf(story, step);
  return sharedPayment(story, {
    step,
    payment,
    parts: { availableOf, dueOf, payableDues },
    weights,
  });
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
