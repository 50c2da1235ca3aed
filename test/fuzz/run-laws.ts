/** What holds on every run, whatever the deal and its state: worked out again from the records. */
import type { DealTerms, StepTerms } from "../../server/deals/deal-terms.ts";
import { AVAILABLE_FUNDS, COMPONENTS, OPCODE } from "../../server/deals/terms-format.ts";
import type { Payment, StepRecord } from "../../server/waterfall/run-memory.ts";
import type { WaterfallRun } from "../../server/waterfall/run-waterfall.ts";
import { MAX_CENTS } from "../../server/waterfall/waterfall-state.ts";
import type { GivenRun } from "./engine-calls.ts";

const at = (list: readonly bigint[], i: number) => list[i] ?? 0n;
const total = (values: readonly bigint[]) => values.reduce((sum, value) => sum + value, 0n);
const smaller = (a: bigint, b: bigint) => (a < b ? a : b);

/** What each kind of law says, with the promises that it keeps. */
export const LAWS = {
  cash: "[W3] cash in is cash out plus what stays",
  claims: "[W12] nothing is paid above what is due or there, and no balance goes below zero",
  splits: "[W12] shares add up, in order or within a cent of the exact share, within the caps",
  carry: "[W4] [F1] what is not paid is carried: interest as shortfall, fees as they are",
} as const;

/** A law that a run breaks. */
export interface BrokenLaw {
  kind: keyof typeof LAWS;
  what: string;
}

/** Running amounts, told from the movements alone. */
interface Ledger {
  terms: DealTerms;
  balances: bigint[];
  written: bigint[];
  /** By class, in the order of COMPONENTS. */
  claims: bigint[][];
  feesDue: bigint[];
  capsUsed: bigint[];
  broken: string[];
}

function lower(ledger: Ledger, what: string, [list, i]: [bigint[], number], cents: bigint): void {
  list[i] = at(list, i) - cents;
  if (at(list, i) < 0n)
    ledger.broken.push(`${what} ${i} falls below zero by ${-at(list, i)} cents`);
}

const paysFees = ({ capEach, cap }: StepTerms) => capEach || cap !== null;

/** Books one movement; whatever is paid was there, due or outstanding. */
function book(ledger: Ledger, step: StepTerms, { kind, to, cents, component }: Payment): void {
  const { balances, written, claims, feesDue, capsUsed, terms } = ledger;
  const part = component === undefined ? -1 : COMPONENTS.indexOf(component);
  switch (kind) {
    case "fee": {
      lower(ledger, "due of fee", [feesDue, to], cents);
      const cap = terms.fees[to]?.cap ?? null;
      if (cap !== null && paysFees(step)) capsUsed[cap] = at(capsUsed, cap) + cents;
      return;
    }
    case "interest":
      return lower(ledger, `claim of class ${to}, part`, [claims[to] ?? [], part], cents);
    case "capitalised":
      balances[to] = at(balances, to) + cents;
      return lower(ledger, `claim of class ${to}, part`, [claims[to] ?? [], part], cents);
    case "principal":
      return lower(ledger, "balance of class", [balances, to], cents);
    case "write-down":
      written[to] = at(written, to) + cents;
      return lower(ledger, "balance of class", [balances, to], cents);
    case "write-up":
      balances[to] = at(balances, to) + cents;
      return lower(ledger, "write-down of class", [written, to], cents);
    default:
  }
}

/** What each entry of the list may ask of the step. */
function demandsOf({ terms, claims, feesDue, balances }: Ledger, step: StepTerms): bigint[] {
  return step.list.map((id) => {
    if (step.operation === "FEE") return at(feesDue, id);
    if (step.operation === "PRIN") return at(balances, id);
    const claim = claims[id] ?? [];
    const order = terms.classes[id]?.componentOrder ?? [];
    if (step.part === null) return total(order.map((part) => at(claim, COMPONENTS.indexOf(part))));
    return order.includes(step.part) ? 0n : at(claim, COMPONENTS.indexOf(step.part));
  });
}

