/** What closed periods say of their pools: written with the close, never changed. */
import type { Json } from "./columns.ts";

/** The version of a close that a row belongs to. */
interface OfClose {
  deal_key: number;
  period: number;
  version: number;
}

export interface PoolStatisticsTable extends OfClose {
  /** A name of the catalogue of statistics. */
  figure: string;
  /** Decimal text of an integer: cents, a count, 1e18 times a rate, a term or a score. */
  value: string | null;
}

export interface PoolRollRatesTable extends OfClose {
  state_before: string;
  state_after: string;
  loan_count: number;
  balance_before_cents: bigint;
  balance_after_cents: bigint;
}

export interface PoolConcentrationsTable extends OfClose {
  /** 1 is the region with the most balance. */
  rank: number;
  region: string | null;
  loan_count: number;
  balance_cents: bigint;
  /** Mean rate weighted by balance, 1e18 = 100 %; null where no loan states one. */
  rate_wad: string | null;
}

export interface PoolVintagesTable extends OfClose {
  /** Quarter of origination, year * 4 + quarter - 1; -1 for loans that do not say. */
  quarter: number;
  loan_count: number;
  balance_cents: bigint;
  /** Loans at the cut-off and added since, and the balance that they came with. */
  entered_count: number;
  entered_cents: bigint;
  /** Original balance of the same loans. */
  original_cents: bigint;
  /** Since the cut-off. */
  gross_loss_cents: bigint;
  net_loss_cents: bigint;
}

/** A line of a stratification as it is kept; integers as decimal text. */
export interface StratumRow {
  band: string;
  loanCount: number;
  balanceCents: string;
  rateWad: string | null;
  termWad: string | null;
}

export interface PoolStratificationsTable extends OfClose {
  field: string;
  /** The bounds as they were asked for; empty for each value by itself. */
  bands: string;
  strata: Json<StratumRow[]>;
}
