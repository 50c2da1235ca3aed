import { sql } from "kysely";
import type { Insertable, Kysely, Selectable } from "kysely";
import type { Database } from "../../db/tables.ts";
import type { StoredRefusal, UploadsTable, UploadStage } from "../../db/upload-tables.ts";
import { problem } from "../../errors.ts";

export type Upload = Selectable<UploadsTable>;

/** One request that sends bytes of an upload. */
export interface Sender {
  uploadId: string;
  /** Made for the request: whoever wrote it last has the upload. */
  sender: string;
}

export async function insertUpload(
  db: Kysely<Database>,
  upload: Insertable<UploadsTable>,
): Promise<Upload> {
  return await db.insertInto("uploads").values(upload).returningAll().executeTakeFirstOrThrow();
}

/** Until the transaction ends, nobody else starts an upload of this deal. */
export async function lockUploadsOfDeal(trx: Kysely<Database>, dealId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`uploads ${dealId}`}, 0))`.execute(trx);
}

export async function countOpenUploads(db: Kysely<Database>, dealId: string): Promise<number> {
  const { count } = await db
    .selectFrom("uploads")
    .select(({ fn }) => fn.countAll<bigint>().as("count"))
    .where("deal_id", "=", dealId)
    .where("state", "=", "open")
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** The open upload of a file that its sender has begun before. */
export async function findOpenUpload(
  db: Kysely<Database>,
  file: { dealId: string; period: number; contentHash: string; startedBy: string },
): Promise<Upload | undefined> {
  return await db
    .selectFrom("uploads")
    .selectAll()
    .where("deal_id", "=", file.dealId)
    .where("period", "=", file.period)
    .where("content_hash", "=", file.contentHash)
    .where("started_by", "=", file.startedBy)
    .where("state", "=", "open")
    .executeTakeFirst();
}

/** @throws Problem upload-unknown */
export async function getUpload(
  db: Kysely<Database>,
  key: { dealId: string; uploadId: string },
): Promise<Upload> {
  const upload = await db
    .selectFrom("uploads")
    .selectAll()
    .where("deal_id", "=", key.dealId)
    .where("id", "=", key.uploadId)
    .executeTakeFirst();
  if (upload === undefined) {
    throw problem("upload-unknown", { deal: key.dealId, upload: key.uploadId });
  }
  return upload;
}

/** Uploads of a deal, the newest first, after the given place. */
export async function listUploads(
  db: Kysely<Database>,
  dealId: string,
  page: { before: { startedAt: Date; id: string } | null; limit: number },
): Promise<Upload[]> {
  let query = db.selectFrom("uploads").selectAll().where("deal_id", "=", dealId);
  if (page.before !== null) {
    const { startedAt, id } = page.before;
    query = query.where(sql<boolean>`(started_at, id) < (${startedAt}, ${id}::uuid)`);
  }
  return await query
    .orderBy("started_at", "desc")
    .orderBy("id", "desc")
    .limit(page.limit)
    .execute();
}

/**
 * Makes a request the one whose bytes are taken, if it goes on where the kept bytes end: from then on
 * nothing that an older one writes is taken. Undefined when the upload has ended or has other bytes.
 */
export async function claimUpload(
  db: Kysely<Database>,
  { uploadId, sender }: Sender,
  { offset, now }: { offset: bigint; now: Date },
): Promise<Upload | undefined> {
  const nothing = { read_bytes: 0n, row_count: 0n, refusals: 0n, reasons: 0n, notes: 0n };
  return await db
    .updateTable("uploads")
    .set({ ...nothing, sender, stage: "waiting", changed_at: now })
    .set({ revision: sql`revision + 1` })
    .where("id", "=", uploadId)
    .where("state", "=", "open")
    .where("kept_bytes", "=", offset)
    .returningAll()
    .executeTakeFirst();
}

/** Adds a part behind the kept bytes. @returns false when the upload is not the sender's any more */
export async function insertPart(
  db: Kysely<Database>,
  { uploadId, sender }: Sender,
  part: { beginsAt: bigint; bytes: Buffer; now: Date },
): Promise<boolean> {
  const { rows } = await sql`
    with mine as (
      update uploads
      set kept_bytes = kept_bytes + ${part.bytes.length}, changed_at = ${part.now},
        revision = revision + 1
      where id = ${uploadId} and sender = ${sender} and state = 'open'
        and kept_bytes = ${part.beginsAt}
      returning id
    )
    insert into upload_parts (upload_id, begins_at, bytes)
    select id, ${part.beginsAt}, ${part.bytes} from mine
    returning upload_id
  `.execute(db);
  return rows.length > 0;
}

/** The part that begins at an offset. */
export async function getPart(
  db: Kysely<Database>,
  uploadId: string,
  beginsAt: bigint,
): Promise<Buffer> {
  const { bytes } = await db
    .selectFrom("upload_parts")
    .select("bytes")
    .where("upload_id", "=", uploadId)
    .where("begins_at", "=", beginsAt)
    .executeTakeFirstOrThrow();
  return bytes;
}

/** How far the reading of an upload is, with the problems that it has found by their severity. */
export interface UploadCounts {
  stage: UploadStage;
  bytes: number;
  rows: number;
  refuse: number;
  reason: number;
  note: number;
}

/** Says how far the reading is. @returns false when the upload is not the sender's any more */
export async function updateProgress(
  db: Kysely<Database>,
  { uploadId, sender }: Sender,
  counts: UploadCounts,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("uploads")
    .set({
      ...countColumns(counts),
      changed_at: now,
      revision: sql`revision + 1`,
    })
    .where("id", "=", uploadId)
    .where("sender", "=", sender)
    .where("state", "=", "open")
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

function countColumns(counts: UploadCounts) {
  return {
    stage: counts.stage,
    read_bytes: BigInt(counts.bytes),
    row_count: BigInt(counts.rows),
    refusals: BigInt(counts.refuse),
    reasons: BigInt(counts.reason),
    notes: BigInt(counts.note),
  };
}

export interface UploadEnd {
  state: "stored" | "refused";
  tapeId: string | null;
  refusal: StoredRefusal | null;
  counts: UploadCounts;
  now: Date;
}

/** Ends an upload. @returns false when it is not the sender's any more: then nothing may come of it */
export async function endUpload(
  db: Kysely<Database>,
  { uploadId, sender }: Sender,
  end: UploadEnd,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("uploads")
    .set({
      ...countColumns(end.counts),
      state: end.state,
      stage: "ended",
      tape_id: end.tapeId,
      refusal: end.refusal === null ? null : JSON.stringify(end.refusal),
      sender: null,
      changed_at: end.now,
      revision: sql`revision + 1`,
    })
    .where("id", "=", uploadId)
    .where("sender", "=", sender)
    .where("state", "=", "open")
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Gives an open upload back when its request has ended without it: the next one may go on. */
export async function releaseUpload(
  db: Kysely<Database>,
  { uploadId, sender }: Sender,
  now: Date,
): Promise<void> {
  await db
    .updateTable("uploads")
    .set({ sender: null, stage: "waiting", changed_at: now, revision: sql`revision + 1` })
    .where("id", "=", uploadId)
    .where("sender", "=", sender)
    .where("state", "=", "open")
    .execute();
}

/** Cancels an open upload and drops its bytes. @returns what it is now */
export async function cancelUpload(
  db: Kysely<Database>,
  uploadId: string,
  now: Date,
): Promise<Upload | undefined> {
  return await db.transaction().execute(async (trx) => {
    const cancelled = await trx
      .updateTable("uploads")
      .set({ state: "cancelled", stage: "ended", sender: null, changed_at: now, kept_bytes: 0n })
      .set({ revision: sql`revision + 1` })
      .where("id", "=", uploadId)
      .where("state", "=", "open")
      .returningAll()
      .executeTakeFirst();
    if (cancelled !== undefined) await deleteParts(trx, uploadId);
    return cancelled;
  });
}

export async function deleteParts(trx: Kysely<Database>, uploadId: string): Promise<void> {
  await trx.deleteFrom("upload_parts").where("upload_id", "=", uploadId).execute();
}

/** Uploads that have ended and still have their bytes. */
export async function listUnneededParts(db: Kysely<Database>): Promise<string[]> {
  const rows = await db
    .selectFrom("uploads as upload")
    .select("upload.id")
    .where("upload.state", "<>", "open")
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom("upload_parts as part")
          .select("part.begins_at")
          .whereRef("part.upload_id", "=", "upload.id"),
      ),
    )
    .limit(100)
    .execute();
  return rows.map(({ id }) => id);
}

/** Uploads that nothing has happened to since. */
export async function listStaleUploads(db: Kysely<Database>, before: Date): Promise<string[]> {
  const rows = await db
    .selectFrom("uploads")
    .select("id")
    .where("changed_at", "<=", before)
    .orderBy("changed_at")
    .limit(100)
    .execute();
  return rows.map(({ id }) => id);
}

/** With its parts, unless it has gone on meanwhile. */
export async function deleteStaleUpload(
  db: Kysely<Database>,
  uploadId: string,
  before: Date,
): Promise<void> {
  await db
    .deleteFrom("uploads")
    .where("id", "=", uploadId)
    .where("changed_at", "<=", before)
    .execute();
}
