import { problem } from "../../errors.ts";
import type { Upload } from "./uploads-queries.ts";

/** What a request says about its bytes before they come. */
export interface SentBytes {
  /** Where in the file they begin. */
  offset: bigint;
  /** How many there are; null when that shows at their end. */
  length: bigint | null;
  /** Whether they end with the file; null when the request does not say. */
  complete: boolean | null;
}

/**
 * Whether a request brings the end of the file: "whole" reads the tape while its bytes come in, "part"
 * only keeps them, so that a file that comes in many requests is read once.
 * @throws Problem upload-ended, upload-offset, upload-length
 */
export function planRequest(upload: Upload, sent: SentBytes): "whole" | "part" {
  if (upload.state !== "open") {
    throw problem("upload-ended", { upload: upload.id, state: upload.state });
  }
  requireOffset(upload, sent.offset);
  const total = upload.byte_count;
  const end = sent.length === null ? null : sent.offset + sent.length;
  if (total !== null && end !== null) {
    if (end > total || (sent.complete === true && end < total)) throw lengthProblem(total, end);
    if (end < total) return "part";
  }
  return sent.complete === false ? "part" : "whole";
}

/** @throws Problem upload-offset with the right one */
export function requireOffset(upload: Upload, offset: bigint): void {
  if (offset === upload.kept_bytes) return;
  throw problem("upload-offset", { offset: upload.kept_bytes, given: offset });
}

export function lengthProblem(total: bigint, end: bigint): Error {
  return problem("upload-length", { byteCount: total, end });
}
