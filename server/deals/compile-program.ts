/** Parsed steps of one phase -> the flat list of step records. */
import { compileExpression, compileWeights } from "./compile-expression.ts";
import { scopeAt, resolveName } from "./expression-scope.ts";
import type { DealScope, Scope } from "./expression-scope.ts";
import type { StepTerms } from "./deal-terms.ts";
import type { NameNode, ParsedStep } from "./program-syntax.ts";

interface Compilation {
  scope: Scope & { lets: NonNullable<Scope["lets"]>; steps: NonNullable<Scope["steps"]> };
  steps: StepTerms[];
  /** Absolute position of this program's first step. */
  first: number;
  branchCount: number;
}

function blankStep(step: ParsedStep): StepTerms {
  return {
    operation: step.operation,
    mode: step.mode,
    source: 0,
    destination: 0,
    toPayee: false,
    capEach: step.capEach,
    part: step.part,
    list: [],
    amount: null,
    weights: null,
    cap: null,
    label: null,
    clause: step.clause,
    jump: 0,
  };
}

function accountIndex(scope: Scope, account: NameNode | null): number {
  if (account === null) return 0;
  const { text } = account;
  return resolveName(scope, scope.names.accounts, { kind: "account", name: text, place: account });
}

function compileList(scope: Scope, step: ParsedStep): number[] {
  const kind = step.operation === "FEE" ? "fee" : "class";
  const names = step.operation === "FEE" ? scope.names.fees : scope.names.classes;
  const seen = new Set<string>();
  return step.list.map((entry) => {
    if (seen.has(entry.text)) {
      scope.complain(
        entry,
        "repeated-name",
        entry.text,
        `\`${entry.text}\` stands twice in the list`,
      );
    }
    seen.add(entry.text);
    return resolveName(scope, names, { kind, name: entry.text, place: entry });
  });
}

/** The split basis of several payees is a term: it must be said, and said fully. */
function checkMode(scope: Scope, step: ParsedStep): void {
  const { operation, list, mode, weights } = step;
  if (operation !== "FEE" && operation !== "INT" && operation !== "PRIN") return;
  const complain = (message: string) => scope.complain(step, "split-basis", operation, message);
  if (list.length > 1 && mode === "none") {
    const prorata = operation === "PRIN" ? "PRORATA(weight; …)" : "PRORATA";
    complain(`${operation} pays ${list.length} at once; say SEQ or ${prorata}`);
  }
  if (operation === "PRIN" && mode === "PRORATA" && weights.length !== list.length) {
    const each = list.map(({ text }) => `bal.${text}`).join("; ");
    const counts = `PRORATA has ${weights.length} weights for ${list.length} classes`;
    complain(`${counts}; write one each, e.g. PRORATA(${each}) or face. for the original faces`);
  }
  if (operation !== "PRIN" && weights.length > 0) {
    complain(`${operation} PRORATA splits by what is due; leave the weights out`);
  }
}

type Destination = Pick<StepTerms, "destination" | "toPayee">;

/** What the destination of each operation is, beside accounts. */
function namedDestination(
  scope: Scope,
  step: ParsedStep,
  { text, ...place }: NameNode,
): number | null {
  const { names } = scope;
  const resolve = (list: ReadonlyMap<string, number>, kind: string, written = text) =>
    resolveName(scope, list, { kind, name: text, place, written });
  if (step.operation === "BUY") return resolve(names.payees, "payee");
  if (step.operation === "BOOK") return resolve(names.ledgers, "ledger");
  if (step.operation === "TEST") return resolve(names.triggers, "trigger");
  if (step.operation !== "SET") return null;
  if (step.mode !== "VALUE") return resolve(names.phases, "phase");
  const settable = [...names.constants].flatMap(([name, meaning]): [string, number][] =>
    meaning.kind === "settable" ? [[name, meaning.position]] : [],
  );
  return resolve(new Map(settable), "settable constant", `k.${text}`);
}

