import type { HDNodeWallet, TransactionReceipt } from "ethers";
import type { Demo } from "./start-demo.ts";

/** A call that a holder signs with a wallet of their own. */
export interface SignedCall {
  wallet: HDNodeWallet;
  to: string;
  data: string;
}

/** Far above what any of the demo's calls needs; what is left comes back. */
const GAS_LIMIT = 500_000n;

/**
 * Signs and sends the calls, in this order where a wallet has several, mines one block and reads
 * the receipts. The receipts are asked for as soon as the block is there: a wallet's own wait looks
 * only now and then, which over the demo's months adds up.
 * @throws Error when a call is not mined or reverts
 */
export async function sendTogether(
  demo: Demo,
  calls: readonly SignedCall[],
): Promise<TransactionReceipt[]> {
  const { chainId, mine, provider } = demo.context.chain;
  const { maxFeePerGas, maxPriorityFeePerGas } = await provider.getFeeData();
  const nonces = new Map<string, number>();
  const hashes: string[] = [];
  for (const { wallet, to, data } of calls) {
    const nonce = nonces.get(wallet.address) ?? (await wallet.getNonce());
    nonces.set(wallet.address, nonce + 1);
    const fees = { maxFeePerGas, maxPriorityFeePerGas };
    const call = { type: 2, chainId, nonce, to, data, gasLimit: GAS_LIMIT, ...fees };
    const raw = await wallet.signTransaction(call);
    hashes.push((await provider.send("eth_sendRawTransaction", [raw])) as string);
  }
  await mine?.();
  return await Promise.all(
    hashes.map(async (hash) => {
      const receipt = await provider.getTransactionReceipt(hash);
      if (receipt?.status !== 1) throw new Error(`transaction ${hash} of a holder was not done`);
      return receipt;
    }),
  );
}
