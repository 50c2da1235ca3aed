import type { Chain } from "./connect-chain.ts";
import { readContract } from "./read-contract.ts";
import { PUNCTUALITY_STATES } from "./record-reports.ts";
import type { PunctualityChangesTable } from "../db/chain-tables.ts";

/** What the registry answers for a time that never comes. */
const NEVER = 2n ** 40n - 1n;

/** Whether a deal's reports are in time, as the registry says. */
export interface Punctuality {
  /** As it was last declared. */
  state: PunctualityChangesTable["state"];
  /** The period whose report is to come; null: none is. */
  period: number | null;
  /** Unix seconds after which it is late, and after which the servicer is in default; null: never. */
  dueAt: number | null;
  defaultAt: number | null;
}

const timeOf = (seconds: bigint): number | null => (seconds >= NEVER ? null : Number(seconds));

/** @throws Problem chain-unreachable */
export async function readPunctuality(chain: Chain, chainDealId: bigint): Promise<Punctuality> {
  const [state, period, dueAt, defaultAt] = await readContract(chain, {
    contract: "reportRegistry",
    address: chain.deployment.reportRegistry,
    method: "punctualityOf",
    args: [chainDealId],
  });
  const known = PUNCTUALITY_STATES[Number(state)];
  if (known === undefined) throw new RangeError(`punctuality ${state} is unknown`);
  return {
    state: known,
    period: Number(period) === 0 ? null : Number(period),
    dueAt: timeOf(BigInt(dueAt)),
    defaultAt: timeOf(BigInt(defaultAt)),
  };
}
