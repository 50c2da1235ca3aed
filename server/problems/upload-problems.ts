import type { CatalogueEntry } from "./catalogue-entry.ts";

/** Problems of uploads that can be taken up again, and of tape versions. */
export const uploadProblems = {
  "upload-unknown": {
    status: 404,
    title: "No such upload",
    detail: "Deal {deal} has no upload {upload}; uploads are kept for a day after their last byte.",
  },
  "upload-of-another": {
    status: 403,
    title: "The upload was started by somebody else",
    detail: "Who uploads a tape stands for it: only who started an upload sends its bytes.",
  },
  "upload-ended": {
    status: 409,
    title: "The upload has ended",
    detail: "Upload {upload} is {state}: it takes no more bytes and cannot be cancelled.",
  },
  "upload-offset": {
    status: 409,
    title: "The bytes do not go on where the kept ones end",
    detail: "{offset} bytes are kept, the request begins at {given}: go on at {offset}.",
  },
  "upload-length": {
    status: 400,
    title: "The bytes do not end where the file ends",
    detail: "The file was announced with {byteCount} bytes, the request ends at {end}.",
  },
  "upload-displaced": {
    status: 409,
    title: "Another request has taken the upload up",
    detail: "A newer request sends the bytes of this upload; ask for the offset before going on.",
  },
  "upload-content-differs": {
    status: 422,
    title: "The file is not the one that was announced",
    detail:
      "Announced was the sha-256 {announced}, the bytes have {found}. Nothing was stored: start anew.",
  },
  "upload-sessions-too-many": {
    status: 409,
    title: "Too many open uploads",
    detail: "Deal {deal} has {limit} open uploads: go on with one of them or cancel one.",
  },
  "versions-too-many": {
    status: 409,
    title: "Too many versions wait for a decision",
    detail: "{limit} proposed versions of {period} wait: accept or drop one. Nothing was stored.",
  },
  "tape-not-proposed": {
    status: 409,
    title: "The tape was accepted",
    detail: "Version {version} was accepted once: only proposed versions are dropped.",
  },
  "tape-code-unknown": {
    status: 404,
    title: "No such problems",
    detail: "Tape {tape} has no problem {code} that needs a reason.",
  },
  "tape-version-unknown": {
    status: 404,
    title: "No such version",
    detail: "The period of tape {tape} has no version {version}.",
  },
} as const satisfies Record<string, CatalogueEntry>;
