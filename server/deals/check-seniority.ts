/**
 * Where a junior claim may be paid while a more senior one is still unpaid. Seniority is the term of
 * the class: senior, mezzanine, junior. These rules are a structurer's reading of a priority of payments:
 *
 * 1. Interest. A step that pays a class's claim without a CAP meets it for the account that pays: what
 *    the account still holds afterwards is excess. So are an account without money, and the source of a
 *    draw into that account that provably was all that the claim needed (check-draws.ts). Cash from any
 *    other account reopens the claim.
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
import { after, join, paysWhole, unpaid } from "./check-claims.ts";
import type { Claims, State } from "./check-claims.ts";
import { readingOf, referencesIn } from "./check-draws.ts";
import type { Reading } from "./check-draws.ts";
import type { Place } from "./deal-source.ts";
import type { ClassEntry, DealFile, ProgramEntry } from "./deal-file.ts";
import { flattenSteps } from "./program-syntax.ts";
import type { ParsedStep } from "./program-syntax.ts";
import { SENIORITIES } from "./terms-format.ts";

/** One finding, at a step. */
export interface SeniorityNote extends Place {
  program: string;
  operation: string;
  clause: string;
  message: string;
}

interface Walk {
  file: DealFile;
  program: ProgramEntry;
  notes: SeniorityNote[];
  reading: Reading;
  accounts: ReadonlySet<string>;
  /** Classes whose whole balance this program pays once it has come so far (rule 3). */
  whole: ReadonlySet<string>;
}

const rank = ({ seniority }: ClassEntry) => SENIORITIES.indexOf(seniority);

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

/** A PRORATA over several seniorities is told once: its classes are paid at the same time. */
function checkProRata(walk: Walk, step: ParsedStep, what: string): void {
  if (step.mode !== "PRORATA") return;
  const paid = walk.file.classes.filter(({ name }) => step.list.some(({ text }) => text === name));
  if (new Set(paid.map(rank)).size < 2) return;
  const classes = paid.map(({ name, seniority }) => `${name} (${seniority})`).join(", ");
  const message = `${what} of ${classes} is paid pro rata: a junior class may be paid while a more senior one is unpaid`;
  const { line, column, operation, clause } = step;
  walk.notes.push({ line, column, program: walk.program.name, operation, clause, message });
}

/** Labels whose payments an amount takes off. */
function takenOff(walk: Walk, step: ParsedStep): string[] {
  const { lets } = walk.reading;
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
  checkProRata(walk, step, "interest");
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
    note(walk, step, { paid, kind: "interest", open });
    const whole = openClaims(walk, state.principal, { below: rank(entry), account }).filter(
      (claim) => walk.whole.has(claim.entry.name),
    );
    note(walk, step, { paid, kind: "the whole balance, which this program pays,", open: whole });
  }
}

function checkPrincipal(walk: Walk, state: State, step: ParsedStep): void {
  checkProRata(walk, step, "principal");
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
    note(walk, step, { paid, kind: "principal", open });
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
      state = join(yes, no, step.line);
      continue;
    }
    if (step.operation === "INT") checkInterest(walk, state, step);
    else if (step.operation === "PRIN") checkPrincipal(walk, state, step);
    else checkBelow(walk, state, step);
    state = after(walk.reading, state, step);
  }
  return state;
}

const bearsInterest = ({ coupon }: ClassEntry) => coupon.kind !== "fixed" || coupon.wad > 0n;

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
    reading: readingOf(file, program),
    accounts: new Set(file.accounts.map(({ name }) => name)),
    whole: new Set(isFirst ? [] : whole.flatMap(({ list }) => list.map(({ text }) => text))),
  };
  const claimants = file.classes.filter((entry) => bearsInterest(entry) && paid.has(entry.name));
  const [interest, principal] = [unpaid(file, claimants), unpaid(file, file.classes)];
  walkSteps(walk, { interest, principal, draws: [] }, program.steps);
  return walk.notes;
}

/** Every step that may pay a junior claim past a senior one, in the order of the programs. */
export function checkSeniority(file: DealFile): SeniorityNote[] {
  const first = file.phases[0]?.program.text;
  return file.programs.flatMap((program) => checkProgram(file, program, program.name === first));
}
