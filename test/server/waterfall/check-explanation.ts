/** What must hold of every explanation: its arithmetic, its order, the source of what it ends in. */
import assert from "node:assert/strict";
import { listAmounts } from "../../../server/waterfall/explain-amounts.ts";
import { drawTree } from "../../../server/waterfall/explain-node.ts";
import type { Amount, ExplanationNode } from "../../../server/waterfall/explain-node.ts";
import type { RunStory } from "../../../server/waterfall/explain-story.ts";
import { evaluateExplained } from "./evaluate-explained.ts";

function internalValue({ value, unit, source }: ExplanationNode, story: RunStory): bigint {
  if (unit === "phase") return evaluateExplained(`'${value}'`, story.terms);
  if (unit === "per 1,000") return BigInt(value.replace(".", ""));
  const written = unit === "percent" ? `${value} %` : value;
  assert.ok(source.words.length > 0);
  return evaluateExplained(written, story.terms);
}

/** Each node's numbers give its value, and where the tree ends it says where the number is from. */
function checkTree(story: RunStory, node: ExplanationNode): number {
  const { formula, substituted, source, name } = node;
  if (substituted !== null) {
    const expected = internalValue(node, story);
    const found = evaluateExplained(substituted, story.terms);
    const told = node.unit === "flag" ? (found !== 0n) === (expected !== 0n) : found === expected;
    assert.ok(told, `${name}: ${formula} = ${substituted} gives ${found}, not ${expected}`);
  } else {
    assert.ok(source.words.length > 0, `${name} comes from nowhere`);
    assert.equal(node.inputs.length, 0);
  }
  // A formula without inputs is of literals alone: there is nothing to put in.
  if (node.inputs.length === 0 && node.above === null && formula !== substituted) {
    assert.match(formula ?? "", /'|iff|phase/, `${name}: ${formula} stands without its inputs`);
  }
  return node.inputs.reduce((count, input) => count + checkTree(story, input), 1);
}

/** No amount is explained by itself. */
function checkOrder(amount: Amount, above: readonly string[], done: Set<string>): void {
  assert.ok(!above.includes(amount.key), `${amount.name} is explained by itself`);
  if (done.has(amount.key)) return;
  const path = [...above, amount.key];
  for (const input of amount.formula()?.inputs ?? []) checkOrder(input, path, done);
  done.add(amount.key);
}

/** Checks every tree of a run; gives how many nodes there are. */
export function checkStory(story: RunStory): number {
  const amounts = listAmounts(story);
  const done = new Set<string>();
  for (const amount of amounts) checkOrder(amount, [], done);
  const addresses = amounts.map(({ address }) => address);
  assert.equal(new Set(addresses).size, addresses.length, addresses.join(" "));
  return amounts.reduce((count, amount) => count + checkTree(story, drawTree(amount)), 0);
}
