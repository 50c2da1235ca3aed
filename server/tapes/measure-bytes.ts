import { createHash } from "node:crypto";
import { Problem, problem } from "../errors.ts";

/** A sender that is silent for so long is taken for gone. */
export const LONGEST_SILENCE_MS = 60_000;

/** A sender that goes on slower than this would hold its place, and a transaction, for hours. */
const LEAST_BYTES_A_SECOND = 4_096;

export interface MeasuredBytes {
  /** The same bytes, counted and hashed as they pass. */
  bytes: AsyncIterable<Uint8Array>;
  byteCount(): bigint;
  /** sha-256 of all of them, hex. To be asked once, at the end. */
  contentHash(): string;
}

export interface BodyLimits {
  bytes: number;
  /** How long the sender may be silent; a body that stands still would hold a transaction open. */
  silenceMs: number;
  /** Ends the reading with its reason. */
  signal?: AbortSignal | undefined;
}

/**
 * Counts and hashes a body while it is read.
 * @throws Problem tape-too-large while reading, as soon as there are more than `limits.bytes`;
 *   upload-broken-off when the sender goes away, falls silent or goes on slower than 4 KB a second
 */
export function measureBytes(bytes: AsyncIterable<Uint8Array>, limits: BodyLimits): MeasuredBytes {
  const hash = createHash("sha256");
  let count = 0;
  async function* measured(): AsyncGenerator<Uint8Array> {
    for await (const chunk of orBrokenOff(bytes, limits)) {
      count += chunk.length;
      if (count > limits.bytes) throw problem("tape-too-large", { limit: limits.bytes });
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

async function* orBrokenOff(
  bytes: AsyncIterable<Uint8Array>,
  { silenceMs, signal }: BodyLimits,
): AsyncGenerator<Uint8Array> {
  const iterator = bytes[Symbol.asyncIterator]();
  let patience = silenceMs;
  for (;;) {
    signal?.throwIfAborted();
    let next: IteratorResult<Uint8Array>;
    const since = performance.now();
    try {
      if (patience <= 0) throw new Error(`less than ${LEAST_BYTES_A_SECOND} bytes a second came`);
      next = await withinSilence(iterator.next(), silenceMs, signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof Problem) throw error;
      throw problem("upload-broken-off", { reason: error instanceof Error ? error.message : "" });
    }
    if (next.done === true) return;
    const earned = (1000 * next.value.length) / LEAST_BYTES_A_SECOND;
    patience = Math.min(silenceMs, patience + earned - (performance.now() - since));
    yield next.value;
  }
}

async function withinSilence<T>(
  next: Promise<T>,
  silenceMs: number,
  signal: AbortSignal | undefined,
): Promise<T> {
  const silence = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    silence.reject(new Error(`nothing came for ${silenceMs / 1000} s`));
  }, silenceMs);
  const onAbort = (): void => silence.reject(signal?.reason);
  signal?.addEventListener("abort", onAbort);
  try {
    return await Promise.race([next, silence.promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}
