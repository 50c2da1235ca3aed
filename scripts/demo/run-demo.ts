import type { CalendarRow } from "../../server/deals/deal-terms.ts";
import { formatMonth } from "../../server/lib/dates.ts";
import { auditDeal, type Audit } from "./audit-deal.ts";
import { PROVEN_LOAN } from "./describe-folder.ts";
import { GasLog } from "./gas-log.ts";
import { claim, describeTrades, tradeAfterRecordDate, tryTradeAboveCap } from "./invest.ts";
import { openDeals, type DealInService } from "./open-deal.ts";
import { reportPeriod } from "./service-period.ts";
import type { Demo } from "./start-demo.ts";
import { summariseDeal, type DealSummary } from "./summarise-deal.ts";

const DEALS = ["amcar-2017-4", "amcar-2017-4-write-down"];
/** Of the tape that the deals start from: only its closing balance counts. */
const CUT_OFF_MONTH = "2017-09";
/** Months of tapes behind the cut-off tape. */
export const MONTHS = 39;
/** Castle sells to Lark between record and payment date of these periods. */
const TRADES: ReadonlySet<number> = new Set([3, 15, 27]);
/** A row of this loan is proven in these periods: its first month, and one deep in its life. */
const PROVEN_PERIODS = [1, 20, 39];

export interface DemoOutcome {
  deals: { summary: DealSummary; audit: Audit }[];
  /** How the trade above the holder cap was refused, by deal. */
  refusedTrades: string[];
  /** In words: the trade that was refused and those that went through, in each deal. */
  trades: string[];
  gas: ReturnType<GasLog["rows"]>;
  gasTable: string;
  /** Wall seconds of the months, set-up and audit left out. */
  monthsSeconds: number;
  agrees: boolean;
}

export interface DemoProgress {
  say(line: string): void;
  month(done: number, month: string): void;
  /** The deals, with the keys of their people, as soon as they are in service. */
  opened?(deals: readonly DealInService[]): void;
}

/** Services both deals over `months` months of real tapes, then audits them. */
export async function runDemo(
  demo: Demo,
  progress: DemoProgress,
  months = MONTHS,
): Promise<DemoOutcome> {
  const gas = new GasLog();
  const deals = await openDeals(demo, DEALS, { cutOffMonth: CUT_OFF_MONTH });
  progress.opened?.(deals);
  const reasons = deals.reduce((total, deal) => total + deal.reasons, 0);
  progress.say(
    `The cut-off tapes are in (${reasons} additions accepted with a reason); two deals were sold on 2017-10-18, delivery against payment.`,
  );
  const refusedTrades: string[] = [];
  for (const deal of deals) refusedTrades.push(await tryTradeAboveCap(demo, deal));
  progress.say(`A trade above the holder cap of 60 % was refused: ${refusedTrades[0]}.`);
  const started = performance.now();
  for (let period = 1; period <= months; period += 1) {
    const month = await servicePeriod(demo, deals, { period, gas });
    progress.month(period, month);
  }
  await claim(demo, deals, { period: null, gas });
  const monthsSeconds = (performance.now() - started) / 1_000;
  await demo.runDueJobs();
  await logServerGas(demo, gas);
  progress.say("The auditor compares PostgreSQL, chain and a replay from chain data alone.");
  const outcomes = [];
  for (const deal of deals) {
    const rows = await rowsToProve(deal, months);
    outcomes.push({
      summary: await summariseDeal(deal, demo.cast.investors),
      audit: await auditDeal(demo, deal, rows),
    });
  }
  return {
    deals: outcomes,
    refusedTrades,
    trades: describeTrades(demo, refusedTrades, tradeMonths(deals, months)),
    gas: gas.rows(),
    gasTable: gas.toString(),
    monthsSeconds,
    agrees:
      outcomes.every(({ audit, summary }) => audit.agrees && summary.cash.balances) &&
      outcomes.every(({ summary }) => summary.periods.length === months) &&
      refusedTrades.every((name) => name === "HolderCapExceeded"),
  };
}

/** One collection period of both deals, from the tapes to the claims. @returns its month */
async function servicePeriod(
  demo: Demo,
  deals: DealInService[],
  { period, gas }: { period: number; gas: GasLog },
): Promise<string> {
  const row = calendarRow(deals, period);
  const month = formatMonth(row.collectionMonth);
  await demo.advanceTo(new Date(row.determinationTime * 1_000));
  await reportPeriod(demo, deals, month);
  if (TRADES.has(period)) {
    await demo.advanceTo(new Date((row.recordTime + 3_600) * 1_000));
    for (const deal of deals) await tradeAfterRecordDate(demo, deal, gas);
  }
  await demo.advanceTo(new Date(row.paymentTime * 1_000));
  await demo.runDueJobs();
  await claim(demo, deals, { period, gas });
  return month;
}

/** Both deals have the same calendar. */
function calendarRow([deal]: readonly DealInService[], period: number): CalendarRow {
  const row = deal?.terms.calendar[period - 1];
  if (row === undefined) throw new Error(`the calendar has no period ${period}`);
  return row;
}

function tradeMonths(deals: readonly DealInService[], months: number): string[] {
  const periods = [...TRADES].filter((period) => period <= months);
  return periods.map((period) => formatMonth(calendarRow(deals, period).collectionMonth));
}

async function rowsToProve(
  deal: DealInService,
  months: number,
): Promise<{ month: string; loan: string }[]> {
  const rows = [];
  for (const period of PROVEN_PERIODS.filter((candidate) => candidate <= months)) {
    const month = formatMonth(calendarRow([deal], period).collectionMonth);
    rows.push({ month, loan: PROVEN_LOAN });
  }
  return rows;
}

/** Gas of what the server sent, from its own record of the transactions. */
async function logServerGas(demo: Demo, gas: GasLog): Promise<void> {
  const names: Readonly<Record<string, string>> = {
    "publish-report": "report, two signatures",
    distribute: "distribute",
    fund: "fund",
  };
  const rows = await demo.context.db
    .selectFrom("chain_transactions")
    .select(["kind", "gas_used"])
    .where("status", "=", "mined")
    .orderBy("id")
    .execute();
  for (const { kind, gas_used } of rows) {
    const name = names[kind];
    if (name !== undefined && gas_used !== null) gas.add(name, gas_used);
  }
}
