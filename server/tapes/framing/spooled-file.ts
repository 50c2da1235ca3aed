/** Bytes on disk for as long as they are read at random: a workbook or a zip archive. */
import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PIECE_BYTES = 262_144;

/** A file without a name: whatever ends the process, nothing of it stays. */
export class SpooledFile {
  /** For who reads at random; closed with this object. */
  readonly fd: number;
  #size = 0;
  #isOpen = true;

  constructor() {
    const path = join(tmpdir(), `penstock-${randomUUID()}`);
    this.fd = openSync(path, "wx+", 0o600);
    unlinkSync(path);
  }

  get size(): number {
    return this.#size;
  }

  append(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length;) {
      const written = writeSync(this.fd, bytes, from, bytes.length - from, this.#size);
      from += written;
      this.#size += written;
    }
  }

  *pieces(): Generator<Buffer> {
    for (let at = 0; at < this.#size;) {
      const piece = Buffer.allocUnsafe(PIECE_BYTES);
      const length = readSync(this.fd, piece, 0, PIECE_BYTES, at);
      at += length;
      yield piece.subarray(0, length);
    }
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.fd);
  }
}
