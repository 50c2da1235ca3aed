/** The cash flows of a projection by period and class, as CSV and JSON, written as they come. */
import { closeSync, openSync, writeSync } from "node:fs";
import type { CompiledDeal } from "../../server/deals/compile-deal.ts";
import { csvRows } from "../../server/lib/csv-text.ts";
import type { CsvValue } from "../../server/lib/csv-text.ts";
import { formatDate } from "../../server/lib/dates.ts";
import { formatCents } from "../../server/lib/money.ts";
import { decrement } from "../../server/projection/measure-classes.ts";
import { cprFromSmm } from "../../server/projection/prepayment-speeds.ts";
import type { Projection } from "../../server/projection/project-deal.ts";
import type { ScenarioResult } from "../../server/projection/run-scenario.ts";

export interface CashFlowFiles {
  /** Whether any file was asked for. */
  wanted: boolean;
  write: (result: ScenarioResult) => void;
  close: () => void;
}

interface Output {
  open: string;
  write: (result: ScenarioResult, projection: Projection, first: boolean) => string;
  close: string;
}

/** Opens the files that were asked for; nothing is kept in memory between two scenarios. */
export function openCashFlowFiles(
  deal: CompiledDeal,
  paths: { json: string | undefined; csv: string | undefined },
): CashFlowFiles {
  const outputs: { file: number; output: Output }[] = [];
  const open = (path: string | undefined, output: Output): void => {
    if (path === undefined) return;
    const file = openSync(path, "w");
    writeSync(file, output.open);
    outputs.push({ file, output });
  };
  open(paths.csv, csvOutput(deal));
  open(paths.json, jsonOutput(deal));
  let first = true;
  return {
    wanted: outputs.length > 0,
    write(result) {
      const { projection } = result;
      if (projection === null) return;
      for (const { file, output } of outputs)
        writeSync(file, output.write(result, projection, first));
      first = false;
    },
    close() {
      for (const { file, output } of outputs) {
        writeSync(file, output.close);
        closeSync(file);
      }
    },
  };
}

const CSV_COLUMNS = [
  "scenario",
  "period",
  "payment date",
  "class",
  "opening balance",
  "interest due",
  "interest paid",
  "principal paid",
  "interest capitalised",
  "closing balance",
  "written down",
  "interest unpaid",
];

/** One class's flows of one period, amounts as decimal text. */
interface ClassFlow {
  period: number;
  date: string;
  opening: string;
  interestDue: string;
  interestPaid: string;
  principalPaid: string;
  capitalised: string;
  closing: string;
  written: string;
  unpaidInterest: string;
}

function classFlows({ terms }: CompiledDeal, projection: Projection, index: number): ClassFlow[] {
  const stride = terms.calendar.length;
  const { classes } = projection;
  const face = terms.classes[index]?.faceCents ?? 0n;
  return Array.from({ length: projection.periods }, (_, column) => {
    const at = index * stride + column;
    const amount = (values: BigInt64Array) => formatCents(values[at] ?? 0n);
    return {
      period: column + 1,
      date: formatDate(terms.calendar[column]?.paymentDay ?? 0),
      opening: formatCents(column === 0 ? face : (classes.balance[at - 1] ?? 0n)),
      interestDue: amount(classes.interestDue),
      interestPaid: amount(classes.interestPaid),
      principalPaid: amount(classes.principalPaid),
      capitalised: amount(classes.capitalised),
      closing: amount(classes.balance),
      written: amount(classes.written),
      unpaidInterest: amount(classes.unpaidInterest),
    };
  });
}

function csvOutput(deal: CompiledDeal): Output {
  return {
    open: csvRows([CSV_COLUMNS]),
    close: "",
    write(result, projection) {
      const rows = deal.terms.classes.flatMap(({ name }, i) =>
        classFlows(deal, projection, i).map(({ period, date, ...amounts }): CsvValue[] => [
          result.name,
          period,
          date,
          name,
          ...Object.values(amounts),
        ]),
      );
      return csvRows(rows);
    },
  };
}

