/** Uploads as the API shows them. */
import { Type } from "typebox";
import type { Static } from "typebox";
import { nullable } from "../../http/nullable.ts";
import { monthOfPeriod } from "../tape-deal.ts";
import type { TapeDeal } from "../tape-deal.ts";
import type { Upload } from "./uploads-queries.ts";

/** How long an upload is kept after its last change. */
export const KEPT_MS = 24 * 60 * 60 * 1000;

export const UploadParams = Type.Object({
  deal: Type.String(),
  upload: Type.String({ format: "uuid" }),
});

const bytes = (description: string) => Type.Integer({ minimum: 0, description });

export const UploadSchema = Type.Object({
  id: Type.String(),
  deal: Type.String(),
  period: Type.Integer({ description: "0 is the cut-off, 1 the first collection period" }),
  month: Type.String({ description: "collection month, YYYY-MM" }),
  fileName: Type.String(),
  byteCount: nullable(Type.Integer(), "of the whole file as announced; null: not said"),
  contentHash: nullable(Type.String(), "sha-256 of the file as announced, hex"),
  offset: bytes("so many bytes from the beginning are kept: where to go on"),
  state: Type.String({ description: "open | stored | refused | cancelled" }),
  stage: Type.String({
    description: "waiting (for bytes) | rows | checks (of the whole tape) | storing | ended",
  }),
  rows: Type.Integer({ description: "read so far, the kept bytes read again" }),
  bytes: bytes("read so far"),
  problems: Type.Object(
    { refuse: Type.Integer(), reason: Type.Integer(), note: Type.Integer() },
    { description: "found so far" },
  ),
  tape: nullable(Type.String(), "the stored tape"),
  refusal: nullable(
    Type.Record(Type.String(), Type.Unknown()),
    "why the tape was refused, as it was answered, with its list of problems",
  ),
  startedBy: Type.String(),
  startedAt: Type.String(),
  changedAt: Type.String(),
  expiresAt: Type.String({ description: "when it is removed unless something happens" }),
});
export type UploadView = Static<typeof UploadSchema>;

export function viewUpload(deal: TapeDeal, upload: Upload): UploadView {
  const { changed_at } = upload;
  const { extra = {}, ...refusal } = upload.refusal ?? {};
  return {
    id: upload.id,
    deal: upload.deal_id,
    period: upload.period,
    month: monthOfPeriod(deal, upload.period),
    fileName: upload.file_name,
    byteCount: upload.byte_count === null ? null : Number(upload.byte_count),
    contentHash: upload.content_hash,
    offset: Number(upload.kept_bytes),
    state: upload.state,
    stage: upload.stage,
    rows: Number(upload.row_count),
    bytes: Number(upload.read_bytes),
    problems: {
      refuse: Number(upload.refusals),
      reason: Number(upload.reasons),
      note: Number(upload.notes),
    },
    tape: upload.tape_id,
    refusal: upload.refusal === null ? null : { ...refusal, ...extra },
    startedBy: upload.started_by,
    startedAt: upload.started_at.toISOString(),
    changedAt: changed_at.toISOString(),
    expiresAt: new Date(changed_at.getTime() + KEPT_MS).toISOString(),
  };
}
