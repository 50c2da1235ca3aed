import { verifyCode, type CodeCheck } from "../../server/chain/deploy-verify-code.ts";
import { explainFailure } from "../../server/chain/explain-failure.ts";
import {
  agreedLimits,
  readFees,
  type FeeLimits,
  type Fees,
} from "../../server/chain/deploy-fees.ts";
import type { PendingTransaction } from "../../server/chain/deploy-journal.ts";
import type { DeploymentRecord } from "../../server/chain/deploy-record.ts";
import { openRehearsal, type RehearsedStep } from "./open-rehearsal.ts";
import { carryOut, type Outcome, type Undertaking } from "../../server/chain/deploy-undertaking.ts";
import type { Network } from "./open-network.ts";
import type { Options } from "./read-options.ts";

/** What a deployment would do now. */
export interface Plan {
  network: Network;
  deployer: string;
  balanceWei: bigint;
  nonce: number;
  fees: Fees;
  /** Above which nothing is sent. */
  limits: FeeLimits;
  undertaking: Omit<Undertaking, "save">;
  /** The record as it would be. */
  rehearsed: DeploymentRecord;
  /** What stands, compared with the build. */
  standing: CodeCheck[];
  steps: RehearsedStep[];
  outcome: Outcome;
  /** Why the closing, whose time lies ahead, would be refused if nothing more happened until then. */
  closingRefused: string | null;
  /** A transaction of an earlier run that may be under way. */
  pending: PendingTransaction | null;
}

export interface PlanRequest {
  network: Network;
  deployer: string;
  undertaking: Omit<Undertaking, "save">;
  options: Options;
  pending: PendingTransaction | null;
}

/** Runs the whole deployment on a copy of the chain. @throws what the deployment itself would end with */
export async function makePlan(request: PlanRequest): Promise<Plan> {
  const { network, deployer, undertaking, options, pending } = request;
  const { provider } = network;
  const { record } = undertaking;
  const [balanceWei, nonce, fees, standing] = await Promise.all([
    provider.getBalance(deployer),
    provider.getTransactionCount(deployer, "pending"),
    readFees(provider, options.limits),
    verifyCode(provider, record),
  ]);
  const rehearsal = await openRehearsal(provider, deployer);
  try {
    let rehearsed = record;
    const save = (latest: DeploymentRecord): Promise<void> => {
      rehearsed = structuredClone(latest);
      return Promise.resolve();
    };
    const { steps, sender } = rehearsal;
    let [closingRefused, isAhead]: [string | null, boolean] = [null, false];
    const reachClosing = async (time: number): Promise<void> => {
      isAhead = true;
      await rehearsal.advanceTo(time);
    };
    const waitsAfter = (error: unknown): boolean => {
      if (isAhead) closingRefused = explainFailure(error) ?? null;
      return closingRefused !== null;
    };
    const outcome = await carryOut(sender, { ...undertaking, save, reachClosing, waitsAfter });
    return {
      network,
      deployer,
      balanceWei,
      nonce,
      fees,
      limits: agreedLimits(fees, options.limits, !network.isEmbedded),
      undertaking,
      rehearsed,
      standing,
      steps,
      outcome,
      closingRefused,
      pending,
    };
  } finally {
    await rehearsal.close();
  }
}

/** Gas of the steps that can be sent now, and of all. */
export function gasOf({ steps }: Plan): { now: bigint; all: bigint } {
  const sum = (chosen: readonly RehearsedStep[]) =>
    chosen.reduce((total, { gasUsed }) => total + gasUsed, 0n);
  return { now: sum(stepsNow(steps)), all: sum(steps) };
}

/** What can be sent before the deal's closing time. */
export function stepsNow(steps: readonly RehearsedStep[]): RehearsedStep[] {
  return steps.filter(({ notBefore }) => notBefore === 0);
}
