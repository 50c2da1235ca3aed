/** Deals spread over two PostgreSQL servers: what one deal asks touches one of them, what all ask is equal. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "kysely";
import type { Kysely, RawBuilder } from "kysely";
import type { Database } from "../../server/db/tables.ts";
import { readPoolCells, readPoolSpread } from "../../server/periods/pool-statistics-queries.ts";
import { listLoanMonths } from "../../server/tapes/loans-queries.ts";
import type { TapeTerms } from "../../server/tapes/tape-terms.ts";
import { madeLoanId, makeMonth } from "./made-months.ts";
import { openSpread } from "./open-spread.ts";
import type { Side, Spread } from "./open-spread.ts";
import { readPlan } from "./read-plan.ts";

/** Of a deal of made loans. */
const TERMS: Pick<TapeTerms, "rollForward"> = {
  rollForward: { subtract: ["principal"], add: [], toleranceCents: 0n },
};

export interface SpreadSize {
  deals: number;
  months: number;
  /** Of each deal. */
  loans: number;
}

export interface SpreadBench extends SpreadSize {
  dealsOf: Record<Side, number[]>;
  /** Queries of one deal, and those of them that touch its server alone. */
  plans: { asked: number; onOneServer: number };
  /** Milliseconds of a loan's history, the middle one, by the server that has it. */
  historyMs: Record<Side, number>;
  /** Deals whose closing statistics, by the product's own query, are those of one server. */
  equalCloses: number;
  /** The statistic of all deals: the same on one server, and how long both take. */
  statistic: { rows: number; equal: boolean; spreadMs: number; undividedMs: number };
  /** With the second server stopped: deals that still answer, of each server. */
  withoutSecond: Record<Side, number>;
}

