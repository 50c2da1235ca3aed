/** Deals of a few lines: what a test states, in a deal file around it, by the real compiler. */
import { stringify } from "yaml";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { formatCents } from "../../../server/lib/money.ts";

/** The parts of a deal that a test states; everything else has a plain default. */
export interface DealParts {
  /** Face in cents by class, and what differs from a class of 0 % that accrues half-up, 30/360. */
  classes: Record<string, { face?: bigint; [term: string]: unknown }>;
  payees: string[];
  /** As in a deal file. */
  fees?: Record<string, object>;
  caps?: Record<string, object>;
  transitions?: { from: string; to: string; when: string }[];
  splitRounding?: string;
  /** Initial deposits, cents; the first account takes the collections. */
  accounts?: Record<string, bigint>;
  /** Beside the four that every deal reports. */
  figures?: string[];
  cutOffBalance?: bigint;
  /** Lines by phase; clauses are added. */
  programs: Record<string, string[]>;
}

const CLASS = {
  seniority: "senior",
  coupon: "0 %",
  dayCount: "30/360",
  accrualDates: "unadjusted",
  accrualRounding: "half-up",
  interestOnShortfall: false,
  componentOrder: ["interestOnShortfall", "shortfall", "current"],
  // The last payment date: 15 February is a Saturday.
  finalScheduledDate: "2031-02-17",
};

/** Twelve months of thirty days; tests that run on a chain put their own times in. */
const HEAD = {
  schema: "penstock-deal/2",
  id: "test-deal",
  name: "Test deal",
  currency: "USD",
  legalUnit: "0.01",
  cashToken: { decimals: 6 },
  holderCap: "none",
  tape: {
    format: "absee-auto-loan-xml",
    loanIdPrefix: "",
    rateUnit: "fraction",
    rollForward: { subtract: ["principal"], add: [], tolerance: "0.00" },
    availableFunds: ["principal"],
    chargeOffAgeDays: 120,
  },
  calendar: {
    closing: "2030-02-20",
    firstCollectionMonth: "2030-02",
    firstPaymentDate: "2030-03-15",
    periods: 12,
    businessDays: "following",
    determination: "end of collection month",
    record: "1 business day before payment",
    firstAccrualFrom: "2030-02-15",
    graceDays: 1,
    times: { closing: "14:00Z", determination: "00:00Z", record: "22:00Z", payment: "14:00Z" },
    holidays: [],
  },
};

const money = { min: "-2000000000.00", max: "2000000000.00" };
const positive = { min: "0.00", max: "2000000000.00" };
const FIXED = {
  poolOpening: positive,
  poolClosing: positive,
  loanCount: { min: 0, max: 2 ** 31 },
  availableFunds: positive,
};

const mapValues = <T, U>(entries: Record<string, T>, change: (value: T, i: number) => U) =>
  Object.fromEntries(Object.entries(entries).map(([name, value], i) => [name, change(value, i)]));

const programText = (lines: string[]) =>
  lines.map((line) => (line.startsWith("}") ? `${line}\n` : `${line} @ test\n`)).join("");

/** The terms of the deal. @throws Error with the compiler's errors */
export function compileParts(parts: DealParts): DealTerms {
  const { accounts = { COLL: 0n, RES: 0n }, figures = [], cutOffBalance = 1n } = parts;
  const kinds = ["collection", "reserve"];
  const text = stringify(
    {
      ...HEAD,
      splitRounding: parts.splitRounding ?? "cumulative half-up",
      parties: Object.fromEntries(parts.payees.map((name) => [name, { name, payee: true }])),
      pool: {
        cutOff: "2030-01-31",
        cutOffBalance: formatCents(cutOffBalance),
        cutOffLoans: 10,
      },
      classes: mapValues(parts.classes, ({ face = 1n, ...terms }) => ({
        face: formatCents(face),
        ...CLASS,
        ...terms,
      })),
      accounts: mapValues(accounts, (deposit, i) => ({
        kind: kinds[i] ?? "other",
        retained: true,
        initialDeposit: formatCents(deposit),
      })),
      fees: parts.fees ?? {},
      caps: parts.caps ?? {},
      figures: { ...FIXED, ...Object.fromEntries(figures.map((name) => [name, money])) },
      constants: {},
      programs: mapValues(parts.programs, programText),
      transitions: (parts.transitions ?? []).map((entry) => ({ ...entry, clause: "test" })),
    },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
  const { deal, problems } = compileDeal(text);
  const errors = problems.filter(({ severity }) => severity === "error");
  if (deal === null) throw new Error(JSON.stringify(errors));
  return deal.terms;
}
