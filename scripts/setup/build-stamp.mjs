// What a build of the contracts came from and what it made, so that the next command need not ask
// Hardhat (seconds) whether something has changed.
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

const FOLDERS = ["contracts", "test/contracts"];
const FILES = ["hardhat.config.ts", "package-lock.json"];
const OUTPUT = "artifacts";
/** Tens of megabytes: told by its size alone. */
const LARGE = /^build-info/;

export function sha256(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

/** One hash over names and content of everything that the compiler's output depends on. */
export function hashSources(root) {
  const sources = FOLDERS.flatMap((folder) =>
    listFiles(join(root, folder))
      .filter((name) => name.endsWith(".sol"))
      .map((name) => join(folder, name)),
  );
  const parts = [...sources, ...FILES].flatMap((name) => {
    const content = readFileSync(join(root, name));
    return [`${name}\0${content.length}\0`, content];
  });
  return sha256(...parts);
}

/** Whether the last good build was of these sources and its output is all there, unchanged. */
export function isBuilt(root, stamp) {
  const last = readStamp(stamp);
  if (last === null || last.sources !== hashSources(root)) return false;
  const now = readOutput(root);
  const names = new Set([...Object.keys(now), ...Object.keys(last.output)]);
  return [...names].every((name) => now[name] === last.output[name]);
}

/**
 * Before a build: the stamp goes. What is in the output though the last build of the same sources
 * did not leave it so goes too: Hardhat looks only whether a file is there.
 */
export function prepareBuild(root, stamp) {
  const last = readStamp(stamp);
  rmSync(stamp, { force: true });
  if (last === null || last.sources !== hashSources(root)) return;
  for (const [name, mark] of Object.entries(readOutput(root))) {
    if (last.output[name] !== mark) rmSync(join(root, OUTPUT, name), { force: true });
  }
}

/** After a good build of `sources`. */
export function writeStamp(root, stamp, sources) {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, `${JSON.stringify({ sources, output: readOutput(root) })}\n`);
}

function readStamp(stamp) {
  try {
    const { sources, output } = JSON.parse(readFileSync(stamp, "utf8"));
    return typeof output === "object" && output !== null ? { sources, output } : null;
  } catch {
    return null;
  }
}

/** Every file of the output with its hash, or its size. */
function readOutput(root) {
  const folder = join(root, OUTPUT);
  const marks = listFiles(folder).map((name) => {
    const file = join(folder, name);
    return [name, LARGE.test(name) ? String(statSync(file).size) : sha256(readFileSync(file))];
  });
  return Object.fromEntries(marks);
}

/** Files below a folder, relative to it; none when it is not there. */
function listFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .filter((name) => statSync(join(folder, name)).isFile())
    .toSorted();
}
