/**
 * Writes test/contracts/gas-report.md from transactions on chains of its own. With --check nothing is written: a figure
 * that moved fails. A figure above its bar fails in both cases.
 * Usage: node scripts/write-gas-report.ts [--check]
 */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { format, resolveConfig } from "prettier";
import { formatGasReport } from "./gas/format-gas-report.ts";
import { listExcesses, measureGas } from "./gas/measure-gas.ts";

const FILE = path.join(import.meta.dirname, "../test/contracts/gas-report.md");

/** The lines of one text that the other lacks. */
function linesBeyond(text: string, other: string): string[] {
  const known = new Set(other.split("\n"));
  return text.split("\n").filter((line) => !known.has(line));
}

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const measurement = await measureGas();
const config = await resolveConfig(FILE);
const wanted = await format(formatGasReport(measurement), { ...config, filepath: FILE });
const found = await readFile(FILE, "utf8").catch(() => "");
const excesses = listExcesses(measurement);
for (const excess of excesses) console.error(excess);
if (found === wanted) console.log("the gas report is up to date");
else if (values.check) {
  for (const line of linesBeyond(found, wanted)) console.error(`- ${line}`);
  for (const line of linesBeyond(wanted, found)) console.error(`+ ${line}`);
  console.error("the gas report has other figures: node scripts/write-gas-report.ts");
} else {
  await writeFile(FILE, wanted);
  console.log("the gas report was written");
}
if (excesses.length > 0 || (values.check && found !== wanted)) process.exitCode = 1;
