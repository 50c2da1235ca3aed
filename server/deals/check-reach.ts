/** Steps that can never run or never pay: their conditions, sources and amounts, proved before any run. */
import { createBounds, isZero, notBelow0, testedPhase } from "./bound-values.ts";
import type { Facts, Range } from "./bound-values.ts";
import type { Refuse } from "./deal-source.ts";
import type { DealFile, ProgramEntry } from "./deal-file.ts";
import { expandTriggers } from "./expand-triggers.ts";
import { flattenSteps } from "./program-syntax.ts";
import type { ExpressionNode, ParsedStep } from "./program-syntax.ts";

type Bounds = ReturnType<typeof createBounds>;

/** One walk through a program. */
interface Walk {
  bounds: Bounds;
  /** Line on which each account was last emptied, for the message. */
  emptied: Map<string, number>;
  warn: Refuse;
}

/** Facts where a condition holds, or where it does not. */
function assume(facts: Facts, node: ExpressionNode, holds: boolean): Facts {
  if (node.kind === "not") return assume(facts, node.operand, !holds);
  if (node.kind === "reference" && /^(trig|notice)\./.test(node.text)) {
    return { ...facts, truths: new Map([...facts.truths, [node.text, holds]]) };
  }
  if (node.kind !== "binary") return facts;
  const isJoint = node.operator === (holds ? "and" : "or");
  if (isJoint) return assume(assume(facts, node.left, holds), node.right, holds);
  const phase = testedPhase(node);
  if (phase === null) return facts;
  const isThis = (phase.operator === "==") === holds;
  const phases = [...facts.phases].filter((name) => (name === phase.name) === isThis);
  return { ...facts, phases: new Set(phases) };
}

/** What holds after either of two ways: only what holds on both. */
function join(a: Facts, b: Facts): Facts {
  return {
    phases: new Set([...a.phases, ...b.phases]),
    truths: new Map([...a.truths].filter(([name, value]) => b.truths.get(name) === value)),
    empty: new Set([...a.empty].filter((account) => b.empty.has(account))),
    capitalised: new Set([...a.capitalised].filter((name) => b.capitalised.has(name))),
    lets: new Map([...a.lets].filter(([name]) => b.lets.has(name))),
  };
}

const PAYS = new Set(["FEE", "INT", "PRIN", "FILL", "MOVE", "REST", "BUY"]);

/** Why a step does nothing; null when it may do something. */
function idleReason(walk: Walk, facts: Facts, step: ParsedStep): string | null {
  const { source, operation, amount, cap } = step;
  if (PAYS.has(operation) && source !== null && facts.empty.has(source.text)) {
    const line = walk.emptied.get(source.text);
    const since =
      line === undefined
        ? "nothing has flowed into it in this run"
        : `it was emptied on line ${line} and nothing has flowed into it since`;
    return `${source.text} has no money here: ${since}`;
  }
  const isCapitalised = step.list.every(({ text }) => facts.capitalised.has(text));
  if (operation === "INT" && step.part === "deferred" && isCapitalised) {
    const names = step.list.map(({ text }) => text).join(", ");
    return `a PIK above has added the deferred interest of ${names} to the balance; pay it before the PIK, or as principal: \`PRIN … -> ${names} UPTO pik.…\``;
  }
  const isNothing = (node: ExpressionNode | null) =>
    node !== null && isZero(notBelow0(walk.bounds.rangeOf(facts, node)));
  if (isNothing(cap)) return "its CAP always comes to 0";
  const moves = PAYS.has(operation) || /^(LOSS|GAIN|BOOK)$/.test(operation);
  return moves && isNothing(amount) ? "its amount always comes to 0" : null;
}

function walkIf(walk: Walk, facts: Facts, step: ParsedStep): Facts {
  const { amount, whenTrue, otherwise } = step;
  if (amount === null) return facts;
  const range = walk.bounds.rangeOf(facts, amount);
  const place = { line: step.line, column: step.column };
  if (isZero(range)) {
    const message =
      "the condition never holds here, so the steps inside never run; take them out or change it";
    walk.warn(place, "never-runs", "IF", message);
    return walkSteps(walk, assume(facts, amount, false), otherwise ?? []);
  }
  if (walk.bounds.isTrue(range)) {
    const message =
      otherwise === null
        ? "the condition always holds here; write the steps without IF"
        : "the condition always holds here, so the steps of ELSE never run; take them out or change it";
    walk.warn(place, "never-runs", otherwise === null ? "IF" : "ELSE", message);
    return walkSteps(walk, assume(facts, amount, true), whenTrue);
  }
  const yes = walkSteps(walk, assume(facts, amount, true), whenTrue);
  const no = walkSteps(walk, assume(facts, amount, false), otherwise ?? []);
  return restore(facts, join(yes, no));
}

/** What an IF assumed counts inside it; behind it only what its steps changed. */
function restore(before: Facts, behind: Facts): Facts {
  const lets = new Map([...behind.lets].filter(([name]) => before.lets.has(name)));
  return { ...behind, lets };
}

