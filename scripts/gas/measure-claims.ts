/** What pays holders: claims of one and of sixty periods, in a batch, for a contract, after a recovery. */
import type { TransactionReceipt } from "ethers";
import { contractAt } from "../../server/chain/deploy-contract.ts";
import {
  ACCOUNT,
  act,
  type GasDeal,
  measured,
  onCash,
  onDistributor,
  signAsWallet,
} from "./gas-deal.ts";
import { gasRow } from "./gas-row.ts";

const operation = "claim";
const CLAIM_TYPES = {
  Claim: [
    { name: "holder", type: "address" },
    { name: "payee", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};
/** A day beyond every calendar. */
const DEADLINE = 4_000_000_000n;

const holderOf = ({ own, wallet }: GasDeal, account: number | "wallet"): string =>
  account === "wallet" ? wallet : own.account(account).address;

function claim(gas: GasDeal, account: number): Promise<TransactionReceipt> {
  const args = [gas.deal.tokens[0], holderOf(gas, account)];
  return act(gas, onDistributor(gas), { method: "claim", args });
}

/** So that the payment fills no empty purse. */
async function giveCash(gas: GasDeal, account: number): Promise<void> {
  await act(gas, onCash(gas), { method: "mint", args: [holderOf(gas, account), 1n] });
}

export async function measureFirstClaim(gas: GasDeal): Promise<void> {
  const state = "1 period unclaimed, holder without cash";
  await measured(gas, { operation, state }, claim(gas, ACCOUNT.cedar));
}

export async function measureNextClaim(gas: GasDeal): Promise<void> {
  const state = "1 period unclaimed, holder with cash";
  await measured(gas, { operation, state, bar: 80_000, peer: 84_149 }, claim(gas, ACCOUNT.cedar));
  const again = "nothing to claim";
  await measured(gas, { operation, state: again }, claim(gas, ACCOUNT.cedar));
}

/** Dogwood bought in the first window and never claimed. */
export async function measureSixtyPeriods(gas: GasDeal): Promise<void> {
  await giveCash(gas, ACCOUNT.dogwood);
  const state = "60 periods unclaimed, holder with cash";
  await measured(gas, { operation, state, bar: 80_000, peer: 84_149 }, claim(gas, ACCOUNT.dogwood));
}

/** After transfers that settled unclaimed periods, and after a recovery, what is owed stands in a slot of its own. */
export async function measureOwedClaim(
  gas: GasDeal,
  account: number,
  state: string,
): Promise<void> {
  await giveCash(gas, account);
  await measured(gas, { operation, state, bar: 80_000 }, claim(gas, account));
}

/** The contract wallet's key signs for a payee; anyone sends it. */
export async function measureSignedPayee(gas: GasDeal): Promise<void> {
  const payee = holderOf(gas, ACCOUNT.payee);
  await giveCash(gas, ACCOUNT.payee);
  const token = await contractAt(gas.own, "TrancheToken", gas.deal.tokens[0] ?? "");
  const message = { holder: gas.wallet, payee, nonce: 0n, deadline: DEADLINE };
  const domain = {
    ...{ name: String(await token.getFunction("name")()), version: "1" },
    ...{ chainId: gas.deployment.chainId, verifyingContract: gas.deal.tokens[0] ?? "" },
  };
  const signature = await signAsWallet(gas, { domain, types: CLAIM_TYPES, message });
  const args = [gas.deal.tokens[0], gas.wallet, payee, DEADLINE, signature];
  await measured(
    gas,
    { operation, state: "for a contract holder, to the payee that it signed for, with cash" },
    act(gas, onDistributor(gas), { method: "claimTo", args }),
  );
}

/** Three holders with cash, of two classes, in one transaction of somebody else. */
export async function measureBatch(gas: GasDeal): Promise<void> {
  const [a, b, c] = gas.deal.tokens;
  const { birch, cedar } = ACCOUNT;
  await giveCash(gas, birch);
  const claims = [
    { token: a, holder: holderOf(gas, cedar) },
    { token: b, holder: holderOf(gas, cedar) },
    { token: a, holder: holderOf(gas, birch) },
    { token: c, holder: holderOf(gas, birch) },
  ];
  const state = "batch of four, three classes, holders with cash";
  const call = { method: "claimBatch", args: [claims] };
  await measured(gas, { operation, state }, act(gas, onDistributor(gas), call));
  const whole = gas.rows.at(-1);
  if (whole === undefined) return;
  const each = { operation, state: "of it, each" };
  gas.rows.push(gasRow(each, Math.ceil(whole.gas / claims.length), null));
}
