/** What a run reads beside its report, as far as the chain's events are read. */
import { sql, type Kysely, type Selectable } from "kysely";
import type {
  Database,
  IndexFixingsTable,
  NoticesTable,
  PurchaseListsTable,
} from "../db/tables.ts";
import type { DealTerms } from "../deals/deal-terms.ts";
import { problem } from "../errors.ts";
import { formatMonth } from "../lib/dates.ts";

export interface RunInputs {
  /** Fixings in the order of the indices (1e18 = 100 %), then the price of the list where the deal buys (cents). */
  extras: bigint[];
  /** Bit q: notice q is in force. */
  notices: number;
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
  return { extras, notices: await findNotices(db, key) };
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
  return inForce.reduce((bits, { position }) => bits | (1 << position), 0);
}
