/** `deal show`: a deal in words, or its programs in program notation. */
import { parseArgs } from "node:util";
import { decompilePrograms } from "../../server/deals/decompile-programs.ts";
import { showDeal } from "../../server/deals/show-deal.ts";
import { printableText } from "../../server/lib/printable-text.ts";
import { UsageError } from "../run-command.ts";
import { loadChainDeal, loadDeal } from "./load-deal.ts";
import type { LoadedDeal } from "./load-deal.ts";

export const showUsage = `npm run deal -- show FILE [--source]    the deal in words, to read beside its prospectus
       npm run deal -- show --rpc URL --deal ID [--factory ADDRESS] [--source]
           the same text from the bytes on chain alone; --source prints the programs as they were written`;

const OPTIONS = {
  rpc: { type: "string" },
  deal: { type: "string" },
  factory: { type: "string" },
  source: { type: "boolean", default: false },
} as const;

/** The deal that the arguments name; null (with its errors printed) when its file does not compile. */
async function find(
  files: readonly string[],
  { rpc, deal, factory }: { rpc?: string; deal?: string; factory?: string },
): Promise<LoadedDeal | null> {
  const [file, ...others] = files;
  const isOnChain = rpc !== undefined && deal !== undefined;
  if (others.length > 0 || isOnChain === (file !== undefined)) {
    throw new UsageError("show takes one file, or --rpc and --deal");
  }
  if (file !== undefined) return loadDeal(file);
  return loadChainDeal({ rpc: rpc ?? "", deal: deal ?? "", factory });
}

export async function showCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
  const found = await find(positionals, values);
  if (found === null) return 1;
  const { terms, file, bytes, termsHash } = found;
  if (values.source) {
    console.log(printableText(decompilePrograms(terms)));
    return 0;
  }
  console.log(printableText(showDeal(terms, file)));
  console.log(`${terms.dealId}: ${bytes.length} bytes, terms hash ${termsHash}`);
  return 0;
}
