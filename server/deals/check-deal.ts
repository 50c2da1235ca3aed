/** What must hold between the sections of a deal file, beyond the shape of each. */
import { formatCents } from "../lib/money.ts";
import { checkAmounts } from "./check-amounts.ts";
import { checkCalendar } from "./check-calendar.ts";
import { checkReach } from "./check-reach.ts";
import { checkReporting } from "./check-reporting.ts";
import { checkState } from "./check-state.ts";
import { checkSteps } from "./check-steps.ts";
import { checkSweeps } from "./check-sweeps.ts";
import { complain } from "./deal-source.ts";
import type { DealSource, Refuse } from "./deal-source.ts";
import type { DealFile } from "./deal-file.ts";
import { expandTriggers } from "./expand-triggers.ts";
import type { DealTerms } from "./deal-terms.ts";
import { laneLayoutOf } from "./lane-layout.ts";
import { FIXED_FIGURES, LIMITS } from "./terms-format.ts";

/** Names are spoken in one breath in programs: those that could be confused must differ. */
function checkNames(file: DealFile, refuse: Refuse): void {
  const payees = file.parties.filter((party) => party.payee);
  const pairs = [
    { first: file.classes, second: file.fees, what: "class and a fee" },
    { first: file.accounts, second: payees, what: "account and a payee" },
  ];
  for (const { first, second, what } of pairs) {
    for (const entry of second) {
      if (!first.some(({ name }) => name === entry.name)) continue;
      const message = `\`${entry.name}\` names a ${what}; rename one`;
      refuse(entry.place, "repeated-name", entry.name, message);
    }
  }
  const lists = [
    { entries: file.figures, what: "figures (a reported index is one)" },
    { entries: expandTriggers(file).series, what: "series (a trigger over periods is one)" },
    { entries: file.ledgers.map(({ text, ...place }) => ({ name: text, place })), what: "ledgers" },
    { entries: file.accounts, what: "accounts (a facility is one)" },
  ];
  for (const { entries, what } of lists) {
    entries.forEach(({ name, place }, i) => {
      if (entries.findIndex((entry) => entry.name === name) === i) return;
      refuse(place, "repeated-name", name, `two ${what} are named \`${name}\`; rename one`);
    });
  }
  const taken = file.constants.find(({ name }) => name === "cutOffBalance");
  if (taken !== undefined) {
    const message = "k.cutOffBalance is the pool's cutOffBalance; leave it out here";
    refuse(taken.place, "repeated-name", taken.name, message);
  }
}

const LANES =
  "values kept between runs (accounts, fees, caps, ledgers, settable constants, deferred, carried " +
  "over and capitalised interest, triggers, and the periods that series keep)";

function checkCounts(file: DealFile, terms: DealTerms, refuse: Refuse): void {
  const top = { line: 1, column: 1 };
  const counts: [number, number, number, string][] = [
    [file.classes.length, 1, LIMITS.classes, "classes"],
    [file.accounts.length, 1, LIMITS.accounts, "accounts"],
    [terms.payees.length, 1, LIMITS.payees, "payees (parties with payee: true)"],
    [file.programs.length, 1, LIMITS.phases, "programs"],
    [file.phases.length, 1, LIMITS.phases, "phases"],
    [terms.fees.length, 0, LIMITS.fees, "fees (a facility has two)"],
    [terms.caps.length, 0, LIMITS.caps, "caps (one per payee counts for each fee)"],
    [terms.figures.length, 4, LIMITS.figures, "figures and reported indices"],
    [terms.indices.length, 0, LIMITS.indices, "indices of feeds"],
    [terms.bases.length, 0, LIMITS.bases, "pairs of day count and accrual dates"],
    [terms.constants.length, 0, LIMITS.constants, "constants and literals"],
    [terms.variables.length, 0, LIMITS.variables, "settable constants"],
    [terms.schedules.length, 0, LIMITS.schedules, "schedules and stepped coupons"],
    [terms.series.length, 0, LIMITS.series, "series (triggers over periods have their own)"],
    [terms.transitions.length, 0, LIMITS.transitions, "transitions and effects of triggers"],
    [laneLayoutOf(terms).count, 0, LIMITS.lanes, LANES],
  ];
  for (const [count, least, most, what] of counts) {
    if (count >= least && count <= most) continue;
    refuse(
      top,
      "wrong-count",
      `${count}`,
      `there are ${count} ${what}; from ${least} to ${most} fit`,
    );
  }
}

