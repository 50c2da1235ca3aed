import { readFile } from "node:fs/promises";
import path from "node:path";
import type { HistoryPeriod } from "../../server/history/describe-run.ts";

type ByName = Record<string, string>;

/** One period as test/golden/<deal>/expected.json has it; amounts as cents-exact decimals. */
export interface GoldenPeriod {
  period: number;
  month: string;
  paymentDate: string;
  phase: string;
  phaseAfter: string;
  /** LETs by name. */
  named: ByName;
  /** Labelled payments. */
  paid: ByName;
  payees: ByName;
  interestDue: ByName;
  interestPaid: ByName;
  principalPaid: ByName;
  balances: ByName;
  shortfalls: ByName;
  written: ByName;
  reserve: string;
  resultHash: string;
}

export interface GoldenDeal {
  chainDealId: number;
  totals: { payees: ByName; interestPaid: ByName; principalPaid: ByName };
  periods: GoldenPeriod[];
}

export async function readGolden(deal: string): Promise<GoldenDeal> {
  const file = path.resolve(import.meta.dirname, `../golden/${deal}/expected.json`);
  return JSON.parse(await readFile(file, "utf8")) as GoldenDeal;
}

/** A period of the API's history, put as the golden file puts it: only what `like` names. */
export function asGolden(actual: HistoryPeriod, like: GoldenPeriod): GoldenPeriod {
  const step = (label: string) => actual.steps.find((line) => line.label === label);
  const pick = (names: ByName, value: (name: string) => string | null | undefined): ByName =>
    Object.fromEntries(Object.keys(names).map((name) => [name, value(name) ?? "not there"]));
  const ofClasses = (value: (row: HistoryPeriod["classes"][number]) => string): ByName =>
    Object.fromEntries(actual.classes.map((row) => [row.class, value(row)]));
  return {
    period: actual.period,
    month: actual.month,
    paymentDate: actual.paymentDate,
    phase: actual.phase,
    phaseAfter: actual.phaseAfter,
    named: pick(like.named, (name) => step(name)?.due),
    paid: pick(like.paid, (name) => step(name)?.paid),
    payees: Object.fromEntries(actual.payees.map(({ payee, paid }) => [payee, paid])),
    interestDue: ofClasses((row) => row.interestDue),
    interestPaid: ofClasses((row) => row.interestPaid),
    principalPaid: ofClasses((row) => row.principalPaid),
    balances: ofClasses((row) => row.balance),
    shortfalls: ofClasses((row) => row.shortfall),
    written: ofClasses((row) => row.writtenDown),
    reserve: actual.reserve ?? "not there",
    resultHash: actual.resultHash,
  };
}
