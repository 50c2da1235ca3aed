import type { Context } from "../context.ts";
import { problem } from "../errors.ts";
import { compileDeal } from "./compile-deal.ts";
import type { CompiledDeal } from "./compile-deal.ts";
import type { DealProblem } from "./deal-source.ts";
import { getDeal, insertDeal } from "./deals-queries.ts";
import type { Deal } from "./deals-queries.ts";

export interface StoredDeal {
  deal: Deal;
  created: boolean;
  /** Doubts that do not refuse the file. */
  warnings: DealProblem[];
}

/** The file's errors all at once, each with its place. */
function refusal(problems: readonly DealProblem[]) {
  const errors = problems.filter(({ severity }) => severity === "error");
  const first = errors[0];
  const params = { line: first?.line ?? 1, column: first?.column ?? 1 };
  const count = { count: errors.length, first: first?.message ?? "" };
  return problem("deal-invalid", { ...params, ...count }, { problems });
}

/** The fields of a compiled deal that are stored. */
function rowOf(deal: CompiledDeal, source: string) {
  const { file, bytes, termsHash } = deal;
  const compiled = { source, terms: Buffer.from(bytes), terms_hash: termsHash };
  return { id: file.id, name: file.name, ...compiled, chain_deal_id: null, code_address: null };
}

/**
 * Checks, compiles and stores a deal file. The same terms again change nothing.
 * @param upload the file's text and the id of the user who sent it
 * @throws Problem deal-invalid with every error; deal-exists when the id has other terms
 */
export async function storeDeal(
  context: Context,
  upload: { source: string; userId: string },
): Promise<StoredDeal> {
  const { deal: compiled, problems } = compileDeal(upload.source);
  if (compiled === null) throw refusal(problems);
  const created = await insertDeal(context.db, {
    ...rowOf(compiled, upload.source),
    created_at: context.clock.now(),
    created_by: upload.userId,
  });
  const deal = await getDeal(context.db, compiled.file.id);
  if (deal.terms_hash !== compiled.termsHash) {
    throw problem("deal-exists", { deal: deal.id, termsHash: deal.terms_hash });
  }
  return { deal, created, warnings: problems };
}
