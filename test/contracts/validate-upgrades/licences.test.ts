import { expect } from "chai";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import hre from "hardhat";
import { present } from "../deals/present.ts";

const FREE = /^(MIT|Apache-2\.0|ISC|BSD-[23]-Clause|0BSD)$/;
const { root } = hre.config.paths;
const require = createRequire(path.join(root, "package.json"));

/** The files that a Solidity source imports, resolved as the compiler does. */
function importsOf(file: string, source: string): string[] {
  const pattern = /^\s*import\s+(?:[^"';]*?from\s+)?["']([^"']+)["']/gm;
  return [...source.matchAll(pattern)].map(([, name]) =>
    present(name).startsWith(".")
      ? path.resolve(path.dirname(file), present(name))
      : require.resolve(present(name)),
  );
}

async function productionSources(): Promise<string[]> {
  const folder = path.join(root, "contracts");
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => name.endsWith(".sol") && !name.startsWith(`mocks${path.sep}`))
    .map((name) => path.join(folder, name));
}

describe("licences", () => {
  it("every production contract and everything it imports is MIT, Apache-2.0, ISC or BSD", async () => {
    const queue = await productionSources();
    expect(queue.length).to.be.greaterThan(0);
    const seen = new Set<string>();
    const problems: string[] = [];
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      const source = await readFile(file, "utf8");
      const licence = /SPDX-License-Identifier:\s*(\S+)/.exec(source)?.[1] ?? "none";
      if (!FREE.test(licence)) problems.push(`${path.relative(root, file)}: ${licence}`);
      queue.push(...importsOf(file, source));
    }
    expect(problems).to.deep.equal([]);
    const foreign = [...seen].filter((file) => file.includes("node_modules"));
    expect(foreign.some((file) => file.includes("@chainlink"))).to.equal(true);
    expect(foreign.some((file) => file.includes("@openzeppelin"))).to.equal(true);
  });

  it("no production contract imports a mock", async () => {
    for (const file of await productionSources()) {
      const source = await readFile(file, "utf8");
      const mocks = importsOf(file, source).filter((name) => name.includes("/contracts/mocks/"));
      expect(mocks, file).to.deep.equal([]);
    }
  });
});
