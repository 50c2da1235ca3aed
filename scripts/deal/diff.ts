/** `deal diff`: what one deal has that another has not, term by term. */
import { parseArgs } from "node:util";
import { diffDeals } from "../../server/deals/diff-deals.ts";
import { printableText } from "../../server/lib/printable-text.ts";
import { UsageError } from "../run-command.ts";
import { loadChainDeal, loadDeal } from "./load-deal.ts";
import type { LoadedDeal } from "./load-deal.ts";

export const diffUsage = `npm run deal -- diff A B      what was added, removed and changed from file A to file B, in words
       npm run deal -- diff A --rpc URL --deal ID [--factory ADDRESS]    from file A to the deal on chain`;

const OPTIONS = {
  rpc: { type: "string" },
  deal: { type: "string" },
  factory: { type: "string" },
} as const;

export async function diffCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
  const [first, second, ...others] = positionals;
  const { rpc, deal, factory } = values;
  const isOnChain = rpc !== undefined && deal !== undefined;
  if (first === undefined || others.length > 0 || isOnChain === (second !== undefined)) {
    throw new UsageError("diff takes two files, or one file, --rpc and --deal");
  }
  const before: LoadedDeal | null = await loadDeal(first);
  const after: LoadedDeal | null =
    second === undefined
      ? await loadChainDeal({ rpc: rpc ?? "", deal: deal ?? "", factory })
      : await loadDeal(second);
  // Two files that could not be read as deals cannot be compared: no difference was found or ruled out.
  if (before === null || after === null) return 2;
  const lines = diffDeals(before, after);
  console.log(printableText(lines.length === 0 ? "the deals are equal" : lines.join("\n")));
  return lines.length === 0 ? 0 : 1;
}
