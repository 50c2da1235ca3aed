import { type JsonRpcProvider, getBytes } from "ethers";

/** What the protocol charges (EIP-2028, 2929, 2200, 3529, gas of LOG). */
const TRANSACTION = 21_000;
const CALLDATA_BYTE = { zero: 4, other: 16 };
const FRESH_SLOT = 22_100;
const CHANGED_SLOT = 5_000;
const LOG = { itself: 375, topic: 375, byte: 8 };

type Storage = Record<string, { storage?: Record<string, string> }>;

const isZero = (value: string | undefined): boolean => value === undefined || BigInt(value) === 0n;

/** Slots that a transaction changed: those that held nothing before, and the others. */
function countSlots({ pre, post }: { pre: Storage; post: Storage }) {
  let fresh = 0;
  let changed = 0;
  for (const [address, { storage = {} }] of Object.entries(post)) {
    for (const slot of Object.keys(storage)) {
      if (isZero(pre[address]?.storage?.[slot])) fresh += 1;
      else changed += 1;
    }
  }
  return { fresh, changed };
}

/**
 * The transaction itself, its calldata, the slots that it changed and the events that it wrote: what is left when reading,
 * calling and computing cost nothing. It is the floor of this way of storing things, not of every way.
 */
export async function measureFloor(provider: JsonRpcProvider, hash: string): Promise<number> {
  const tracer = { tracer: "prestateTracer", tracerConfig: { diffMode: true } };
  const [sent, receipt, difference] = await Promise.all([
    provider.getTransaction(hash),
    provider.getTransactionReceipt(hash),
    provider.send("debug_traceTransaction", [hash, tracer]),
  ]);
  if (sent === null || receipt === null) throw new Error(`the node does not know ${hash}`);
  const { fresh, changed } = countSlots(difference);
  const logs = receipt.logs.reduce(
    (sum, { topics, data }) =>
      sum + LOG.itself + LOG.topic * topics.length + LOG.byte * getBytes(data).length,
    0,
  );
  const calldata = getBytes(sent.data).reduce(
    (sum, byte) => sum + (byte === 0 ? CALLDATA_BYTE.zero : CALLDATA_BYTE.other),
    0,
  );
  return TRANSACTION + calldata + fresh * FRESH_SLOT + changed * CHANGED_SLOT + logs;
}
