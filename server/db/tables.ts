/**
 * The tables, in the order of the flow. Money columns end in `_cents` (the deal's legal unit) or
 * `_units` (smallest unit of the cash token) and are `bigint`; hashes and addresses are 0x-hex text.
 */
import type { ColumnType, Generated } from "kysely";
import type { Json, Timestamp } from "./columns.ts";
import type {
  ChainBlocksTable,
  ChainEventsTable,
  ChainTransactionsTable,
  ClaimsTable,
  DistributionsTable,
  HoldingCursorsTable,
  HoldingsTable,
  IndexFixingsTable,
  NoticesTable,
  PunctualityChangesTable,
  PurchaseListsTable,
  ReconciliationsTable,
  ReportMovesTable,
  WaterfallLinesTable,
} from "./chain-tables.ts";
import type {
  PoolConcentrationsTable,
  PoolRollRatesTable,
  PoolStatisticsTable,
  PoolStratificationsTable,
  PoolVintagesTable,
} from "./statistics-tables.ts";
import type {
  TapeAcceptancesTable,
  TapeRejectionsTable,
  UploadPartsTable,
  UploadsTable,
} from "./upload-tables.ts";

export type Role = "servicer" | "approver" | "trustee" | "investor" | "auditor" | "administrator";

export interface UsersTable {
  id: string; // uuid
  name: string;
  role: Role;
  /** The wallet that this person signs with (checksummed), when they have one. */
  address: string | null;
  created_at: Timestamp;
}

export interface ApiKeysTable {
  id: string; // uuid; the public part of the key
  user_id: string;
  /** sha-256 of the secret part, hex. */
  secret_hash: string;
  created_at: Timestamp;
  revoked_at: Timestamp | null;
}

/** Who may act on which deal; administrators may act on all. */
export interface DealMembersTable {
  deal_id: string;
  user_id: string;
}

export interface DealsTable {
  id: string; // the deal file's id, e.g. amcar-2017-4
  /** The deal's number: the first column of every key of its loan months. */
  key: Generated<number>;
  name: string;
  /** The deal file as uploaded, and what it compiles to. */
  source: string;
  terms: Buffer;
  terms_hash: string;
  /** Where it lives on chain; null until deployed. */
  chain_deal_id: bigint | null;
  code_address: string | null;
  created_at: Timestamp;
  created_by: string;
}

/** One accepted tape of one period; a corrected file is a new version. Period 0 is the cut-off tape. */
export interface TapesTable {
  id: string; // uuid
  deal_id: string;
  period: number;
  version: number;
  content_hash: string; // sha-256 of the bytes
  file_name: string;
  format: string;
  asset_class: string;
  byte_count: bigint;
  row_count: number;
  closing_balance_cents: bigint;
  loan_count: number; // loans with a closing balance above zero
  /** Closing balance by delinquency bucket, current first; they add up to the closing balance. */
  bucket_cents: bigint[];
  /** Root node hash of the salted Merkle sum tree. */
  tree_hash: string;
  /** 32 bytes that the salts of the leaves are made from: never leaves the database and the process. */
  leaf_secret: Buffer;
  /** Names of the values in loan_months.attributes. */
  attribute_names: string[];
  /** What was read, summed: money as decimal text. */
  control_totals: Json<Record<string, unknown>>;
  /** Of the mapping that read it, 0 is the deal file's; null for a public format. */
  mapping_version: number | null;
  /** The tape that its amounts since origination were counted from; null where it states flows. */
  differenced_from: string | null;
  uploaded_by: string;
  uploaded_at: Timestamp;
}

/** Versions of how a deal's own files are read, after the one of the deal file. */
export interface TapeMappingsTable {
  deal_id: string;
  version: number;
  /** YAML, as it was sent. */
  source: string;
  stored_by: string;
  stored_at: Timestamp;
}

/** Findings that did not refuse the tape: notes, and problems accepted with a reason. */
export interface TapeProblemsTable {
  deal_id: string;
  tape_id: string;
  ordinal: number;
  /** 0 for what concerns the whole tape. */
  line: number;
  column_number: number | null;
  field: string;
  code: string;
  severity: "reason" | "note";
  loan_id: string | null;
  value: string;
  expected: string;
  accepted_by: string | null;
  accepted_at: Timestamp | null;
  reason: string | null;
}

/** One loan in one period of one tape version: partitioned by deal, period, version. */
export interface LoanMonthsTable {
  deal_key: number;
  period: number;
  version: number;
  /** 0 for the first row kept: the leaf of the tape's tree. */
  position: number;
  line: number;
  loan_id: string;
  original_balance_cents: bigint | null;
  beginning_balance_cents: bigint | null;
  ending_balance_cents: bigint;
  scheduled_principal_cents: bigint | null;
  principal_cents: bigint | null;
  prepaid_principal_cents: bigint | null;
  interest_cents: bigint | null;
  fees_cents: bigint | null;
  other_adjustment_cents: bigint | null;
  charge_off_cents: bigint | null;
  recovery_cents: bigint | null;
  liquidation_proceeds_cents: bigint | null;
  repurchase_cents: bigint | null;
  servicer_advance_cents: bigint | null;
  collateral_value_cents: bigint | null;
  /** Annual rates as 1e18 integers. */
  interest_rate_wad: bigint | null;
  servicing_fee_rate_wad: bigint | null;
  original_term_months: number | null;
  remaining_term_months: number | null;
  days_past_due: number | null;
  credit_score: number | null;
  origination_month: number | null; // year * 12 + month - 1
  maturity_month: number | null;
  repossessed: boolean | null;
  modified: boolean | null;
  delinquency_bucket: "current" | "1-29" | "30-59" | "60-89" | "90-119" | "120+";
  status: string;
  termination_code: string | null;
  region: string | null;
  /** What the format states since origination, by CUMULATIVE_FIELDS. */
  cumulative_cents: (bigint | null)[] | null;
  /** The file's other columns by tapes.attribute_names, U+001F between them. */
  attributes: string | null;
}

