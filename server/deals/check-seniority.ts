/**
 * Where a junior claim may be paid while a more senior one is still unpaid. Seniority is the term of
 * the class: senior, mezzanine, junior. These rules are a structurer's reading of a priority of payments:
 *
 * 1. Interest. A step that pays a class's claim without a CAP meets it for the account that pays: what
 *    the account still holds afterwards is excess. So are an account without money, and a reserve or
 *    facility that was drawn on into that account before. Cash from any other account reopens the claim.
 *    Interest or principal of a more junior class, the residual, a purchase and the filling of the
 *    reserve are noted while a claim to interest is open. Interest of a junior class before principal of
 *    a senior one is normal and is not.
 * 2. Principal. It is met by a step up to the class's whole balance or all cash of the account, and for a
 *    junior step whose amount takes off what the senior's step paid (`P2 - paid.first`). SEQ pays in its
 *    own order. Principal of a junior class while principal of a senior one is open is noted.
 * 3. A program of a later phase that pays a senior class's whole balance outside an IF (acceleration)
 *    repays it before it pays anyone below: there interest of a more junior class ahead of that
 *    balance is noted, and the residual.
 *
 * They are notes, not errors: pro rata deals and step-downs pay so on purpose.
 */
import type { Place } from "./deal-source.ts";
import type { ClassEntry, DealFile, ProgramEntry } from "./deal-file.ts";
import { flattenSteps } from "./program-syntax.ts";
import type { ExpressionNode, ParsedStep } from "./program-syntax.ts";
import { SENIORITIES } from "./terms-format.ts";

/** One finding, at a step. */
export interface SeniorityNote extends Place {
  program: string;
  operation: string;
  clause: string;
  message: string;
}

/** How far the claims of one class are met; per account what keeps its claim open again. */
interface Claim {
  /** Accounts from which the claim was paid whole, without inflow since. */
  met: ReadonlySet<string>;
  /** Why it is not met from other accounts. */
  reason: string;
  /** Why it is not met from one account, where that has a reason of its own. */
  reopened: ReadonlyMap<string, string>;
}

type Claims = ReadonlyMap<string, Claim>;

interface State {
  interest: Claims;
  principal: Claims;
}

interface Walk {
  file: DealFile;
  program: ProgramEntry;
  notes: SeniorityNote[];
  accounts: ReadonlySet<string>;
  /** Classes whose whole balance this program pays once it has come so far (rule 3). */
  whole: ReadonlySet<string>;
  /** Accounts that were drawn on, by the account that received the draw. */
  draws: Map<string, string[]>;
}

const rank = ({ seniority }: ClassEntry) => SENIORITIES.indexOf(seniority);

/** References in an expression. */
function referencesIn(node: ExpressionNode | null): string[] {
  if (node === null) return [];
  switch (node.kind) {
    case "reference":
      return [node.text];
    case "call":
      return node.args.flatMap(referencesIn);
    case "list":
      return node.items.flatMap(referencesIn);
    case "binary":
      return [...referencesIn(node.left), ...referencesIn(node.right)];
    case "not":
      return referencesIn(node.operand);
    default:
      return [];
  }
}

/** Classes whose whole balance an amount is: `bal.A`, `sumbal(A, B)`, or a sum of such. */
function wholeBalances(node: ExpressionNode | null): string[] {
  if (node === null) return [];
  if (node.kind === "reference") return node.text.startsWith("bal.") ? [node.text.slice(4)] : [];
  if (node.kind === "call" && node.name === "sumbal") return node.args.flatMap(referencesIn);
  if (node.kind === "binary" && node.operator === "+") {
    return [...wholeBalances(node.left), ...wholeBalances(node.right)];
  }
  return [];
}

/** Whether a PRIN may repay every class of its list whole. */
function paysWhole(step: ParsedStep): boolean {
  const balances = new Set(wholeBalances(step.amount));
  return step.cap === null && step.list.every(({ text }) => balances.has(text));
}

/** Whether a PRIN leaves its classes repaid or its account empty. */
function exhausts(step: ParsedStep): boolean {
  const { amount, cap, source } = step;
  const all = amount?.kind === "reference" && amount.text === `acct.${source?.text ?? ""}`;
  return paysWhole(step) || (all && cap === null);
}

