import { randomUUID } from "node:crypto";
import type { Context } from "../../context.ts";
import type { StoredRefusal } from "../../db/upload-tables.ts";
import { Problem, problem } from "../../errors.ts";
import { LONGEST_SILENCE_MS, measureBytes } from "../measure-bytes.ts";
import { getTapeDeal } from "../tape-deal-queries.ts";
import { monthOfPeriod } from "../tape-deal.ts";
import type { Tape } from "../tapes-queries.ts";
import { uploadTape } from "../upload-tape.ts";
import { keepParts, readParts } from "./keep-parts.ts";
import type { PartKeeper } from "./keep-parts.ts";
import { lengthProblem, planRequest, requireOffset } from "./plan-request.ts";
import type { SentBytes } from "./plan-request.ts";
import { sendHeartbeat } from "./send-heartbeat.ts";
import * as queries from "./uploads-queries.ts";
import type { Sender, Upload, UploadCounts } from "./uploads-queries.ts";

export interface UploadRequest extends SentBytes {
  dealId: string;
  uploadId: string;
  bytes: AsyncIterable<Uint8Array>;
  /** User id. */
  sentBy: string;
  /** Aborted when the client has gone. */
  signal: AbortSignal;
}

/** Where an upload is after a request; the tape once the last byte has come. */
export interface Receipt {
  offset: bigint;
  result: { tape: Tape; created: boolean } | null;
}

/** What one request works with. */
interface Reception {
  context: Context;
  upload: Upload;
  request: UploadRequest;
  sender: Sender;
  keeper: PartKeeper;
  counts: UploadCounts;
  /** Aborted when the client has gone, or the upload is not this request's any more. */
  signal: AbortSignal;
}

/**
 * Takes bytes of an upload from where the kept ones end. With the last byte the tape is stored or refused
 * and the upload has ended; whatever happens before, nothing of the tape is stored and the bytes are kept.
 * A request that comes while another one is at work takes its place.
 * @throws Problem upload-unknown, upload-ended, upload-offset, upload-length, upload-displaced,
 *   upload-of-another, upload-content-differs, and whatever uploadTape throws
 */
export async function receiveUpload(context: Context, request: UploadRequest): Promise<Receipt> {
  const { dealId, uploadId } = request;
  const upload = await queries.getUpload(context.db, { dealId, uploadId });
  if (upload.started_by !== request.sentBy) throw problem("upload-of-another");
  const plan = planRequest(upload, request);
  const sender = { uploadId, sender: randomUUID() };
  await claim(context, upload, { sender, offset: request.offset });
  const lost = new AbortController();
  const reception: Reception = {
    ...{ context, upload, request, sender },
    keeper: keepParts(context, sender, request.offset),
    counts: { stage: "waiting", bytes: 0, rows: 0, refuse: 0, reason: 0, note: 0 },
    signal: AbortSignal.any([request.signal, lost.signal]),
  };
  const stop = sendHeartbeat(context, sender, {
    counts: () => reception.counts,
    onLost: () => lost.abort(problem("upload-displaced")),
  });
  try {
    return plan === "part" ? await keepAll(reception) : await readAll(reception);
  } catch (error) {
    // What came is kept, unless the upload is somebody else's by now.
    await reception.keeper.finish().catch(() => undefined);
    throw await explain(reception, error);
  } finally {
    await stop();
    await queries.releaseUpload(context.db, sender, context.clock.now());
  }
}

async function claim(
  { db, clock }: Context,
  { id: uploadId, deal_id: dealId }: Upload,
  { sender, offset }: { sender: Sender; offset: bigint },
): Promise<void> {
  if ((await queries.claimUpload(db, sender, { offset, now: clock.now() })) !== undefined) return;
  const upload = await queries.getUpload(db, { dealId, uploadId });
  requireOffset(upload, offset);
  throw problem("upload-ended", { upload: uploadId, state: upload.state });
}

