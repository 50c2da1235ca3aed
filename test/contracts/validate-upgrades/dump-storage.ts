import type { Provider } from "ethers";
import { toBeHex } from "ethers";

interface Sender extends Provider {
  send(method: string, params: unknown[]): Promise<unknown>;
}

interface StateDiff {
  pre: Record<string, { storage?: Record<string, string> }>;
  post: Record<string, { storage?: Record<string, string> }>;
}

/** What a contract's storage holds: slot to word, every slot that any transaction of the chain has ever written. */
export type Storage = Record<string, string>;

/** The storage of each contract, by address in small letters. */
export async function dumpStorage(
  provider: Sender,
  contracts: readonly string[],
): Promise<Record<string, Storage>> {
  const written = new Map(contracts.map((address) => [address.toLowerCase(), new Set<string>()]));
  const head = await provider.getBlockNumber();
  for (let number = 1; number <= head; number += 1) {
    const block = await provider.getBlock(number);
    for (const hash of block?.transactions ?? []) {
      const options = { tracer: "prestateTracer", tracerConfig: { diffMode: true } };
      const diff = (await provider.send("debug_traceTransaction", [hash, options])) as StateDiff;
      for (const [address, { storage = {} }] of [
        ...Object.entries(diff.pre),
        ...Object.entries(diff.post),
      ]) {
        for (const slot of Object.keys(storage)) written.get(address)?.add(slot);
      }
    }
  }
  const dump: Record<string, Storage> = {};
  for (const [address, slots] of written) {
    const words: Storage = {};
    for (const slot of [...slots].toSorted())
      words[slot] = await provider.getStorage(address, BigInt(slot));
    dump[address] = words;
  }
  return dump;
}

/** Root of a contract's storage trie: the same only if every slot is, written by whomever. */
export async function storageRoot(provider: Sender, address: string): Promise<string> {
  const block = toBeHex(await provider.getBlockNumber()).replace(/^0x0+(?=.)/, "0x");
  const proof = (await provider.send("eth_getProof", [address, [], block])) as {
    storageHash: string;
  };
  return proof.storageHash;
}