function update(claims: Claims, names: readonly string[], change: (claim: Claim) => Claim): Claims {
  const next = new Map(claims);
  for (const name of names) {
    const claim = next.get(name);
    if (claim !== undefined) next.set(name, change(claim));
  }
  return next;
}

/** Cash that comes out of an account from which a claim is open reopens it where the cash goes. */
function flow(claims: Claims, step: ParsedStep, into: string): Claims {
  const from = step.source?.text ?? "";
  const reason = `cash flows from ${from} into ${into} on line ${step.line}, after it was paid`;
  return update(claims, [...claims.keys()], (claim) => {
    const met = new Set(claim.met);
    const reopens = into !== "" && met.has(into) && !met.has(from);
    if (reopens) met.delete(into);
    if (step.operation === "REST") met.add(from); // it is empty now
    const reopened = reopens ? new Map([...claim.reopened, [into, reason]]) : claim.reopened;
    return { ...claim, met, reopened };
  });
}

const meet =
  (accounts: readonly string[]) =>
  ({ met, reopened }: Claim): Claim => ({
    met: new Set([...met, ...accounts]),
    reason: `it was paid from ${accounts[0] ?? ""}, this step pays from another account`,
    reopened: new Map([...reopened].filter(([account]) => !accounts.includes(account))),
  });

const because =
  (reason: string) =>
  (claim: Claim): Claim => ({ ...claim, reason });

/** What one step changes. */
function after(walk: Walk, state: State, step: ParsedStep): State {
  const { operation, source, destination, line, list, cap } = step;
  const names = list.map(({ text }) => text);
  const account = source?.text ?? "";
  const behind = [account, ...(walk.draws.get(account) ?? [])];
  if (operation === "INT" && step.part === null) {
    const limited = `the step that pays it on line ${line} is limited by a CAP`;
    const change = cap === null ? meet(behind) : because(limited);
    return { ...state, interest: update(state.interest, names, change) };
  }
  if (operation === "PRIN") {
    const limited = `the step that pays it on line ${line} pays up to an amount, not its whole balance`;
    const change = exhausts(step) ? meet(behind) : because(limited);
    return { ...state, principal: update(state.principal, names, change) };
  }
  if (source === null || destination === null) return state;
  if (operation !== "FILL" && operation !== "MOVE" && operation !== "REST") return state;
  const into = walk.accounts.has(destination.text) ? destination.text : "";
  if (operation === "MOVE") walk.draws.set(into, [...(walk.draws.get(into) ?? []), account]);
  return {
    interest: flow(state.interest, step, into),
    principal: flow(state.principal, step, into),
  };
}

/** On one of two ways a claim may be open that is met on the other. */
function joinClaims(a: Claims, b: Claims, line: number): Claims {
  return new Map(
    [...a].map(([name, claim]) => {
      const other = b.get(name) ?? claim;
      const either = [...claim.met, ...other.met];
      const met = new Set(either.filter((one) => claim.met.has(one) && other.met.has(one)));
      const split = `it is paid in one branch only of the IF on line ${line}`;
      const known = new Map([...claim.reopened, ...other.reopened]);
      const lost = either.filter((one) => !met.has(one) && !known.has(one));
      const reopened = new Map([...known, ...lost.map((one) => [one, split] as const)]);
      return [name, { met, reason: claim.reason, reopened }];
    }),
  );
}

/** Senior claims that are open where a step pays from an account: each with the reason. */
function openClaims(
  walk: Walk,
  claims: Claims,
  { below, account, but = [] }: { below: number; account: string; but?: readonly string[] },
) {
  return walk.file.classes.flatMap((entry) => {
    const claim = claims.get(entry.name);
    const counts = claim !== undefined && rank(entry) < below && !but.includes(entry.name);
    if (!counts || claim.met.has(account)) return [];
    return [{ entry, reason: claim.reopened.get(account) ?? claim.reason }];
  });
}

type Open = ReturnType<typeof openClaims>;

