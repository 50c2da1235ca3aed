import type { TransactionReceipt } from "ethers";
import type { Call } from "../../server/chain/deploy-contract.ts";
import { openJournal } from "../../server/chain/deploy-journal.ts";
import { carryOut, type Outcome } from "../../server/chain/deploy-undertaking.ts";
import type { PreparedDeal } from "../../server/chain/prepare-deal.ts";
import { checkOnChain, type CheckRequest } from "./check-on-chain.ts";
import { describeStep } from "./describe-step.ts";
import { formatCoin, formatTime, grouped } from "./format-table.ts";
import { stepsNow, type Plan } from "./make-plan.ts";
import type { Account } from "./open-account.ts";
import type { Network } from "./open-network.ts";
import { openRun, type Run } from "./open-run.ts";

export interface Sending extends CheckRequest {
  network: Network;
  plan: Plan;
  deal: PreparedDeal | null;
  account: Account;
}

/** Sends what the plan says, verifies it and says what comes next. @returns the exit code */
export async function sendPlan(sending: Sending): Promise<number> {
  const { file, account, plan, network, output } = sending;
  const signer = (await account.open()).connect(network.provider);
  const run = await openRun(file);
  try {
    const outcome = await send(sending, run, signer);
    const checked = await checkOnChain({ ...sending, record: run.record() }, run.save);
    const spent = plan.balanceWei - (await network.provider.getBalance(account.address));
    if (spent > 0n) output.say(`Spent ${formatCoin(spent, network.coin)}.`);
    output.say(describeNext(sending, outcome));
    if (checked !== 0) return checked;
    return outcome.closingAhead === null ? 0 : 3;
  } finally {
    await run.finish();
  }
}

async function send(
  { plan, network, options, output }: Sending,
  run: Run,
  signer: Parameters<typeof openJournal>[0]["signer"],
): Promise<Outcome> {
  const total = String(stepsNow(plan.steps).length);
  let count = 0;
  const onSettled = async (call: Call, receipt: TransactionReceipt): Promise<void> => {
    count += 1;
    output.say(
      describeSent({ call, receipt, network }, `${String(count).padStart(total.length)}/${total}`),
    );
    const { hash, blockNumber, gasUsed, fee } = receipt;
    const { name, to } = call;
    const sent = { name, to, hash, blockNumber };
    await run.addTransaction({ ...sent, gasUsed: String(gasUsed), feeWei: String(fee) });
  };
  if (total !== "0") output.say("\nSending");
  const journal = await openJournal({
    ...{ signer, provider: network.provider, mine: network.mine, onSettled },
    ...{ store: run.store, limits: plan.limits },
    confirmations: options.confirmations ?? network.confirmations,
  });
  const outcome = await carryOut(
    { signer, transact: journal.transact },
    { ...plan.undertaking, record: run.record(), save: run.save },
  );
  await journal.close();
  return outcome;
}

function describeSent(
  { call, receipt, network }: { call: Call; receipt: TransactionReceipt; network: Network },
  place: string,
): string {
  const { hash, blockNumber, gasUsed, fee } = receipt;
  const spent = `${grouped(gasUsed).padStart(9)} gas  ${formatCoin(fee, network.coin)}`;
  return `  ${place}  ${spent}  block ${blockNumber}  ${hash}  ${describeStep(call)}`;
}

function describeNext(
  { file, network, options, deal: prepared }: Sending,
  { deal, closingAhead }: Outcome,
): string {
  const again = `npm run deploy -- --network ${network.name}`;
  const lines = [
    "\nWhat comes next",
    `  ${file} has the addresses: DEPLOYMENT_FILE=${file} for the server`,
    `  ${again} --verify checks the chain against this build at any time`,
  ];
  if (closingAhead !== null) {
    const orders = prepared?.plan.subscriptions ?? [];
    const unsigned = orders.filter(({ signature }) => signature === "0x").length;
    if (unsigned > 0) {
      lines.push(
        `  ${unsigned} of ${orders.length} orders have no signature yet: their investors sign, or place them on chain, before the closing`,
      );
    }
    lines.push(
      `  the deal is created and can be closed from ${formatTime(closingAhead)}: run the same command then`,
    );
  } else if (deal === null) lines.push(`  ${again} --deal FILE brings a deal on it`);
  else
    lines.push(
      `  deal ${deal.dealId} is closed: its notes are with their holders (${options.deal})`,
    );
  return lines.join("\n");
}
