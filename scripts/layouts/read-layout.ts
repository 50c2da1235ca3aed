import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { id } from "ethers";
import {
  getContractVersion,
  getStorageLayout,
  makeNamespacedInput,
  type SolcInput,
  solcInputOutputDecoder,
  type SolcOutput,
  type StorageLayout,
  validate,
} from "@openzeppelin/upgrades-core";

/** What the compiler was given and gave back for a contract; the names of our sources begin with `project/`. */
export interface Build {
  input: SolcInput;
  output: SolcOutput;
  solcVersion: string;
  /** "project/contracts/deals/DealFactory.sol:DealFactory" */
  name: string;
}

const { compile } = createRequire(import.meta.url)("solc") as { compile(input: string): string };

/** The build that an artifact came from. @param name "contracts/deals/DealFactory.sol:DealFactory" */
export async function readBuild(artifacts: string, name: string): Promise<Build> {
  const [source = "", contract = ""] = name.split(":");
  const artifact = await readJson(path.join(artifacts, source, `${contract}.json`));
  const build = path.join(artifacts, "build-info", artifact.buildInfoId as string);
  const { input, solcVersion } = await readJson(`${build}.json`);
  const { output } = await readJson(`${build}.output.json`);
  return {
    input: input as SolcInput,
    output: output as SolcOutput,
    solcVersion: solcVersion as string,
    name: `project/${name}`,
  };
}

/** The same build with one of its sources changed, compiled only as far as its layout needs: without any code. */
export function rebuild({ input, solcVersion, name }: Build, source: string, text: string): Build {
  const outputSelection = { "*": { "": ["ast"], "*": ["storageLayout"] } };
  const changed = {
    ...input,
    sources: { ...input.sources, [source]: { content: text } },
    settings: { ...input.settings, outputSelection },
  } as SolcInput;
  const output = compiled(changed);
  for (const [file, contracts] of Object.entries(output.contracts)) {
    for (const [contract, made] of Object.entries(contracts)) {
      // The checks tell contracts apart by their code.
      const bytecode = { object: id(`${file}:${contract}`), linkReferences: {} };
      Object.assign(made, { evm: { bytecode, deployedBytecode: bytecode } });
    }
  }
  return { input: changed, output, solcVersion, name };
}

/**
 * A contract's storage: slots and offsets of every field of its namespaces (ERC-7201) and of every struct in them. The compiler
 * tells them only of state variables, so the namespaces are compiled once more as such.
 * @throws Error when the compiler refuses the sources
 */
export function readLayout({ input, output, solcVersion, name }: Build): StorageLayout {
  const namespaced = compiled(makeNamespacedInput(input, output, solcVersion));
  const decode = solcInputOutputDecoder(input, output);
  const contracts = validate(output, decode, solcVersion, input, namespaced);
  const data = { version: "3.3", log: [contracts] } as unknown as Parameters<
    typeof getStorageLayout
  >[0];
  return getStorageLayout(data, getContractVersion(contracts, name));
}

function compiled(input: SolcInput): SolcOutput {
  const output = JSON.parse(compile(JSON.stringify(input))) as SolcOutput & {
    errors?: { severity: string; formattedMessage: string }[];
  };
  const errors = (output.errors ?? []).filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(errors[0]?.formattedMessage);
  return output;
}

async function readJson(file: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
}
