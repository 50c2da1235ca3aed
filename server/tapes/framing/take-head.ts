/**
 * The first bytes of a stream, at least so many if it has them, and all of its pieces, those with them.
 * Pieces are to be gone through once.
 */
export async function takeHead(
  bytes: AsyncIterable<Uint8Array>,
  least: number,
): Promise<{ head: Buffer; pieces: AsyncIterable<Buffer> }> {
  const iterator = bytes[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  let length = 0;
  while (length < least) {
    const { done, value } = await iterator.next();
    if (done === true) break;
    first.push(toBuffer(value));
    length += value.length;
  }
  async function* pieces(): AsyncGenerator<Buffer> {
    try {
      yield* first.splice(0);
      for (;;) {
        const { done, value } = await iterator.next();
        if (done === true) return;
        yield toBuffer(value);
      }
    } finally {
      await iterator.return?.();
    }
  }
  return { head: Buffer.concat(first), pieces: pieces() };
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
