/** The contracts that a deal meets, called without a transaction: creation checks and engine. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { keccak256, toUtf8Bytes } from "ethers";
import type { DealTerms } from "../../server/deals/deal-terms.ts";
import { stateToWords } from "../../server/waterfall/waterfall-state.ts";
import type { WaterfallState } from "../../server/waterfall/waterfall-state.ts";
import type { RunInputs } from "./random-run.ts";

/** Whoever answers `eth_call`. */
export interface Node {
  request(call: { method: string; params?: unknown[] }): Promise<unknown>;
}

export interface GivenRun extends RunInputs {
  state: WaterfallState;
}

export interface Contracts {
  /** Null when the creation checks take the terms, else how they refuse them. */
  refusal(bytes: Uint8Array): Promise<string | null>;
  /** The words of each run as hex without 0x, or how it ended instead. */
  run(bytes: Uint8Array, terms: DealTerms, runs: readonly GivenRun[]): Promise<string[]>;
}

export const DEAL_ID = 7n;
const ENGINE = "0x00000000000000000000000000000000000e0001";
const CHECKER = "0x00000000000000000000000000000000000e0002";
const DEAL = "0x00000000000000000000000000000000000e0003";
/** As much as a transaction may use: several times what the dearest run takes. */
const GAS = `0x${(16_000_000).toString(16)}`;

const word = (value: bigint | number) =>
  BigInt.asUintN(256, BigInt(value)).toString(16).padStart(64, "0");

const selector = (signature: string) => keccak256(toUtf8Bytes(signature)).slice(0, 10);

const RUN = selector("run(address,uint256,uint256,uint256,uint256,uint256[],uint256[],int256[])");
const CHECK = selector("check(bytes)");

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

async function codeOf(folder: string, name: string): Promise<string> {
  const file = path.resolve(
    import.meta.dirname,
    `../../artifacts/contracts/${folder}/${name}.sol/${name}.json`,
  );
  return (JSON.parse(await readFile(file, "utf8")) as { deployedBytecode: string })
    .deployedBytecode;
}

function runData(terms: DealTerms, { state, figures, extras, notices }: GivenRun): string {
  const { phase, classWords, laneWords } = stateToWords(terms, state);
  const arrays = [classWords, laneWords, [...figures, ...extras]];
  let offset = 8 * 32;
  const heads = arrays.map(({ length }) => {
    const head = word(offset);
    offset += 32 * (1 + length);
    return head;
  });
  const tails = arrays.flatMap((values) => [word(values.length), ...values.map(word)]);
  const fixed = [BigInt(DEAL), DEAL_ID, state.lastPeriod + 1, phase, notices].map(word);
  return `${RUN}${[...fixed, ...heads, ...tails].join("")}`;
}

function checkData(bytes: Uint8Array): string {
  const padded = hexOf(bytes).padEnd(64 * Math.ceil(bytes.length / 32), "0");
  return `${CHECK}${word(32)}${word(bytes.length)}${padded}`;
}

/** The contracts on a node: their code is put where it is called, so that nothing is deployed. */
export async function openContracts(node: Node): Promise<Contracts> {
  const place = (address: string, code: string) =>
    node.request({ method: "hardhat_setCode", params: [address, code] });
  await place(ENGINE, await codeOf("waterfall", "WaterfallEngine"));
  await place(CHECKER, await codeOf("deals", "TermsChecker"));
  const call = async (to: string, data: string): Promise<string> => {
    const params = [{ to, data, gas: GAS }, "latest"];
    return (await node.request({ method: "eth_call", params })) as string;
  };
  return {
    refusal: async (bytes) => {
      try {
        await call(CHECKER, checkData(bytes));
        return null;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
    run: async (bytes, terms, runs) => {
      await place(DEAL, `0x00${hexOf(bytes)}`);
      const answers = runs.map(async (given) => {
        try {
          const answer = await call(ENGINE, runData(terms, given));
          return answer.slice(2 + 128);
        } catch (error) {
          return `ended: ${error instanceof Error ? error.message : String(error)}`;
        }
      });
      return Promise.all(answers);
    },
  };
}
