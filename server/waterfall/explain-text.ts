/** A tree of an explanation as text: one amount a block, what went into it indented below. */
import type { ExplanationNode } from "./explain-node.ts";
import { groupDigits } from "./explain-units.ts";

/** "9,876.54", "1.25179 %", "'EARLY'", "yes (1)". */
function valueText({ unit, value }: ExplanationNode): string {
  if (unit === "money") return groupDigits(value);
  if (unit === "percent") return `${value} %`;
  if (unit === "flag") return value === "0" ? "no" : "yes";
  return value;
}

/** Where an explanation goes on in another period. */
function elsewhere({ source }: ExplanationNode): string {
  const { period, amount } = source;
  return period === undefined || amount === undefined ? "" : ` -> ${period} ${amount}`;
}

function blockOf(node: ExplanationNode): string[] {
  const clause = node.clause === null || node.clause === "" ? "" : ` [${node.clause}]`;
  const head = `${node.name} = ${valueText(node)}`;
  if (node.above !== null) {
    return [`${head}  (explained above${node.above === node.name ? "" : ` as ${node.above}`})`];
  }
  const lines = [`${head}  ${node.words}${clause}`];
  const own = node.formula !== null && node.formula !== node.name;
  if (own) lines.push(`    = ${node.formula}`);
  if (own && node.substituted !== node.formula && node.substituted !== valueText(node)) {
    lines.push(`    = ${node.substituted}`);
  }
  if (node.formula === null) lines.push(`    from: ${node.source.words}${elsewhere(node)}`);
  return lines;
}

/** The tree as indented text. */
export function formatExplanation(node: ExplanationNode, level = 0): string {
  const indent = "  ".repeat(level);
  const lines = blockOf(node).map((line) => `${indent}${line}\n`);
  const inputs = node.inputs.map((input) => formatExplanation(input, level + 1));
  return [...lines, ...inputs].join("");
}
