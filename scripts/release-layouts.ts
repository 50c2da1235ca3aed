/**
 * Compares the contracts' storage with that of the last release, from the build in artifacts/. With --release the present storage
 * becomes the release: when the contracts go out, never to silence a test.
 * Usage: node scripts/release-layouts.ts [--release]
 */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { format, resolveConfig } from "prettier";
import {
  describeRelease,
  listBreaks,
  type Release,
  RELEASE_FILE,
} from "./layouts/released-layouts.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const file = path.join(ROOT, RELEASE_FILE);

const { values } = parseArgs({ options: { release: { type: "boolean", default: false } } });
const present = await describeRelease(ROOT);
const text = await readFile(file, "utf8").catch(() => null);
const breaks = text === null ? [] : listBreaks(JSON.parse(text) as Release, present);
for (const one of breaks) console.log(one);
if (values.release) {
  const options = { ...(await resolveConfig(file)), filepath: file };
  await writeFile(file, await format(JSON.stringify(present), options));
  console.log(`released: ${RELEASE_FILE}`);
} else {
  console.log(
    breaks.length === 0 ? "an upgrade keeps all storage" : "an upgrade would break storage",
  );
  process.exitCode = breaks.length === 0 ? 0 : 1;
}
