import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { JsonFragment } from "ethers";
import { readArtifact, type ArtifactName } from "./read-artifact.ts";

/** A place in runtime code where a constructor has written an immutable. */
export interface Place {
  start: number;
  length: number;
}

/** What the compiler was given and what it made of it, for whoever compares it with a chain. */
export interface Build {
  abi: JsonFragment[];
  /** Creation code, and runtime code with zeros where the immutables stand; 0x-hex. */
  bytecode: string;
  deployedBytecode: string;
  /** By the variable's name. */
  immutables: ReadonlyMap<string, readonly Place[]>;
  /** As explorers want it: "0.8.37+commit.…". */
  compiler: string;
  /** "path/to/Source.sol:Name" as the standard-JSON input names it. */
  identifier: string;
  /** The standard-JSON input, and the SHA-256 of it. */
  input: { language: string; settings: object; sources: object };
  inputHash: string;
}

interface BuiltArtifact {
  inputSourceName: string;
  buildInfoId: string;
}

interface Code {
  object: string;
  immutableReferences?: Record<string, Place[]>;
}

interface Compiled {
  abi: JsonFragment[];
  evm: { bytecode: Code; deployedBytecode: Code };
}

interface BuildOutput {
  output: { sources: object; contracts: Record<string, Record<string, Compiled>> };
}

const BUILD_INFO = path.join(import.meta.dirname, "../../artifacts/build-info");

/**
 * Reads what the build knows about a contract.
 * @param creator the contract that creates it, where that is not the deployer: its code is then a part of the creator's, and
 *   compiled with the creator's settings
 * @throws Error when the contracts were not built
 */
export async function readBuild(name: ArtifactName, creator = name): Promise<Build> {
  const key = `${name} of ${creator}`;
  const build = builds.get(key) ?? read(name, creator);
  builds.set(key, build);
  return build;
}

/** What was read once: the compiler's output is many megabytes. */
const builds = new Map<string, Promise<Build>>();

async function read(name: ArtifactName, creator: ArtifactName): Promise<Build> {
  const artifact = (await readArtifact(creator)) as Awaited<ReturnType<typeof readArtifact>> &
    BuiltArtifact;
  const info = (await readJson(`${artifact.buildInfoId}.json`)) as {
    solcLongVersion: string;
    input: Build["input"];
  };
  const { output } = (await readJson(`${artifact.buildInfoId}.output.json`)) as BuildOutput;
  const source =
    creator === name
      ? artifact.inputSourceName
      : Object.keys(output.contracts).find((each) => each.endsWith(`/${name}.sol`));
  const compiled = output.contracts[source ?? ""]?.[name];
  if (source === undefined || compiled === undefined)
    throw new Error(`${creator} makes no ${name}`);
  const { bytecode, deployedBytecode } = compiled.evm;
  return {
    abi: compiled.abi,
    bytecode: `0x${bytecode.object}`,
    deployedBytecode: `0x${deployedBytecode.object}`,
    immutables: nameImmutables(output.sources, deployedBytecode.immutableReferences ?? {}),
    compiler: info.solcLongVersion,
    identifier: `${source}:${name}`,
    input: info.input,
    inputHash: createHash("sha256").update(JSON.stringify(info.input)).digest("hex"),
  };
}

/** The compiler numbers immutables by their declaration's node in the syntax tree. */
function nameImmutables(sources: object, places: Record<string, Place[]>): Map<string, Place[]> {
  const named = new Map<string, Place[]>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (typeof node === "object" && node !== null) {
      const { nodeType, id, name } = node as { nodeType?: string; id?: number; name?: string };
      const found = nodeType === "VariableDeclaration" ? places[String(id)] : undefined;
      if (found !== undefined && name !== undefined) named.set(name, found);
      Object.values(node).forEach(visit);
    }
  };
  if (Object.keys(places).length > 0) visit(sources);
  return named;
}

async function readJson(name: string): Promise<unknown> {
  return JSON.parse(await readFile(path.join(BUILD_INFO, name), "utf8")) as unknown;
}
