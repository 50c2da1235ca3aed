/** A deal file's text -> checked terms and their bytes: the one way in for a deal. Pure. */
import { keccak256 } from "ethers";
import { isMap, isSeq } from "yaml";
import { SECONDS_PER_DAY } from "../lib/dates.ts";
import { dayCountDenominator } from "../lib/day-counts.ts";
import { buildNotes } from "./build-notes.ts";
import { calculateCalendar } from "./calculate-calendar.ts";
import { checkDeal } from "./check-deal.ts";
import * as parties from "./compile-parties.ts";
import { compileProgram } from "./compile-program.ts";
import { compileReporting } from "./compile-reporting.ts";
import { compileSchedules } from "./compile-schedules.ts";
import * as triggers from "./compile-triggers.ts";
import { complain, openDealSource } from "./deal-source.ts";
import type { DealProblem, DealSource, Place } from "./deal-source.ts";
import type { AccrualBasis, DealFile } from "./deal-file.ts";
import type { ValueUnit } from "./deal-notes.ts";
import type { DealTerms, PhaseTerms, StepTerms } from "./deal-terms.ts";
import { encodeTerms } from "./encode-terms.ts";
import { expandTriggers } from "./expand-triggers.ts";
import { resolveName } from "./expression-scope.ts";
import type { DealNames, DealScope } from "./expression-scope.ts";
import { dealBuys, fixedConstants, layOutDeal, nameDeal, settableConstants } from "./name-deal.ts";
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

/** What grows while expressions are compiled: literals, day-count bases, depths of series. */
interface Tables {
  constants: bigint[];
  /** How each constant is written. */
  units: ValueUnit[];
  bases: AccrualBasis[];
  depths: Map<number, number>;
}

/** Position of a basis, which is added where it is new. */
function basisIn(bases: AccrualBasis[], { dayCount, accrualDates }: AccrualBasis): number {
  const known = bases.findIndex(
    (basis) => basis.dayCount === dayCount && basis.accrualDates === accrualDates,
  );
  return known === -1 ? bases.push({ dayCount, accrualDates }) - 1 : known;
}

function createScope(
  complainOf: DealScope["complain"],
  names: DealNames,
  tables: Tables,
): DealScope {
  const { constants, units, bases, depths } = tables;
  const literals = new Map<string, number>();
  return {
    names,
    literal(value, unit) {
      const key = `${unit} ${value}`;
      const known = literals.get(key);
      if (known !== undefined) return known;
      units.push(unit);
      literals.set(key, constants.push(value) - 1);
      return constants.length - 1;
    },
    basis: (basis) => basisIn(bases, basis),
    useSeries: (series, depth) => {
      depths.set(series, Math.max(depth, depths.get(series) ?? 1));
    },
    complain: complainOf,
  };
}

/** Programs end to end; phases that share one point at the same steps. */
function compilePhases(
  scope: DealScope,
  file: DealFile,
): { phases: PhaseTerms[]; steps: StepTerms[] } {
  const steps: StepTerms[] = [];
  const programs = file.programs.map((program) => {
    const compiled = compileProgram(scope, program.steps, steps.length);
    if (compiled.length > LIMITS.stepsPerProgram) {
      const message = `the program has ${compiled.length} steps; the limit is ${LIMITS.stepsPerProgram}`;
      scope.complain(program.place, "too-many", program.name, message);
    }
    const firstStep = steps.length;
    steps.push(...compiled);
    return { firstStep, stepCount: compiled.length };
  });
  const positions = new Map(file.programs.map(({ name }, i) => [name, i]));
  const phases = file.phases.map(({ name, program: { text, ...place } }) => {
    const program = resolveName(scope, positions, { kind: "program", name: text, place });
    return { name, ...(programs[program] ?? { firstStep: 0, stepCount: 0 }) };
  });
  return { phases, steps };
}

function headOf(file: DealFile) {
  const reserve = file.accounts.findIndex((account) => account.kind === "reserve");
  return {
    dealId: file.id,
    collectionAccount: file.accounts.findIndex((account) => account.kind === "collection"),
    reserveAccount: reserve === -1 ? null : reserve,
    cashDecimals: file.cashDecimals,
    splitRounding: file.splitRounding,
    closingTime: file.calendar.closing * SECONDS_PER_DAY + file.calendar.times.closing,
    holderCapBps: file.holderCapBps,
    graceSeconds: file.calendar.graceDays * SECONDS_PER_DAY,
    cutOffBalanceCents: file.pool.cutOffBalanceCents,
    cutOffLoans: file.pool.cutOffLoans,
    buys: dealBuys(file),
  };
}

