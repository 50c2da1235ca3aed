/**
 * The one catalogue of problems: code -> HTTP status, title and the sentence that tells a caller what
 * is wrong and what to do. Routes and steps throw `problem(code, params)`; http/error-handler.ts
 * answers it as RFC 9457 problem details. A code is stable: clients may branch on it.
 */
import type { CatalogueEntry } from "./problems/catalogue-entry.ts";
import { reportProblems } from "./problems/report-problems.ts";
import { requestProblems } from "./problems/request-problems.ts";
import { settlementProblems } from "./problems/settlement-problems.ts";
import { tapeProblems } from "./problems/tape-problems.ts";
import { uploadProblems } from "./problems/upload-problems.ts";

type Params = Record<string, string | number | bigint>;

const catalogue = {
  ...requestProblems,
  ...tapeProblems,
  ...uploadProblems,
  ...reportProblems,
  ...settlementProblems,
} as const satisfies Record<string, CatalogueEntry>;

export type ProblemCode = keyof typeof catalogue;

/** HTTP status and title of a code, for the API's description. */
export function describeProblem(code: ProblemCode): { status: number; title: string } {
  const { status, title } = catalogue[code];
  return { status, title };
}

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
