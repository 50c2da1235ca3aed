/** What it would cost to cure a trigger, where the deal names that amount. */
import type { Expression, TriggerTerms } from "../deals/deal-terms.ts";
import { describeExpression } from "../deals/describe-expression.ts";
import { flattenSteps } from "../deals/program-syntax.ts";
import type { ExpressionNode } from "../deals/program-syntax.ts";
import { dueOf } from "./explain-steps.ts";
import type { RunStory } from "./explain-story.ts";
import { formatCents } from "../lib/money.ts";

/** Whether an expression calls one of the cure functions. */
function callsCure(node: ExpressionNode): boolean {
  switch (node.kind) {
    case "call":
      return node.name.startsWith("cure") || node.args.some(callsCure);
    case "binary":
      return callsCure(node.left) || callsCure(node.right);
    case "not":
      return callsCure(node.operand);
    case "list":
      return node.items.some(callsCure);
    default:
      return false;
  }
}

/** Names of the amounts that the deal file computes with a cure function. */
function namedCures({ file }: RunStory): Set<string> {
  const steps = (file?.programs ?? []).flatMap((program) => flattenSteps(program.steps));
  const cures = steps.filter(
    ({ operation, amount }) => operation === "LET" && amount !== null && callsCure(amount),
  );
  return new Set(cures.map(({ label }) => label?.text ?? ""));
}

/** A divisor kept above zero: max(0.01, what is meant). */
const GUARDED = /^max\([\d.]+, (.*)\)$/;

/** The cure amounts of this run over the numerator and denominator of a trigger, with their addresses. */
export function cureAmountsOf(
  story: RunStory,
  trigger: TriggerTerms,
): { amount: string; value: string }[] {
  if (trigger.denominator === null) return [];
  const { terms, firstStep } = story;
  const cures = namedCures(story);
  const say = (tokens: Expression) =>
    describeExpression(terms, tokens, firstStep).replace(GUARDED, "$1");
  const [numerator, denominator] = [say(trigger.numerator), say(trigger.denominator)];
  return story.run.records.flatMap(({ operation, index }) => {
    const { amount = null, label = null } = terms.steps[firstStep + index] ?? {};
    if (operation !== "LET" || amount === null || label === null || !cures.has(label)) return [];
    const formula = say(amount);
    if (!formula.includes(numerator) || !formula.includes(denominator)) return [];
    return [{ amount: `terms.${label}`, value: formatCents(dueOf(story, index).value) }];
  });
}
