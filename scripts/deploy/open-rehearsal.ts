import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { toQuantity, type JsonRpcProvider } from "ethers";
import { openProvider } from "../../server/chain/connect-chain.ts";
import type { Call, Sender } from "../../server/chain/deploy-contract.ts";
import { startRelay } from "./start-relay.ts";
import { startEmbeddedChain } from "../../server/chain/embedded-chain.ts";

/** A transaction that would be sent. */
export interface RehearsedStep extends Call {
  gasUsed: bigint;
  /** Unix seconds of the chain at which it is possible; 0: now. */
  notBefore: number;
}

export interface Rehearsal {
  sender: Sender;
  provider: JsonRpcProvider;
  /** What was sent so far, in order. */
  steps: RehearsedStep[];
  /** Moves the copy's clock, as the closing needs; what is sent from then on is not possible before. */
  advanceTo: (seconds: number) => Promise<void>;
  close: () => Promise<void>;
}

/** 2^100 wei: the copy is not where a lack of coin is found. */
const ENOUGH_WEI = 1n << 100n;

/**
 * A throw-away copy of a chain on which a deployment runs as it would there: same state, chain id, account and nonce, and
 * hence the same addresses and gas. It needs no key, and nothing reaches the chain itself.
 */
export async function openRehearsal(source: JsonRpcProvider, deployer: string): Promise<Rehearsal> {
  const { chainId } = await source.getNetwork();
  const folder = await mkdtemp(path.join(tmpdir(), "penstock-rehearsal-"));
  const relay = await startRelay(source);
  const copyOf = { url: relay.url, chainId };
  const chain = await startEmbeddedChain({ folder, mine: "on-demand", copyOf });
  const provider = openProvider(chain.url, chainId);
  const close = async (): Promise<void> => {
    provider.destroy();
    await chain.stop();
    await relay.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  await provider.send("anvil_impersonateAccount", [deployer]);
  await provider.send("anvil_setBalance", [deployer, toQuantity(ENOUGH_WEI)]);
  const signer = await provider.getSigner(deployer);
  const steps: RehearsedStep[] = [];
  let notBefore = 0;
  const transact = async (call: Call) => {
    const { to, data } = call;
    const response = await signer.sendTransaction({ to, data });
    await chain.mine();
    const receipt = await response.wait();
    if (receipt === null) throw new Error(`${call.name} is in no block of the rehearsal`);
    steps.push({ ...call, gasUsed: receipt.gasUsed, notBefore });
    return receipt;
  };
  const advanceTo = async (seconds: number): Promise<void> => {
    const head = await provider.getBlock("latest");
    if ((head?.timestamp ?? 0) >= seconds) return;
    await chain.advanceTo(new Date(seconds * 1_000));
    notBefore = seconds;
  };
  return { sender: { signer, transact }, provider, steps, advanceTo, close };
}
