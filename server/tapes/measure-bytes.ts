import { createHash } from "node:crypto";
import { problem } from "../errors.ts";

export interface MeasuredBytes {
  /** The same bytes, counted and hashed as they pass. */
  bytes: AsyncIterable<Uint8Array>;
  byteCount(): bigint;
  /** sha-256 of all of them, hex. To be asked once, at the end. */
  contentHash(): string;
}

/**
 * Counts and hashes a body while it is read.
 * @throws Problem tape-too-large while reading, as soon as there are more than `limit` bytes;
 *   upload-broken-off when the sender goes away
 */
export function measureBytes(bytes: AsyncIterable<Uint8Array>, limit: number): MeasuredBytes {
  const hash = createHash("sha256");
  let count = 0;
  async function* measured(): AsyncGenerator<Uint8Array> {
    for await (const chunk of orBrokenOff(bytes)) {
      count += chunk.length;
      if (count > limit) throw problem("tape-too-large", { limit });
      hash.update(chunk);
      yield chunk;
    }
  }
  return {
    bytes: measured(),
    byteCount: () => BigInt(count),
    contentHash: () => hash.digest("hex"),
  };
}

async function* orBrokenOff(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = bytes[Symbol.asyncIterator]();
  for (;;) {
    let next: IteratorResult<Uint8Array>;
    try {
      next = await iterator.next();
    } catch (error) {
      throw problem("upload-broken-off", { reason: error instanceof Error ? error.message : "" });
    }
    if (next.done === true) return;
    yield next.value;
  }
}
