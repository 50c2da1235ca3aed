/**
 * The cash of a deal, followed from funding to claim by its own arithmetic: what a run took from the
 * collections, what it gave to payees, what it owes to which record date's holders.
 */
import type {
  CollectionsFunded,
  DealBooks,
  DealEvent,
  EntitlementFunded,
  InputEvent,
  ReportEvent,
  WaterfallRun,
} from "../chain/deal-record.ts";
import type { DealTerms } from "../deals/deal-terms.ts";
import { centsToUnits } from "../lib/money.ts";
import { readWords } from "../waterfall/read-words.ts";
import type { WaterfallState } from "../waterfall/waterfall-state.ts";
import { compareBooks, type Comparison } from "./compare-books.ts";
import {
  bookClaim,
  bookFunding,
  bookRecovery,
  bookTransfer,
  claimableUnits,
  facesOf,
  newEntitlementLedger,
  type Amounts,
  type EntitlementLedger,
} from "./entitlement-ledger.ts";

type CashEvent = Exclude<DealEvent, InputEvent | ReportEvent | WaterfallRun>;

interface ClassCash {
  name: string;
  ledger: EntitlementLedger;
  /** Cents of late runs that wait for a run in its record window. */
  carry: Amounts;
  fundedUnits: bigint;
  claimedUnits: bigint;
  /** Units by period: what the runs owe to holders, and what the token says it was given. */
  expected: Map<number, Amounts>;
  given: Map<number, Amounts>;
}

export interface CashReplay {
  terms: DealTerms;
  books: Comparison;
  collectionsCents: bigint;
  /** Whether the deal is closed: before that it has neither state nor cash. */
  opened: boolean;
  /** Deposits at closing and all fundings. */
  cashInCents: bigint;
  payeePaidCents: bigint;
  payeeOwedCents: bigint;
  classes: ClassCash[];
}

const nothing = (): Amounts => ({ interest: 0n, principal: 0n });
const sum = (amounts: Iterable<bigint>): bigint => [...amounts].reduce((a, b) => a + b, 0n);

/** The cash of a deal that is not closed yet: none. Differences go to `books`. */
export function newCashReplay(terms: DealTerms, books: Comparison): CashReplay {
  return {
    terms,
    books,
    collectionsCents: 0n,
    opened: false,
    cashInCents: 0n,
    payeePaidCents: 0n,
    payeeOwedCents: 0n,
    classes: terms.classes.map(({ name }) => ({
      name,
      ledger: newEntitlementLedger(),
      carry: nothing(),
      fundedUnits: 0n,
      claimedUnits: 0n,
      expected: new Map(),
      given: new Map(),
    })),
  };
}

/** A run: takes the available funds, pays payees, owes the classes in the record window it is in. */
export function replayRunCash(
  cash: CashReplay,
  run: { at: number; period: number; words: bigint[]; availableFundsCents: bigint },
): void {
  const { terms } = cash;
  const result = readWords(terms, run.words);
  cash.collectionsCents -= run.availableFundsCents;
  cash.payeePaidCents += sum(result.payees);
  const until = terms.calendar[run.period]?.recordTime ?? Number.POSITIVE_INFINITY;
  cash.classes.forEach((entry, i) => {
    const paid = result.classes[i];
    entry.carry.interest += paid?.interestPaid ?? 0n;
    entry.carry.principal += paid?.principalPaid ?? 0n;
    const owed = entry.carry.interest + entry.carry.principal;
    if (owed === 0n || run.at >= until) return;
    entry.expected.set(run.period, {
      interest: centsToUnits(entry.carry.interest, terms.cashDecimals),
      principal: centsToUnits(entry.carry.principal, terms.cashDecimals),
    });
    entry.carry = nothing();
  });
}

function openAccounts(cash: CashReplay, depositCents: bigint): void {
  cash.opened = true;
  cash.cashInCents += depositCents;
  compareBooks(cash.books, "deposits at closing", {
    chain: depositCents,
    terms: sum(cash.terms.accounts.map((account) => account.initialDepositCents)),
  });
}

function fundCollections(cash: CashReplay, event: CollectionsFunded): void {
  cash.collectionsCents += event.cents;
  cash.cashInCents += event.cents;
  compareBooks(cash.books, `collections after funding in block ${event.block}`, {
    chain: event.collections,
    replay: cash.collectionsCents,
  });
}

function fundEntitlement(cash: CashReplay, entry: ClassCash, event: EntitlementFunded): void {
  const units = { interest: event.interestUnits, principal: event.principalUnits };
  if (units.interest + units.principal === 0n) return;
  entry.given.set(event.period, units);
  entry.fundedUnits += units.interest + units.principal;
  bookFunding(entry.ledger, {
    recordTime: cash.terms.calendar[event.period - 1]?.recordTime ?? 0,
    interestUnits: units.interest,
    principalUnits: units.principal,
  });
}

function claim(cash: CashReplay, entry: ClassCash, event: DealEvent & { name: "Claimed" }): void {
  const owed = claimableUnits(entry.ledger, event.holder);
  const what = `class ${entry.name} claim of ${event.holder} in block ${event.block}`;
  compareBooks(cash.books, `${what}, interest units`, {
    chain: event.interestUnits,
    replay: owed.interest,
  });
  compareBooks(cash.books, `${what}, principal units`, {
    chain: event.principalUnits,
    replay: owed.principal,
  });
  entry.claimedUnits += event.interestUnits + event.principalUnits;
  bookClaim(entry.ledger, event.holder, {
    interest: event.interestUnits,
    principal: event.principalUnits,
  });
}

