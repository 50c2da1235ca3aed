import type { Context } from "../../context.ts";
import type { DealProblem } from "../../deals/deal-source.ts";
import { readMapping } from "../../deals/read-mapping-section.ts";
import { problem } from "../../errors.ts";
import { getTapeDeal } from "../tape-deal-queries.ts";
import { MAPPED } from "../tape-words.ts";
import { findNewestMapping, insertMapping, lockMappingsOfDeal } from "./mappings-queries.ts";
import type { StoredMapping } from "./mappings-queries.ts";

/**
 * Checks a servicer's mapping and stores it as the deal's newest version. The same text as the newest
 * one changes nothing.
 * @throws Problem deal-unknown, deal-not-mapped, mapping-invalid with every error
 */
export async function storeMapping(
  context: Context,
  upload: { dealId: string; source: string; userId: string },
): Promise<{ mapping: StoredMapping; created: boolean }> {
  const { dealId, source, userId } = upload;
  const { terms } = await getTapeDeal(context.db, dealId);
  if (terms.format !== MAPPED) {
    throw problem("deal-not-mapped", { deal: dealId, format: terms.format });
  }
  const { mapping, problems } = readMapping(source);
  if (mapping === null) throw refusal(problems);
  return await context.db.transaction().execute(async (trx) => {
    await lockMappingsOfDeal(trx, dealId);
    const newest = await findNewestMapping(trx, dealId);
    if (newest?.source === source) return { mapping: newest, created: false };
    const stored = {
      deal_id: dealId,
      version: (newest?.version ?? 0) + 1,
      source,
      stored_by: userId,
      stored_at: context.clock.now(),
    };
    await insertMapping(trx, stored);
    return { mapping: stored, created: true };
  });
}

/** The errors all at once, each with its place. */
function refusal(problems: readonly DealProblem[]) {
  const errors = problems.filter(({ severity }) => severity === "error");
  const [first] = errors;
  const params = { line: first?.line ?? 1, column: first?.column ?? 1 };
  const count = { count: errors.length, first: first?.message ?? "" };
  return problem("mapping-invalid", { ...params, ...count }, { problems });
}