/** Adds to the findings of a step; classes that are paid past the same claims share a note. */
function note(
  walk: Walk,
  step: ParsedStep,
  { paid, kind, open }: { paid: string; kind: string; open: Open },
): void {
  const [first] = open;
  if (first === undefined) return;
  const classes = open.map(({ entry }) => `${entry.name} (${entry.seniority})`).join(", ");
  const end = ` may be paid while ${kind} of ${classes} is unpaid: ${first.reason}`;
  const { line, column, operation, clause } = step;
  const same = walk.notes.find((one) => one.line === line && one.message.endsWith(end));
  if (same !== undefined) {
    const [, what = "", who = paid] = /^(\w+ of )(.*)$/.exec(paid) ?? [];
    const joined = same.message.startsWith(what) ? who : paid;
    same.message = same.message.replace(end, `, ${joined}${end}`);
    return;
  }
  const message = `${paid}${end}`;
  walk.notes.push({ line, column, program: walk.program.name, operation, clause, message });
}

/** Classes of a list that a PRORATA pays at the same time as a more senior one of the list. */
function besides(walk: Walk, step: ParsedStep, entry: ClassEntry): Open {
  if (step.mode !== "PRORATA") return [];
  return walk.file.classes
    .filter(({ name }) => step.list.some(({ text }) => text === name))
    .filter((other) => rank(other) < rank(entry))
    .map((other) => ({ entry: other, reason: "this step pays them pro rata" }));
}

/** Labels whose payments an amount takes off. */
function takenOff(walk: Walk, step: ParsedStep): string[] {
  const lets = new Map(
    flattenSteps(walk.program.steps)
      .filter(({ operation }) => operation === "LET")
      .map(({ label, amount }) => [label?.text ?? "", amount]),
  );
  const names = new Set<string>();
  const pending = referencesIn(step.amount);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (names.has(name)) continue;
    names.add(name);
    pending.push(...referencesIn(lets.get(name) ?? null));
  }
  return [...names].filter((name) => name.startsWith("paid.")).map((name) => name.slice(5));
}

/** Classes that the steps of the labels pay. */
function classesPaidBy(walk: Walk, labels: readonly string[]): string[] {
  return flattenSteps(walk.program.steps)
    .filter(({ operation, label }) => operation === "PRIN" && labels.includes(label?.text ?? ""))
    .flatMap(({ list }) => list.map(({ text }) => text));
}

function checkInterest(walk: Walk, state: State, step: ParsedStep): void {
  const account = step.source?.text ?? "";
  for (const { text } of step.list) {
    const entry = walk.file.classes.find(({ name }) => name === text);
    if (entry === undefined) continue;
    const inList = step.list.map((one) => one.text);
    const earlier =
      step.mode === "SEQ" && step.cap === null ? inList.slice(0, inList.indexOf(text)) : [];
    const but = [...earlier, ...(step.mode === "PRORATA" ? inList : [])];
    const open = openClaims(walk, state.interest, { below: rank(entry), account, but });
    const paid = `interest of ${entry.name} (${entry.seniority})`;
    note(walk, step, { paid, kind: "interest", open: [...besides(walk, step, entry), ...open] });
    const whole = openClaims(walk, state.principal, { below: rank(entry), account }).filter(
      (claim) => walk.whole.has(claim.entry.name),
    );
    note(walk, step, { paid, kind: "the whole balance, which this program pays,", open: whole });
  }
}

function checkPrincipal(walk: Walk, state: State, step: ParsedStep): void {
  const account = step.source?.text ?? "";
  const less = classesPaidBy(walk, takenOff(walk, step));
  for (const { text } of step.list) {
    const entry = walk.file.classes.find(({ name }) => name === text);
    if (entry === undefined) continue;
    const inList = step.list.map((one) => one.text);
    const earlier = step.mode === "SEQ" ? inList.slice(0, inList.indexOf(text)) : [];
    const but = [...earlier, ...less, ...(step.mode === "PRORATA" ? inList : [])];
    const query = { below: rank(entry), account };
    const paid = `principal of ${entry.name} (${entry.seniority})`;
    note(walk, step, { paid, kind: "interest", open: openClaims(walk, state.interest, query) });
    const open = openClaims(walk, state.principal, { ...query, but });
    note(walk, step, { paid, kind: "principal", open: [...besides(walk, step, entry), ...open] });
  }
}