/** Weights that are the balances themselves, as most deals have them. */
function sharesByDemand(step: StepTerms): boolean {
  if (step.operation !== "PRIN") return !step.capEach;
  const { weights, list } = step;
  if (weights === null) return true;
  const balances = list.every((id, i) => {
    return weights[i]?.code === OPCODE.BAL && weights[i].operand === id;
  });
  return balances && weights.length === list.length;
}

/** The split: exact in sum, in order or within a cent of the exact share. */
function checkSplit(ledger: Ledger, step: StepTerms, record: StepRecord): string[] {
  const demands = demandsOf(ledger, step);
  const paid = step.list.map((id) =>
    total(record.payments.filter(({ to }) => to === id).map(({ cents }) => cents)),
  );
  const broken: string[] = [];
  if (total(paid) !== record.paid) broken.push(`shares add up to ${total(paid)}`);
  if (paid.some((cents, i) => cents > at(demands, i))) broken.push("a claim is overpaid");
  const whole = total(demands);
  const asked = step.operation === "PRIN" ? smaller(record.demand, whole) : whole;
  const plain = step.cap === null && !step.capEach;
  const inOrder = step.mode !== "PRORATA";
  if (plain && (inOrder || sharesByDemand(step)) && record.paid !== smaller(record.before, asked)) {
    broken.push(`${record.paid} of ${asked} is paid out of ${record.before}`);
  }
  if (inOrder && !step.capEach) {
    const short = paid.findIndex((cents, i) => cents < at(demands, i));
    if (short !== -1 && paid.slice(short + 1).some((cents) => cents > 0n)) {
      broken.push(`entry ${short} is short while a later one is paid`);
    }
  }
  if (!inOrder && sharesByDemand(step)) broken.push(...checkShares(ledger, paid, demands));
  return broken;
}

function checkShares(ledger: Ledger, paid: bigint[], demands: bigint[]): string[] {
  const [sum, whole] = [total(paid), total(demands)];
  // The cents that floors leave all go to one of them, unless halves are carried along.
  const carried = ledger.terms.splitRounding === "cumulative half-up";
  const most = carried ? 1n : BigInt(paid.length);
  return paid.flatMap((cents, i) => {
    const off = cents * whole - sum * at(demands, i);
    const distance = off < 0n ? -off : off;
    return distance <= most * whole ? [] : [`share ${i} is more than ${most} cents off`];
  });
}

/** Under CAP EACH no cap is passed by what the step pays. */
function checkCaps(ledger: Ledger, step: StepTerms, before: readonly bigint[]): string[] {
  if (!step.capEach) return [];
  return ledger.terms.caps.flatMap(({ cents, name }, i) => {
    const used = at(ledger.capsUsed, i);
    return used <= cents || used === at(before, i) ? [] : [`cap ${name} is exceeded`];
  });
}

const SPLITS = new Set(["FEE", "INT", "PRIN"]);
const PAYS = new Set([...SPLITS, "FILL", "MOVE", "REST", "BUY"]);

function checkStep(ledger: Ledger, step: StepTerms, record: StepRecord): string[] {
  const broken: string[] = [];
  const { operation, paid, demand, before } = record;
  // A demand above what a record holds is cut in it, what is paid only in its word.
  const within = operation === "TEST" || paid <= demand || demand === MAX_CENTS;
  if (!within) broken.push(`pays ${paid}, asks ${demand}`);
  if (PAYS.has(operation) && paid > before) broken.push(`pays ${paid} out of ${before}`);
  if (SPLITS.has(operation)) broken.push(...checkSplit(ledger, step, record));
  const used = [...ledger.capsUsed];
  for (const payment of record.payments) book(ledger, step, payment);
  broken.push(...checkCaps(ledger, step, used));
  return broken.map((law) => `step ${record.index} ${operation}: ${law}`);
}

