/**
 * Writes the JSON Schemas that editors use, of deal files and of the inputs of a replay, and the page of
 * statistics. With --check nothing is written and a difference fails.
 * Usage: node scripts/write-schemas.ts [--check]
 */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { format, resolveConfig } from "prettier";
import { dealFileSchema } from "../server/deals/deal-schema.ts";
import { buildStatisticsPage } from "../server/periods/build-statistics-page.ts";
import { checksPage } from "../server/tapes/checks/list-checks.ts";
import { formatInputsSchema } from "./replay/inputs-schema.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

const SCHEMAS: readonly [file: string, text: () => string][] = [
  ["server/deals/deal-file.schema.json", () => JSON.stringify(dealFileSchema())],
  ["scripts/replay/inputs.schema.json", formatInputsSchema],
  ["server/tapes/checks/README.md", checksPage],
  ["server/periods/STATISTICS.md", buildStatisticsPage],
];

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const different: string[] = [];
for (const [name, text] of SCHEMAS) {
  const file = path.join(ROOT, name);
  const wanted = await format(text(), { ...(await resolveConfig(file)), filepath: file });
  const found = await readFile(file, "utf8").catch(() => "");
  if (found === wanted) continue;
  different.push(name);
  if (!values.check) await writeFile(file, wanted);
}
console.log(
  different.length === 0 ? "schemas are up to date" : `schemas changed: ${different.join(", ")}`,
);
if (values.check && different.length > 0) process.exitCode = 1;
