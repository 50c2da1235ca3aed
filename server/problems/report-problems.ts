import type { CatalogueEntry } from "./catalogue-entry.ts";

/** Problems of previews, reports and their signatures. */
export const reportProblems = {
  "preview-out-of-order": {
    status: 409,
    title: "The period before is not distributed",
    detail:
      "Period {period} of deal {deal} starts from what {previous} leaves; distribute that first.",
  },
  "fixing-missing": {
    status: 409,
    title: "An index is not fixed",
    detail:
      "Index {index} is not fixed on chain for period {period}: nothing is computed or paid without it.",
  },
  "fixing-unavailable": {
    status: 409,
    title: "An index cannot be fixed",
    detail:
      "Index {index} of period {period} was due at {due} out of the feed {feed}: {reason}. {next}",
  },
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
  "report-not-final": {
    status: 409,
    title: "The report is not final yet",
    detail:
      "It, or a restatement that its run has to carry, can be challenged until {finalAt} (unix seconds).",
  },
  "report-rejected": {
    status: 409,
    title: "The report was rejected",
    detail: "The trustee has rejected the report of period {period}; another takes its place.",
  },
  "reports-paused": {
    status: 409,
    title: "Reports are paused",
    detail: "The registry takes no reports of the deal until they are unpaused.",
  },
  "identity-broken": {
    status: 409,
    title: "The figures do not tie",
    detail: "The deal asks for {identity}; the difference is {difference}.",
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
} as const satisfies Record<string, CatalogueEntry>;
