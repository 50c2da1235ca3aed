/** The Solidity engine alone, over states that are given to it: the contract that the distributor calls. */
import { mkdtemp, rm } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import path from "node:path";
import { concat, type Contract, toBeHex } from "ethers";
import { embeddedAccount, openProvider } from "../../server/chain/connect-chain.ts";
import { contractAt, deployContract, type Sender } from "../../server/chain/deploy-contract.ts";
import {
  EMBEDDED_CHAIN_ID,
  type EmbeddedChain,
  startEmbeddedChain,
} from "../../server/chain/embedded-chain.ts";
import type { CompiledDeal } from "../../server/deals/compile-deal.ts";
import { stateToWords } from "../../server/waterfall/waterfall-state.ts";
import { extrasOf, type PeriodEngine } from "./run-periods.ts";

/** A chain of this process's own, and who sends on it. */
export interface OwnChain extends Sender {
  chain: EmbeddedChain;
  /** Another account of the chain's mnemonic. */
  account(number: number): ReturnType<typeof embeddedAccount>;
}

/** Starts a chain in a folder that is gone afterwards. */
export async function withOwnChain<T>(
  startAt: Date,
  work: (chain: OwnChain) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), "penstock-replay-"));
  const chain = await startEmbeddedChain({ folder, startAt, mine: "on-demand" });
  const provider = openProvider(chain.url, EMBEDDED_CHAIN_ID);
  const account = (number: number) => embeddedAccount(number, provider);
  const stop = async (): Promise<void> => {
    await chain.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const removeHandlers = onSignal(stop);
  try {
    return await work({ chain, account, signer: account(0), mine: chain.mine });
  } finally {
    removeHandlers();
    provider.destroy();
    await stop();
  }
}

/** The node runs on its own, so that a Ctrl-C does not reach it: it is stopped before this program ends. */
function onSignal(stop: () => Promise<void>): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const handlers = signals.map((signal) => {
    const end = (): void => {
      void stop().finally(() => process.exit(128 + constants.signals[signal]));
    };
    process.once(signal, end);
    return () => process.off(signal, end);
  });
  return () => handlers.forEach((remove) => remove());
}

/** Writes the terms, without addresses, as a deal's code. */
async function deployTerms({ signer, mine }: OwnChain, bytes: Uint8Array): Promise<string> {
  const runtime = concat(["0x00", bytes]);
  const size = toBeHex((runtime.length - 2) / 2, 2).slice(2);
  const sent = await signer.sendTransaction({
    data: `0x61${size}80600a5f395ff3${runtime.slice(2)}`,
  });
  await mine?.();
  const receipt = await sent.wait();
  if (!receipt?.contractAddress) throw new Error("the terms were not deployed");
  return receipt.contractAddress;
}

function engineOf(contract: Contract, { terms }: CompiledDeal, code: string): PeriodEngine {
  return {
    chainDealId: 0n,
    run: async (state, bound) => {
      const { phase, classWords, laneWords } = stateToWords(terms, state);
      const figures = [...bound.figures, ...extrasOf(terms, bound)];
      const given = [code, 0, bound.period, phase, bound.notices, classWords, laneWords, figures];
      const words: bigint[] = await contract.getFunction("run").staticCall(...given);
      return [...words];
    },
  };
}

/** Deploys the engine on a chain of its own; `work` gets an engine for any deal. */
export async function withEngineContract<T>(
  work: (engineOf: (deal: CompiledDeal) => Promise<PeriodEngine>) => Promise<T>,
): Promise<T> {
  return withOwnChain(new Date(), async (own) => {
    const { address } = await deployContract(own, "WaterfallEngine");
    const contract = await contractAt(own, "WaterfallEngine", address);
    const codes = new Map<string, string>();
    return work(async (deal) => {
      const code = codes.get(deal.termsHash) ?? (await deployTerms(own, deal.bytes));
      codes.set(deal.termsHash, code);
      return engineOf(contract, deal, code);
    });
  });
}
