import { isAddress } from "ethers";
import { centsToUnits } from "../lib/money.ts";
import { contractAt, send } from "./deploy-contract.ts";
import type { Sender } from "./deploy-contract.ts";
import { describeUnits } from "./explain-failure.ts";
import { PlanError } from "./prepare-deal.ts";

export interface Deposit {
  cashToken: string;
  /** As the deal file says. */
  cashDecimals: number;
  /** What the closing takes from the sender, in units of the cash token. */
  depositUnits: bigint;
  /** What it pays him just before, in the same transaction; default nothing. */
  proceedsUnits?: bigint | undefined;
}

/**
 * Makes sure, before anything is sent, that the closing can take the originator's deposit.
 * @param mint the test stablecoin's address, when what is missing may be minted; else null
 * @returns the units that were minted
 * @throws PlanError naming what is missing, or that the cash token is not what the deal file says
 */
export async function provideDeposit(
  originator: Sender,
  { cashToken, cashDecimals, depositUnits, proceedsUnits = 0n }: Deposit,
  mint: string | null,
): Promise<bigint> {
  const owner = await originator.signer.getAddress();
  const code = isAddress(cashToken) ? await originator.signer.provider?.getCode(cashToken) : "0x";
  if (code === "0x") throw new PlanError([`cashToken: there is no contract at ${cashToken}`]);
  const token = await contractAt(originator, "MockStablecoin", cashToken);
  const decimals = Number(await token.getFunction("decimals")());
  if (decimals !== cashDecimals) {
    throw new PlanError([
      `cashToken: ${cashToken} has ${decimals} decimals, the deal file says ${cashDecimals}`,
    ]);
  }
  const units = BigInt(await token.getFunction("balanceOf")(owner));
  const missing = depositUnits - proceedsUnits - units;
  if (missing <= 0n) return 0n;
  if (mint !== cashToken) {
    throw new PlanError([
      `the originator ${owner} has ${describeUnits(units, decimals)} of the cash token ${cashToken}, ` +
        `and the closing takes a deposit of ${describeUnits(depositUnits, decimals)}: send it ` +
        `${describeUnits(missing, decimals)} more, or, where the cash token is the deployment's test ` +
        "stablecoin, run this with --mint-deposit",
    ]);
  }
  await send(originator, token, "mint", [owner, missing]);
  return missing;
}

/**
 * Mints what the sender lacks of the test stablecoin to have `cents` beyond `keptUnits`, and pass them on as collections.
 * @throws PlanError when the deployment has none
 */
export async function mintCash(
  sender: Sender,
  testStablecoin: string | undefined,
  cents: bigint,
  keptUnits = 0n,
): Promise<void> {
  if (cents === 0n) return;
  if (testStablecoin === undefined) {
    throw new PlanError(["--mint-cash: the deployment has no test stablecoin"]);
  }
  const token = await contractAt(sender, "MockStablecoin", testStablecoin);
  const owner = await sender.signer.getAddress();
  const wanted = centsToUnits(cents, Number(await token.getFunction("decimals")())) + keptUnits;
  const missing = wanted - BigInt(await token.getFunction("balanceOf")(owner));
  if (missing > 0n) await send(sender, token, "mint", [owner, missing]);
}
