import { readFile, rename, writeFile } from "node:fs/promises";
import { type Deployment, embeddedAccount, openProvider, readDeployment } from "./connect-chain.ts";
import { type DeploymentRecord, deployPlatform } from "./deploy-platform.ts";
import { EMBEDDED_CHAIN_ID, type EmbeddedChain } from "./embedded-chain.ts";

/**
 * The contracts of an embedded chain: read from `file`, or deployed on the first start by the
 * servicer's account. A deployment that was cut off goes on where it stopped.
 */
export async function ensureDeployment(chain: EmbeddedChain, file: string): Promise<Deployment> {
  const found = await readDeployment(file);
  if (found !== null) return found;
  const half = `${file}.half`;
  const provider = openProvider(chain.url, EMBEDDED_CHAIN_ID);
  try {
    const record = await readRecord(half);
    const deployment = await deployPlatform({
      signer: embeddedAccount(0, provider),
      mine: chain.mine,
      testStablecoin: true,
      save: (progress) => writeWhole(half, progress),
      ...(record === null ? {} : { record }),
    });
    await writeWhole(file, deployment);
    return deployment;
  } finally {
    provider.destroy();
  }
}

async function readRecord(file: string): Promise<DeploymentRecord | null> {
  const text = await readFile(file, "utf8").catch(() => null);
  return text === null ? null : (JSON.parse(text) as DeploymentRecord);
}

async function writeWhole(file: string, content: object): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`);
  await rename(`${file}.new`, file);
}