/** Paid under each cap before the run, in the year that runs. */
function usedBefore(terms: DealTerms, run: WaterfallRun): bigint[] {
  const used = [...run.state.capsUsed];
  const { firstStep = 0 } = terms.phases[run.phaseRun] ?? {};
  for (const { index, payments } of run.records) {
    const step = terms.steps[firstStep + index];
    if (step === undefined || !paysFees(step)) continue;
    for (const { kind, to, cents } of payments) {
      const cap = kind === "fee" ? (terms.fees[to]?.cap ?? null) : null;
      if (cap !== null) used[cap] = at(used, cap) - cents;
    }
  }
  return used;
}

function openLedger(terms: DealTerms, given: GivenRun, run: WaterfallRun): Ledger {
  return {
    ...{ terms, broken: [] },
    balances: given.state.classes.map(({ balance }) => balance),
    written: given.state.classes.map(({ written }) => written),
    claims: run.claims.map((claim) => [...claim]),
    feesDue: [...run.feesDue],
    capsUsed: usedBefore(terms, run),
  };
}

/** Cash in is cash out and what stays. */
function checkCash({ state, figures }: GivenRun, run: WaterfallRun): string[] {
  const paid = run.classes.map(({ interestPaid, principalPaid }) => interestPaid + principalPaid);
  const out = total(paid) + total(run.payees) + total(run.state.accounts);
  const held = total(state.accounts) + (figures[AVAILABLE_FUNDS] ?? 0n);
  return held === out ? [] : [`cash: ${held} in, ${out} out and left`];
}

/** What stands in the state afterwards is what the movements left. */
function checkState(ledger: Ledger, run: WaterfallRun): string[] {
  const broken: string[] = [];
  run.state.classes.forEach((after, i) => {
    const { interestDue, interestPaid } = run.classes[i] ?? { interestDue: 0n, interestPaid: 0n };
    const carried = after.shortfall + after.shortfallInterest + after.deferred + after.carryOver;
    const owed = interestDue - interestPaid - at(run.capitalised, i);
    if (after.balance !== at(ledger.balances, i)) broken.push(`balance of class ${i}`);
    if (after.written !== at(ledger.written, i)) broken.push(`write-down of class ${i}`);
    if (carried !== owed) broken.push(`class ${i} carries ${carried}, is owed ${owed}`);
    if (after.pik < 0n || interestPaid > interestDue) broken.push(`interest of class ${i}`);
  });
  run.state.feesUnpaid.forEach((cents, i) => {
    if (cents !== at(ledger.feesDue, i)) broken.push(`unpaid fee ${i} is ${cents}`);
  });
  const { accounts, capsUsed, ledgers } = run.state;
  if ([...accounts, ...capsUsed, ...ledgers].some((cents) => cents < 0n)) broken.push("below zero");
  return broken;
}

/** Whether an amount was cut to what a lane holds: then what is carried is less than what is owed. */
function isCut(run: WaterfallRun): boolean {
  const { classes, feesUnpaid, capsUsed } = run.state;
  const kept = classes.flatMap((one) => Object.values(one) as bigint[]);
  const owed = run.classes.map(({ interestDue }) => interestDue);
  return [...kept, ...owed, ...feesUnpaid, ...capsUsed].some((cents) => cents >= MAX_CENTS);
}

/** The laws that a run breaks; none is the rule. */
export function brokenLaws(terms: DealTerms, given: GivenRun, run: WaterfallRun): BrokenLaw[] {
  const ledger = openLedger(terms, given, run);
  const { firstStep = 0 } = terms.phases[run.phaseRun] ?? {};
  const told = (kind: BrokenLaw["kind"], broken: readonly string[]) =>
    broken.map((what) => ({ kind, what }));
  const splits: string[] = [];
  for (const record of run.records) {
    const step = terms.steps[firstStep + record.index];
    if (step !== undefined) splits.push(...checkStep(ledger, step, record));
  }
  return [
    ...told("cash", checkCash(given, run)),
    ...told("splits", splits),
    ...told("carry", isCut(run) ? [] : checkState(ledger, run)),
    ...told("claims", ledger.broken),
  ];
}