/** Books one event other than reports and runs; compares what the event itself states. */
export function replayCashEvent(cash: CashReplay, event: CashEvent): void {
  if (event.name === "CollectionsFunded") return fundCollections(cash, event);
  if (event.name === "DealOpened") return openAccounts(cash, event.depositCents);
  if (event.name === "PayeeBooked") cash.payeeOwedCents += event.cents;
  if (event.name === "PayeeWithdrawn") cash.payeeOwedCents -= event.cents;
  if (!("classIndex" in event)) return;
  const entry = cash.classes[event.classIndex];
  if (entry === undefined) return;
  if (event.name === "Transfer") bookTransfer(entry.ledger, event);
  else if (event.name === "AccountRecovered") bookRecovery(entry.ledger, event);
  else if (event.name === "EntitlementFunded") fundEntitlement(cash, entry, event);
  else claim(cash, entry, event);
}

function settleClass(cash: CashReplay, entry: ClassCash): void {
  for (const period of new Set([...entry.expected.keys(), ...entry.given.keys()])) {
    const what = `class ${entry.name} period ${period} entitlement,`;
    for (const kind of ["interest", "principal"] as const) {
      compareBooks(cash.books, `${what} ${kind} units`, {
        chain: entry.given.get(period)?.[kind] ?? 0n,
        replay: entry.expected.get(period)?.[kind] ?? 0n,
      });
    }
  }
}

function settleHolders(cash: CashReplay, books: DealBooks): void {
  const faces = cash.classes.map(({ ledger }) => facesOf(ledger));
  for (const holding of books.holders) {
    const entry = cash.classes[holding.classIndex];
    if (entry === undefined) continue;
    const owed = claimableUnits(entry.ledger, holding.holder);
    const face = faces[holding.classIndex]?.get(holding.holder) ?? 0n;
    const what = `class ${entry.name} holder ${holding.holder}`;
    compareBooks(cash.books, `${what} face`, { chain: holding.faceCents, replay: face });
    compareBooks(cash.books, `${what} claimable interest units`, {
      chain: holding.interestUnits,
      replay: owed.interest,
    });
    compareBooks(cash.books, `${what} claimable principal units`, {
      chain: holding.principalUnits,
      replay: owed.principal,
    });
  }
}

function settleTokens(cash: CashReplay, books: DealBooks, state: WaterfallState): void {
  cash.classes.forEach((entry, i) => {
    const token = books.tokens[i];
    compareBooks(cash.books, `class ${entry.name} supply`, {
      chain: token?.supplyCents,
      replay: entry.ledger.supply,
      terms: cash.terms.classes[i]?.faceCents,
    });
    compareBooks(cash.books, `class ${entry.name} principal balance of the token`, {
      chain: token?.principalBalanceCents,
      replay: state.classes[i]?.balance,
    });
    settleClass(cash, entry);
  });
}

/** The five places where the deal's cash may stand, and that they hold all that came in. */
function settleEscrow(cash: CashReplay, books: DealBooks, state: WaterfallState): void {
  const { cashDecimals } = cash.terms;
  const accounts = sum(state.accounts);
  const funded = sum(cash.classes.map(({ fundedUnits }) => fundedUnits));
  const claimed = sum(cash.classes.map(({ claimedUnits }) => claimedUnits));
  const carry = sum(cash.classes.map((entry) => entry.carry.interest + entry.carry.principal));
  const places = [
    ["collections", books.cash.collectionsCents, cash.collectionsCents],
    ["accounts", books.cash.accountsCents, accounts],
    ["unclaimed units", books.cash.unclaimedUnits, funded - claimed],
    ["owed to payees", books.cash.payeeOwedCents, cash.payeeOwedCents],
    ["carry", books.cash.carryCents, carry],
  ] as const;
  for (const [place, chain, replay] of places) {
    compareBooks(cash.books, `cash: ${place}`, { chain, replay });
  }
  const { collectionsCents, accountsCents, payeeOwedCents, carryCents } = books.cash;
  const heldCents = collectionsCents + accountsCents + payeeOwedCents + carryCents;
  const paidCents = cash.payeePaidCents - cash.payeeOwedCents;
  compareBooks(cash.books, "cash: funded = paid + held, units", {
    funded: centsToUnits(cash.cashInCents, cashDecimals),
    "paid + held":
      centsToUnits(paidCents + heldCents, cashDecimals) + claimed + books.cash.unclaimedUnits,
  });
  compareBooks(cash.books, "distributor holds at least its deals' cash, units", {
    chain: books.distributorHeldUnits < books.allDealsUnits ? books.distributorHeldUnits : "yes",
    replay: "yes",
  });
}

/** Compares where everything ended with what the contracts hold at the block that was read. */
export function settleCash(
  cash: CashReplay,
  { books, state }: { books: DealBooks; state: WaterfallState },
): void {
  compareBooks(cash.books, "last period", { chain: books.lastPeriod, replay: state.lastPeriod });
  if (!cash.opened) {
    const { unclaimedUnits, ...cents } = books.cash;
    const held = sum([unclaimedUnits, ...Object.values(cents)]);
    return compareBooks(cash.books, "cash before closing", { chain: held, replay: 0n });
  }
  compareBooks(cash.books, "phase", { chain: books.phase, replay: state.phase });
  settleTokens(cash, books, state);
  settleHolders(cash, books);
  settleEscrow(cash, books, state);
}
