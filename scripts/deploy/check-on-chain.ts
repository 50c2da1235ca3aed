import type { JsonRpcProvider } from "ethers";
import type { DeploymentRecord } from "../../server/chain/deploy-record.ts";
import { verifyDeployment } from "../../server/chain/deploy-verification.ts";
import { UsageError } from "../run-command.ts";
import type { Output } from "./output.ts";
import { printVerification } from "./print-verification.ts";
import type { Options } from "./read-options.ts";
import { writeExplorer } from "./write-explorer.ts";

export interface CheckRequest {
  options: Options;
  network: { provider: JsonRpcProvider; name: string };
  record: DeploymentRecord;
  file: string;
  output: Output;
}

/**
 * Compares the chain with the build and the record, prints what it found, and writes the sources for explorers on request.
 * @returns the exit code: 0 when everything is the same
 */
export async function checkOnChain(
  request: CheckRequest,
  keep?: (record: DeploymentRecord) => Promise<void>,
): Promise<number> {
  const { options, network, record, file, output } = request;
  if (record.accessManager === undefined) {
    throw new UsageError(`${file}: nothing is deployed on ${network.name} by this record`);
  }
  const verification = await verifyDeployment(network.provider, record);
  await keep?.(verification.record);
  const isRight = printVerification(verification, verification.record, output);
  if (options.explorer !== undefined) {
    const count = await writeExplorer(options.explorer, verification.record, verification.code);
    output.say(
      `${count} contracts written to ${options.explorer}: each file is the body for Sourcify's ` +
        "POST /v2/verify/<chain>/<address>, contracts.json has addresses and constructor arguments",
    );
  }
  return isRight ? 0 : 1;
}
