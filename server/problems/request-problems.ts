import type { CatalogueEntry } from "./catalogue-entry.ts";

/** Problems of the request, its key and its sender. */
export const requestProblems = {
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
  "method-not-allowed": {
    status: 405,
    title: "The path does not take this verb",
    detail: "{path} takes {allowed}, not {method}.",
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
  "streams-too-many": {
    status: 429,
    title: "Too many open answers",
    detail: "At most {limit} answers of this kind may be open at once; end one first.",
  },
  "internal-error": {
    status: 500,
    title: "The server failed",
    detail: "The error is in the server's log under request {request}.",
  },
  "user-unknown": { status: 404, title: "No such user", detail: "There is no user {user}." },
  "user-exists": {
    status: 409,
    title: "The user exists with other facts",
    detail:
      "{name} is already there as {role} with {wallet}; the role and wallet of a name do not change.",
  },
  "api-key-unknown": { status: 404, title: "No such key", detail: "There is no API key {key}." },
  "address-invalid": {
    status: 422,
    title: "Not an address",
    detail:
      "{address} is not an Ethereum address (20 bytes of hex; a mixed-case one needs its checksum).",
  },
  "address-missing": {
    status: 403,
    title: "This user has no wallet",
    detail: "An administrator must enter {user} with the address of a wallet first.",
  },
  "cursor-invalid": {
    status: 400,
    title: "Not a cursor of this list",
    detail: "Pass `next` of the page before, unchanged, or leave the cursor out.",
  },
} as const satisfies Record<string, CatalogueEntry>;
