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
