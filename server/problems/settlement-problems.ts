import type { CatalogueEntry } from "./catalogue-entry.ts";

/** Problems of the chain, distributions and claims. */
export const settlementProblems = {
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
  "nothing-owed": {
    status: 409,
    title: "There is nothing to claim",
    detail: "Class {class} of {deal} owes nothing to {holder} now.",
  },
  "statement-not-released": {
    status: 404,
    title: "The statement is not released yet",
    detail:
      "Investors read the statement of {period} once its report is accepted on chain; it is not yet.",
  },
  "period-not-distributed": {
    status: 404,
    title: "The period is not distributed yet",
    detail: "There is no distribution of period {period} of {deal}.",
  },
  "amount-unknown": {
    status: 404,
    title: "No such amount",
    detail: "{deal} has no amount {amount} in {period}; the list of explanations names them all.",
  },
  "explanation-impossible": {
    status: 409,
    title: "The run cannot be computed again",
    detail: "The report of period {period} of {deal}, or the run before it, is not stored here.",
  },
} as const satisfies Record<string, CatalogueEntry>;
