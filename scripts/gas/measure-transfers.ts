/** What moves notes: transfers in each state of a record window, and a transfer agent's acts. */
import { type TransactionReceipt, id as hashText } from "ethers";
import {
  ACCOUNT,
  act,
  type GasDeal,
  identityOf,
  measured,
  onCompliance,
  onToken,
  reach,
} from "./gas-deal.ts";

const { alder, birch, cedar, dogwood, alderAgain } = ACCOUNT;
const FACE = 100_00n;
const REASON = hashText("measurement");
const BLOCKED_COUNTRY = 643;

function transfer(
  gas: GasDeal,
  [from, to]: readonly [number, number],
  face = FACE,
): Promise<TransactionReceipt> {
  const args = [gas.own.account(to).address, face];
  return act(gas, onToken(gas, from), { method: "transfer", args });
}

/** Somebody else's transfer is the window's first: it stores the window in the head. */
async function rollHead(gas: GasDeal): Promise<void> {
  await transfer(gas, [cedar, cedar], 0n);
}

/** In the first window: nobody is owed anything yet. */
export async function measureTransfers(gas: GasDeal): Promise<void> {
  await reach(gas, 1, "recordTime", 60);
  const first = "first transfer after a record time";
  await measured(
    gas,
    { operation: first, state: "nothing owed, the window's first of all", bar: 92_000 },
    transfer(gas, [alder, birch]),
  );
  const operation = "transfer";
  await measured(
    gas,
    { operation, state: "to a holder", bar: 82_000, peer: 59_965 },
    transfer(gas, [alder, birch]),
  );
  await measured(
    gas,
    { operation, state: "to a first-time holder", bar: 117_000, peer: 77_065 },
    transfer(gas, [alder, dogwood], 1_000_00n),
  );
  const token = gas.deal.tokens[0];
  const blocked = [token, BLOCKED_COUNTRY, true, REASON];
  await act(gas, onCompliance(gas), { method: "setCountryListed", args: blocked });
  await measured(
    gas,
    { operation, state: "to a holder, the class blocks a country", bar: 82_000 },
    transfer(gas, [alder, birch]),
  );
  const soon = (gas.compiled.terms.calendar[0]?.recordTime ?? 0) + 3_600;
  const lockup = [token, identityOf("cedar"), [soon, 0], REASON];
  await act(gas, onCompliance(gas), { method: "setLockup", args: lockup });
  await measured(
    gas,
    { operation, state: "to a holder, the same, a lock-up of the class runs", bar: 93_000 },
    transfer(gas, [alder, birch]),
  );
}

/** Sender and receiver are owed a payment that neither has claimed; somebody else has moved notes in this window. */
export async function measureOwedTransfer(
  gas: GasDeal,
  period: number,
  { state, bar }: { state: string; bar: number },
): Promise<void> {
  await reach(gas, period, "recordTime", 60);
  await rollHead(gas);
  const operation = "first transfer after a record time";
  await measured(gas, { operation, state, bar }, transfer(gas, [alder, birch]));
}

/** What only the transfer agent may do. */
export async function measureAgent(gas: GasDeal): Promise<void> {
  const address = (account: number): string => gas.own.account(account).address;
  await measured(
    gas,
    { operation: "forced transfer", state: "to a holder, both owed" },
    act(gas, onToken(gas, 0), {
      method: "forcedTransfer",
      args: [address(birch), address(cedar), FACE],
    }),
  );
  const identity = `0x${identityOf("alder").slice(-40)}`;
  await measured(
    gas,
    { operation: "recovery", state: "to a new wallet of the identity; face, record and owed cash" },
    act(gas, onToken(gas, 0), {
      method: "recoveryAddress",
      args: [address(alder), address(alderAgain), identity],
    }),
  );
}
