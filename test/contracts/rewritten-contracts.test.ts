/** What `npm run coverage` and `npm run mutate` do to the contracts, on a small one where every place is known. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { network } from "hardhat";
import { PROBE_SOURCE, findBranches } from "../../scripts/coverage/find-branches.ts";
import { viewForPure } from "../../scripts/mutate/build-shadow.ts";
import { MUTANT_SOURCE, MutantFinder } from "../../scripts/mutate/find-mutants.ts";
import { type SourceFile, readSyntax } from "../../scripts/mutate/read-syntax.ts";
import { type Edit, rewriteSource } from "../../scripts/mutate/rewrite-source.ts";

const require = createRequire(import.meta.url);
const { ethers, provider } = await network.create();
const PROBED = 0xc0bec0bec0bec0bec0bec0bec0bec0bec0bec0ben;

const SMALL = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

contract Small {
    uint256 public total;

    function grade(uint256 a, uint256 b) external pure returns (uint256 mark) {
        require(a != 7, "seven");
        if (a < 10 && b > 2) mark = a + b;
        else mark = a == b ? 1 : 2;
        assembly {
            if gt(mark, 100) { mark := 100 }
            switch b case 5 { mark := add(mark, 1000) }
        }
    }

    function add(uint256 a) external {
        total += a;
    }
}
`;

interface Compiled {
  errors?: { severity: string; formattedMessage: string }[];
  contracts: Record<
    string,
    Record<string, { abi: never[]; evm: { bytecode: { object: string } } }>
  >;
}

function analysed(): SourceFile {
  const folder = mkdtempSync(path.join(tmpdir(), "penstock-small-"));
  writeFileSync(path.join(folder, "Small.sol"), SMALL);
  const [file] = readSyntax(folder, ["Small.sol"]);
  rmSync(folder, { recursive: true });
  return file!;
}

/** Deploys the contract with its edits and the library that they call in one source. */
async function deploy(file: SourceFile, edits: Edit[], library: string) {
  const [, body = ""] = library.split("pragma solidity 0.8.37;");
  const content = viewForPure(rewriteSource(file.source, edits) + body);
  const input = {
    language: "Solidity",
    sources: { "Small.sol": { content } },
    settings: {
      evmVersion: "cancun",
      outputSelection: { "*": { Small: ["abi", "evm.bytecode.object"] } },
    },
  };
  const solc = require("solc") as { compile(input: string): string };
  const { contracts, errors = [] } = JSON.parse(solc.compile(JSON.stringify(input))) as Compiled;
  const failed = errors.filter(({ severity }) => severity === "error");
  expect(failed.map(({ formattedMessage }) => formattedMessage)).to.deep.equal([]);
  const { abi, evm } = contracts["Small.sol"]!.Small!;
  const [signer] = await ethers.getSigners();
  return (await new ethers.ContractFactory(abi, evm.bytecode.object, signer).deploy()) as never as {
    getAddress(): Promise<string>;
    total(): Promise<bigint>;
    add(a: bigint): Promise<{ wait(): Promise<unknown> }>;
    grade: ((a: bigint, b: bigint) => Promise<bigint>) & {
      populateTransaction(a: bigint, b: bigint): Promise<{ data: string; to: string }>;
    };
  };
}

interface TraceStep {
  op: string;
  stack: string[];
  memory: string[];
}

/** The probes that a call of `grade` reports, in order. */
async function reported(small: Awaited<ReturnType<typeof deploy>>, a: bigint, b: bigint) {
  const [signer] = await ethers.getSigners();
  const sent = await signer!.sendTransaction(await small.grade.populateTransaction(a, b));
  const { structLogs } = (await provider.request({
    method: "debug_traceTransaction",
    params: [sent.hash, { enableMemory: true, disableMemory: false }],
  })) as { structLogs: TraceStep[] };
  const word = (text: string) => BigInt(`0x${text.replace("0x", "")}`);
  return structLogs
    .filter(({ op, stack }) => op === "STATICCALL" && word(stack.at(-2)!) === PROBED)
    .map(({ memory }) => Number(word(memory[0]!)));
}

describe("A rewritten contract", () => {
  it("reports each branch that a call takes, and answers as before", async () => {
    const file = analysed();
    const { branches, edits } = findBranches(file, 0);
    const counts = Object.groupBy(branches, ({ kind }) => kind);
    // require, if, ternary and Yul's if and switch: two ways each. Two operands. Two functions.
    expect(counts.decision?.length).to.equal(10);
    expect(counts.operand?.length).to.equal(4);
    expect(counts.function?.length).to.equal(2);
    const small = await deploy(file, edits, PROBE_SOURCE);
    expect(await small.grade(3n, 5n)).to.equal(1008n);
    expect(await small.grade(200n, 200n)).to.equal(1n);
    const taken = (await reported(small, 3n, 5n)).map((probe) => {
      const { text, arm } = branches[probe]!;
      return `${text.slice(0, 20)} ${arm}`;
    });
    expect(taken).to.deep.equal([
      ...["function grade(uint2 entered", "a != 7 true", "a < 10 true", "b > 2 true"],
      ...["a < 10 && b > 2 true", "gt(mark, 100) false", "b case 5"],
    ]);
    const other = (await reported(small, 12n, 1n)).map((probe) => branches[probe]!.arm);
    expect(other).to.deep.equal([
      // 12 is not below 10: b is not looked at, and the ternary is.
      ...["entered", "true", "false", "false", "false", "false", "no case"],
    ]);
  });

  it("has no mutant until one is chosen, and then that one alone", async () => {
    const file = analysed();
    const { mutants, edits } = new MutantFinder(file, 1).find();
    const small = await deploy(file, edits, MUTANT_SOURCE);
    const choose = async (operator: string, before: string) => {
      const found = mutants.filter((one) => one.operator === operator && one.before === before);
      expect(found.length, `${operator} ${before}`).to.equal(1);
      const coinbase = `0x${"c0".repeat(18)}${found[0]!.id.toString(16).padStart(4, "0")}`;
      await provider.request({ method: "hardhat_setCoinbase", params: [coinbase] });
      // A call sees the coinbase of the last block.
      await provider.request({ method: "evm_mine" });
    };
    expect(await small.grade(3n, 5n)).to.equal(1008n);
    await choose("+ to -", "a + b");
    await expect(small.grade(3n, 5n)).to.be.revertedWithPanic(0x11);
    expect(await small.grade(9n, 5n)).to.equal(1004n);
    await choose("< to <=", "a < 10");
    expect(await small.grade(10n, 3n)).to.equal(13n);
    await choose("== to !=", "a == b");
    expect(await small.grade(12n, 12n)).to.equal(2n);
    await choose("no guard", "gt(mark, 100)");
    expect(await small.grade(9n, 99n)).to.equal(108n);
    await choose("one more", "1000");
    expect(await small.grade(3n, 5n)).to.equal(1009n);
    await choose("left out", "total += a;");
    await (await small.add(4n)).wait();
    expect(await small.total()).to.equal(0n);
    await choose("+= to -=", "total += a;");
    await expect(small.add(4n)).to.be.revertedWithPanic(0x11);
  });
});
