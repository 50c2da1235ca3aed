import { SECONDS_PER_DAY } from "../../server/lib/dates.ts";
import { startOf } from "../replay/own-deal.ts";
import {
  ACCOUNT,
  compileGasDeal,
  distributeMonth,
  type GasDeal,
  measured,
  MONTHS,
  openGasDeal,
  publishMonth,
  reach,
} from "./gas-deal.ts";
import type { GasRow } from "./gas-row.ts";
import {
  measureBatch,
  measureFirstClaim,
  measureNextClaim,
  measureOwedClaim,
  measureSignedPayee,
  measureSixtyPeriods,
} from "./measure-claims.ts";
import { measureDelivery, measureRestatement } from "./measure-reports.ts";
import { measureAgent, measureOwedTransfer, measureTransfers } from "./measure-transfers.ts";
import { withQuickChain } from "./quick-chain.ts";

const operation = "report";

async function pay(gas: GasDeal, period: number): Promise<void> {
  await reach(gas, period, "paymentTime");
  await distributeMonth(gas, period);
}

/** Reports by one, two and three attesters; transfers with nothing, and then with two months, owed. */
async function firstMonths(gas: GasDeal): Promise<void> {
  await measured(gas, { operation, state: "the deal's first, 1 signature" }, publishMonth(gas, 1));
  await measureTransfers(gas);
  await pay(gas, 1);
  await measureFirstClaim(gas);
  const two = { operation, state: "2 signatures, ten figures", bar: 150_000, peer: 300_854 };
  await measured(gas, two, publishMonth(gas, 2, 2));
  await pay(gas, 2);
  await measureNextClaim(gas);
  await measured(gas, { operation, state: "3 signatures" }, publishMonth(gas, 3, 3));
  await measureOwedTransfer(gas, 3, { state: "both owed, their slots empty", bar: 140_000 });
  await pay(gas, 3);
  const contract = { operation, state: "2 signatures, one of them a contract's (ERC-1271)" };
  await measured(gas, contract, publishMonth(gas, 4, "a contract and one"));
  await measureOwedTransfer(gas, 4, { state: "both owed, their slots used", bar: 105_000 });
  await pay(gas, 4);
  await measureOwedClaim(
    gas,
    ACCOUNT.birch,
    "4 periods unclaimed, two of them settled by transfers",
  );
}

/** Month 5 is distributed when the window of month 6 has begun. */
async function lateMonth(gas: GasDeal): Promise<void> {
  await publishMonth(gas, 5);
  await reach(gas, 6, "recordTime", 60);
  const late = {
    operation: "distribute",
    state: "late: after its window, the classes' cash waits",
  };
  await measured(gas, { ...late, bar: 350_000 }, distributeMonth(gas, 5));
  await publishMonth(gas, 6);
  // Time enough for a challenge of the report, which comes late, too.
  await reach(gas, 6, "paymentTime", 3 * SECONDS_PER_DAY);
  const next = {
    operation: "distribute",
    state: "the run after a late one, with the cash of both",
  };
  await measured(gas, { ...next, bar: 350_000 }, distributeMonth(gas, 6));
}

/** Single operations, each in a named state, in a life of sixty-two payments. */
export async function measureSixtyMonths(): Promise<GasRow[]> {
  const compiled = await compileGasDeal();
  return withQuickChain(startOf(compiled), async (own) => {
    const gas = await openGasDeal(own);
    await firstMonths(gas);
    await lateMonth(gas);
    await publishMonth(gas, 7);
    await pay(gas, 7);
    await measureAgent(gas);
    await measureOwedClaim(gas, ACCOUNT.alderAgain, "after a recovery, 7 periods unclaimed");
    await measureSignedPayee(gas);
    await measureBatch(gas);
    await measureRestatement(gas, 8);
    await measureDelivery(gas, 9);
    for (let period = 10; period < MONTHS; period += 1) {
      await publishMonth(gas, period);
      await pay(gas, period);
    }
    await measureSixtyPeriods(gas);
    return gas.rows;
  });
}
