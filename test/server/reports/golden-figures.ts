import { readFile } from "node:fs/promises";
import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { parseCents } from "../../../server/lib/money.ts";

/** The figures of a period of the golden tapes, in the order of the deal's figure table. */
export async function goldenFigures(terms: DealTerms, period: number): Promise<bigint[]> {
  const file = "test/golden/amcar-2017-4/figures.json";
  const rows = JSON.parse(await readFile(file, "utf8")) as Record<string, string | number>[];
  const row = rows.find((candidate) => candidate["period"] === period);
  if (row === undefined) throw new Error(`no figures of period ${period}`);
  return terms.figures.map(({ name }) => {
    const value = row[name];
    return typeof value === "number" ? BigInt(value) : parseCents(value ?? "0");
  });
}