function compileTerms(source: DealSource, file: DealFile): DealTerms {
  const complainOf = (place: Place, code: string, value: string, message: string) =>
    complain(source, place, { code, value, message });
  const expanded = expandTriggers(file);
  const schedules = compileSchedules(file, { complain: complainOf });
  const names = nameDeal(file, expanded, schedules);
  const fixed = fixedConstants(file);
  const tables: Tables = {
    constants: fixed.map(({ value }) => value),
    units: fixed.map(({ unit }) => unit),
    bases: [],
    depths: new Map(),
  };
  const scope = createScope(complainOf, names, tables);
  const layout = layOutDeal(file);
  const classes = parties.compileClasses(scope, file, schedules);
  const fees = parties.compileFees(scope, file);
  const programs = compilePhases(scope, file);
  const seriesValues = triggers.compileSeriesValues(scope, expanded);
  const state = {
    triggers: triggers.compileTriggers(scope, expanded, layout.triggers),
    transitions: triggers.compileTransitions(scope, expanded),
  };
  return {
    ...headOf(file),
    payees: [...names.payees.keys()],
    constantNames: fixed.map(({ name }) => name),
    classes,
    fees,
    accounts: parties.compileAccounts(scope, file),
    caps: file.caps.map(({ name, cents, year }) => ({ name, cents, year })),
    figures: file.figures.map(({ name, minimum, maximum, measures }) => ({
      ...{ name, minimum, maximum },
      flow: measures === "period",
    })),
    notices: parties.compileNotices(scope, file),
    reporting: compileReporting(scope, file),
    indices: parties.compileIndices(file),
    ledgers: file.ledgers.map(({ text }) => ({ name: text })),
    variables: settableConstants(file),
    schedules,
    ...programs,
    ...state,
    // Only now is it known how far back each series is read.
    series: triggers.placeSeries(seriesValues, tables.depths, layout.series),
    constants: tables.constants,
    notes: buildNotes(file, { ...tables, schedules }),
    bases: tables.bases.map(({ dayCount }) => dayCountDenominator(dayCount, file.calendar.months)),
    calendar: calculateCalendar(
      file.calendar,
      tables.bases,
      file.indices.flatMap(({ feed }) => feed ?? []),
    ),
  };
}

/** Runtime code: STOP, terms, then the addresses of cash token, class tokens and payees. */
function checkSize(source: DealSource, terms: DealTerms, size: number): void {
  const code = 1 + size + 20 * (1 + terms.classes.length + terms.payees.length);
  if (code <= MAX_CODE_SIZE) return;
  const message = `the deal compiles to ${code} bytes of code; the limit is ${MAX_CODE_SIZE}: shorten the calendar or the programs`;
  complain(source, { line: 1, column: 1 }, { code: "too-large", value: `${code}`, message });
}

/** The bytes of checked terms; a deal that is too large for them gets a problem instead. */
function encodeWithin(source: DealSource, terms: DealTerms): Uint8Array {
  try {
    const bytes = encodeTerms(terms);
    checkSize(source, terms, bytes.length);
    return bytes;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = `the deal does not fit its compiled form (${error.message}): shorten the calendar or the programs`;
    complain(source, { line: 1, column: 1 }, { code: "too-large", value: "", message });
    return new Uint8Array();
  }
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
  const tabs = source.problems.filter(({ code }) => code === "tab");
  return { deal: null, problems: inFileOrder(tabs.length > 0 ? tabs : source.problems) };
}

const hasErrors = (source: DealSource) =>
  source.problems.some((problem) => problem.severity === "error");

/**
 * Reads, checks and compiles a deal file. All faults come back at once; the deal is null when one
 * of them is an error. Equal files give equal bytes.
 */
export function compileDeal(text: string): Compilation {
  const source = openDealSource(text);
  // A broken YAML has lost terms, which would all be missed.
  if (!isMap(source.root) || hasErrors(source)) return refuseWhole(source);
  const file = readDealFile(source);
  const shapeIsSound = !hasErrors(source);
  const terms = compileTerms(source, file);
  checkDeal(source, file, { terms, shapeIsSound });
  if (hasErrors(source)) return { deal: null, problems: inFileOrder(source.problems) };
  const bytes = encodeWithin(source, terms);
  const problems = inFileOrder(source.problems);
  if (hasErrors(source)) return { deal: null, problems };
  return { deal: { file, terms, bytes, termsHash: keccak256(bytes) }, problems };
}
