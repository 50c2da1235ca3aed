/** What a run reads beside its report, as far as the chain's events are read. */
import { sql, type Kysely, type Selectable } from "kysely";
import type { IndexFixingsTable, NoticesTable, PurchaseListsTable } from "../db/chain-tables.ts";
import type { Database } from "../db/tables.ts";
import type { DealTerms } from "../deals/deal-terms.ts";
import { problem } from "../errors.ts";
import { formatMonth } from "../lib/dates.ts";
import {
  acceptFigures,
  newCarry,
  rejectFigures,
  takeDifferences,
  waitingFor,
  type Carried,
} from "./carry-differences.ts";

export interface RunInputs {
  /** Fixings in the order of the indices (1e18 = 100 %), then the price of the list where the deal buys (cents). */
  extras: bigint[];
  /** Bit q: notice q is in force. */
  notices: number;
  /** Differences that restatements of earlier periods leave for it; null without any. */
  carried: Carried | null;
}

interface PeriodKey {
  dealId: string;
  /** Ordinal, from 1. */
  period: number;
}

export interface RunKey extends PeriodKey {
  terms: DealTerms;
}

/**
 * The inputs of a period's run: those it read when it has run, else those that it would read now.
 * @throws Problem fixing-missing for the first index that is not fixed for the period
 */
export async function runInputsOf(db: Kysely<Database>, key: RunKey): Promise<RunInputs> {
  const inputs = await findRunInputs(db, key);
  if ("extras" in inputs) return inputs;
  const { period, terms } = key;
  const row = terms.calendar[period - 1];
  const month = row === undefined ? `${period}` : formatMonth(row.collectionMonth);
  throw problem("fixing-missing", { index: inputs.missing, period: month });
}

/** The inputs of a period's run, or the name of the first index that is not fixed for the period. */
export async function findRunInputs(
  db: Kysely<Database>,
  key: RunKey,
): Promise<RunInputs | { missing: string }> {
  const { indices, buys } = key.terms;
  const fixings = indices.length === 0 ? [] : await listFixings(db, key);
  const extras: bigint[] = [];
  for (const [position, { name }] of indices.entries()) {
    const fixing = fixings.find((row) => row.position === position);
    if (fixing === undefined) return { missing: name };
    extras.push(BigInt(fixing.rate_wad));
  }
  if (buys) extras.push(BigInt((await findPurchaseList(db, key))?.price_cents ?? "0"));
  return {
    extras,
    notices: await findNotices(db, key),
    carried: await findCarried(db, key),
  };
}

/**
 * The differences that a period's run takes with it: of a run that has been those that it took, else
 * those that wait, also of a restatement that is not final yet. Available funds are not cut here to
 * what the period's report states.
 */
export async function findCarried(
  db: Kysely<Database>,
  { dealId, period, terms }: RunKey,
): Promise<Carried | null> {
  const moves = await listCarryEvents(db, { dealId, period });
  if (!moves.some(({ move }) => move === "restated")) return null;
  const carry = newCarry(terms.figures);
  for (const { move, period: of, version, figures } of moves) {
    if (move === "distributed") {
      if (of < period) takeDifferences(carry, (figures ?? []).map(BigInt));
    } else if (move === "rejected") rejectFigures(carry, { period: of, version });
    else acceptFigures(carry, { period: of, version, ...readMove(move, figures) });
  }
  const waiting = waitingFor(carry);
  const taken = moves.find(({ move, period: of }) => move === "distributed" && of === period);
  const differences = taken?.figures?.map(BigInt) ?? waiting.differences;
  return differences.every((difference) => difference === 0n) ? null : { ...waiting, differences };
}

function readMove(move: string, figures: string[] | null) {
  return { restates: move === "restated", figures: (figures ?? []).map(BigInt) };
}

interface CarryEvent {
  move: "published" | "restated" | "rejected" | "distributed";
  period: number;
  version: number;
  /** Of a version its figures, of a run the differences that it took. */
  figures: string[] | null;
}

