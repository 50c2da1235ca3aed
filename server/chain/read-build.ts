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
  deployedBytecode: string;
  immutableReferences: Record<string, Place[]>;
}

const BUILD_INFO = path.join(import.meta.dirname, "../../artifacts/build-info");

/**
 * Reads what the build knows about a contract.
 * @throws Error when the contracts were not built
 */
export async function readBuild(name: ArtifactName): Promise<Build> {
  const artifact = (await readArtifact(name)) as Awaited<ReturnType<typeof readArtifact>> &
    BuiltArtifact;
  const { abi, bytecode, deployedBytecode, inputSourceName, buildInfoId } = artifact;
  const info = (await readJson(`${buildInfoId}.json`)) as {
    solcLongVersion: string;
    input: Build["input"];
  };
  return {
    ...{ abi, bytecode, deployedBytecode },
    immutables: await readImmutables(artifact),
    compiler: info.solcLongVersion,
    identifier: `${inputSourceName}:${name}`,
    input: info.input,
    inputHash: createHash("sha256").update(JSON.stringify(info.input)).digest("hex"),
  };
}

/** The compiler numbers immutables by their declaration's node in the syntax tree. */
async function readImmutables(artifact: BuiltArtifact): Promise<Map<string, Place[]>> {
  const { immutableReferences: places, buildInfoId } = artifact;
  const named = new Map<string, Place[]>();
  if (Object.keys(places).length === 0) return named;
  const { output } = (await readJson(`${buildInfoId}.output.json`)) as { output: object };
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (typeof node === "object" && node !== null) {
      const { nodeType, id, name } = node as { nodeType?: string; id?: number; name?: string };
      const found = nodeType === "VariableDeclaration" ? places[String(id)] : undefined;
      if (found !== undefined && name !== undefined) named.set(name, found);
      Object.values(node).forEach(visit);
    }
  };
  visit((output as { sources: object }).sources);
  return named;
}

async function readJson(name: string): Promise<unknown> {
  return JSON.parse(await readFile(path.join(BUILD_INFO, name), "utf8")) as unknown;
}