/** The share of some months as a yearly rate in per cent, four decimals; 0 of an empty pool. */
function percentPerYear(share: number, months: number): number {
  if (!Number.isFinite(share)) return 0;
  return Number((100 * cprFromSmm(Math.min(1, share), months)).toFixed(4));
}

/** The pool by period, with the yearly rates at which it prepaid and was charged off. */
function poolPeriods({ file }: CompiledDeal, { collateral, purchased, periods }: Projection) {
  const { months } = file.calendar;
  const amount = (values: Float64Array, column: number) => formatCents(BigInt(values[column] ?? 0));
  const opening = (column: number) =>
    column === 0
      ? formatCents(BigInt(collateral.openingCents))
      : amount(collateral.closing, column - 1);
  const balance = (column: number) =>
    (column === 0 ? collateral.openingCents : (collateral.closing[column - 1] ?? 0)) +
    (purchased[column] ?? 0);
  return Array.from({ length: periods }, (_, column) => ({
    period: column + 1,
    opening: opening(column),
    purchased: amount(purchased, column),
    scheduled: amount(collateral.scheduled, column),
    prepaid: amount(collateral.prepaid, column),
    chargedOff: amount(collateral.chargedOff, column),
    closing: amount(collateral.closing, column),
    interest: amount(collateral.interest, column),
    recovered: amount(collateral.recovered, column),
    delinquent60: amount(collateral.delinquent, column),
    loans: collateral.loans[column] ?? 0,
    cprPercent: percentPerYear(
      (collateral.prepaid[column] ?? 0) / (balance(column) - (collateral.scheduled[column] ?? 0)),
      months,
    ),
    cdrPercent: percentPerYear((collateral.chargedOff[column] ?? 0) / balance(column), months),
  }));
}

/** The values of one name of several in an array of name * periods + period. */
function byName(names: readonly string[], values: BigInt64Array, periods: number) {
  const stride = names.length === 0 ? 0 : values.length / names.length;
  const list = (i: number) =>
    Array.from(values.subarray(i * stride, i * stride + periods), formatCents);
  return Object.fromEntries(names.map((name, i) => [name, list(i)]));
}

function scenarioJson(deal: CompiledDeal, result: ScenarioResult, projection: Projection) {
  const { terms } = deal;
  const dayOf = (period: number | null) =>
    period === null ? null : formatDate(terms.calendar[period - 1]?.paymentDay ?? 0);
  const stride = terms.calendar.length;
  return {
    name: result.name,
    calledOn: dayOf(result.calledPeriod),
    unfinished: result.unfinished,
    classes: result.classes.map((measures, i) => ({
      name: measures.name,
      face: formatCents(measures.faceCents),
      walYears: measures.walYears,
      walOfFaceYears: measures.walOfFaceYears,
      firstPrincipal: dayOf(measures.firstPrincipal),
      lastPrincipal: dayOf(measures.lastPrincipal),
      lastPayment: dayOf(measures.lastPayment),
      principalPaid: formatCents(measures.principalPaid),
      interestPaid: formatCents(measures.interestPaid),
      principalLoss: formatCents(measures.principalLoss),
      interestLoss: formatCents(measures.interestLoss),
      breakEvenCdrPercent: percentOf(result.breakEvens?.[i]),
      decrementPercent: Array.from(
        projection.classes.balance.subarray(i * stride, i * stride + projection.periods),
        (balance) => decrement(measures.faceCents, balance) / 100,
      ),
      cashFlows: classFlows(deal, projection, i),
    })),
    pool: poolPeriods(deal, projection),
    payees: byName(terms.payees, projection.payees, projection.periods),
    accounts: byName(
      terms.accounts.map(({ name }) => name),
      projection.accounts,
      projection.periods,
    ),
  };
}

const percentOf = (hundredths: number | null | undefined): number | null =>
  hundredths === undefined || hundredths === null ? null : hundredths / 100;

function jsonOutput(deal: CompiledDeal): Output {
  const head = { deal: deal.file.id, termsHash: deal.termsHash };
  return {
    open: `${JSON.stringify(head).slice(0, -1)},"scenarios":[`,
    close: "\n]}\n",
    write: (result, projection, first) =>
      `${first ? "" : ","}\n${JSON.stringify(scenarioJson(deal, result, projection))}`,
  };
}
