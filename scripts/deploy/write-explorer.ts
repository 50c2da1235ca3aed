import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { AbiCoder, Interface } from "ethers";
import type { AddressName, DeploymentRecord } from "../../server/chain/deploy-record.ts";
import type { CodeCheck } from "../../server/chain/deploy-verify-code.ts";
import { readBuild } from "../../server/chain/read-build.ts";

/**
 * Writes for each verified contract the body that Sourcify takes at POST /v2/verify/<chain>/<address>, and the constructor
 * arguments as explorers ask for them.
 * @returns how many
 */
export async function writeExplorer(
  folder: string,
  record: DeploymentRecord,
  checks: readonly CodeCheck[],
): Promise<number> {
  await mkdir(folder, { recursive: true });
  const list: object[] = [];
  for (const { name, contract, creator, address, problems } of checks) {
    if (problems.length > 0) continue;
    const { abi, compiler, identifier, input } = await readBuild(contract, creator);
    const creation = record.creations?.[name as AddressName];
    const file = `${name.replaceAll(" ", "-")}.json`;
    const body = {
      stdJsonInput: input,
      compilerVersion: compiler,
      contractIdentifier: identifier,
      ...(creation && { creationTransactionHash: creation.transactionHash }),
    };
    await writeFile(path.join(folder, file), `${JSON.stringify(body, null, 2)}\n`);
    const inputs = new Interface(abi).deploy.inputs;
    const args = creation?.constructorArguments;
    const encoded = args && AbiCoder.defaultAbiCoder().encode(inputs, args).slice(2);
    list.push({
      name,
      address,
      contract: identifier,
      compiler,
      file,
      constructorArguments: encoded,
    });
  }
  const whole = { chainId: record.chainId, contracts: list };
  await writeFile(path.join(folder, "contracts.json"), `${JSON.stringify(whole, null, 2)}\n`);
  return list.length;
}