/** A residual, a purchase or the filling of a reserve: below every class. */
function checkBelow(walk: Walk, state: State, step: ParsedStep): void {
  const { operation, source, destination } = step;
  if (source === null || destination === null) return;
  const toAccount = walk.accounts.has(destination.text);
  const isReserve = walk.file.accounts.some(
    ({ name, kind }) => name === destination.text && kind === "reserve",
  );
  const counts =
    operation === "BUY" ||
    (operation === "REST" && !toAccount) ||
    (operation === "FILL" && isReserve);
  if (!counts) return;
  const query = { below: SENIORITIES.length, account: source.text };
  const what =
    operation === "FILL" ? "the reserve" : operation === "BUY" ? "the seller" : "the residual";
  const paid = `${what} (${destination.text})`;
  note(walk, step, { paid, kind: "interest", open: openClaims(walk, state.interest, query) });
  if (operation !== "REST") return;
  const whole = openClaims(walk, state.principal, query).filter(({ entry }) =>
    walk.whole.has(entry.name),
  );
  note(walk, step, { paid, kind: "the whole balance, which this program pays,", open: whole });
}

function walkSteps(walk: Walk, start: State, steps: readonly ParsedStep[]): State {
  let state = start;
  for (const step of steps) {
    if (step.operation === "IF") {
      const yes = walkSteps(walk, state, step.whenTrue);
      const no = walkSteps(walk, state, step.otherwise ?? []);
      state = {
        interest: joinClaims(yes.interest, no.interest, step.line),
        principal: joinClaims(yes.principal, no.principal, step.line),
      };
      continue;
    }
    if (step.operation === "INT") checkInterest(walk, state, step);
    else if (step.operation === "PRIN") checkPrincipal(walk, state, step);
    else checkBelow(walk, state, step);
    state = after(walk, state, step);
  }
  return state;
}

const bearsInterest = ({ coupon }: ClassEntry) => coupon.kind !== "fixed" || coupon.wad > 0n;

/** Nothing is met yet but in accounts that have no money when a run begins. */
function unpaid(file: DealFile, classes: readonly ClassEntry[]): Claims {
  const empty = file.accounts.filter(
    ({ kind, retained, receives }) => kind !== "collection" && !retained && receives === null,
  );
  const claim: Claim = {
    met: new Set(["", ...empty.map(({ name }) => name)]),
    reason: "no step above pays it",
    reopened: new Map(),
  };
  return new Map(classes.map(({ name }) => [name, claim]));
}

/** Classes that bear interest which no step of a program pays: told once, not at every step. */
function neverPaid(file: DealFile, { steps, ...program }: ProgramEntry): SeniorityNote[] {
  const paid = flattenSteps(steps).filter(({ operation }) => operation === "INT");
  const names = paid.flatMap(({ list }) => list.map(({ text }) => text));
  const missing = file.classes.filter(
    (entry) => bearsInterest(entry) && !names.includes(entry.name),
  );
  if (missing.length === 0 || names.length === 0) return [];
  const classes = missing.map(({ name, seniority }) => `${name} (${seniority})`).join(", ");
  const message = `no step of program ${program.name} pays interest of ${classes}`;
  return [
    { ...program.place, program: program.name, operation: program.name, clause: "", message },
  ];
}

function checkProgram(file: DealFile, program: ProgramEntry, isFirst: boolean): SeniorityNote[] {
  const all = flattenSteps(program.steps);
  const whole = program.steps.filter((step) => step.operation === "PRIN" && paysWhole(step));
  const paid = new Set(
    all
      .filter(({ operation }) => operation === "INT")
      .flatMap(({ list }) => list.map(({ text }) => text)),
  );
  const walk: Walk = {
    file,
    program,
    notes: neverPaid(file, program),
    accounts: new Set(file.accounts.map(({ name }) => name)),
    whole: new Set(isFirst ? [] : whole.flatMap(({ list }) => list.map(({ text }) => text))),
    draws: new Map(),
  };
  const claimants = file.classes.filter((entry) => bearsInterest(entry) && paid.has(entry.name));
  const start = { interest: unpaid(file, claimants), principal: unpaid(file, file.classes) };
  walkSteps(walk, start, program.steps);
  return walk.notes;
}

/** Every step that may pay a junior claim past a senior one, in the order of the programs. */
export function checkSeniority(file: DealFile): SeniorityNote[] {
  const first = file.phases[0]?.program.text;
  return file.programs.flatMap((program) => checkProgram(file, program, program.name === first));
}
