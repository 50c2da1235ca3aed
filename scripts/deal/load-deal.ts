/** A deal from its file, or from a chain that holds its bytes. */
import { readFile } from "node:fs/promises";
import { keccak256 } from "ethers";
import { connectNode } from "../../server/chain/connect-node.ts";
import { findDeal } from "../../server/chain/find-deal.ts";
import { contracts } from "../../server/chain/platform-interface.ts";
import { compileDeal } from "../../server/deals/compile-deal.ts";
import type { Compilation, CompiledDeal } from "../../server/deals/compile-deal.ts";
import type { DealFile } from "../../server/deals/deal-file.ts";
import type { DealTerms } from "../../server/deals/deal-terms.ts";
import { readDealCode } from "../../server/deals/read-deal-code.ts";
import { readTerms } from "../../server/deals/read-terms.ts";
import { printableLine } from "../../server/lib/printable-text.ts";

/** A deal's terms; the file is there only where they were compiled from it. */
export interface LoadedDeal {
  terms: DealTerms;
  termsHash: string;
  bytes: Uint8Array;
  file?: DealFile;
}

/** Where on a chain a deal is. */
export interface ChainPlace {
  rpc: string;
  /** Its number there, or the name in its terms. */
  deal: string;
  factory?: string | undefined;
}

function printProblems(file: string, { problems }: Compilation): void {
  for (const { line, column, severity, code, value, message } of problems) {
    const what = value === "" ? code : `${code} \`${value}\``;
    console.error(printableLine(`${file}:${line}:${column}: ${severity}: ${what}: ${message}`));
  }
}

/** The compiled deal with its doubts printed, or null with its errors printed. */
export async function loadDeal(file: string): Promise<CompiledDeal | null> {
  const compilation = compileDeal(await readFile(file, "utf8"));
  printProblems(file, compilation);
  const { deal, problems } = compilation;
  if (deal !== null) return deal;
  const errors = problems.filter(({ severity }) => severity === "error").length;
  console.error(`${errors} error${errors === 1 ? "" : "s"}`);
  return null;
}

/**
 * The terms that a chain holds, from its node alone.
 * @throws Error when there is no such deal; RangeError when its code holds no terms of this format
 */
export async function loadChainDeal({ rpc, deal, factory }: ChainPlace): Promise<LoadedDeal> {
  const provider = await connectNode(rpc);
  try {
    const found = await findDeal(provider, { deal, factory });
    const face = contracts.dealFactory;
    const data = face.encodeFunctionData("dealCode", [found.dealId]);
    const answer = await provider.call({ to: found.factory, data });
    const address = String(face.decodeFunctionResult("dealCode", answer)[0]);
    const code = Buffer.from((await provider.getCode(address)).slice(2), "hex");
    const bytes = readDealCode(code).terms;
    return { terms: readTerms(bytes), termsHash: keccak256(bytes), bytes };
  } finally {
    provider.destroy();
  }
}
