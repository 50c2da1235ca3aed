import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { PROMISE_IDS, checkInvariants, readSections } from "../../../scripts/write-invariants.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const page = readFileSync(path.join(ROOT, "test/INVARIANTS.md"), "utf8");

test("INVARIANTS.md names every promise, and for each the tests that are there", () => {
  assert.deepEqual(
    checkInvariants(page, ROOT),
    [],
    "node scripts/write-invariants.ts completes it",
  );
});

test("what the page lacks is noticed: a promise, a test that is gone, a test that is not named", () => {
  const named = readSections(page).find(({ name }) => name === "C1");
  const [first] = named?.holders ?? [];
  assert.ok(first !== undefined && PROMISE_IDS.length === 61);
  const line = `- \`${first.file}\`: ${first.title}`;
  const without = checkInvariants(page.replace("### C1\n", "### C18\n"), ROOT);
  assert.ok(without.includes("C1 stands on the page 0 times"));
  const gone = checkInvariants(page.replace(line, `${line} and more`), ROOT);
  assert.ok(gone.some((fault) => fault.startsWith(`C1: ${first.file} has no test`)));
  const wrong = checkInvariants(page.replace("### C1\n", "### C1\n\n`noSuchFunction`\n"), ROOT);
  assert.ok(wrong.includes("C1: the contracts have no noSuchFunction"));
});
