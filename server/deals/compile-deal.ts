/** A deal file's text -> checked terms and their bytes: the one way in for a deal. Pure. */
import { keccak256 } from "ethers";
import { isMap, isSeq } from "yaml";
import { SECONDS_PER_DAY } from "../lib/dates.ts";
import { DAY_COUNT_DENOMINATORS } from "../lib/day-counts.ts";
import { calculateCalendar } from "./calculate-calendar.ts";
import { checkDeal } from "./check-deal.ts";
import { compileExpression } from "./compile-expression.ts";
import type { DealNames, Scope } from "./compile-expression.ts";
import { compileProgram } from "./compile-program.ts";
import { complain, openDealSource } from "./deal-source.ts";
import type { DealProblem, DealSource, Place } from "./deal-source.ts";
import type { AccrualBasis, DealFile } from "./deal-file.ts";
import type { DealTerms, PhaseTerms, StepTerms, TransitionTerms } from "./deal-terms.ts";
import { encodeTerms } from "./encode-terms.ts";
import { DEAL_SCHEMA, readDealFile } from "./read-deal-file.ts";
import { LIMITS, MAX_CODE_SIZE } from "./terms-format.ts";

export interface CompiledDeal {
  file: DealFile;
  terms: DealTerms;
  /** The compiled terms, format 2, and their keccak256 (0x-hex). */
  bytes: Uint8Array;
  termsHash: string;
}

export interface Compilation {
  /** Null when there is at least one error. */
  deal: CompiledDeal | null;
  /** Errors and warnings in the order of the file. */
  problems: DealProblem[];
}

function positions(entries: readonly { name: string }[]): Map<string, number> {
  return new Map(entries.map(({ name }, i) => [name, i]));
}

/** Names of everything; the cut-off balance is a constant that every deal has. */
function namesOf(file: DealFile): DealNames {
  return {
    classes: positions(file.classes),
    fees: positions(file.fees),
    accounts: positions(file.accounts),
    caps: positions(file.caps),
    figures: positions(file.figures),
    constants: positions(namedConstants(file)),
    payees: positions(file.parties.filter((party) => party.payee)),
  };
}

/** `k.cutOffBalance` comes from the pool's terms, so that it cannot be stated twice. */
function namedConstants(file: DealFile): { name: string; value: bigint }[] {
  const cutOff = { name: "cutOffBalance", value: file.pool.cutOffBalanceCents };
  return [cutOff, ...file.constants.map(({ name, value }) => ({ name, value }))];
}

/** Distinct pairs of day count and dates, in order of first use. */
function collectBases(file: DealFile): AccrualBasis[] {
  const bases: AccrualBasis[] = [];
  const rated = [...file.classes, ...file.fees.filter((fee) => fee.kind === "rate")];
  for (const { dayCount, accrualDates } of rated) {
    if (findBasis(bases, { dayCount, accrualDates }) === -1) bases.push({ dayCount, accrualDates });
  }
  return bases;
}

function findBasis(bases: readonly AccrualBasis[], wanted: AccrualBasis): number {
  return bases.findIndex(
    (basis) => basis.dayCount === wanted.dayCount && basis.accrualDates === wanted.accrualDates,
  );
}

type Base = Omit<Scope, "lets" | "steps" | "branches">;

function createScope(source: DealSource, names: DealNames, constants: bigint[]): Base {
  const literals = new Map<bigint, number>();
  return {
    names,
    literal(value) {
      const known = literals.get(value);
      if (known !== undefined) return known;
      literals.set(value, constants.push(value) - 1);
      return constants.length - 1;
    },
    complain: (place: Place, code, value, message) =>
      complain(source, place, { code, value, message }),
  };
}

function compilePhases(scope: Base, file: DealFile): { phases: PhaseTerms[]; steps: StepTerms[] } {
  const phases: PhaseTerms[] = [];
  const steps: StepTerms[] = [];
  for (const program of file.programs) {
    const compiled = compileProgram(scope, program.steps, steps.length);
    if (compiled.length > LIMITS.stepsPerProgram) {
      const message = `the program has ${compiled.length} steps; the limit is ${LIMITS.stepsPerProgram}`;
      scope.complain(program.place, "too-many", program.name, message);
    }
    phases.push({ name: program.name, firstStep: steps.length, stepCount: compiled.length });
    steps.push(...compiled);
  }
  return { phases, steps };
}

function compileTransitions(scope: Base, file: DealFile): TransitionTerms[] {
  const phases = positions(file.programs);
  return file.transitions.map((transition) => {
    const phase = (name: string, place: Place): number => {
      const index = phases.get(name);
      if (index !== undefined) return index;
      const known = [...phases.keys()].join(", ");
      const message = `there is no phase \`${name}\`; known: ${known}`;
      scope.complain(place, "unknown-name", name, message);
      return 0;
    };
    const own: Scope = { ...scope, lets: null, steps: null, branches: [] };
    return {
      from: phase(transition.from, transition.places.from),
      to: phase(transition.to, transition.places.to),
      at: "after",
      when: compileExpression(own, transition.when),
      clause: transition.clause,
    };
  });
}

