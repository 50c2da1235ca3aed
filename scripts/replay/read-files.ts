/** A deal file and an inputs file from disk, checked and bound together. */
import { readFile } from "node:fs/promises";
import { type CompiledDeal, compileDeal } from "../../server/deals/compile-deal.ts";
import { type BoundInputs, bindInputs } from "./bind-inputs.ts";
import { InputsError, type InputsSource, readInputs } from "./read-inputs.ts";

/** Reads and compiles a deal file. @throws InputsError listing its errors with their places */
export async function readDeal(file: string): Promise<CompiledDeal> {
  const { deal, problems } = compileDeal(await readFile(file, "utf8"));
  if (deal !== null) return deal;
  const lines = problems
    .filter(({ severity }) => severity === "error")
    .map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`);
  throw new InputsError(lines.join("\n"));
}

/** Reads an inputs file and looks its names up in the deal. @throws InputsError with every fault */
export async function readBoundInputs(
  deal: CompiledDeal,
  file: string,
): Promise<{ source: InputsSource; bound: BoundInputs }> {
  const source = readInputs(file, await readFile(file, "utf8"));
  return { source, bound: bindInputs(deal, file, source) };
}
