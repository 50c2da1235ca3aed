/** Terms that no compiler writes, made to hurt: none may stop a run, or make one that no block can take. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import type { Contract, JsonRpcProvider } from "ethers";
import { embeddedAccount, openProvider } from "../../../server/chain/connect-chain.ts";
import { contractAt, deployContract } from "../../../server/chain/deploy-contract.ts";
import {
  EMBEDDED_CHAIN_ID,
  type EmbeddedChain,
  startEmbeddedChain,
} from "../../../server/chain/embedded-chain.ts";
import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { encodeTerms } from "../../../server/deals/encode-terms.ts";
import { openingState } from "../../../server/waterfall/waterfall-state.ts";
import { handMadeDeal } from "../../server/waterfall/hand-made-deal.ts";
import type { DealParts } from "../../server/waterfall/hand-made-deal.ts";
import { deployTerms, engineGas, runBoth } from "./run-both.ts";

/** On a node of its own: the test network keeps a trace of every call, which took 3.4 GB here. */
let checker: Contract;
let own: EmbeddedChain;
let provider: JsonRpcProvider;
let folder: string;

async function startChecker(): Promise<void> {
  folder = await mkdtemp(path.join(tmpdir(), "penstock-checks-"));
  // Before the closing of hand-made deals.
  own = await startEmbeddedChain({ folder, startAt: new Date("2023-01-01"), mine: "on-demand" });
  provider = openProvider(own.url, EMBEDDED_CHAIN_ID);
  const sender = { signer: embeddedAccount(0, provider), mine: own.mine };
  const { address } = await deployContract(sender, "TermsChecker");
  checker = await contractAt(sender, "TermsChecker", address);
}

async function stopChecker(): Promise<void> {
  provider.destroy();
  await own.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Whether the terms may become a deal; any other reason than their cost is a fault of the test. */
async function accepts(terms: DealTerms): Promise<boolean> {
  try {
    await checker.getFunction("check").staticCall(encodeTerms(terms));
    return true;
  } catch (error) {
    if (error instanceof Error && /TermsTooCostly/.test(error.message)) return false;
    throw error;
  }
}

const SOME = Array.from({ length: 16 }, (_, i) => i);
const repeated = (tokens: string, times: number) => Array.from({ length: times }, () => tokens);
/** The longest sum of one operand: 255 tokens with the end. */
const sumOf = (token: string) => [token, ...repeated(`${token}; ADD`, 126)].join("; ");
/** An operation of three operands as often as it fits. */
const chainOf = (operation: string) => ["1", ...repeated(`1; 1; ${operation}`, 84)].join("; ");

const figures = [0n, 0n, 0n, 1_000n];
const PERIOD = 50;
const EIGHTH = 8;

/** Sixteen classes, a schedule of 500 rows, a series of 24 values, and a program of `count` times the steps. */
function deal(steps: NonNullable<DealParts["programs"]>[number], count: number): DealTerms {
  const rows = Array.from({ length: 500 }, (_, i) => ({
    ...{ period: i + 1, value: 5n, increment: 3n },
  }));
  return handMadeDeal({
    classes: SOME.map(() => ({ own: "p", faceCents: 1_000n })),
    accounts: [{ deposit: 100_000n }],
    schedules: [rows],
    series: [{ value: "1", depth: 24 }],
    triggers: [
      { at: "within", numerator: chainOf("CUREIC 65535"), threshold: sumOf("SUMBAL 65535") },
    ],
    programs: [Array.from({ length: count }, () => steps).flat()],
  });
}

describe("Terms made to hurt", () => {
  before(startChecker);
  after(stopChecker);

  it("losses piled on losses stay an amount: shares by them neither stop a run nor forge cash", async () => {
    const list = [0, 1];
    const pile = Array.from({ length: 24 }, (_, i) => ({
      ...{ operation: "LOSS" as const, list: [] },
      amount: i === 0 ? `${2n ** 126n}` : sumOf(`LOST ${i - 1}`),
    }));
    const share = { operation: "PRIN" as const, mode: "PRORATA" as const, list, amount: "900" };
    for (const last of [17, 18, 19, 22, 23]) {
      const terms = handMadeDeal({
        classes: [{}, {}],
        programs: [[...pile, { ...share, weights: `LOST ${last}; LOST ${last - 1}` }]],
      });
      const code = await deployTerms(terms);
      const { payees, classes } = await runBoth({
        ...{ terms, code, state: openingState(terms), figures },
      });
      expect(payees).to.deep.equal([0n]);
      expect(classes.map(({ principalPaid }) => principalPaid).reduce((a, b) => a + b)).to.equal(
        900n,
      );
    }
  });

  type Step = NonNullable<DealParts["programs"]>[number][number];
  const sum = (token: string): Step => ({ operation: "LET", amount: sumOf(token) });
  const chain = (operation: string): Step => ({ operation: "LET", amount: chainOf(operation) });
  const shares: Step = {
    ...{ operation: "PRIN", mode: "PRORATA", list: SOME, amount: "700" },
    weights: SOME.map((i) => `${2n ** BigInt(100 - 6 * i)}`).join(";"),
  };
  /** As many as are accepted, or as a creation in one transaction (2^24 gas) can check. */
  const heavy: [name: string, step: Step, count: number][] = [
    ["sums of constants", sum("1"), 34],
    ["rows of schedules", sum("SCHED 0"), 16],
    ["sums over classes", sum("SUMBAL 65535"), 30],
    ["the past", sum("HISTSUM 24"), 8],
    ["single values of the past", sum("HIST 3"), 29],
    ["lanes", sum("SLANE 0"), 29],
    ["wide products", chain("MULDIV"), 34],
    ["wide signed products", chain("SMULDIV"), 34],
    ["cures of coverage", chain("CUREIC 65535"), 12],
    ["tests of a trigger", { operation: "TEST", destination: 0 }, 8],
    ["capitalised interest", { operation: "PIK", list: SOME }, 255],
    ["losses", { operation: "LOSS", list: SOME, amount: "1" }, 255],
    ["interest", { operation: "INT", list: SOME }, 255],
    ["shares of sixteen", shares, 60],
  ];
  for (const [name, step, count] of heavy) {
    it(`${name}: what is accepted runs within a transaction`, async () => {
      expect(await accepts(deal([step], count))).to.equal(true);
      // An eighth of the steps, at most an eighth of the gas: the harness stands on the test network.
      const terms = deal([step], Math.ceil(count / EIGHTH));
      const code = await deployTerms(terms);
      const state = { ...openingState(terms), lastPeriod: PERIOD };
      const gas = await engineGas({ terms, code, state, figures });
      expect(EIGHTH * gas).to.be.lessThan(10_000_000);
    }).timeout(60_000);
  }

  it("refuses terms whose run might cost more than a transaction may", async () => {
    for (const [step, count] of [
      [sum("HISTSUM 24"), 10],
      [chain("CUREIC 65535"), 14],
      [sum("SCHED 0"), 20],
      [{ operation: "TEST" as const, destination: 0 }, 10],
    ] as const) {
      expect(await accepts(deal([step], count))).to.equal(false);
    }
  }).timeout(60_000);
});
