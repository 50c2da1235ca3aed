/** Every distribution of two deals' whole lives, by the contracts, beside the floor. */
import { readFile } from "node:fs/promises";
import type { JsonRpcProvider } from "ethers";
import type { CompiledDeal } from "../../server/deals/compile-deal.ts";
import type { DealTerms } from "../../server/deals/deal-terms.ts";
import { parseCents } from "../../server/lib/money.ts";
import { hashWords } from "../../server/waterfall/hash-words.ts";
import { readWords } from "../../server/waterfall/read-words.ts";
import { openingState } from "../../server/waterfall/waterfall-state.ts";
import type { BoundPeriod } from "../replay/bind-inputs.ts";
import { openOwnDeal, startOf } from "../replay/own-deal.ts";
import { readBoundInputs, readDeal } from "../replay/read-files.ts";
import { runOnChain } from "../replay/run-on-chain.ts";
import { typescriptEngine } from "../replay/run-periods.ts";
import { measureFloor } from "./measure-floor.ts";
import { withQuickChain } from "./quick-chain.ts";

export interface Distribution {
  period: number;
  gas: number;
  floor: number;
}

export interface DealLife {
  deal: string;
  classes: number;
  /** Of the longest program: steps, and tokens of the expressions that they hold. */
  steps: number;
  tokens: number;
  /** In the order of the periods. */
  distributions: Distribution[];
  bar: number;
}

const GOLDEN = `${import.meta.dirname}/../../test/golden`;

/** A period of the demo deal from its figures by name; what is left out is zero. */
function boundPeriod(
  { figures }: DealTerms,
  period: number,
  values: Readonly<Record<string, bigint>>,
): BoundPeriod {
  return {
    period,
    figures: figures.map(({ name }) => values[name] ?? 0n),
    ...{ fixings: [], purchasePrice: 0n, notices: 0, given: [], features: new Map() },
    ...{ dates: {}, expected: {} },
  };
}

/** The demo deal's months from its tapes, then one in which the rest of the pool is sold and everything is repaid. */
async function readDemoPeriods(terms: DealTerms): Promise<BoundPeriod[]> {
  const text = await readFile(`${GOLDEN}/amcar-2017-4/figures.json`, "utf8");
  const months: Record<string, string | number>[] = JSON.parse(text);
  const periods = months.map((month) => {
    const values = terms.figures.map(({ name }) => {
      const value = month[name];
      return [name, typeof value === "number" ? BigInt(value) : parseCents(value ?? "")] as const;
    });
    return boundPeriod(terms, Number(month["period"]), Object.fromEntries(values));
  });
  const poolOpening = periods.at(-1)?.figures[1] ?? 0n;
  const liquidationProceeds = 80_000_00n;
  const sale = { poolOpening, liquidationProceeds, availableFunds: liquidationProceeds };
  return [...periods, boundPeriod(terms, periods.length + 1, sale)];
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

/** The hash of a run that the report carries, as an attested preview has it, and the state after it. */
async function preview(
  deal: CompiledDeal,
  life: { dealId: bigint; state: State },
  at: BoundPeriod,
) {
  const words = await typescriptEngine(deal.terms, life.dealId).run(life.state, at);
  return { resultHash: hashWords([...words]), state: readWords(deal.terms, words).state };
}

type State = ReturnType<typeof openingState>;

async function measureLife(
  deal: CompiledDeal,
  periods: readonly BoundPeriod[],
): Promise<Distribution[]> {
  return withQuickChain(startOf(deal), async (own) => {
    const open = await openOwnDeal(own, deal);
    const provider = own.signer.provider as JsonRpcProvider;
    const measured: Distribution[] = [];
    const { dealId } = open.deal;
    let state = openingState(deal.terms);
    for (const period of periods) {
      const next = await preview(deal, { dealId, state }, period);
      const { gas, hash } = await runOnChain(open, period, next.resultHash);
      const floor = await measureFloor(provider, hash);
      measured.push({ period: period.period, gas: Number(gas), floor });
      state = next.state;
    }
    return measured;
  });
}

async function lifeOf(
  deal: CompiledDeal,
  periods: readonly BoundPeriod[],
  bar: number,
): Promise<DealLife> {
  const { terms, file } = deal;
  const size = { classes: terms.classes.length, ...measureProgram(terms) };
  return { deal: file.name, ...size, distributions: await measureLife(deal, periods), bar };
}

export async function measureDemoLife(): Promise<DealLife> {
  const deal = await readDeal(`${GOLDEN}/amcar-2017-4/deal.yaml`);
  return lifeOf(deal, await readDemoPeriods(deal.terms), 350_000);
}

export async function measureCarmaxLife(): Promise<DealLife> {
  const deal = await readDeal(`${GOLDEN}/carmax-2020-2/deal.yaml`);
  const { bound } = await readBoundInputs(deal, `${GOLDEN}/carmax-2020-2/inputs.json`);
  return lifeOf(deal, bound.periods, 700_000);
}
