/** `deal check`: what is wrong with a deal file, what a reader should look at, what a run may cost. */
import { parseArgs } from "node:util";
import { BLOCK_GAS, boundGas, describeBound } from "../../server/deals/bound-gas.ts";
import { checkSeniority } from "../../server/deals/check-seniority.ts";
import { checkUnused } from "../../server/deals/check-unused.ts";
import { printableLine } from "../../server/lib/printable-text.ts";
import { UsageError } from "../run-command.ts";
import { loadDeal } from "./load-deal.ts";

export const checkUsage = `npm run deal -- check FILE    every error, doubt and note, with line and column, and the gas of a run`;

export async function checkCommand(args: string[]): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new UsageError("check takes one file");
  const deal = await loadDeal(file);
  if (deal === null) return 1;
  for (const { line, column, code, name, message } of checkUnused(deal.file)) {
    console.log(printableLine(`${file}:${line}:${column}: note: ${code} \`${name}\`: ${message}`));
  }
  for (const { line, column, operation, clause, message } of checkSeniority(deal.file)) {
    const at = clause === "" ? operation : `${operation} [${clause}]`;
    console.log(printableLine(`${file}:${line}:${column}: note: junior-first ${at}: ${message}`));
  }
  for (const bound of boundGas(deal.terms)) {
    const severity = bound.total > BLOCK_GAS ? "warning" : "note";
    const limit = bound.total > BLOCK_GAS ? "; blocks may take less: split the program" : "";
    console.log(printableLine(`${file}: ${severity}: gas: ${describeBound(bound)}${limit}`));
  }
  console.log(`${deal.file.id}: ${deal.bytes.length} bytes, terms hash ${deal.termsHash}`);
  return 0;
}