/** What was accepted, rejected and distributed before the run of a period, and that run, in order. */
async function listCarryEvents(
  db: Kysely<Database>,
  { dealId, period }: PeriodKey,
): Promise<CarryEvent[]> {
  const { rows } = await sql<CarryEvent>`
    with runs as (
      select done.period, done.carried, event.block_number, event.log_index from distributions as done
      join chain_events as event on event.deal_id = done.deal_id and event.period = done.period
        and event.name = 'WaterfallRun'
      where done.deal_id = ${dealId} and done.period <= ${period}
    ), steps as (
      select move, period, version, figures, block_number, log_index from report_moves
      where deal_id = ${dealId} and move in ('published', 'restated', 'rejected')
      union all
      select 'distributed', period, 0, carried, block_number, log_index from runs
    )
    select move, period, version, figures from steps
    where not exists (
      select from runs where runs.period = ${period}
        and (runs.block_number, runs.log_index) < (steps.block_number, steps.log_index))
    order by block_number, log_index`.execute(db);
  return rows;
}

/** The fixings of a period. */
export async function listFixings(
  db: Kysely<Database>,
  { dealId, period }: PeriodKey,
): Promise<Selectable<IndexFixingsTable>[]> {
  return db
    .selectFrom("index_fixings")
    .selectAll()
    .where("deal_id", "=", dealId)
    .where("period", "=", period)
    .execute();
}

/** The purchase list that stands for a period. */
export async function findPurchaseList(
  db: Kysely<Database>,
  { dealId, period }: PeriodKey,
): Promise<Selectable<PurchaseListsTable> | undefined> {
  return db
    .selectFrom("purchase_lists")
    .selectAll()
    .where("deal_id", "=", dealId)
    .where("period", "=", period)
    .orderBy("version", "desc")
    .limit(1)
    .executeTakeFirst();
}

/** Bit q: notice q is in force for the run: its last word before the run, unless an earlier one spent it. */
export async function findNotices(
  db: Kysely<Database>,
  { dealId, period, terms }: RunKey,
): Promise<number> {
  if (terms.notices.length === 0) return 0;
  const isInDefault =
    terms.notices.some(({ kind }) => kind === "servicer default") &&
    (await isServicerInDefault(db, { dealId, period }));
  const { rows } = await sql<Pick<NoticesTable, "position" | "action"> & { is_read: boolean }>`
    with runs as (
      select period, block_number, log_index from chain_events
      where deal_id = ${dealId} and name = 'WaterfallRun' and period in (${period}, ${period - 1})
    )
    select distinct on (position) position, action, exists (
        select from runs where runs.period = ${period - 1}
          and (runs.block_number, runs.log_index) > (notice.block_number, notice.log_index)
      ) as is_read
    from notices as notice
    where deal_id = ${dealId} and not exists (
      select from runs where runs.period = ${period}
        and (runs.block_number, runs.log_index) < (notice.block_number, notice.log_index))
    order by position, block_number desc, log_index desc`.execute(db);
  const inForce = rows.filter(
    ({ position, action, is_read }) =>
      action === "given" && (terms.notices[position]?.kind === "standing" || !is_read),
  );
  const given = inForce.reduce((bits, { position }) => bits | (1 << position), 0);
  return terms.notices.reduce(
    (bits, { kind }, position) =>
      kind === "servicer default" && isInDefault ? bits | (1 << position) : bits,
    given,
  );
}

/** Whether the servicer is in default with its reports for the run of a period; a default is for good. */
async function isServicerInDefault(
  db: Kysely<Database>,
  { dealId, period }: PeriodKey,
): Promise<boolean> {
  const { rows } = await sql`
    select from punctuality_changes as change
    where deal_id = ${dealId} and state = 'servicer default' and not exists (
      select from chain_events as run
      where run.deal_id = ${dealId} and run.name = 'WaterfallRun' and run.period = ${period}
        and (run.block_number, run.log_index) < (change.block_number, change.log_index))
    limit 1`.execute(db);
  return rows.length > 0;
}
