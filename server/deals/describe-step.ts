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

/** Where the money of a FILL, MOVE, REST or BUY goes. */
export function destinationName(terms: DealTerms, step: StepTerms): string {
  const { destination, toPayee } = step;
  return (toPayee ? terms.payees[destination] : terms.accounts[destination]?.name) ?? "?";
}

/** Which part of the claims an INT pays. */
function interestName({ part }: StepTerms): string {
  if (part === "deferred") return "the deferred interest of";
  return part === "carryOver" ? "the interest carried over of" : "the interest due on";
}

function sentence(terms: DealTerms, step: StepTerms, say: (part: Expression | null) => string) {
  const source = terms.accounts[step.source]?.name ?? "?";
  const [list, amount] = [listNames(terms, step), say(step.amount)];
  const [classes, inOrder] = step.list.length > 1 ? ["classes", " in this order"] : ["class", ""];
  switch (step.operation) {
    case "LET":
      return `Name ${step.label ?? "?"} = ${amount}`;
    case "FEE": {
      const whose =
        step.list.length > 1
          ? ", each within what is left of its own cap"
          : ", within what is left of its cap";
      const each = step.capEach ? whose : "";
      return `Pay from ${source} what is due of ${list}${sharing(step, "")}${each}`;
    }
    case "INT":
      return `Pay from ${source} ${interestName(step)} ${classes} ${list}${sharing(step, "")}`;
    case "PRIN":
      return `Pay from ${source} principal of ${classes} ${list}, up to ${amount}${sharing(step, say(step.weights))}`;
    case "FILL":
      return `Fill ${destinationName(terms, step)} from ${source} up to a balance of ${amount}`;
    case "MOVE":
      return `Move from ${source} to ${destinationName(terms, step)} up to ${amount}`;
    case "LOSS":
      return `Write down ${classes} ${list}${inOrder} by ${amount}`;
    case "GAIN":
      return `Write up ${classes} ${list}${inOrder} by ${amount}, never above what was written down`;
    case "IF":
      return `If ${amount}, do what follows`;
    case "ELSE":
      return "Otherwise do what follows";
    case "REST":
      return `Pay all that is left in ${source} to ${destinationName(terms, step)}`;
    default:
      return stateSentence(terms, step, amount);
  }
}

/** Steps that pay no class and no fee: purchases, capitalisation, ledgers, triggers, state. */
function stateSentence(terms: DealTerms, step: StepTerms, amount: string): string {
  const { destination, mode } = step;
  switch (step.operation) {
    case "BUY":
      return (
        `Pay from ${terms.accounts[step.source]?.name ?? "?"} the price of the collateral on the purchase ` +
        `list to ${destinationName(terms, step)}, when it is at most ${amount}; otherwise nothing`
      );
    case "PIK":
      return `Add the unpaid interest of class${step.list.length > 1 ? "es" : ""} ${listNames(terms, step)} to the balance`;
    case "BOOK": {
      const side = mode === "DR" ? "Debit" : "Credit";
      return `${side} the ledger ${terms.ledgers[destination]?.name ?? "?"} with ${amount}`;
    }
    case "TEST":
      return `Test the trigger ${terms.triggers[destination]?.name ?? "?"} now`;
    default:
      break;
  }
  if (mode === "VALUE") return `Set k.${terms.variables[destination]?.name ?? "?"} = ${amount}`;
  const since = mode === "NOW" ? "at once" : "from the next period on";
  return `Set the phase ${terms.phases[destination]?.name ?? "?"} ${since}`;
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
