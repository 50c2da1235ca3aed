import { spawnSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { SourceFile } from "./read-syntax.ts";
import { readSyntax } from "./read-syntax.ts";
import { type Edit, rewriteSource } from "./rewrite-source.ts";

const COPIED = ["contracts", "migrations", "scripts", "server", "test", "package.json"];

/**
 * Sizes and gas are not what a rewritten contract is measured by: it is compiled fast, without optimisation.
 * The limit of gas is one that an endless loop meets soon.
 */
const CONFIG = `
import { defineConfig } from "hardhat/config";
import base from "./hardhat.base.ts";

const [{ settings, ...solc }] = base.solidity.profiles.default.compilers;
const compiler = { ...solc, settings: { ...settings, optimizer: { enabled: false } } };
const mutant = Number(process.env.MUTANT ?? 0).toString(16).padStart(4, "0");
const chain = { allowUnlimitedContractSize: true, blockGasLimit: 300_000_000, transactionGasCap: false };

export default defineConfig({
  ...base,
  networks: { default: { type: "edr-simulated", ...chain } },
  solidity: {
    npmFilesToBuild: base.solidity.npmFilesToBuild,
    profiles: { default: { compilers: [compiler] }, production: { compilers: [compiler] } },
  },
  test: { solidity: { ...base.test.solidity, coinbase: "0x" + "c0".repeat(18) + mutant } },
  coverage: { skipFiles: ["**"] },
});
`;
/** What a test of the copy has in another test's place. */
export interface Change {
  file: string;
  from: string;
  to: string;
}

/** Limits of gas in the tests that a rewritten contract needs more than. */
const LOOSENED: Change = {
  ...{ file: "test/fuzz/engine-calls.ts", from: "(16_000_000)", to: "(300_000_000)" },
};

/** Contracts whose branches and mutants count: not what only tests deploy, not interfaces. */
export function listContracts(root: string): { all: string[]; counted: string[] } {
  const all = globSync("contracts/**/*.sol", { cwd: root }).toSorted();
  const counted = all.filter((file) => !/^contracts\/(mocks|interfaces)\//.test(file));
  return { all, counted };
}

export function readContracts(root: string): SourceFile[] {
  return readSyntax(root, listContracts(root).all);
}

export interface Shadow {
  root: string;
  /** The empty folder that becomes the copy. */
  folder: string;
  /** The contracts to rewrite, with their edits. */
  rewritten: { source: SourceFile; edits: Edit[] }[];
  /** The library that the edits call: its name and its text. */
  library: { name: string; text: string };
  /** More changes of tests. */
  changes?: readonly Change[];
}

/** Copies the project with its contracts rewritten, and compiles the copy. */
export function buildShadow({ root, folder, rewritten, library, changes = [] }: Shadow): void {
  mkdirSync(folder, { recursive: true });
  for (const name of COPIED) {
    cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  }
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
  cpSync(path.join(root, "hardhat.config.ts"), path.join(folder, "hardhat.base.ts"));
  writeFileSync(path.join(folder, "hardhat.config.ts"), CONFIG);
  writeFileSync(path.join(folder, `contracts/${library.name}.sol`), library.text);
  for (const { source, edits } of rewritten) {
    const up = "../".repeat(source.file.split("/").length - 2) || "./";
    const line = `import {${library.name}} from "${up}${library.name}.sol";`;
    const text = rewriteSource(source.source, edits).replace(
      /^pragma solidity .*;$/m,
      (pragma) => `${pragma}\n${line}`,
    );
    writeFileSync(path.join(folder, source.file), text);
  }
  for (const file of globSync("{contracts,test/contracts}/**/*.sol", { cwd: folder })) {
    const place = path.join(folder, file);
    writeFileSync(place, viewForPure(readFileSync(place, "utf8")));
  }
  for (const { file, from, to } of [LOOSENED, ...changes]) {
    const place = path.join(folder, file);
    const text = readFileSync(place, "utf8");
    if (!text.includes(from)) throw new Error(`${file} no longer has ${from}`);
    writeFileSync(place, text.replace(from, to));
  }
  const built = spawnSync("hardhat", ["build"], { cwd: folder, encoding: "utf8" });
  if (built.status !== 0)
    throw new Error(`the rewritten contracts:\n${built.stdout}${built.stderr}`);
}

/** A probe reads the block or calls: what was pure is so no longer. */
export function viewForPure(source: string): string {
  const word = /\/\/.*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|\bpure\b/g;
  return source.replace(word, (found) => (found === "pure" ? "view" : found));
}
