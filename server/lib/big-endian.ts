/** Big-endian integers inside byte arrays: the form in which terms stand on chain. */

/** Writes `value` into `size` bytes at `offset`. @throws RangeError when it does not fit. */
export function putUint(
  bytes: Uint8Array,
  place: { offset: number; size: number },
  value: bigint | number,
): void {
  let rest = BigInt(value);
  if (rest < 0n || rest >= 1n << BigInt(8 * place.size)) {
    throw new RangeError(`${value} does not fit in ${place.size} unsigned bytes`);
  }
  for (let i = place.size - 1; i >= 0; i -= 1) {
    bytes[place.offset + i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
}

/** Writes a two's complement integer. @throws RangeError when it does not fit. */
export function putInt(
  bytes: Uint8Array,
  place: { offset: number; size: number },
  value: bigint,
): void {
  const half = 1n << BigInt(8 * place.size - 1);
  if (value < -half || value >= half) {
    throw new RangeError(`${value} does not fit in ${place.size} signed bytes`);
  }
  putUint(bytes, place, value < 0n ? value + 2n * half : value);
}

/** Reads `size` unsigned bytes at `offset`. @throws RangeError past the end. */
export function takeUint(bytes: Uint8Array, offset: number, size: number): bigint {
  if (offset < 0 || offset + size > bytes.length) {
    throw new RangeError(`bytes ${offset}..${offset + size} lie past the end (${bytes.length})`);
  }
  let value = 0n;
  for (let i = 0; i < size; i += 1) value = (value << 8n) | BigInt(bytes[offset + i] ?? 0);
  return value;
}

/** Reads a two's complement integer. @throws RangeError past the end. */
export function takeInt(bytes: Uint8Array, offset: number, size: number): bigint {
  const value = takeUint(bytes, offset, size);
  const half = 1n << BigInt(8 * size - 1);
  return value >= half ? value - 2n * half : value;
}
