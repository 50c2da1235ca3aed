import type { CatalogueEntry } from "./catalogue-entry.ts";

/** Problems of deal files, tapes and closed periods. */
export const tapeProblems = {
  "deal-unknown": { status: 404, title: "No such deal", detail: "There is no deal {deal}." },
  "deal-invalid": {
    status: 422,
    title: "The deal file is not valid",
    detail: "{count} errors, the first at line {line}, column {column}: {first}",
  },
  "deal-exists": {
    status: 409,
    title: "The deal exists with other terms",
    detail: "Deal {deal} is there with terms hash {termsHash}; terms do not change, give a new id.",
  },
  "deal-not-mapped": {
    status: 409,
    title: "The deal's tapes are in a public format",
    detail:
      "Deal {deal} declares {format}: a mapping reads the tapes of a deal that declares mapped.",
  },
  "mapping-invalid": {
    status: 422,
    title: "The mapping is not valid",
    detail: "{count} errors, the first at line {line}, column {column}: {first}",
  },
  "period-unknown": {
    status: 404,
    title: "No such period",
    detail: "Deal {deal} has no period {period}; its months go from {first} to {last}.",
  },
  "period-goes-on": {
    status: 404,
    title: "The collection period does not end with this month",
    detail:
      "Month {period} lies in the collection period of deal {deal} that ends with {end}: name the period by its last month, {end}.",
  },
  "figures-invalid": {
    status: 422,
    title: "The stated figures do not fit the deal",
    detail: "{list}",
  },
  "tape-unknown": {
    status: 404,
    title: "No such tape",
    detail: "Deal {deal} has no tape {tape}.",
  },
  "loan-unknown": {
    status: 404,
    title: "No such loan",
    detail: "Deal {deal} has no loan {loan} there.",
  },
  "block-unknown": {
    status: 404,
    title: "No such block",
    detail: "Tape {tape} has {blocks} blocks of rows, counted from 0: there is no block {block}.",
  },
  "tape-problem-unknown": {
    status: 404,
    title: "No such problem",
    detail: "Tape {tape} has no problem {ordinal}.",
  },
  "tape-out-of-order": {
    status: 409,
    title: "The tape before is missing",
    detail: "Upload the tape of {previous} before that of {period}.",
  },
  "tape-problem-settled": {
    status: 409,
    title: "This problem takes no reason",
    detail: "Problem {ordinal} is {state}.",
  },
  "uploads-too-many": {
    status: 503,
    title: "Too many uploads at once",
    detail: "{limit} tapes are coming in; send this one again when one of them has ended.",
  },
  "upload-broken-off": {
    status: 400,
    title: "The upload broke off",
    detail: "The body ended before its end ({reason}); nothing was stored.",
  },
  "control-totals-invalid": {
    status: 400,
    title: "The control totals cannot be read",
    detail: "Send controlTotals as a JSON object of name and decimal text; the names are: {names}.",
  },
  "tape-missing": {
    status: 400,
    title: "No tape in the request",
    detail: "Send the file as the request's body or as the one file of a multipart form.",
  },
  "tape-too-large": {
    status: 413,
    title: "The tape is too large",
    detail: "At most {limit} bytes are taken; nothing was stored.",
  },
  "tape-malformed": {
    status: 422,
    title: "The file cannot be read to its end",
    detail: "It is cut off or not well-formed: {first}. Nothing was stored.",
  },
  "tape-doctype": {
    status: 422,
    title: "The file has a document type",
    detail: "Document types and entities are not taken: {first}. Nothing was stored.",
  },
  "tape-wrong-format": {
    status: 422,
    title: "The file is not in the deal's format",
    detail: "{first}. Nothing was stored.",
  },
  "tape-wrong-deal": {
    status: 422,
    title: "The tape is of another deal",
    detail: "No loan id is one of deal {deal}: {first}. Nothing was stored.",
  },
  "tape-wrong-period": {
    status: 422,
    title: "The tape is of another period",
    detail: "No row is of {period}: {first}. Nothing was stored.",
  },
  "tape-refused": {
    status: 422,
    title: "The tape is refused",
    detail: "{count} problems stand against it, the first: {first}. Nothing was stored.",
  },
  "period-out-of-order": {
    status: 409,
    title: "The period before is not closed",
    detail: "Close {previous} before {period}.",
  },
  "period-without-tape": {
    status: 409,
    title: "The period has no tape",
    detail: "Upload the tape of {period} first.",
  },
  "period-open-problems": {
    status: 409,
    title: "Problems are waiting for a reason",
    detail: "{count} problems of tape version {version} of {period} need a reason first.",
  },
  "period-not-contiguous": {
    status: 409,
    title: "The period does not begin where the last one ended",
    detail: "{count} loans of {period} do not follow from the closed tape before; first: {first}.",
  },
  "close-reason-missing": {
    status: 422,
    title: "Closing a period again needs a reason",
    detail: "{period} is closed as version {version}; say in `reason` why it is closed again.",
  },
  "figure-out-of-bounds": {
    status: 422,
    title: "A figure is outside the deal's bounds",
    detail: "{figure} is {value}, its bounds are {minimum} to {maximum}.",
  },
  "period-not-closed": {
    status: 404,
    title: "The period is not closed",
    detail: "{period} has no closed version yet.",
  },
  "statistic-unknown": {
    status: 422,
    title: "No such statistic",
    detail: "Nothing is called {figure}; the names are {names}.",
  },
  "stratification-invalid": {
    status: 422,
    title: "The pool cannot be cut like that",
    detail: "{by} {wrong}.",
  },
} as const satisfies Record<string, CatalogueEntry>;
