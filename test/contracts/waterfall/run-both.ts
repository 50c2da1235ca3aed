/** Runs in the contract's engine and in the TypeScript engine, which must give the same words. */
import { expect } from "chai";
import { concat } from "ethers";
import { network } from "hardhat";
import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { encodeTerms } from "../../../server/deals/encode-terms.ts";
import { runWaterfall } from "../../../server/waterfall/run-waterfall.ts";
import type { WaterfallRun } from "../../../server/waterfall/run-waterfall.ts";
import { stateToWords } from "../../../server/waterfall/waterfall-state.ts";
import type { WaterfallState } from "../../../server/waterfall/waterfall-state.ts";

// The calls run hundreds of cases each; the node's own limit is that of a block.
const { ethers } = await network.create({ override: { blockGasLimit: 2n ** 40n } });
const signer = await ethers.provider.getSigner();
const engine = await ethers.deployContract("WaterfallEngine");
const harness = await ethers.deployContract("EngineHarness", [engine]);

/** Cases that go into one call. */
const BATCH = 100;
const DEAL_ID = 7n;

/** Writes the terms, without addresses, as a deal's code. */
export async function deployTerms(terms: DealTerms): Promise<string> {
  const runtime = concat(["0x00", encodeTerms(terms)]);
  const size = ((runtime.length - 2) / 2).toString(16).padStart(4, "0");
  const sent = await signer.sendTransaction({
    data: `0x61${size}80600a5f395ff3${runtime.slice(2)}`,
  });
  const receipt = await sent.wait();
  if (!receipt?.contractAddress) throw new Error("the terms were not deployed");
  return receipt.contractAddress;
}

export interface Given {
  terms: DealTerms;
  code: string;
  state: WaterfallState;
  figures: bigint[];
  /** Fixings, then the price of the purchase list where the deal buys. */
  extras?: bigint[];
  /** Bit q: notice q is in force. */
  notices?: number;
}

/** A case as the contract takes it. */
function argumentOf({ terms, code, state, figures, extras = [], notices = 0 }: Given) {
  const { phase, classWords, laneWords } = stateToWords(terms, state);
  const period = state.lastPeriod + 1;
  const all = [...figures, ...extras];
  return { code, dealId: DEAL_ID, period, phase, notices, classWords, laneWords, figures: all };
}

function runHere({ terms, state, figures, extras = [], notices = 0 }: Given): WaterfallRun {
  const period = state.lastPeriod + 1;
  return runWaterfall({ terms, state, period, figures, extras, notices, chainDealId: DEAL_ID });
}

/** Runs every case, the period after its state, in both engines, many of them in one call. */
export async function runAllInBoth(cases: readonly Given[]): Promise<WaterfallRun[]> {
  const runs: WaterfallRun[] = [];
  for (let from = 0; from < cases.length; from += BATCH) {
    const batch = cases.slice(from, from + BATCH);
    const answers = await harness.getFunction("runAll").staticCall(batch.map(argumentOf));
    batch.forEach((given, i) => {
      const run = runHere(given);
      expect(differences([...answers[i]], run.words), `case ${from + i}`).to.deep.equal([]);
      runs.push(run);
    });
  }
  return runs;
}

/** Runs the period after the state in both engines. */
export async function runBoth(given: Given): Promise<WaterfallRun> {
  const [run] = await runAllInBoth([given]);
  if (run === undefined) throw new Error("no run");
  return run;
}

/** Gas of the engine, its calldata and the reading of the deal code included. */
export async function engineGas(given: Given): Promise<number> {
  return Number(await harness.getFunction("gasOf").staticCall(argumentOf(given)));
}

/** The words that differ, the contract's first. */
function differences(there: readonly bigint[], here: readonly bigint[]): string[] {
  const length = Math.max(there.length, here.length);
  return Array.from({ length }, (_, i) => [there[i] ?? -1n, here[i] ?? -1n] as const).flatMap(
    ([a, b], i) => (a === b ? [] : [`word ${i}: contract ${hex(a)}, TypeScript ${hex(b)}`]),
  );
}

const hex = (word: bigint) => `0x${word.toString(16).padStart(64, "0")}`;