/** The account into which a step pays. */
function inflowOf({ operation, destination }: ParsedStep): string | null {
  const isAccount = operation === "FILL" || operation === "MOVE" || operation === "REST";
  return isAccount ? (destination?.text ?? null) : null;
}

function after(walk: Walk, facts: Facts, step: ParsedStep): Facts {
  const { operation, source, label, amount, destination } = step;
  const empty = new Set(facts.empty);
  const inflow = inflowOf(step);
  if (inflow !== null) empty.delete(inflow);
  if (operation === "REST" && source !== null) {
    empty.add(source.text);
    walk.emptied.set(source.text, step.line);
  }
  const lets = new Map(facts.lets);
  if (operation === "LET" && label !== null && amount !== null) {
    lets.set(label.text, notBelow0(walk.bounds.rangeOf(facts, amount)));
  }
  const truths = new Map(facts.truths);
  if (operation === "TEST") truths.delete(`trig.${destination?.text ?? ""}`);
  const phases = new Set(facts.phases);
  if (operation === "SET" && step.mode === "NOW" && destination !== null) {
    phases.clear();
    phases.add(destination.text);
  }
  const capitalised = new Set(facts.capitalised);
  if (operation === "PIK") for (const { text } of step.list) capitalised.add(text);
  return { phases, truths, empty, capitalised, lets };
}

function walkSteps(walk: Walk, start: Facts, steps: readonly ParsedStep[]): Facts {
  let facts = start;
  for (const step of steps) {
    if (step.operation === "IF") {
      facts = walkIf(walk, facts, step);
      continue;
    }
    const reason = idleReason(walk, facts, step);
    if (reason === null) {
      facts = after(walk, facts, step);
      continue;
    }
    const place = { line: step.line, column: step.column };
    walk.warn(place, "never-pays", step.operation, `this step never does anything: ${reason}`);
  }
  return facts;
}

/** Accounts that are surely empty when a run begins: swept in every run, or never paid into. */
function emptyAtStart(file: DealFile): Set<string> {
  const steps = file.programs.flatMap((program) => flattenSteps(program.steps));
  const paidInto = new Set(steps.map(inflowOf));
  return new Set(
    file.accounts
      .filter(({ name, kind, receives, retained, initialDepositCents }) => {
        if (kind === "collection" || receives !== null) return false;
        return !retained || (initialDepositCents === 0n && !paidInto.has(name));
      })
      .map(({ name }) => name),
  );
}

/** Phases into which the deal can come, from its first one on. */
function reachablePhases(file: DealFile): Set<string> {
  const names = file.phases.map(({ name }) => name);
  const reached = new Set(names.slice(0, 1));
  const { transitions } = expandTriggers(file);
  for (let grown = true; grown;) {
    const before = reached.size;
    for (const { from, to } of transitions)
      if (from === "any" || reached.has(from)) reached.add(to);
    for (const { name, program } of file.phases) {
      if (!reached.has(name)) continue;
      const steps = file.programs.find((one) => one.name === program.text)?.steps ?? [];
      for (const step of flattenSteps(steps)) {
        const sets = step.operation === "SET" && step.mode !== "VALUE" && step.destination !== null;
        if (sets) reached.add(step.destination?.text ?? "");
      }
    }
    grown = reached.size > before;
  }
  return reached;
}

/** Money that flows into an account which no step ever pays from. */
function checkLocked(file: DealFile, warn: Refuse): void {
  const steps = file.programs.flatMap((program) => flattenSteps(program.steps));
  for (const { name, place, retained, initialDepositCents, receives } of file.accounts) {
    const flows =
      initialDepositCents > 0n ||
      receives !== null ||
      steps.some((step) => inflowOf(step) === name);
    if (!retained || !flows || steps.some(({ source }) => source?.text === name)) continue;
    const message = `no step of any program pays out of ${name}, so its money stays in it for ever; write \`REST ${name} -> …\` where it is released`;
    warn(place, "locked-account", name, message);
  }
}

function walkProgram(file: DealFile, program: ProgramEntry, warn: Refuse): void {
  const phases = file.phases.filter((phase) => phase.program.text === program.name);
  const start: Facts = {
    phases: new Set(phases.map(({ name }) => name)),
    truths: new Map(),
    empty: emptyAtStart(file),
    capitalised: new Set(),
    lets: new Map<string, Range>(),
  };
  const walk: Walk = { bounds: createBounds(file), emptied: new Map(), warn };
  walkSteps(walk, start, program.steps);
}

/** Warns of phases that are never reached and of steps that never run or never pay. */
export function checkReach(file: DealFile, warn: Refuse): void {
  const reached = reachablePhases(file);
  for (const { name, place } of file.phases) {
    if (reached.has(name)) continue;
    const message = `nothing leads to the phase ${name}, so its program never runs; write a transition to it, an effect or \`SET phase ${name}\``;
    warn(place, "never-runs", name, message);
  }
  for (const program of file.programs) walkProgram(file, program, warn);
  checkLocked(file, warn);
}