/** Nodes of a tape's Merkle sum tree; level 0 are the blocks of 256 leaves. */
export interface TapeTreeNodesTable {
  deal_key: number;
  period: number;
  version: number;
  level: number;
  position: number;
  hash: Buffer;
  loan_count: number;
  balance_cents: bigint;
  bucket_cents: bigint[];
}

/** A closed period: the pool's figures frozen from one tape version. A re-close is a new version. */
export interface ClosedPeriodsTable {
  deal_id: string;
  period: number;
  version: number;
  tape_id: string;
  /** keccak256 of the canonical JSON of deal, period, tape content hash, tree hash, statistics. */
  close_hash: string;
  /** Report figures in the order of the deal's figure table, as decimal strings of integers. */
  figures: Json<string[]>;
  /** Those of them that the servicer stated when closing (closed_by), by name. */
  stated_figures: ColumnType<Record<string, string>, string | undefined, string>;
  statistics: Json<Record<string, unknown>>;
  closed_by: string;
  closed_at: Timestamp;
  /** Why it was closed again; null on a first close without one. */
  reason: string | null;
}

/** What the TypeScript engine says a period will pay. */
export interface WaterfallPreviewsTable {
  deal_id: string;
  period: number;
  close_version: number;
  result_hash: string;
  /** OR of the step flags; a preview with a flag cannot be attested. */
  flags: number;
  words: Json<string[]>;
  /** Differences of restatements in its figures, as decimal strings; empty without any. */
  carried: ColumnType<string[], string | undefined, string>;
  created_at: Timestamp;
}

/** The report as it is signed; period and version are numbers, the other integers decimal text. */
export interface ReportMessageRow {
  dealId: string;
  period: number;
  version: number;
  termsHash: string;
  tapeRoot: string;
  closeHash: string;
  resultHash: string;
  figures: string[];
}

export interface ReportsTable {
  deal_id: string;
  period: number;
  version: number;
  close_version: number;
  /** The EIP-712 message, bigint fields as decimal strings. */
  message: Json<ReportMessageRow>;
  /** What the attesters sign: EIP-712 digest with the chain and the registry in it. */
  digest: string;
  /** EIP-712 struct hash: what the registry keeps and the distribution names. */
  report_hash: string;
  /** Takes the place of a version that was distributed on. */
  restates: ColumnType<boolean, boolean | undefined, boolean>;
  created_at: Timestamp;
}

export interface ReportSignaturesTable {
  deal_id: string;
  period: number;
  version: number;
  /** The digest that was signed: a re-closed period has another one, so an old signature is void. */
  digest: string;
  signer: string;
  signature: string;
  user_id: string | null; // null: the server's own attester
  signed_at: Timestamp;
}

export interface Database {
  users: UsersTable;
  api_keys: ApiKeysTable;
  deal_members: DealMembersTable;
  deals: DealsTable;
  tapes: TapesTable;
  tape_mappings: TapeMappingsTable;
  tape_problems: TapeProblemsTable;
  tape_acceptances: TapeAcceptancesTable;
  tape_rejections: TapeRejectionsTable;
  uploads: UploadsTable;
  upload_parts: UploadPartsTable;
  loan_months: LoanMonthsTable;
  tape_tree_nodes: TapeTreeNodesTable;
  closed_periods: ClosedPeriodsTable;
  pool_statistics: PoolStatisticsTable;
  pool_roll_rates: PoolRollRatesTable;
  pool_concentrations: PoolConcentrationsTable;
  pool_vintages: PoolVintagesTable;
  pool_stratifications: PoolStratificationsTable;
  waterfall_previews: WaterfallPreviewsTable;
  reports: ReportsTable;
  report_signatures: ReportSignaturesTable;
  chain_transactions: ChainTransactionsTable;
  chain_blocks: ChainBlocksTable;
  chain_events: ChainEventsTable;
  distributions: DistributionsTable;
  waterfall_lines: WaterfallLinesTable;
  index_fixings: IndexFixingsTable;
  purchase_lists: PurchaseListsTable;
  notices: NoticesTable;
  report_moves: ReportMovesTable;
  punctuality_changes: PunctualityChangesTable;
  holdings: HoldingsTable;
  holding_cursors: HoldingCursorsTable;
  claims: ClaimsTable;
  reconciliations: ReconciliationsTable;
}
