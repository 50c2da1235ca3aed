/** What must hold between the sections of a deal file, beyond the shape of each. */
import { formatDate, formatMonth, monthOf, SECONDS_PER_DAY, dayInMonth } from "../lib/dates.ts";
import { formatCents } from "../lib/money.ts";
import { checkAmounts } from "./check-amounts.ts";
import { checkSweeps } from "./check-sweeps.ts";
import { complain } from "./deal-source.ts";
import type { DealSource, Place } from "./deal-source.ts";
import type { DealFile } from "./deal-file.ts";
import type { CalendarRow, DealTerms } from "./deal-terms.ts";
import { FIXED_FIGURES, LIMITS } from "./terms-format.ts";

type Complain = (place: Place, code: string, value: string, message: string) => void;

/** Names are spoken in one breath in programs: those that could be confused must differ. */
function checkNames(file: DealFile, refuse: Complain): void {
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
  const taken = file.constants.find(({ name }) => name === "cutOffBalance");
  if (taken !== undefined) {
    const message = "k.cutOffBalance is the pool's cutOffBalance; leave it out here";
    refuse(taken.place, "repeated-name", taken.name, message);
  }
}

function checkCounts(file: DealFile, terms: DealTerms, refuse: Complain): void {
  const top = { line: 1, column: 1 };
  const counts: [number, number, number, string][] = [
    [file.classes.length, 1, LIMITS.classes, "classes"],
    [file.accounts.length, 1, LIMITS.accounts, "accounts"],
    [terms.payees.length, 1, LIMITS.payees, "payees (parties with payee: true)"],
    [file.programs.length, 1, LIMITS.phases, "programs"],
    [terms.bases.length, 0, LIMITS.bases, "pairs of day count and accrual dates"],
    [terms.constants.length, 0, LIMITS.constants, "constants and literals"],
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

function checkFigures(file: DealFile, refuse: Complain): void {
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

function checkAccounts(file: DealFile, refuse: Complain): void {
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

function checkFees(file: DealFile, refuse: Complain): void {
  const payees = file.parties.filter((party) => party.payee).map(({ name }) => name);
  const caps = file.caps.map(({ name }) => name);
  const figures = file.figures.map(({ name }) => name);
  for (const fee of file.fees) {
    if (!payees.includes(fee.payee)) {
      const message = `fee ${fee.name}: \`${fee.payee}\` is no payee; known: ${payees.join(", ")}`;
      refuse(fee.places.payee, "unknown-name", fee.payee, message);
    }
    if (fee.cap !== null && !caps.includes(fee.cap)) {
      const message = `fee ${fee.name}: there is no cap \`${fee.cap}\`; known: ${caps.join(", ") || "none"}`;
      refuse(fee.places.cap, "unknown-name", fee.cap, message);
    }
    if (!figures.includes(fee.on)) {
      const message = `fee ${fee.name}: there is no figure \`${fee.on}\`; known: ${figures.join(", ")}`;
      refuse(fee.places.on, "unknown-name", fee.on, message);
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

/** Cut-off, closing and first dates stand in the order in which they happen. */
function checkFirstDates(file: DealFile, refuse: Complain): void {
  const { calendar, pool } = file;
  const cutOff = dayInMonth(calendar.firstCollectionMonth, 1) - 1;
  if (pool.cutOff !== cutOff) {
    const first = formatMonth(calendar.firstCollectionMonth);
    const message = `the cut-off date is not the day before the first collection month ${first}; write ${formatDate(cutOff)}`;
    refuse(pool.place, "date-order", formatDate(pool.cutOff), message);
  }
  if (monthOf(calendar.firstPaymentDate) <= calendar.firstCollectionMonth) {
    const message = "the first payment date lies in or before the first collection month";
    refuse(calendar.place, "date-order", formatDate(calendar.firstPaymentDate), message);
  }
  if (calendar.firstAccrualFrom >= calendar.firstPaymentDate) {
    const message = "firstAccrualFrom is not before the first payment date";
    refuse(calendar.place, "date-order", formatDate(calendar.firstAccrualFrom), message);
  }
}

function rowFaults(row: CalendarRow, next: CalendarRow | undefined, grace: number): string[] {
  const faults: string[] = [];
  if (row.recordTime >= row.paymentTime)
    faults.push("the record time is not before the payment time");
  if (row.determinationTime > row.paymentTime) {
    faults.push("the determination time is after the payment time");
  }
  const monthEnd = dayInMonth(row.collectionMonth + 1, 1) * SECONDS_PER_DAY;
  if (row.determinationTime < monthEnd) {
    faults.push("the determination time lies before the collection month's end");
  }
  if (next !== undefined && row.paymentTime + grace >= next.recordTime) {
    faults.push("payment and grace reach the next record time; shorten graceDays");
  }
  return faults;
}

/** The record mechanism needs: closing < record < payment, and payment + grace < next record. */
function checkRows(file: DealFile, terms: DealTerms, refuse: Complain): void {
  const { calendar, graceSeconds, closingTime } = terms;
  const at = file.calendar.place;
  const seen = new Set<string>();
  calendar.forEach((row, i) => {
    for (const fault of rowFaults(row, calendar[i + 1], graceSeconds)) {
      if (seen.has(fault)) continue; // the first period that breaks a rule stands for all
      seen.add(fault);
      const value = formatDate(row.paymentDay);
      refuse(at, "date-order", value, `period ${i + 1} (paid ${value}): ${fault}`);
    }
  });
  const first = calendar[0];
  if (first !== undefined && first.recordTime <= closingTime) {
    const message = "the closing is not before the first record time";
    refuse(at, "date-order", formatDate(file.calendar.closing), message);
  }
  if (calendar.some((row) => row.calendarYear < 0 || row.calendarYear > 255)) {
    refuse(
      at,
      "date-order",
      formatDate(file.calendar.closing),
      "payments lie in years before closing",
    );
  }
}

function checkFinalDates(file: DealFile, terms: DealTerms, refuse: Complain): void {
  const days = terms.calendar.map((row) => row.paymentDay);
  for (const { name, finalDay, place } of file.classes) {
    if (days.includes(finalDay)) continue;
    const near = days.find((day) => day >= finalDay) ?? days.at(-1) ?? 0;
    const message = `class ${name}: ${formatDate(finalDay)} is not a payment date; write one, e.g. ${formatDate(near)}`;
    refuse(place, "date-order", formatDate(finalDay), message);
  }
}

function checkTransitions(file: DealFile, refuse: Complain): void {
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
  const refuse: Complain = (place, code, value, message) =>
    complain(source, place, { code, value, message });
  const { terms } = compiled;
  checkNames(file, refuse);
  checkFigures(file, refuse);
  checkAccounts(file, refuse);
  checkFees(file, refuse);
  checkTransitions(file, refuse);
  checkSweeps(file, refuse);
  checkAmounts(source, file);
  if (!compiled.shapeIsSound) return;
  checkFaces(source, file);
  checkCounts(file, terms, refuse);
  checkFirstDates(file, refuse);
  checkRows(file, terms, refuse);
  checkFinalDates(file, terms, refuse);
}
