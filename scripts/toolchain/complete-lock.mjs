// node scripts/toolchain/complete-lock.mjs, after a package was added or updated.
//
// Where the registry in use lacks a binary package of a foreign platform, `npm install` leaves it out
// of package-lock.json and `npm ci` then refuses the whole lock. This writes the missing entries
// (version and platform, as their names say), so that the lock is whole everywhere.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const FILE = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "package-lock.json");
const SYSTEM = /^(?:binding-|\w+-)?(android|darwin|freebsd|linux|openharmony|win32)/;
const PROCESSOR = /-(arm64|amd64|x64|ia32|arm|ppc64|riscv64|s390x)\b/;

const lock = JSON.parse(readFileSync(FILE, "utf8"));
const added = {};
for (const [place, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[key] || lock.packages[`${place}/${key}`]) continue;
    added[key] = missingEntry(name, version, entry);
  }
}
const packages = Object.entries({ ...lock.packages, ...added });
lock.packages = Object.fromEntries(packages.toSorted(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${Object.keys(added).length} entries added`);

function missingEntry(name, version, parent) {
  const short = name.split("/").at(-1);
  const system = SYSTEM.exec(short)?.[1];
  const processor = PROCESSOR.exec(short)?.[1];
  if (!/^\d+\.\d+\.\d+$/.test(version) || !system || !processor) {
    throw new Error(`${name}@${version}: write this entry by hand`);
  }
  const library = /musl/.test(short) ? ["musl"] : /gnu/.test(short) ? ["glibc"] : null;
  return {
    version,
    cpu: [processor === "amd64" ? "x64" : processor],
    ...(parent.dev ? { dev: true } : {}),
    ...(library ? { libc: library } : {}),
    license: parent.license,
    optional: true,
    os: [system],
  };
}
