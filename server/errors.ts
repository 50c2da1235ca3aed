/**
 * The one catalogue of problems: code -> HTTP status, title and the sentence that tells a caller what
 * is wrong and what to do. Routes and steps throw `problem(code, params)`; http/error-handler.ts
 * answers it as RFC 9457 problem details. A code is stable: clients may branch on it.
 */

type Params = Record<string, string | number | bigint>;

interface CatalogueEntry {
  status: number;
  title: string;
  /** May name parameters in braces; they also travel beside the detail as extra members. */
  detail: string;
}

const catalogue = {
  // http
  "request-invalid": {
    status: 400,
    title: "The request does not fit its schema",
    detail: "{reason}",
  },
  "key-missing": {
    status: 401,
    title: "No API key",
    detail: "Send an Authorization header of the form: Bearer pk_<key id>.<secret>.",
  },
  "key-unknown": {
    status: 401,
    title: "The API key is unknown, wrong or revoked",
    detail: "Ask an administrator for a new key.",
  },
  "role-forbidden": {
    status: 403,
    title: "This role may not do that",
    detail: "The role {role} has no access here; it needs one of: {allowed}.",
  },
  "deal-forbidden": {
    status: 403,
    title: "Not a member of this deal",
    detail: "An administrator can add this user to deal {deal}.",
  },
  "route-unknown": {
    status: 404,
    title: "No such route",
    detail: "{method} {path} does not exist.",
  },
  "body-too-large": {
    status: 413,
    title: "The body is too large",
    detail: "At most {limit} bytes are taken here.",
  },
  "media-type-unknown": {
    status: 415,
    title: "The body's media type is not taken here",
    detail: "{reason}",
  },
  "too-many-requests": {
    status: 429,
    title: "Too many requests",
    detail: "At most {limit} requests a minute; try again in {seconds} s.",
  },
  "internal-error": {
    status: 500,
    title: "The server failed",
    detail: "The error is in the server's log under request {request}.",
  },
  "not-ready": { status: 503, title: "Not ready", detail: "{reason}" },
  // users
  "user-unknown": { status: 404, title: "No such user", detail: "There is no user {user}." },
  "user-exists": {
    status: 409,
    title: "The user exists with other facts",
    detail: "{name} is already there as {role}.",
  },
  "api-key-unknown": { status: 404, title: "No such key", detail: "There is no API key {key}." },
  "address-invalid": {
    status: 422,
    title: "Not an address",
    detail:
      "{address} is not an Ethereum address (20 bytes of hex; a mixed-case one needs its checksum).",
  },
  // deals
  "deal-unknown": { status: 404, title: "No such deal", detail: "There is no deal {deal}." },
  // claims
  "cursor-invalid": {
    status: 400,
    title: "Not a cursor of this list",
    detail: "Pass `next` of the page before, unchanged, or leave the cursor out.",
  },
  "address-missing": {
    status: 403,
    title: "This user has no wallet",
    detail: "An administrator must enter {user} with the address of a wallet first.",
  },
  "holder-forbidden": {
    status: 403,
    title: "An investor sees their own wallet only",
    detail: "{holder} is not the wallet of this user.",
  },
  "holder-missing": {
    status: 422,
    title: "No holder named",
    detail: "Name the wallet that is to be paid in `holder`.",
  },
  "class-unknown": {
    status: 404,
    title: "No such class",
    detail: "The deal {deal} has no class {class}.",
  },
  // history
  "period-not-distributed": {
    status: 404,
    title: "The period is not distributed yet",
    detail: "There is no distribution of period {period} of {deal}.",
  },
  "nothing-owed": {
    status: 409,
    title: "There is nothing to claim",
    detail: "Class {class} of {deal} owes nothing to {holder} now.",
  },
  // reports
  "preview-missing": {
    status: 409,
    title: "The waterfall was not previewed",
    detail: "Period {period} of deal {deal} has no preview of its last close.",
  },
  "preview-flagged": {
    status: 409,
    title: "The preview bears a flag",
    detail:
      "The arithmetic of period {period} met a division by zero, a negative or an overflow (flags {flags}): nobody attests that.",
  },
  "report-unknown": {
    status: 404,
    title: "No report yet",
    detail: "Period {period} of deal {deal} has no report.",
  },
  "report-outdated": {
    status: 409,
    title: "The period was closed again",
    detail: "That report is of close {signed}, the current one of close {current}: sign that.",
  },
  "report-final": {
    status: 409,
    title: "The report is final",
    detail: "A distribution ran on the report of this period; it cannot be replaced.",
  },
  "maker-is-checker": {
    status: 403,
    title: "Maker and checker are two people",
    detail: "Whoever uploaded or closed period {period} of deal {deal} cannot approve it.",
  },
  "signature-malformed": {
    status: 422,
    title: "Not a signature",
    detail: "Send 65 bytes as 0x-hex, with the low s of the two.",
  },
  "signature-of-another": {
    status: 403,
    title: "The signature is not yours, or not of this report",
    detail:
      "It recovers to {signer}, your registered wallet is {registered}; the digest binds chain, registry and report.",
  },
  "signer-without-address": {
    status: 409,
    title: "No wallet is registered for you",
    detail: "An administrator registers the address that you sign with.",
  },
  "signer-not-attester": {
    status: 403,
    title: "Not an attester of this deal",
    detail: "The registry on chain does not name {signer} for this deal.",
  },
  "approval-missing": {
    status: 409,
    title: "No person has approved the report",
    detail: "Period {period} of deal {deal} needs a signature made outside the server.",
  },
  "signatures-too-few": {
    status: 409,
    title: "Too few signatures",
    detail: "The report bears {have} of the {need} signatures that the deal asks for.",
  },
  "signature-refused": {
    status: 409,
    title: "The registry refuses a signature",
    detail: "The signature of {signer} is not over this report on this chain and registry.",
  },
  // chain
  "chain-unreachable": {
    status: 503,
    title: "The node does not answer",
    detail: "{method} got no answer; what was decided is kept and goes on later.",
  },
  "node-refused": {
    status: 503,
    title: "The node does not take the transaction",
    detail: "{key}: {reason}. It is kept and sent again later.",
  },
  "chain-moving": {
    status: 503,
    title: "The chain re-organises",
    detail: "Blocks {from} to {to} changed while they were read; try again.",
  },
  "chain-refused": {
    status: 409,
    title: "The contract refuses",
    detail: "{reason}",
  },
  "deal-not-on-chain": {
    status: 409,
    title: "The deal is not on chain",
    detail: "Deploy deal {deal} first.",
  },
  "deal-not-open": {
    status: 409,
    title: "The deal is not closed yet",
    detail: "Nothing is paid before the deal's notes are issued.",
  },
  "deal-ended": {
    status: 409,
    title: "The deal has ended",
    detail: "Its last period is distributed; no cash can be spent any more.",
  },
  "sender-unknown": {
    status: 500,
    title: "The server has no key of that sender",
    detail: "An intent is to be sent by {sender}; SERVICER_KEY or ATTESTER_KEY was changed.",
  },
  "transaction-unknown": {
    status: 404,
    title: "No such transaction",
    detail: "Nothing was decided under {key}.",
  },
  "transaction-pending": {
    status: 503,
    title: "The transaction is not in a block yet",
    detail: "{key} is signed and sent; it is settled later.",
  },
  "transaction-failed": {
    status: 409,
    title: "The transaction failed",
    detail: "{key}: {reason}",
  },
  "report-too-early": {
    status: 409,
    title: "The collection period has not ended",
    detail: "The registry takes the report from {determinationTime} on; it is {nowTime} there.",
  },
  "opening-mismatch": {
    status: 409,
    title: "The pool does not roll forward",
    detail: "The report opens with {opening} cents, the last accepted closing is {lastClosing}.",
  },
  "report-version-out-of-order": {
    status: 409,
    title: "Not the report's next version",
    detail: "The registry expects version {expected}, this is {version}.",
  },
  "terms-mismatch": {
    status: 409,
    title: "The report is of other terms",
    detail: "It names terms {actual}, the deal on chain has {expected}.",
  },
  "report-not-accepted": {
    status: 409,
    title: "No accepted report",
    detail: "The registry has accepted no report of period {period}.",
  },
  "report-mismatch": {
    status: 409,
    title: "Not the accepted report",
    detail: "The report hashes to {actual}, the registry accepted {accepted}.",
  },
  // distributions
  "collections-short": {
    status: 409,
    title: "The cash is not there",
    detail: "The deal holds {have} cents of collections, the report needs {need}.",
  },
  "payment-not-due": {
    status: 409,
    title: "The payment time has not come",
    detail: "Period {period} is paid from {paymentTime} on (unix seconds).",
  },
  "wallet-short": {
    status: 409,
    title: "The servicer's wallet is short",
    detail: "{wallet} holds {have} units of the cash token, {need} are needed.",
  },
  // tapes
  "period-unknown": {
    status: 404,
    title: "No such period",
    detail: "Deal {deal} has no period {period}; its months go from {first} to {last}.",
  },
  "deal-columns-invalid": {
    status: 409,
    title: "The deal's column mapping cannot be used",
    detail: "Deal {deal}: unknown fields [{unknown}], missing fields [{missing}].",
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
  // periods
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
  "period-distributed": {
    status: 409,
    title: "The period is paid",
    detail: "The report of {period} was distributed; it can no longer be closed anew.",
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
  "period-not-next": {
    status: 409,
    title: "Not the next period",
    detail: "Period {period} is not the one that comes next.",
  },
  "distribution-missing": {
    status: 409,
    title: "The period before is not distributed yet",
    detail: "The report of period {period} waits for its distribution; no other may follow it.",
  },
  "report-figure-out-of-bounds": {
    status: 409,
    title: "A figure is outside the deal's bounds",
    detail: "{reason}",
  },
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
  "preview-out-of-order": {
    status: 409,
    title: "The period before is not distributed",
    detail:
      "Period {period} of deal {deal} starts from what {previous} leaves; distribute that first.",
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ProblemCode = keyof typeof catalogue;

/** An error that a caller can act on. `extra` holds the parameters, bigints as decimal strings. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly extra: Record<string, unknown>;

  constructor(code: ProblemCode, params: Params, extra: Record<string, unknown>) {
    const entry: CatalogueEntry = catalogue[code];
    const detail = entry.detail.replace(/\{(\w+)\}/g, (_match, name: string) =>
      String(params[name] ?? ""),
    );
    super(`${code}: ${detail}`);
    this.code = code;
    this.status = entry.status;
    this.title = entry.title;
    this.detail = detail;
    this.extra = { ...plainParams(params), ...extra };
  }
}

function plainParams(params: Params): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === "bigint" ? value.toString() : value,
    ]),
  );
}

/**
 * Builds the problem of one catalogue code.
 * @param params fill the braces of the catalogue's sentence and travel in the answer
 * @param extra further members of the answer, e.g. a list of problems of a tape (JSON values only)
 */
export function problem(
  code: ProblemCode,
  params: Params = {},
  extra: Record<string, unknown> = {},
): Problem {
  return new Problem(code, params, extra);
}
