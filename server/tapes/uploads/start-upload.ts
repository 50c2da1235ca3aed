import { randomUUID } from "node:crypto";
import type { Context } from "../../context.ts";
import { problem } from "../../errors.ts";
import { getTapeDeal } from "../tape-deal-queries.ts";
import { periodOfMonth } from "../tape-deal.ts";
import * as queries from "./uploads-queries.ts";
import type { Upload } from "./uploads-queries.ts";

/** So many files of a deal may be on their way. */
const MOST_OPEN_UPLOADS = 8;

export interface UploadStart {
  dealId: string;
  /** The collection month, YYYY-MM. */
  month: string;
  fileName: string;
  /** Of the whole file, where it is known. */
  byteCount: bigint | null;
  /** sha-256 of the whole file, hex, where it is known. */
  contentHash: string | null;
  /** User id. */
  startedBy: string;
}

/**
 * Starts an upload that can be taken up again. The same file of the same person for the same period,
 * known by its hash, answers the upload that is open already: whoever has lost its id goes on.
 * @throws Problem deal-unknown, period-unknown, period-goes-on, tape-too-large, upload-sessions-too-many
 */
export async function startUpload(
  context: Context,
  start: UploadStart,
): Promise<{ upload: Upload; created: boolean }> {
  const { dealId, byteCount, contentHash, startedBy } = start;
  const deal = await getTapeDeal(context.db, dealId);
  const { ordinal: period } = periodOfMonth(deal, start.month);
  const limit = context.config.uploadLimitBytes;
  if (byteCount !== null && byteCount > BigInt(limit)) throw problem("tape-too-large", { limit });
  return await context.db.transaction().execute(async (trx) => {
    await queries.lockUploadsOfDeal(trx, dealId);
    if (contentHash !== null) {
      const known = await queries.findOpenUpload(trx, { dealId, period, contentHash, startedBy });
      if (known !== undefined) return { upload: known, created: false };
    }
    if ((await queries.countOpenUploads(trx, dealId)) >= MOST_OPEN_UPLOADS) {
      throw problem("upload-sessions-too-many", { deal: dealId, limit: MOST_OPEN_UPLOADS });
    }
    const now = context.clock.now();
    const upload = await queries.insertUpload(trx, {
      id: randomUUID(),
      deal_id: dealId,
      period,
      file_name: start.fileName,
      byte_count: byteCount,
      content_hash: contentHash,
      started_by: startedBy,
      started_at: now,
      changed_at: now,
      state: "open",
      stage: "waiting",
      sender: null,
      tape_id: null,
      refusal: null,
    });
    return { upload, created: true };
  });
}
