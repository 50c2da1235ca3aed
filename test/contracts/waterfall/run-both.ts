/** One run in the contract's engine and in the TypeScript engine, which must give the same words. */
import { expect } from "chai";
import { concat } from "ethers";
import { network } from "hardhat";
import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { encodeTerms } from "../../../server/deals/encode-terms.ts";
import { runWaterfall } from "../../../server/waterfall/run-waterfall.ts";
import type { WaterfallRun } from "../../../server/waterfall/run-waterfall.ts";
import { stateToWords } from "../../../server/waterfall/waterfall-state.ts";
import type { WaterfallState } from "../../../server/waterfall/waterfall-state.ts";

const { ethers } = await network.create();
const signer = await ethers.provider.getSigner();
const harness = await ethers.deployContract("EngineHarness");

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
}

/** Runs the period after the state in both engines. */
export async function runBoth({ terms, code, state, figures }: Given): Promise<WaterfallRun> {
  const period = state.lastPeriod + 1;
  const run = runWaterfall({ terms, state, period, figures, chainDealId: 7n });
  const { phase, classWords, laneWords } = stateToWords(state);
  const given = { code, dealId: 7n, period, phase, classWords, laneWords, figures };
  const { words } = await harness.getFunction("run").staticCall(given);
  expect([...words].map(hex)).to.deep.equal(run.words.map(hex));
  return run;
}

const hex = (word: bigint) => `0x${word.toString(16).padStart(64, "0")}`;
