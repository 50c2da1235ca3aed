import type { Generated } from "kysely";
import type { Json, Timestamp } from "./columns.ts";

/** Which version of a period's tape stands: the one with the highest ordinal. Insert-only. */
export interface TapeAcceptancesTable {
  deal_id: string;
  period: number;
  /** 1 is the first version's, made with its upload and without a reason. */
  ordinal: number;
  tape_id: string;
  accepted_by: string;
  accepted_at: Timestamp;
  reason: string | null;
}

/** A proposed version that was dropped. Insert-only. */
export interface TapeRejectionsTable {
  deal_id: string;
  period: number;
  version: number;
  content_hash: string;
  tree_hash: string;
  rejected_by: string;
  rejected_at: Timestamp;
}

export type UploadState = "open" | "stored" | "refused" | "cancelled";

/** What is being done with an upload: nothing, reading rows, checking the whole tape, storing it. */
export type UploadStage = "waiting" | "rows" | "checks" | "storing" | "ended";

/** Why a tape was refused, as the API answered it. */
export interface StoredRefusal {
  code: string;
  status: number;
  title: string;
  detail: string;
  extra: Record<string, unknown>;
}

/** An upload that can be taken up again by any process. */
export interface UploadsTable {
  id: string; // uuid
  deal_id: string;
  period: number;
  file_name: string;
  /** Of the whole file, as announced; null when that is not known before its end. */
  byte_count: bigint | null;
  /** sha-256 of the whole file as announced, hex. */
  content_hash: string | null;
  started_by: string;
  started_at: Timestamp;
  changed_at: Timestamp;
  state: UploadState;
  /** So many bytes from the beginning are in upload_parts: where to go on. */
  kept_bytes: Generated<bigint>;
  /** The request whose bytes are taken: every write names it, so that a newer one shuts it out. */
  sender: string | null;
  stage: UploadStage;
  /** Grows with every change: the id of its events. */
  revision: Generated<number>;
  tape_id: string | null;
  refusal: Json<StoredRefusal> | null;
  /** What the reading has come to: the bytes of the parts count when they are read again. */
  read_bytes: Generated<bigint>;
  row_count: Generated<bigint>;
  refusals: Generated<bigint>;
  reasons: Generated<bigint>;
  notes: Generated<bigint>;
}

/** Bytes of an upload, a few megabytes each, without gaps. */
export interface UploadPartsTable {
  upload_id: string;
  begins_at: bigint;
  bytes: Buffer;
}
