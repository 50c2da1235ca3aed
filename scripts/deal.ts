/**
 * `deal check FILE` lists what is wrong with a deal file; `deal show FILE` prints it in words;
 * `deal project FILE` runs it forward over a pool.
 */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { compileDeal } from "../server/deals/compile-deal.ts";
import type { Compilation, CompiledDeal } from "../server/deals/compile-deal.ts";
import { showDeal } from "../server/deals/show-deal.ts";
import { printableLine, printableText } from "../server/lib/printable-text.ts";
import { projectCommand, projectUsage } from "./deal/project.ts";
import { UsageError, runCommand } from "./run-command.ts";

const usage = `usage: npm run deal -- check FILE   every error and doubt, with line and column
       npm run deal -- show FILE    the deal in words, to read beside its prospectus
       ${projectUsage}
Ends with 0 when the file compiles, 1 when it has errors, 2 when it could not be read.`;

function printProblems(file: string, { problems }: Compilation): void {
  for (const { line, column, severity, code, value, message } of problems) {
    const what = value === "" ? code : `${code} \`${value}\``;
    console.error(printableLine(`${file}:${line}:${column}: ${severity}: ${what}: ${message}`));
  }
}

/** The compiled deal, or null with its problems printed. */
async function loadDeal(file: string): Promise<CompiledDeal | null> {
  const compilation = compileDeal(await readFile(file, "utf8"));
  printProblems(file, compilation);
  const { deal, problems } = compilation;
  if (deal !== null) return deal;
  const errors = problems.filter(({ severity }) => severity === "error").length;
  console.error(`${errors} error${errors === 1 ? "" : "s"}`);
  return null;
}

async function run(): Promise<number> {
  const [first, ...rest] = process.argv.slice(2);
  if (first === "project") return projectCommand(rest, loadDeal);
  const { positionals } = parseArgs({ allowPositionals: true });
  const [command, file, ...others] = positionals;
  if ((command !== "check" && command !== "show") || file === undefined || others.length > 0) {
    throw new UsageError("check, show or project, and one file");
  }
  const deal = await loadDeal(file);
  if (deal === null) return 1;
  if (command === "show") console.log(printableText(showDeal(deal.terms, deal.file)));
  console.log(`${deal.file.id}: ${deal.bytes.length} bytes, terms hash ${deal.termsHash}`);
  return 0;
}

await runCommand({ name: "deal", usage, run });
