import type { DealTerms, Expression, StepTerms } from "./deal-terms.ts";
import { describeExpression } from "./describe-expression.ts";

function listNames(terms: DealTerms, step: StepTerms): string {
  const names = step.operation === "FEE" ? terms.fees : terms.classes;
  return step.list.map((id) => names[id]?.name ?? `${id}`).join(", ");
}

/** How several payees share: in order, or by which weight. */
function sharing(step: StepTerms, weights: string): string {
  if (step.list.length < 2) return "";
  if (step.mode === "SEQ") return ", one after the other";
  return weights === "" ? ", pro rata to what is due" : `, pro rata by ${weights}`;
}

/** Where the money of a FILL, MOVE or REST goes. */
export function destinationName(terms: DealTerms, step: StepTerms): string {
  const { destination, toPayee } = step;
  return (toPayee ? terms.payees[destination] : terms.accounts[destination]?.name) ?? "?";
}

function sentence(terms: DealTerms, step: StepTerms, say: (part: Expression | null) => string) {
  const source = terms.accounts[step.source]?.name ?? "?";
  const [list, amount] = [listNames(terms, step), say(step.amount)];
  const classes = step.list.length > 1 ? "classes" : "class";
  switch (step.operation) {
    case "LET":
      return `Name ${step.label ?? "?"} = ${amount}`;
    case "FEE":
      return `Pay from ${source} what is due of ${list}${sharing(step, "")}`;
    case "INT":
      return `Pay from ${source} the interest due on ${classes} ${list}${sharing(step, "")}`;
    case "PRIN":
      return `Pay from ${source} principal of ${classes} ${list}, up to ${amount}${sharing(step, say(step.weights))}`;
    case "FILL":
      return `Fill ${destinationName(terms, step)} from ${source} up to a balance of ${amount}`;
    case "MOVE":
      return `Move from ${source} to ${destinationName(terms, step)} up to ${amount}`;
    case "LOSS":
      return `Write down ${classes} ${list} in this order by ${amount}`;
    case "GAIN":
      return `Write up ${classes} ${list} in this order by ${amount}, never above what was written down`;
    case "IF":
      return `If ${amount}, do what follows`;
    case "ELSE":
      return "Otherwise do what follows";
    case "REST":
      return `Pay all that is left in ${source} to ${destinationName(terms, step)}`;
  }
}

/** A step as one English sentence without its clause; names and formulas as the deal writes them. */
export function describeStep(terms: DealTerms, position: number): string {
  const step = terms.steps[position];
  if (step === undefined) throw new RangeError(`the deal has no step ${position}`);
  const say = (part: Expression | null) =>
    part === null ? "" : describeExpression(terms, part, position);
  const cap = step.cap === null ? "" : `, at most ${say(step.cap)} in all`;
  return `${sentence(terms, step, say)}${cap}`;
}
