/**
 * Completes test/INVARIANTS.md: under each promise, the tests whose titles bear its id. Its prose, and tests
 * that hold a promise without bearing its id, are written by hand and stay.
 */
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "..");
const PAGE = path.join(ROOT, "test/INVARIANTS.md");

/** How many promises each letter has. */
const PROMISES = { W: 12, L: 7, F: 6, C: 17, R: 8, T: 3, K: 3, U: 5 } as const;

export const PROMISE_IDS: readonly string[] = Object.entries(PROMISES).flatMap(([letter, count]) =>
  Array.from({ length: count }, (_, i) => `${letter}${i + 1}`),
);

interface Holder {
  /** Relative to the root. */
  file: string;
  title: string;
}

interface Section {
  /** A promise's id, or the name of another law. */
  name: string;
  prose: string;
  holders: Holder[];
}

const BEARS_ID = /\[([A-Z]\d{1,2})\]/g;
/** A text in quotes, on one line, with an id in it. */
const TITLE =
  /"((?:[^"\\\n]|\\.)*\[[A-Z]\d{1,2}\](?:[^"\\\n]|\\.)*)"|`([^`\n]*\[[A-Z]\d{1,2}\][^`\n]*)`/g;
/** A Solidity test bears its ids in the comment before it. */
const SOLIDITY_TITLE = /((?:^ *\/\/\/.*\n)*) *function (\w+)/gm;
const HOLDER = /^- `([^`]+)`: (.+)$/;

/** Every test of the tree that bears an id, by id. */
function findBearers(root: string): Map<string, Holder[]> {
  const bearers = new Map<string, Holder[]>();
  const add = (ids: string, holder: Holder): void => {
    for (const [, id = ""] of ids.matchAll(BEARS_ID)) {
      bearers.set(id, [...(bearers.get(id) ?? []), holder]);
    }
  };
  for (const file of globSync("test/**/*.{ts,sol}", { cwd: root }).toSorted()) {
    if (file.includes("invariants")) continue;
    const source = readFileSync(path.join(root, file), "utf8");
    if (file.endsWith(".sol")) {
      for (const [, comment = "", title = ""] of source.matchAll(SOLIDITY_TITLE)) {
        // Or in its name, as in invariant_W3_C1_everyDealKeepsItsOwnCash.
        const named = [...title.matchAll(/_([A-Z]\d{1,2})(?=_)/g)].map(([, id]) => `[${id}]`);
        add(comment + named.join(""), { file, title });
      }
      continue;
    }
    for (const [, plain, template] of source.matchAll(TITLE)) {
      const title = plain ?? template ?? "";
      add(title, { file, title });
    }
  }
  return bearers;
}

/** The page's sections: those under `###`. */
export function readSections(page: string): Section[] {
  return page
    .split(/^### /m)
    .slice(1)
    .map((text) => {
      const [name = "", ...lines] = text.split("\n");
      const holders = lines.flatMap((line) => {
        const [, file, title] = HOLDER.exec(line) ?? [];
        return file === undefined || title === undefined ? [] : [{ file, title }];
      });
      const prose = lines.filter((line) => !HOLDER.test(line)).join("\n");
      return { name: name.trim(), prose, holders };
    });
}

const isSame = (a: Holder, b: Holder): boolean => a.file === b.file && a.title === b.title;

/** What is wrong with the page; nothing when it names every promise and the tests that hold it. */
export function checkInvariants(page: string, root: string): string[] {
  const sections = readSections(page);
  const bearers = findBearers(root);
  const contracts = globSync("contracts/**/*.sol", { cwd: root })
    .map((file) => readFileSync(path.join(root, file), "utf8"))
    .join("\n");
  const faults: string[] = [];
  for (const id of PROMISE_IDS) {
    const count = sections.filter(({ name }) => name === id).length;
    if (count !== 1) faults.push(`${id} stands on the page ${count} times`);
  }
  for (const id of bearers.keys()) {
    if (!PROMISE_IDS.includes(id)) faults.push(`a test bears ${id}, which is no promise`);
  }
  for (const { name, prose, holders } of sections) {
    if (holders.length === 0) faults.push(`${name} names no test`);
    for (const { file, title } of holders) {
      if (!existsSync(path.join(root, file))) faults.push(`${name}: there is no ${file}`);
      else if (!readFileSync(path.join(root, file), "utf8").includes(title)) {
        faults.push(`${name}: ${file} has no test "${title}"`);
      }
    }
    for (const bearer of bearers.get(name) ?? []) {
      if (!holders.some((holder) => isSame(holder, bearer))) {
        faults.push(`${name} does not name ${bearer.file}: ${bearer.title}`);
      }
    }
    for (const [, word = ""] of prose.matchAll(/`(\w+)`/g)) {
      if (!new RegExp(`\\b${word}\\b`).test(contracts)) {
        faults.push(`${name}: the contracts have no ${word}`);
      }
    }
  }
  return faults;
}

/** The page with every test that bears an id under it; those that bear none and are still there stay. */
function completeInvariants(page: string, root: string): string {
  const bearers = findBearers(root);
  const [head = "", ...sections] = page.split(/^(?=### )/m);
  const completed = sections.map((text) => {
    const [section] = readSections(text);
    if (section === undefined) return text;
    const [prose, after] = splitAtHolders(text);
    const byHand = section.holders.filter(
      ({ file, title }) =>
        !title.includes(`[${section.name}]`) &&
        existsSync(path.join(root, file)) &&
        !(bearers.get(section.name) ?? []).some((bearer) => isSame(bearer, { file, title })),
    );
    const lines = [...byHand, ...(bearers.get(section.name) ?? [])].map(
      ({ file, title }) => `- \`${file}\`: ${title}`,
    );
    return `${prose.trimEnd()}\n\n${[...new Set(lines)].join("\n")}\n${after}`;
  });
  return head + completed.join("");
}

/** What stands before the list of tests, and what stands behind it: a heading of the next part. */
function splitAtHolders(text: string): [string, string] {
  const lines = text.split("\n");
  const heading = lines.findIndex((line) => line.startsWith("## "));
  const end = heading < 0 ? lines.length : heading;
  const own = lines.slice(0, end).filter((line) => !HOLDER.test(line));
  const after = heading < 0 ? "" : `\n${lines.slice(heading).join("\n")}`;
  return [own.join("\n"), after === "" ? "\n" : after];
}

if (import.meta.main) {
  writeFileSync(PAGE, completeInvariants(readFileSync(PAGE, "utf8"), ROOT).trimEnd() + "\n");
  const faults = checkInvariants(readFileSync(PAGE, "utf8"), ROOT);
  for (const fault of faults) console.log(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
