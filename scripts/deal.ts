/** `deal check FILE` lists what is wrong with a deal file; `deal show FILE` prints it in words. */
import { readFile } from "node:fs/promises";
import { compileDeal } from "../server/deals/compile-deal.ts";
import type { Compilation } from "../server/deals/compile-deal.ts";
import { showDeal } from "../server/deals/show-deal.ts";

const USAGE = "usage: npm run deal -- check FILE | npm run deal -- show FILE";

function printProblems(file: string, { problems }: Compilation): void {
  for (const { line, column, severity, code, value, message } of problems) {
    const what = value === "" ? code : `${code} \`${value}\``;
    console.error(`${file}:${line}:${column}: ${severity}: ${what}: ${message}`);
  }
}

async function main([command, file]: readonly string[]): Promise<number> {
  if ((command !== "check" && command !== "show") || file === undefined) {
    console.error(USAGE);
    return 2;
  }
  const compilation = compileDeal(await readFile(file, "utf8"));
  printProblems(file, compilation);
  const { deal, problems } = compilation;
  if (deal === null) {
    const errors = problems.filter(({ severity }) => severity === "error").length;
    console.error(`${errors} error${errors === 1 ? "" : "s"}`);
    return 1;
  }
  if (command === "show") console.log(showDeal(deal.terms));
  console.log(`${deal.file.id}: ${deal.bytes.length} bytes, terms hash ${deal.termsHash}`);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
