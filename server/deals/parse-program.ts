/** Program text -> steps. Every line is read, whatever is wrong with the ones before it. */
import { complain } from "./deal-source.ts";
import type { DealSource, Place } from "./deal-source.ts";
import { faultAt, peek } from "./parse-expression.ts";
import { emptyStep, parseStep } from "./parse-step.ts";
import { readProgramLine, SyntaxFault } from "./program-tokens.ts";
import type { ProgramLine } from "./program-tokens.ts";
import type { ParsedStep } from "./program-syntax.ts";
import { LIMITS } from "./terms-format.ts";

/** Where parsed steps go: the innermost open block. */
interface Block {
  /** The IF that opened it; null for the program itself. */
  owner: ParsedStep | null;
  steps: ParsedStep[];
}

function requireClause(source: DealSource, line: ProgramLine): void {
  if (line.clause !== null && line.clause !== "") {
    if (new TextEncoder().encode(line.clause).length <= 255) return;
  }
  const value = line.tokens[0]?.text ?? "";
  const message = "the step lacks its clause; write ` @ 8.04(a)(i)` at the end of the line";
  complain(source, line, { code: "clause-missing", value, message });
}

/** `}`, `} ELSE {` or a step, put where it belongs. */
function addLine(source: DealSource, line: ProgramLine, blocks: Block[]): void {
  const words = line.tokens.map((token) => token.text).join(" ");
  const block = blocks.at(-1);
  if (block === undefined) return;
  if (words.startsWith("}") || words.startsWith("ELSE")) {
    const { owner } = block;
    const first = line.tokens[0] ?? peek({ line, at: 0 });
    if (owner === null) throw faultAt(first, "there is no open IF to close here");
    blocks.pop();
    if (words === "}") return;
    if (words !== "} ELSE {" || owner.otherwise !== null) {
      throw faultAt(first, "expected `}` or, once, `} ELSE {` on a line of its own");
    }
    owner.otherwise = [];
    owner.elsePlace = { line: line.line, column: line.column };
    blocks.push({ owner, steps: owner.otherwise });
    return;
  }
  requireClause(source, line);
  const step = parseStep(line);
  block.steps.push(step);
  if (step.operation !== "IF") return;
  if (blocks.length > LIMITS.nesting) {
    const message = `IF nests deeper than ${LIMITS.nesting}; join the conditions by \`and\``;
    complain(source, step, { code: "nesting", value: "IF", message });
  }
  blocks.push({ owner: step, steps: step.whenTrue });
}

/** An IF whose line cannot be read still opens a block, or its `}` would be a second fault. */
function recover(line: { text: string; place: Place }, blocks: Block[]): void {
  if (!/^\s*IF\b|\{\s*(@.*)?$/.test(line.text.replace(/\s#.*$/, ""))) return;
  const owner = emptyStep({ ...line.place, tokens: [], clause: "", clausePlace: line.place }, "IF");
  blocks.push({ owner, steps: owner.whenTrue });
}

/** Parses the lines of one program; faults go to `source.problems`, each with line and column. */
export function parseProgram(
  source: DealSource,
  lines: readonly { text: string; place: Place }[],
): ParsedStep[] {
  const root: Block = { owner: null, steps: [] };
  const blocks: Block[] = [root];
  for (const line of lines) {
    try {
      const read = readProgramLine(line.text, line.place);
      if (read.tokens.length > 0) addLine(source, read, blocks);
      else if (read.clause !== null) throw faultAt(peek({ line: read, at: 0 }), "expected a step");
    } catch (fault) {
      if (!(fault instanceof SyntaxFault)) throw fault;
      const { place, value, message } = fault;
      complain(source, place, { code: "syntax", value, message });
      recover(line, blocks);
    }
  }
  const open = blocks.at(-1)?.owner;
  if (open !== null && open !== undefined) {
    const message = "the block of this IF is not closed; write `}` on a line of its own";
    complain(source, open, { code: "syntax", value: "IF", message });
  }
  return root.steps;
}