/** Keeps the bytes of a request that is not the last one. */
async function keepAll(reception: Reception): Promise<Receipt> {
  const limit = reception.context.config.uploadLimitBytes - Number(reception.request.offset);
  const limits = { bytes: limit, silenceMs: LONGEST_SILENCE_MS, signal: reception.signal };
  for await (const _chunk of measureBytes(liveBytes(reception), limits).bytes);
  return await finishPart(reception);
}

async function finishPart({ keeper }: Reception): Promise<Receipt> {
  await keeper.finish();
  return { offset: keeper.end(), result: null };
}

/** Reads the tape: the kept bytes again, then those that come, which are kept as they pass. */
async function readAll(reception: Reception): Promise<Receipt> {
  const { context, upload, request, sender, counts, keeper } = reception;
  const deal = await getTapeDeal(context.db, upload.deal_id);
  let isUnfinished = false;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    counts.stage = "rows";
    yield* counted(readParts(context.db, upload.id, request.offset), counts);
    yield* counted(liveBytes(reception), counts);
    await keeper.finish();
    const total = upload.byte_count;
    isUnfinished = total !== null && keeper.end() < total;
    if (isUnfinished) throw new Error("the rest comes with another request");
  }
  const tapeUpload = {
    dealId: upload.deal_id,
    month: monthOfPeriod(deal, upload.period),
    fileName: upload.file_name,
    bytes: bytes(),
    uploadedBy: upload.started_by,
  };
  try {
    const result = await uploadTape(context, tapeUpload, {
      signal: reception.signal,
      progress: ({ bytes: _read, ...now }) => Object.assign(counts, now),
      seal: async (trx, tape) => {
        requireContent(upload, tape);
        const end = { state: "stored", tapeId: tape.id, refusal: null, counts } as const;
        const isMine = await queries.endUpload(trx, sender, { ...end, now: context.clock.now() });
        if (!isMine) throw problem("upload-displaced");
      },
    });
    return { offset: keeper.end(), result };
  } catch (error) {
    if (isUnfinished) return await finishPart(reception);
    throw error;
  }
}

/** Counts bytes as they are handed on: what the reading says comes later, a piece at a time. */
async function* counted(
  bytes: AsyncIterable<Uint8Array>,
  counts: UploadCounts,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    counts.bytes += chunk.length;
    yield chunk;
  }
}

/** The request's bytes, kept as they pass. @throws Problem upload-length, upload-displaced */
async function* liveBytes({ keeper, request, upload }: Reception): AsyncGenerator<Uint8Array> {
  const total = upload.byte_count;
  for await (const chunk of request.bytes) {
    const end = keeper.end() + BigInt(chunk.length);
    if (total !== null && end > total) throw lengthProblem(total, end);
    await keeper.keep(chunk);
    yield chunk;
  }
}

function requireContent({ content_hash: announced }: Upload, tape: Tape): void {
  if (announced === null || announced === tape.content_hash) return;
  throw problem("upload-content-differs", { announced, found: tape.content_hash });
}

/** What a failed request is answered, and what becomes of the upload: a refused tape ends it. */
async function explain(reception: Reception, error: unknown): Promise<unknown> {
  const { context, upload, sender, counts } = reception;
  const isFinal = error instanceof Problem && [413, 422].includes(error.status);
  if (isFinal) {
    const refusal = toRefusal(error);
    const end = { state: "refused", tapeId: null, refusal, counts } as const;
    const now = context.clock.now();
    if (await queries.endUpload(context.db, sender, { ...end, now })) return error;
  }
  const key = { dealId: upload.deal_id, uploadId: upload.id };
  const { state, sender: holder } = await queries.getUpload(context.db, key);
  if (state !== "open") return problem("upload-ended", { upload: upload.id, state });
  return holder === sender.sender ? error : problem("upload-displaced");
}

function toRefusal({ code, status, title, detail, extra }: Problem): StoredRefusal {
  return { code, status, title, detail, extra };
}
