/** Reports beyond the usual one: with their cash, and of a month that was distributed already. */
import type { TransactionReceipt } from "ethers";
import {
  act,
  distributeMonth,
  type GasDeal,
  measured,
  monthReport,
  onDistributor,
  onReports,
  publishMonth,
  reach,
  signReport,
} from "./gas-deal.ts";

/** What a month brought more than was reported, cents. */
const MORE = 10_00n;

async function restate(gas: GasDeal, period: number): Promise<TransactionReceipt> {
  const previous = monthReport(gas, period);
  const restated = { ...monthReport(gas, period, MORE), version: 2 };
  const { signers, signatures } = await signReport(gas, restated, 2);
  const args = [previous, restated, signers, signatures];
  return act(gas, onReports(gas), { method: "restateReport", args });
}

/** Restates the month before `period`, whose distribution then pays the difference. */
export async function measureRestatement(gas: GasDeal, period: number): Promise<void> {
  const title = { operation: "report", state: "restates a month that was paid, 2 signatures" };
  await measured(gas, title, restate(gas, period - 1));
  await publishMonth(gas, period);
  await reach(gas, period, "paymentTime");
  const more = { method: "fund", args: [gas.deal.dealId, MORE] };
  await act(gas, onDistributor(gas), more);
  const state = "after a restatement, which it settles and whose difference it pays";
  const carried = { operation: "distribute", state, bar: 350_000 };
  await measured(gas, carried, distributeMonth(gas, period));
}

/** Report and cash in one transaction. */
export async function measureDelivery(gas: GasDeal, period: number): Promise<void> {
  await reach(gas, period, "determinationTime");
  const report = monthReport(gas, period);
  const { signers, signatures } = await signReport(gas, report, 2);
  const args = [report, signers, signatures, report.figures[3]];
  const title = { operation: "report", state: "with its cash, 2 signatures" };
  await measured(gas, title, act(gas, onDistributor(gas), { method: "deliver", args }));
  await reach(gas, period, "paymentTime");
  await act(gas, onDistributor(gas), { method: "distribute", args: [report] });
}