function compileDestination(scope: Scope, step: ParsedStep): Destination {
  const { destination, source, operation } = step;
  if (destination === null) return { destination: 0, toPayee: false };
  const named = namedDestination(scope, step, destination);
  if (named !== null) return { destination: named, toPayee: operation === "BUY" };
  if (source !== null && destination.text === source.text) {
    const message = `${operation} pays an account into itself; name another account`;
    scope.complain(destination, "same-account", destination.text, message);
  }
  if (operation !== "REST") {
    return { destination: accountIndex(scope, destination), toPayee: false };
  }
  const payee = scope.names.payees.get(destination.text);
  if (payee !== undefined) return { destination: payee, toPayee: true };
  if (scope.names.unpaidParties.has(destination.text)) {
    const message = `${destination.text} is a party that nothing is paid to; write payee: true in parties`;
    scope.complain(destination, "unknown-name", destination.text, message);
    return { destination: 0, toPayee: true };
  }
  const all = new Map([...scope.names.accounts, ...scope.names.payees]);
  const what = { kind: "account or payee", name: destination.text, place: destination };
  return { destination: resolveName(scope, all, what), toPayee: false };
}

/** A label or LET names one thing in a program. */
function defineLabel(work: Compilation, step: ParsedStep, index: number): string | null {
  const { label } = step;
  if (label === null) return null;
  const { scope } = work;
  const { text } = label;
  if (scope.lets.has(text) || scope.steps.has(text)) {
    scope.complain(label, "repeated-name", text, `\`${text}\` is named twice; choose another name`);
  } else if (step.operation === "LET") {
    const branch = scope.branches.at(-1) ?? 0;
    scope.lets.set(text, { slot: scope.lets.size, branch });
  } else scope.steps.set(text, { index, operation: step.operation });
  if (text.includes(".")) {
    scope.complain(label, "bad-name", text, "a label is one plain word without a dot");
  }
  return text;
}

function inBranch(work: Compilation, steps: readonly ParsedStep[]): void {
  work.branchCount += 1;
  work.scope.branches.push(work.branchCount);
  for (const step of steps) addStep(work, step);
  work.scope.branches.pop();
}

function addIf(work: Compilation, step: ParsedStep, record: StepTerms): void {
  work.steps.push(record);
  inBranch(work, step.whenTrue);
  if (step.otherwise !== null) {
    const otherwise: StepTerms = { ...blankStep(step), operation: "ELSE" };
    work.steps.push(otherwise);
    record.jump = work.first + work.steps.length;
    inBranch(work, step.otherwise);
    otherwise.jump = work.first + work.steps.length;
  } else record.jump = work.first + work.steps.length;
}

function isTest(node: ParsedStep["amount"]): boolean {
  if (node === null) return true;
  if (node.kind === "reference") return /^(trig|notice)\./.test(node.text);
  return node.kind === "not" || (node.kind === "binary" && !/^[-+*/]$/.test(node.operator));
}

function addStep(work: Compilation, step: ParsedStep): void {
  const { scope } = work;
  const record = blankStep(step);
  const index = work.first + work.steps.length;
  checkMode(scope, step);
  record.source = accountIndex(scope, step.source);
  record.list = compileList(scope, step);
  Object.assign(record, compileDestination(scope, step));
  if (step.amount !== null) record.amount = compileExpression(scope, step.amount);
  if (step.cap !== null) record.cap = compileExpression(scope, step.cap);
  if (step.weights.length > 0) record.weights = compileWeights(scope, step.weights);
  record.label = defineLabel(work, step, index);
  if (step.operation === "LET" && step.label !== null) {
    record.destination = scope.lets.get(step.label.text)?.slot ?? 0;
  }
  if (step.operation !== "IF") {
    work.steps.push(record);
    return;
  }
  if (!isTest(step.amount)) {
    scope.complain(
      step,
      "not-a-test",
      "IF",
      "the condition is an amount; compare it, e.g. `x > 0`",
    );
  }
  addIf(work, step, record);
}

/** Compiles the steps of one phase, whose first stands at the absolute position `first`. */
export function compileProgram(
  scope: DealScope,
  steps: readonly ParsedStep[],
  first: number,
): StepTerms[] {
  const program = scopeAt(scope, "program");
  const own = { ...program, lets: new Map(), steps: new Map(), branches: [0] };
  const work: Compilation = { scope: own, steps: [], first, branchCount: 0 };
  for (const step of steps) addStep(work, step);
  return work.steps;
}
