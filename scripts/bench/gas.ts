/** Gas of a distribution beside the floor that any implementation must pay, on a chain of its own. */
import { readFile } from "node:fs/promises";
import { type JsonRpcProvider, type TransactionResponse, getBytes } from "ethers";
import type { DealTerms } from "../../server/deals/deal-terms.ts";
import { formatTable } from "../../server/history/format-table.ts";
import { parseCents } from "../../server/lib/money.ts";
import type { BoundPeriod } from "../replay/bind-inputs.ts";
import { withOwnChain } from "../replay/engine-contract.ts";
import { openOwnDeal, startOf } from "../replay/own-deal.ts";
import { readBoundInputs, readDeal } from "../replay/read-files.ts";
import { runOnChain } from "../replay/run-on-chain.ts";

/** What the protocol charges (EIP-2028, 2929, 2200, 3529, gas of LOG). */
const TRANSACTION = 21_000;
const CALLDATA_BYTE = { zero: 4, other: 16 };
const FRESH_SLOT = 22_100;
const CHANGED_SLOT = 5_000;
const LOG = { itself: 375, topic: 375, byte: 8 };

interface Distribution {
  gas: number;
  floor: number;
}

export interface GasBench {
  deal: string;
  classes: number;
  /** Of the longest program: steps, and tokens of the expressions that they hold. */
  steps: number;
  tokens: number;
  /** In the order of the periods. */
  distributions: Distribution[];
  limit: number;
}

type Storage = Record<string, { storage?: Record<string, string> }>;

const isZero = (value: string | undefined): boolean => value === undefined || BigInt(value) === 0n;

/** Slots that a transaction changed: those that held nothing before, and the others. */
function countSlots({ pre, post }: { pre: Storage; post: Storage }) {
  let fresh = 0;
  let changed = 0;
  for (const [address, { storage = {} }] of Object.entries(post)) {
    for (const slot of Object.keys(storage)) {
      if (isZero(pre[address]?.storage?.[slot])) fresh += 1;
      else changed += 1;
    }
  }
  return { fresh, changed };
}

/**
 * The transaction itself, its calldata, the slots that it changed and the events that it wrote: what is
 * left when reading, calling and computing cost nothing.
 */
async function floorOf(provider: JsonRpcProvider, sent: TransactionResponse): Promise<number> {
  const tracer = { tracer: "prestateTracer", tracerConfig: { diffMode: true } };
  const { fresh, changed } = countSlots(
    await provider.send("debug_traceTransaction", [sent.hash, tracer]),
  );
  const receipt = await provider.getTransactionReceipt(sent.hash);
  if (receipt === null) throw new Error(`the transaction ${sent.hash} has no receipt`);
  const logs = receipt.logs.reduce(
    (sum, { topics, data }) =>
      sum + LOG.itself + LOG.topic * topics.length + LOG.byte * getBytes(data).length,
    0,
  );
  const calldata = getBytes(sent.data).reduce(
    (sum, byte) => sum + (byte === 0 ? CALLDATA_BYTE.zero : CALLDATA_BYTE.other),
    0,
  );
  return TRANSACTION + calldata + fresh * FRESH_SLOT + changed * CHANGED_SLOT + logs;
}

/** The demo deal's reports, from the figures that its tapes give. */
async function readDemoPeriods({ figures }: DealTerms, file: string): Promise<BoundPeriod[]> {
  const months: Record<string, string | number>[] = JSON.parse(await readFile(file, "utf8"));
  return months.map((month) => ({
    period: Number(month["period"]),
    figures: figures.map(({ name }) => {
      const value = month[name];
      return typeof value === "number" ? BigInt(value) : parseCents(value ?? "");
    }),
    ...{ fixings: [], purchasePrice: 0n, notices: 0, given: [], features: new Map() },
    ...{ dates: {}, expected: {} },
  }));
}

function measureProgram({ phases, steps }: DealTerms) {
  const lengths = phases.map(({ firstStep, stepCount }) => {
    const own = steps.slice(firstStep, firstStep + stepCount);
    const tokens = own
      .flatMap(({ amount, weights, cap }) => [amount, weights, cap])
      .reduce((sum, expression) => sum + (expression?.length ?? 0), 0);
    return { steps: stepCount, tokens };
  });
  return lengths.reduce((longest, next) => (next.steps > longest.steps ? next : longest));
}

interface Case {
  deal: string;
  periods: string;
  limit: number;
}

const GOLDEN = `${import.meta.dirname}/../../test/golden`;
const CASES: readonly Case[] = [
  {
    deal: `${GOLDEN}/amcar-2017-4/deal.yaml`,
    periods: `${GOLDEN}/amcar-2017-4/figures.json`,
    limit: 350_000,
  },
  {
    deal: `${GOLDEN}/carmax-2020-2/deal.yaml`,
    periods: `${GOLDEN}/carmax-2020-2/inputs.json`,
    limit: 700_000,
  },
];

async function benchCase({ deal: file, periods: source, limit }: Case): Promise<GasBench> {
  const deal = await readDeal(file);
  const periods = source.endsWith("figures.json")
    ? await readDemoPeriods(deal.terms, source)
    : (await readBoundInputs(deal, source)).bound.periods;
  const distributions = await withOwnChain(startOf(deal), async (own) => {
    const open = await openOwnDeal(own, deal);
    const provider = own.signer.provider as JsonRpcProvider;
    const measured: Distribution[] = [];
    for (const period of periods) {
      const { gas, hash } = await runOnChain(open, period);
      const sent = await provider.getTransaction(hash);
      if (sent === null) throw new Error(`the node does not know the transaction ${hash}`);
      measured.push({ gas: Number(gas), floor: await floorOf(provider, sent) });
    }
    return measured;
  });
  const { terms } = deal;
  const size = { classes: terms.classes.length, ...measureProgram(terms) };
  return { deal: deal.file.name, ...size, distributions, limit };
}

/** Distributes the demo deal's and CarMax 2020-2's whole lives and measures each distribution. */
export async function benchGas(): Promise<GasBench[]> {
  const benches: GasBench[] = [];
  for (const deal of CASES) benches.push(await benchCase(deal));
  return benches;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** One row a deal: the program's length, gas against the limit and against the floor. */
export function formatGasBench(benches: readonly GasBench[]): string {
  const plain = (value: number): string => value.toLocaleString("en-US");
  const rows = benches.map(({ deal, classes, steps, tokens, distributions, limit }) => {
    const gas = distributions.map((distribution) => distribution.gas);
    const [middle, most] = [median(gas), Math.max(...gas)];
    const floor = median(distributions.map((distribution) => distribution.floor));
    return [
      deal,
      ...[classes, steps, tokens, distributions.length].map(plain),
      ...[Math.min(...gas), middle, most, limit].map(plain),
      (most / limit).toFixed(2),
      plain(floor),
      (middle / floor).toFixed(2),
    ];
  });
  const head =
    "deal|classes|steps|tokens|runs|least|median|most|limit|most / limit|floor|median / floor";
  return formatTable(head.split("|"), rows);
}
