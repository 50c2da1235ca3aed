/** The contracts as an engine for a file of periods, on a chain of their own. */
import type { CompiledDeal } from "../../server/deals/compile-deal.ts";
import { explainFailure } from "../../server/chain/explain-failure.ts";
import { messageOf } from "../run-command.ts";
import type { BoundInputs } from "./bind-inputs.ts";
import { withEngineContract, withOwnChain } from "./engine-contract.ts";
import { openOwnDeal, startOf } from "./own-deal.ts";
import { runOnChain } from "./run-on-chain.ts";
import { extrasOf, type PeriodEngine } from "./run-periods.ts";

type Note = (line: string) => void;

/** A refusal of the contracts in words, with what it stopped. */
function explained(error: unknown, { terms }: CompiledDeal, what: string): Error {
  const said = explainFailure(error, terms.cashDecimals) ?? messageOf(error);
  return new Error(`${what}: ${said}`, { cause: error });
}

async function withPlatform<T>(
  deal: CompiledDeal,
  note: Note,
  work: (engine: PeriodEngine) => Promise<T>,
): Promise<T> {
  return withOwnChain(startOf(deal), async (own) => {
    const open = await openOwnDeal(own, deal).catch((error: unknown) => {
      throw explained(error, deal, "the deal's creation and closing");
    });
    let gas = 0n;
    const result = await work({
      chainDealId: open.deal.dealId,
      run: async (_state, bound) => {
        const run = await runOnChain(open, bound).catch((error: unknown) => {
          throw explained(error, deal, `period ${bound.period}`);
        });
        if (run.gas > gas) gas = run.gas;
        return run.words;
      },
    });
    note(`a distribution took at most ${gas.toLocaleString("en-US")} gas`);
    return result;
  });
}

/**
 * Runs `work` with the contracts as engine: a deal from its closing on with the whole platform; one
 * whose opening state is given with the engine contract alone, since no life of a deal leads there.
 * @throws RangeError when a period may be bought for at any price, before anything is deployed
 */
export async function withChainEngine<T>(
  deal: CompiledDeal,
  inputs: BoundInputs,
  { note, work }: { note: Note; work: (engine: PeriodEngine) => Promise<T> },
): Promise<T> {
  for (const period of inputs.periods) extrasOf(deal.terms, period);
  if (!inputs.isOpeningGiven) return withPlatform(deal, note, work);
  note("the opening state is given: the engine contract alone runs it, without report and cash");
  return withEngineContract(async (engineOf) => work(await engineOf(deal)));
}
