/** Compiled programs back in program notation: compiled again, they give the same bytes. */
import type { DealTerms, Expression, PhaseTerms, StepTerms } from "./deal-terms.ts";
import { describeExpression } from "./describe-expression.ts";
import { destinationName } from "./describe-step.ts";

/** What a writer of one step needs: the deal and where the step stands. */
interface Writing {
  terms: DealTerms;
  step: StepTerms;
  say(expression: Expression | null): string;
}

function listOf({ terms, step }: Writing): string {
  const names = step.operation === "FEE" ? terms.fees : terms.classes;
  return step.list.map((id) => names[id]?.name ?? `${id}`).join(", ");
}

/** SEQ, PRORATA and the weights that follow it. */
function modeOf({ step, say }: Writing): string {
  if (step.mode === "SEQ") return " SEQ";
  if (step.mode !== "PRORATA") return "";
  return step.weights === null ? " PRORATA" : ` PRORATA(${say(step.weights)})`;
}

function limitsOf({ step, say }: Writing): string {
  const each = step.capEach ? " CAP EACH" : "";
  return `${each}${step.cap === null ? "" : ` CAP ${say(step.cap)}`}`;
}

function setText({ terms, step, say }: Writing): string {
  if (step.mode === "VALUE") {
    return `SET k.${terms.variables[step.destination]?.name ?? ""} = ${say(step.amount)}`;
  }
  return `SET phase ${terms.phases[step.destination]?.name ?? ""}${step.mode === "NOW" ? " NOW" : ""}`;
}

/** The words of a step without label and clause. */
function stepText(writing: Writing): string {
  const { terms, step, say } = writing;
  const source = terms.accounts[step.source]?.name ?? "";
  const [list, amount, limits] = [listOf(writing), say(step.amount), limitsOf(writing)];
  const paid = `${step.operation} ${source} ->`;
  switch (step.operation) {
    case "LET":
      return `LET ${step.label ?? ""} = ${amount}`;
    case "FEE":
      return `${paid} ${list}${modeOf(writing)}${limits}`;
    case "INT":
      return `${paid} ${list}${modeOf(writing)}${step.part === null ? "" : ` OF ${step.part}`}${limits}`;
    case "PRIN":
      return `${paid} ${list}${modeOf(writing)} UPTO ${amount}${limits}`;
    case "FILL":
      return `${paid} ${destinationName(terms, step)} TO ${amount}${limits}`;
    case "MOVE":
      return `${paid} ${destinationName(terms, step)} UPTO ${amount}${limits}`;
    case "REST":
      return `${paid} ${destinationName(terms, step)}`;
    case "LOSS":
    case "GAIN":
      return `${step.operation} ${amount} -> ${list}`;
    case "BUY":
      return `BUY ${source} UPTO ${amount} FROM ${destinationName(terms, step)}`;
    case "PIK":
      return `PIK ${list}`;
    case "BOOK":
      return `BOOK ${terms.ledgers[step.destination]?.name ?? ""} ${step.mode} ${amount}`;
    case "TEST":
      return `TEST ${terms.triggers[step.destination]?.name ?? ""}`;
    case "SET":
      return setText(writing);
    case "IF":
      return `IF ${amount} {`;
    case "ELSE":
      return "} ELSE {";
  }
}

/** One program, a step a line, the steps of each IF indented; from its first step on. */
function programLines(terms: DealTerms, { firstStep, stepCount }: PhaseTerms): string[] {
  const lines: string[] = [];
  const blockEnds: number[] = [];
  const indent = () => "  ".repeat(blockEnds.length);
  const end = firstStep + stepCount;
  for (let at = firstStep; at <= end; at += 1) {
    const step = at < end ? terms.steps[at] : undefined;
    while (blockEnds.at(-1) === at) {
      blockEnds.pop();
      lines.push(`${indent()}}`);
    }
    if (step === undefined) break;
    if (step.operation === "ELSE") {
      // The IF goes on behind its ELSE, so its block ends one step later than the ELSE stands.
      blockEnds.pop();
      lines.push(`${indent()}} ELSE {`);
      blockEnds.push(step.jump);
      continue;
    }
    const say = (part: Expression | null) =>
      part === null ? "" : describeExpression(terms, part, at);
    const label = step.label === null || step.operation === "LET" ? "" : ` AS ${step.label}`;
    lines.push(`${indent()}${stepText({ terms, step, say })}${label} @ ${step.clause}`);
    if (step.operation === "IF") blockEnds.push(step.jump);
  }
  return lines;
}

/**
 * The sections `phases` and `programs` of a deal file, from the compiled terms alone. A program that
 * several phases run has the name of the first of them: bytes do not hold names of programs.
 */
export function decompilePrograms(terms: DealTerms): string {
  const owner = (phase: PhaseTerms) =>
    terms.phases.find(
      ({ firstStep, stepCount }) => firstStep === phase.firstStep && stepCount === phase.stepCount,
    )?.name ?? phase.name;
  const programs = terms.phases
    .filter((phase) => owner(phase) === phase.name)
    .toSorted((a, b) => a.firstStep - b.firstStep);
  return [
    "phases:",
    ...terms.phases.map((phase) => `  ${phase.name}: ${owner(phase)}`),
    "programs:",
    ...programs.flatMap((phase) => [
      `  ${phase.name}: |`,
      ...programLines(terms, phase).map((line) => `    ${line}`),
    ]),
    "",
  ].join("\n");
}
