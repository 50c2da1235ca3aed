/** A chain of this process's own on which nobody asks the node before sending. */
import type { TransactionRequest } from "ethers";
import { EMBEDDED_CHAIN_ID } from "../../server/chain/embedded-chain.ts";
import { type OwnChain, withOwnChain } from "../replay/engine-contract.ts";

/** Above every transaction that is sent, below a block's. */
const GAS_LIMIT = 20_000_000;
const FEES = { type: 2, maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 1n } as const;

type Account = ReturnType<OwnChain["account"]>;

/**
 * Has a wallet send without asking the node for nonce, fees and gas, which takes a third of the time. What reverts is then
 * mined too, and only its receipt tells.
 */
function sendAtOnce(wallet: Account): Account {
  let next: number | null = null;
  wallet.populateTransaction = async ({ to, data, value }: TransactionRequest) => {
    const nonce = next ?? (await wallet.getNonce());
    next = nonce + 1;
    const place = typeof to === "string" ? { to } : {};
    const call = { data: data ?? "0x", value: value ?? 0n, nonce, gasLimit: GAS_LIMIT };
    return { ...place, ...call, ...FEES, chainId: EMBEDDED_CHAIN_ID };
  };
  return wallet;
}

/** As `withOwnChain`, for what is known to pass. */
export async function withQuickChain<T>(
  startAt: Date,
  work: (chain: OwnChain) => Promise<T>,
): Promise<T> {
  return withOwnChain(startAt, async (own) => {
    const wallets = new Map<number, Account>();
    const account = (number: number): Account => {
      const wallet = wallets.get(number) ?? sendAtOnce(own.account(number));
      wallets.set(number, wallet);
      return wallet;
    };
    return work({ ...own, account, signer: account(0) });
  });
}
