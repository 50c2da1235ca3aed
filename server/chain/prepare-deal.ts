import { readFile } from "node:fs/promises";
import path from "node:path";
import { compileDeal, type CompiledDeal } from "../deals/compile-deal.ts";
import { checkDealPlan } from "./check-deal-plan.ts";
import { type DealPlan, readDealPlan } from "./read-deal-plan.ts";

export interface PreparedDeal {
  plan: DealPlan;
  compiled: CompiledDeal;
}

/** A plan or its deal file cannot be used; `problems` has every fault, each with its file. */
export class PlanError extends Error {
  override readonly name = "PlanError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/**
 * Reads a plan (deal.json), compiles the deal file beside it and checks the one against the other;
 * needs no chain.
 * @throws PlanError with everything that is wrong; an error of the file system
 */
export async function prepareDeal(file: string): Promise<PreparedDeal> {
  const { plan, problems } = readDealPlan(await readFile(file, "utf8"));
  if (plan === null) throw new PlanError(problems.map((problem) => `${file}: ${problem}`));
  const dealFile = path.join(path.dirname(file), plan.dealFile);
  const compilation = compileDeal(await readFile(path.resolve(dealFile), "utf8"));
  const { deal: compiled } = compilation;
  if (compiled === null) {
    const errors = compilation.problems.filter(({ severity }) => severity === "error");
    throw new PlanError(
      errors.map(({ line, column, message }) => `${dealFile}:${line}:${column}: ${message}`),
    );
  }
  const unfit = checkDealPlan(plan, compiled.terms);
  if (unfit.length > 0) throw new PlanError(unfit.map((problem) => `${file}: ${problem}`));
  return { plan, compiled };
}
