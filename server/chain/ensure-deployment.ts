import { type Deployment, embeddedAccount, openProvider, readDeployment } from "./connect-chain.ts";
import { deployPlatform } from "./deploy-platform.ts";
import { type DeploymentRecord, readRecord, writeWhole } from "./deploy-record.ts";
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
    let record: DeploymentRecord = (await readRecord(half)) ?? {};
    const deployment = await deployPlatform({
      signer: embeddedAccount(0, provider),
      mine: chain.mine,
      testStablecoin: true,
      record,
      save: async (progress) => {
        record = progress;
        await writeWhole(half, progress);
      },
    });
    await writeWhole(file, record);
    return deployment;
  } finally {
    provider.destroy();
  }
}
