/** A stream of random choices that a seed and a number of a case bring back. */

export interface Draw {
  /** A whole number from 0 to `count` - 1. */
  below(count: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Some of a list, at least `least` of them where it has so many, in any order. */
  some<T>(list: readonly T[], least?: number): T[];
  /** A number of up to `bits` bits, all lengths being about as likely. */
  bits(bits: number): bigint;
}

/** Mulberry32: 32 bits of state are enough for one case, whose own seed is mixed from both numbers. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

function mix(seed: number, stream: number): number {
  let hash = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(stream + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** The same seed and stream give the same choices. */
export function randomDraw(seed: number, stream: number): Draw {
  const next = mulberry32(mix(seed, stream));
  const below = (count: number): number => Math.floor((next() / 2 ** 32) * count);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  return {
    below,
    pick,
    chance: (probability) => next() < probability * 2 ** 32,
    some: (list, least = 1) => {
      const left = [...list];
      const count = Math.min(left.length, least + below(Math.max(1, left.length - least + 1)));
      return Array.from({ length: count }, () => left.splice(below(left.length), 1)[0]).filter(
        (item) => item !== undefined,
      );
    },
    bits: (bits) => {
      let value = 0n;
      const length = below(bits + 1);
      for (let at = 0; at < length; at += 32) value = (value << 32n) | BigInt(next());
      return length === 0 ? 0n : BigInt.asUintN(length, value) | (1n << BigInt(length - 1));
    },
  };
}
