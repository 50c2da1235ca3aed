/** The tables of what is sent to the chain and comes back from it, in the order of the flow. */
import type { ColumnType, Generated } from "kysely";
import type { Json, Timestamp } from "./columns.ts";

/** An intent to send, written in the transaction that decided it; sent and settled afterwards. */
export interface ChainTransactionsTable {
  id: Generated<bigint>;
  idempotency_key: string;
  deal_id: string | null;
  period: number | null;
  kind: string;
  sender: string;
  recipient: string;
  data: string;
  nonce: number | null;
  /** Signed bytes, kept from before the first send so that a restart sends the same transaction. */
  raw: string | null;
  hash: string | null;
  /** Hashes of this intent's replaced transactions (bumped fees): any of them may be the one that is mined. */
  earlier_hashes: Json<string[]>;
  status: "intended" | "sent" | "mined" | "failed";
  gas_used: bigint | null;
  block_number: bigint | null;
  error: string | null;
  created_at: Timestamp;
  /** Head of the chain when these bytes were first sent: the fee bump counts blocks from it. */
  sent_block: bigint | null;
  settled_at: Timestamp | null;
}

export interface ChainBlocksTable {
  number: bigint;
  hash: string;
  mined_at: Timestamp;
}

export interface ChainEventsTable {
  block_number: bigint;
  block_hash: string;
  log_index: number;
  transaction_hash: string;
  address: string;
  name: string;
  deal_id: string | null;
  period: number | null;
  /** Arguments by name; bigints as decimal strings. */
  args: Json<Record<string, unknown>>;
}

/** A run of the priority of payments as the chain recorded it. */
export interface DistributionsTable {
  deal_id: string;
  period: number;
  phase: string;
  report_hash: string;
  result_hash: string;
  words: Json<string[]>;
  /** Differences of restatements that the run took, as decimal strings; empty without any. */
  carried: ColumnType<string[], string | undefined, string>;
  transaction_hash: string;
  block_number: bigint;
  distributed_at: Timestamp;
}

/** One row per step of a run, from the packed event and the deal's terms. */
export interface WaterfallLinesTable {
  deal_id: string;
  period: number;
  step: number;
  operation: string;
  label: string | null;
  clause: string;
  source: string | null;
  due_cents: bigint;
  paid_cents: bigint;
  source_before_cents: bigint;
  flags: number;
}

/** The fixing of a feed index for a period, from IndexFixed events. */
export interface IndexFixingsTable {
  deal_id: string;
  period: number;
  /** Among the deal's feed indices. */
  position: number;
  /** Annual rate, 1e18 = 100 %; as the chain's 128-bit integer. */
  rate_wad: string;
  round_id: string;
  answered_at: Timestamp;
  transaction_hash: string;
  block_number: bigint;
  log_index: number;
}

/** A list of loans offered to a deal that buys, from LoansOffered events; the highest version stands. */
export interface PurchaseListsTable {
  deal_id: string;
  period: number;
  version: number;
  list_root: string;
  loan_count: string;
  /** The chain holds 64 bits. */
  balance_cents: string;
  price_cents: string;
  transaction_hash: string;
  block_number: bigint;
  log_index: number;
}

/** A notice given or withdrawn, from NoticeGiven and NoticeWithdrawn events. */
export interface NoticesTable {
  deal_id: string;
  /** Among the notices of the terms. */
  position: number;
  action: "given" | "withdrawn";
  /** The payee's address. */
  party: string;
  transaction_hash: string;
  block_number: bigint;
  log_index: number;
}

/** One move in the life of an accepted report, from the registry's events. */
export interface ReportMovesTable {
  deal_id: string;
  period: number;
  version: number;
  move: "published" | "restated" | "challenged" | "dismissed" | "rejected";
  /** Of the moves that bring a version: its hash and figures, as decimal strings. */
  report_hash: string | null;
  figures: ColumnType<string[] | null, string | null | undefined, string | null>;
  /** Who challenged. */
  party: string | null;
  /** Current principal of the holders who challenge. */
  backing_cents: string | null;
  /** Hash of the document that says why. */
  reason: string | null;
  moved_at: Timestamp;
  /** From when on the version is final, unless another move follows. */
  final_at: Timestamp;
  transaction_hash: string;
  block_number: bigint;
  log_index: number;
}

/** Whether a deal's reports are in time, from PunctualityChanged events. */
export interface PunctualityChangesTable {
  deal_id: string;
  /** Whose report it is. */
  period: number;
  state: "on time" | "late" | "servicer default";
  changed_at: Timestamp;
  transaction_hash: string;
  block_number: bigint;
  log_index: number;
}

/** A holder's face per class, from Transfer events. */
export interface HoldingsTable {
  deal_id: string;
  class_id: string;
  holder: string;
  face_cents: bigint;
}

export interface ClaimsTable {
  deal_id: string;
  class_id: string;
  holder: string;
  interest_units: bigint;
  principal_units: bigint;
  transaction_hash: string;
  log_index: number;
  block_number: bigint;
  claimed_at: Timestamp;
}

/** The last Transfer event that is in a deal's holdings. */
export interface HoldingCursorsTable {
  deal_id: string;
  block_number: bigint;
  block_hash: string;
  log_index: number;
}

/** What the last comparison of Postgres, chain and engine after a distribution found. */
export interface ReconciliationsTable {
  deal_id: string;
  period: number;
  /** Height at which the chain was read. */
  block_number: bigint;
  compared_count: number;
  /** Empty when every book agrees: {item, books: {postgres: "1", chain: "2"}}. */
  differences: Json<{ item: string; books: Record<string, string> }[]>;
  reconciled_at: Timestamp;
}
