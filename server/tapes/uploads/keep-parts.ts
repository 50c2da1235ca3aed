import type { Context } from "../../context.ts";
import { problem } from "../../errors.ts";
import { getPart, insertPart } from "./uploads-queries.ts";
import type { Sender } from "./uploads-queries.ts";

/** A part is written when so many bytes have come together, */
export const PART_BYTES = 2 * 1024 * 1024;
/** or when the first of them has waited so long: a slow line loses little. */
const LONGEST_WAIT_MS = 5_000;

/** Takes down the bytes of an upload as they pass. */
export interface PartKeeper {
  /** Waits only while the part before is still being written. @throws Problem upload-displaced */
  keep(chunk: Uint8Array): Promise<void>;
  /** Writes what has not been written yet. @throws Problem upload-displaced */
  finish(): Promise<void>;
  /** Bytes of the file that have come, written or not. */
  end(): bigint;
}

/**
 * Writes bytes into parts on connections of the pool, beside whatever else is done with them: one part is
 * written while the next one fills, in two pieces of memory that are used by turns.
 */
export function keepParts(
  context: Pick<Context, "db" | "clock">,
  sender: Sender,
  from: bigint,
): PartKeeper {
  let filling: Buffer | null = null;
  let spare: Buffer | null = null;
  let size = 0;
  let since = 0;
  let kept = from;
  let end = from;
  let writing: Promise<void> = Promise.resolve();

  async function write(bytes: Buffer): Promise<void> {
    const part = { beginsAt: kept, bytes, now: context.clock.now() };
    if (!(await insertPart(context.db, sender, part))) throw problem("upload-displaced");
    kept += BigInt(bytes.length);
  }

  async function startWriting(): Promise<void> {
    if (filling === null || size === 0) return;
    await writing;
    writing = write(filling.subarray(0, size));
    // What it throws comes with the next part or with the end.
    writing.catch(() => undefined);
    [filling, spare] = [spare, filling];
    size = 0;
  }

  return {
    async keep(chunk) {
      for (let taken = 0; taken < chunk.length;) {
        filling ??= Buffer.allocUnsafeSlow(PART_BYTES);
        if (size === 0) since = performance.now();
        const piece = chunk.subarray(taken, taken + PART_BYTES - size);
        filling.set(piece, size);
        size += piece.length;
        taken += piece.length;
        if (size === PART_BYTES) await startWriting();
      }
      end += BigInt(chunk.length);
      if (performance.now() - since > LONGEST_WAIT_MS) await startWriting();
    },
    async finish() {
      await startWriting();
      await writing;
    },
    end: () => end,
  };
}

/** The kept bytes of an upload, a part at a time. */
export async function* readParts(
  db: Context["db"],
  uploadId: string,
  end: bigint,
): AsyncGenerator<Buffer> {
  for (let at = 0n; at < end;) {
    const bytes = await getPart(db, uploadId, at);
    at += BigInt(bytes.length);
    yield bytes;
  }
}