/** Loads the deals twice, spread and on one server, and asks both. */
export async function benchSpread(size: SpreadSize): Promise<SpreadBench> {
  const folder = await mkdtemp(path.join(tmpdir(), "penstock-spread-"));
  try {
    const spread = await openSpread(folder);
    try {
      return await measure(spread, size);
    } finally {
      await spread.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function measure(spread: Spread, size: SpreadSize): Promise<SpreadBench> {
  const keys = Array.from({ length: size.deals }, (_, at) => at + 1);
  const dealsOf: Record<Side, number[]> = { here: [], there: [] };
  for (const key of keys) {
    const side = await spread.sideOf(key);
    dealsOf[side].push(key);
    await loadDeal(spread.sides[side], key, size);
    await loadDeal(spread.undivided, key, size);
  }
  const plans = { asked: 0, onOneServer: 0 };
  for (const side of ["here", "there"] as const) {
    for (const key of dealsOf[side]) {
      for (const query of queriesOfDeal(key)) {
        const { own, remote } = await readPlan(spread.whole, query);
        plans.asked += 1;
        const onlyHere = own.length > 0 && remote.length === 0;
        const onlyThere = own.length === 0 && remote.length > 0;
        if (side === "here" ? onlyHere : onlyThere) plans.onOneServer += 1;
      }
    }
  }
  const historyMs = {
    here: await timeHistories(spread, dealsOf.here, size),
    there: await timeHistories(spread, dealsOf.there, size),
  };
  let equalCloses = 0;
  for (const key of keys) if (await closesAlike(spread, key)) equalCloses += 1;
  const statistic = await compareStatistic(spread);
  await spread.stopThere();
  const withoutSecond = {
    here: await countAnswers(spread.whole, dealsOf.here),
    there: await countAnswers(spread.whole, dealsOf.there),
  };
  return { ...size, dealsOf, plans, historyMs, equalCloses, statistic, withoutSecond };
}

async function loadDeal(db: Kysely<Database>, dealKey: number, size: SpreadSize): Promise<void> {
  for (let period = 0; period < size.months; period += 1) {
    await db
      .transaction()
      .execute((trx) => makeMonth(trx, { dealKey, period, version: 1 }, size.loans));
  }
}

/** What is asked of one deal: a loan's history and place, a block's rows, nodes of the tree, a month's sums. */
export function queriesOfDeal(dealKey: number): RawBuilder<unknown>[] {
  const deal = sql`deal_key = ${sql.lit(dealKey)}`;
  const month = sql`${deal} and period = 1 and version = 1`;
  const loan = sql`loan_id = ${sql.lit(madeLoanId(5))}`;
  return [
    sql`select * from loan_months where ${deal} and ${loan} order by period, version`,
    sql`select position from loan_months where ${month} and ${loan}`,
    sql`select * from loan_months where ${month} and position >= 256 and position < 512`,
    sql`select * from tape_tree_nodes where ${month} and level = 0`,
    sql`select delinquency_bucket, count(*), sum(ending_balance_cents) from loan_months where ${month} group by 1`,
    sql`
      select count(*) from loan_months as now join loan_months as before using (deal_key, loan_id)
      where deal_key = ${sql.lit(dealKey)} and now.period = 1 and before.period = 0
        and before.ending_balance_cents <> now.beginning_balance_cents
    `,
  ];
}

async function timeHistories(spread: Spread, keys: number[], size: SpreadSize): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 40; round += 1) {
    const dealKey = keys[round % keys.length];
    if (dealKey === undefined) throw new Error("a server without a deal: take more deals");
    const loanId = madeLoanId((round * 7919) % size.loans);
    const started = performance.now();
    const months = await listLoanMonths(spread.whole, { dealKey, loanId });
    times.push(performance.now() - started);
    if (months.length !== size.months) throw new Error(`${loanId} has ${months.length} months`);
  }
  return times.toSorted((a, b) => a - b)[times.length / 2] ?? Number.NaN;
}

/** Whether what the close of a deal's second month adds up is the same spread and undivided. */
async function closesAlike(spread: Spread, dealKey: number): Promise<boolean> {
  const pair = {
    previous: { dealKey, period: 0, version: 1 },
    current: { dealKey, period: 1, version: 1 },
    month: 24_214,
    terms: TERMS,
  };
  const read = async (db: Kysely<Database>): Promise<string> => {
    const sums = await db
      .transaction()
      .execute(async (trx) => [
        ...(await readPoolCells(trx, pair)),
        ...(await readPoolSpread(trx, pair.current)),
      ]);
    if (sums.length < 10) throw new Error(`deal ${dealKey} has no statistics`);
    return sums.map(textOf).toSorted().join("\n");
  };
  return (await read(spread.whole)) === (await read(spread.undivided));
}

function textOf(row: object): string {
  const plain = (_key: string, value: unknown): unknown =>
    typeof value === "bigint" ? String(value) : value;
  return JSON.stringify(row, plain);
}

/** Every deal's pool, month by month. */
const STATISTIC = sql<object>`
  select deal_key, period, count(*) as rows,
    count(*) filter (where ending_balance_cents > 0) as loans,
    sum(ending_balance_cents) as balance, sum(principal_cents) as principal,
    sum(interest_cents) as interest,
    sum(ending_balance_cents) filter (where days_past_due >= 30) as late
  from loan_months group by deal_key, period order by deal_key, period
`;

async function compareStatistic(spread: Spread): Promise<SpreadBench["statistic"]> {
  const ask = async (db: Kysely<Database>) => {
    const started = performance.now();
    const { rows } = await STATISTIC.execute(db);
    return { rows, ms: performance.now() - started };
  };
  const [together, alone] = [await ask(spread.whole), await ask(spread.undivided)];
  return {
    rows: together.rows.length,
    equal: together.rows.map(textOf).join() === alone.rows.map(textOf).join(),
    spreadMs: together.ms,
    undividedMs: alone.ms,
  };
}

async function countAnswers(whole: Kysely<Database>, keys: readonly number[]): Promise<number> {
  let answers = 0;
  for (const dealKey of keys) {
    const months = await listLoanMonths(whole, { dealKey, loanId: madeLoanId(5) }).catch(() => []);
    if (months.length > 0) answers += 1;
  }
  return answers;
}

/** Whether everything is as it must be. */
export function isSpread({
  plans,
  equalCloses,
  statistic,
  dealsOf,
  withoutSecond,
}: SpreadBench): boolean {
  return (
    plans.onOneServer === plans.asked &&
    statistic.equal &&
    equalCloses === dealsOf.here.length + dealsOf.there.length &&
    withoutSecond.here === dealsOf.here.length &&
    withoutSecond.there === 0
  );
}

export function formatSpreadBench(bench: SpreadBench): string {
  const { deals, months, loans, dealsOf, plans, historyMs, equalCloses, statistic, withoutSecond } =
    bench;
  const rows = (deals * months * loans).toLocaleString("en-US");
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  return [
    `loan months  ${rows}: ${deals} deals, ${dealsOf.here.length} on the first server, ${dealsOf.there.length} on the second`,
    `plans        ${plans.onOneServer} of ${plans.asked} queries of one deal touch its server alone`,
    `history      ${ms(historyMs.here)} of a loan here, ${ms(historyMs.there)} of one there, in the middle`,
    `closes       ${equalCloses} of ${deals} deals: closing statistics equal to one server's`,
    `statistic    ${statistic.rows} rows of all deals, ${statistic.equal ? "equal to" : "DIFFERENT FROM"} one server's: ${ms(statistic.spreadMs)} spread, ${ms(statistic.undividedMs)} on one`,
    `one down     ${withoutSecond.here} of ${dealsOf.here.length} deals here answer, ${withoutSecond.there} of ${dealsOf.there.length} there`,
  ].join("\n");
}
