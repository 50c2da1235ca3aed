/** Money may not be stranded: every account is swept by REST or declared retained. */
import type { Refuse } from "./deal-source.ts";
import type { DealFile } from "./deal-file.ts";
import { flattenSteps } from "./program-syntax.ts";
import type { ExpressionNode, ParsedStep } from "./program-syntax.ts";

/** Accounts that are surely empty after the steps, given those that were before. */
function emptyAfter(steps: readonly ParsedStep[], before: ReadonlySet<string>): Set<string> {
  let empty = new Set(before);
  for (const step of steps) {
    if (step.operation === "IF") {
      const yes = emptyAfter(step.whenTrue, empty);
      const no = emptyAfter(step.otherwise ?? [], empty);
      empty = new Set([...yes].filter((account) => no.has(account)));
      continue;
    }
    if (step.operation === "REST" && step.source !== null) empty.add(step.source.text);
    const inflow = /^(FILL|MOVE|REST)$/.test(step.operation);
    if (inflow && step.destination !== null) empty.delete(step.destination.text);
  }
  return empty;
}

/** Caps that an amount reads by capLeft. */
function capsIn(node: ExpressionNode): string[] {
  switch (node.kind) {
    case "reference":
      return node.text.startsWith("capLeft.") ? [node.text.slice("capLeft.".length)] : [];
    case "call":
      return node.args.flatMap(capsIn);
    case "binary":
      return [...capsIn(node.left), ...capsIn(node.right)];
    case "not":
      return capsIn(node.operand);
    case "list":
      return node.items.flatMap(capsIn);
    case "number":
    case "text":
      return [];
  }
}

/** A FEE limited by capLeft.x must use up cap x, or the cap would never bind. */
function checkCappedFees(file: DealFile, step: ParsedStep, refuse: Refuse): void {
  if (step.operation !== "FEE" || step.cap === null) return;
  for (const cap of capsIn(step.cap)) {
    for (const { text, line, column } of step.list) {
      const fee = file.fees.find(({ name }) => name === text);
      if (fee === undefined || fee.cap === cap) continue;
      const message = `fee ${text} is paid under capLeft.${cap} but its cap is ${fee.cap ?? "none"}; write cap: ${cap} in the fee`;
      refuse({ line, column }, "cap-mismatch", text, message);
    }
  }
}

/** Complains of every program that can strand money, and of caps that would never be used up. */
export function checkSweeps(file: DealFile, refuse: Refuse): void {
  for (const program of file.programs) {
    const empty = emptyAfter(program.steps, new Set());
    for (const { name, retained } of file.accounts) {
      if (retained || empty.has(name)) continue;
      const message = `program ${program.name} can leave money in ${name}; end it with \`REST ${name} -> …\` or declare the account retained: true`;
      refuse(program.place, "not-swept", name, message);
    }
    for (const step of flattenSteps(program.steps)) checkCappedFees(file, step, refuse);
  }
}