function checkFigures(file: DealFile, refuse: Refuse): void {
  const place = file.figures[0]?.place ?? { line: 1, column: 1 };
  const names = file.figures.map(({ name }) => name);
  FIXED_FIGURES.forEach((name, i) => {
    if (names[i] === name) return;
    const message = `the figures begin with ${FIXED_FIGURES.join(", ")}; number ${i + 1} is ${names[i] ?? "missing"}`;
    refuse(file.figures[i]?.place ?? place, "figure-order", names[i] ?? "", message);
  });
  for (const { name, minimum, maximum, place: at } of file.figures) {
    if (minimum > maximum) refuse(at, "bad-bounds", name, `${name}: min is above max; swap them`);
    if (FIXED_FIGURES.some((fixed) => fixed === name) && minimum < 0n) {
      refuse(at, "bad-bounds", name, `${name} is never negative; write min: 0.00 (or 0)`);
    }
  }
}

function checkAccounts(file: DealFile, refuse: Refuse): void {
  const place = file.accounts[0]?.place ?? { line: 1, column: 1 };
  const count = (kind: string) => file.accounts.filter((account) => account.kind === kind).length;
  if (count("collection") !== 1) {
    const message = `there are ${count("collection")} accounts of kind collection; declare exactly one`;
    refuse(place, "wrong-count", "collection", message);
  }
  if (count("reserve") > 1) {
    refuse(
      place,
      "wrong-count",
      "reserve",
      "there is more than one reserve; the others are kind: other",
    );
  }
  for (const account of file.accounts) {
    if (account.retained || account.initialDepositCents === 0n) continue;
    const message = `${account.name} has an initial deposit but is not retained; write retained: true`;
    refuse(account.place, "not-retained", account.name, message);
  }
}

function checkFees(file: DealFile, refuse: Refuse): void {
  const payees = file.parties.filter((party) => party.payee).map(({ name }) => name);
  const caps = file.caps.map(({ name }) => name);
  const facilities = new Set<string>();
  for (const fee of file.fees) {
    const { line, column } = fee.places.payee;
    const repeated = facilities.has(`${line}:${column}`); // a facility's two fees have one provider
    facilities.add(`${line}:${column}`);
    if (!payees.includes(fee.payee) && !repeated) {
      const message = `fee ${fee.name}: \`${fee.payee}\` is no payee; known: ${payees.join(", ")}`;
      refuse(fee.places.payee, "unknown-name", fee.payee, message);
    }
    if (fee.cap !== null && !caps.includes(fee.cap)) {
      const message = `fee ${fee.name}: there is no cap \`${fee.cap}\`; known: ${caps.join(", ") || "none"}`;
      refuse(fee.places.cap, "unknown-name", fee.cap, message);
    }
  }
}

/** Notes for which there was never collateral: lawful (a yield supplement, a pre-funding), seldom meant. */
function checkFaces(source: DealSource, file: DealFile): void {
  const deposits = file.accounts.reduce((sum, account) => sum + account.initialDepositCents, 0n);
  const backing = file.pool.cutOffBalanceCents + deposits;
  let faces = 0n;
  for (const { name, faceCents, facePlace } of file.classes) {
    const wereBacked = faces <= backing;
    faces += faceCents;
    if (!wereBacked || faces <= backing) continue;
    const message =
      `with class ${name} the notes' faces come to ${formatCents(faces)}, ` +
      `${formatCents(faces - backing)} more than the cut-off pool and the initial deposits ` +
      `(${formatCents(file.pool.cutOffBalanceCents)} + ${formatCents(deposits)}); ` +
      "check face, cutOffBalance and initialDeposit";
    source.problems.push({
      severity: "warning",
      ...facePlace,
      code: "faces-above-pool",
      value: formatCents(faceCents),
      message,
    });
  }
}

function checkTransitions(file: DealFile, refuse: Refuse): void {
  for (const { place, from, to, clause } of file.transitions) {
    if (from === to) refuse(place, "same-phase", from, "a transition leads to another phase");
    if (clause.trim() === "") {
      refuse(
        place,
        "clause-missing",
        from,
        "the transition lacks its clause; write clause: 5.01(a)",
      );
    }
  }
}

/**
 * Adds to `source.problems` what is wrong between the sections. Dates and sweeps are only judged
 * when every section could be read, so that one slip does not appear as ten.
 */
export function checkDeal(
  source: DealSource,
  file: DealFile,
  compiled: { terms: DealTerms; shapeIsSound: boolean },
): void {
  const refuse: Refuse = (place, code, value, message) =>
    complain(source, place, { code, value, message });
  const { terms } = compiled;
  checkNames(file, refuse);
  checkFigures(file, refuse);
  checkAccounts(file, refuse);
  checkFees(file, refuse);
  checkTransitions(file, refuse);
  checkState(file, refuse);
  checkReporting(source, file);
  checkSteps(file, refuse);
  checkAmounts(source, file);
  if (!compiled.shapeIsSound) return;
  checkSweeps(file, refuse);
  checkFaces(source, file);
  checkCounts(file, terms, refuse);
  checkCalendar(file, terms, refuse);
  if (source.problems.some(({ severity }) => severity === "error")) return;
  checkReach(file, ({ line, column }, code, value, message) => {
    source.problems.push({ severity: "warning", line, column, code, value, message });
  });
}