function compileParties(file: DealFile, names: DealNames, bases: readonly AccrualBasis[]) {
  const index = (map: ReadonlyMap<string, number>, name: string) => map.get(name) ?? 0;
  const classes = file.classes.map((entry) => ({
    name: entry.name,
    seniority: entry.seniority,
    faceCents: entry.faceCents,
    couponWad: entry.couponWad,
    coupon: null,
    availableFundsCap: null,
    basis: findBasis(bases, entry),
    rounding: entry.rounding,
    interestOnShortfall: entry.interestOnShortfall,
    interestOnDeferred: false,
    interestOnCarryOver: false,
    deferrable: false,
    lanes: { deferred: null, carryOver: null, pik: null },
    componentOrder: entry.componentOrder,
    finalDay: entry.finalDay,
  }));
  const fees = file.fees.map((fee) => ({
    name: fee.name,
    kind: fee.kind,
    amount: fee.amount,
    rounding: fee.rounding,
    basis: fee.kind === "rate" ? findBasis(bases, fee) : 0,
    payee: index(names.payees, fee.payee),
    baseFigure: fee.kind === "rate" ? index(names.figures, fee.on) : null,
    expression: null,
    cap: fee.cap === null ? null : index(names.caps, fee.cap),
  }));
  const accounts = file.accounts.map(({ name, retained, initialDepositCents }) => ({
    name,
    retained,
    facility: false,
    receives: null,
    initialDepositCents,
  }));
  const caps = file.caps.map(({ name, cents, year }) => ({ name, cents, year }));
  const figures = file.figures.map(({ name, minimum, maximum }) => ({ name, minimum, maximum }));
  return { classes, fees, accounts, caps, figures };
}

function compileTerms(source: DealSource, file: DealFile): DealTerms {
  const names = namesOf(file);
  const bases = collectBases(file);
  const named = namedConstants(file);
  const constants = named.map(({ value }) => value);
  const scope = createScope(source, names, constants);
  const { phases, steps } = compilePhases(scope, file);
  const reserve = file.accounts.findIndex((account) => account.kind === "reserve");
  return {
    dealId: file.id,
    payees: [...names.payees.keys()],
    constantNames: named.map(({ name }) => name),
    ...compileParties(file, names, bases),
    transitions: compileTransitions(scope, file),
    phases,
    steps,
    ledgers: [],
    variables: [],
    series: [],
    triggers: [],
    indices: [],
    notices: [],
    schedules: [],
    buys: false,
    constants,
    bases: bases.map(({ dayCount }) => DAY_COUNT_DENOMINATORS[dayCount]),
    calendar: calculateCalendar(file.calendar, bases),
    collectionAccount: file.accounts.findIndex((account) => account.kind === "collection"),
    reserveAccount: reserve === -1 ? null : reserve,
    cashDecimals: file.cashDecimals,
    splitRounding: file.splitRounding,
    closingTime: file.calendar.closing * SECONDS_PER_DAY + file.calendar.times.closing,
    holderCapBps: file.holderCapBps,
    graceSeconds: file.calendar.graceDays * SECONDS_PER_DAY,
    cutOffBalanceCents: file.pool.cutOffBalanceCents,
    cutOffLoans: file.pool.cutOffLoans,
  };
}

/** Runtime code: STOP, terms, then the addresses of cash token, class tokens and payees. */
function checkSize(source: DealSource, terms: DealTerms, size: number): void {
  const code = 1 + size + 20 * (1 + terms.classes.length + terms.payees.length);
  if (code <= MAX_CODE_SIZE) return;
  const message = `the deal compiles to ${code} bytes of code; the limit is ${MAX_CODE_SIZE}: shorten the calendar or the programs`;
  complain(source, { line: 1, column: 1 }, { code: "too-large", value: `${code}`, message });
}

function inFileOrder(problems: readonly DealProblem[]): DealProblem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

/** What is no map of terms lacks every term: that is one fault, not twenty. */
function refuseWhole(source: DealSource): Compilation {
  const { root } = source;
  if (!hasErrors(source)) {
    const what = root === null ? "is empty" : isSeq(root) ? "is a list" : "is one value";
    const message = `the deal file ${what}; write its terms as \`name: …\`, one a line, beginning with \`schema: ${DEAL_SCHEMA}\``;
    complain(source, source.placeOf(root), { code: "not-a-map", value: "", message });
  }
  return { deal: null, problems: inFileOrder(source.problems) };
}

const hasErrors = (source: DealSource) =>
  source.problems.some((problem) => problem.severity === "error");

/**
 * Reads, checks and compiles a deal file. All faults come back at once; the deal is null when one
 * of them is an error. Equal files give equal bytes.
 */
export function compileDeal(text: string): Compilation {
  const source = openDealSource(text);
  if (!isMap(source.root)) return refuseWhole(source);
  const file = readDealFile(source);
  const shapeIsSound = !hasErrors(source);
  const terms = compileTerms(source, file);
  checkDeal(source, file, { terms, shapeIsSound });
  if (hasErrors(source)) return { deal: null, problems: inFileOrder(source.problems) };
  const bytes = encodeTerms(terms);
  checkSize(source, terms, bytes.length);
  const problems = inFileOrder(source.problems);
  if (hasErrors(source)) return { deal: null, problems };
  return { deal: { file, terms, bytes, termsHash: keccak256(bytes) }, problems };
}
