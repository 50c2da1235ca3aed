/** Rows of an upload into its table and its tree, as they are read: memory does not grow with the tape. */
import { COPY_HEADER_BYTES } from "../db/copy-in.ts";
import type { CopyIn } from "../db/copy-in.ts";
import { CopyText } from "../db/copy-text.ts";
import type { TapeTreeBuilder } from "../lib/tape-tree.ts";
import type { LoanRow } from "./loan-row.ts";
import { NUMBER_AT } from "./loan-row.ts";
import type { LoanLineWriter, RecordAttributes } from "./write-loan-line.ts";

const BUFFER_BYTES = 256 * 1024;
/** So many full buffers may wait for PostgreSQL before the sender is asked to wait. */
const MOST_WAITING = 3;
/** A sum of doubles below this takes one more amount and stays exact. */
const FOLD_ABOVE = 2 ** 52;
const ENDING = NUMBER_AT.endingBalance;

export interface TapeSums {
  rows: number;
  /** Rows with a closing balance above zero. */
  loanCount: number;
  balanceCents: bigint;
}

export class TapeRowCopy {
  readonly #copy: CopyIn;
  readonly #writer: LoanLineWriter;
  #tree: TapeTreeBuilder | null;
  #target = new CopyText(Buffer.allocUnsafeSlow(BUFFER_BYTES));
  readonly #free: Buffer[] = [];
  #waiting: Promise<void>[] = [];
  #rows = 0;
  #loanCount = 0;
  #balance = 0n;
  #part = 0;
  readonly #leaf = { counted: 0 as 0 | 1, balanceCents: 0, bucket: 0 };

  /** @param parts.tree null when the tree is made in another way, or not at all */
  constructor(parts: { copy: CopyIn; writer: LoanLineWriter; tree: TapeTreeBuilder | null }) {
    this.#copy = parts.copy;
    this.#writer = parts.writer;
    this.#tree = parts.tree;
    this.#target.at = COPY_HEADER_BYTES;
  }

  get rows(): number {
    return this.#rows;
  }

  get hasTree(): boolean {
    return this.#tree !== null;
  }

  /** The tape will be refused: its rows are still loaded for the checks, but nobody needs their tree. */
  leaveTree(): void {
    this.#tree = null;
  }

  add(row: LoanRow, attributes: RecordAttributes): void {
    const room = this.#writer.room(row, attributes);
    if (this.#target.at + room > this.#target.bytes.length) this.#nextBuffer(room);
    this.#writer.write(this.#target, this.#rows, row, attributes);
    this.#rows += 1;
    const balance = row.numbers[ENDING] as number;
    if (balance > 0) this.#loanCount += 1;
    this.#part += balance;
    if (this.#part > FOLD_ABOVE || this.#part < -FOLD_ABOVE) this.#fold();
    if (this.#tree === null) return;
    const leaf = this.#leaf;
    leaf.counted = balance > 0 ? 1 : 0;
    leaf.balanceCents = balance;
    leaf.bucket = row.bucket;
    this.#tree.add(this.#target.bytes, this.#writer.lineStart, this.#writer.lineEnd, leaf);
  }

  #fold(): void {
    this.#balance += BigInt(this.#part);
    this.#part = 0;
  }

  #nextBuffer(room: number): void {
    this.#send();
    const free = this.#free.pop();
    const fits = free !== undefined && free.length >= room + COPY_HEADER_BYTES;
    this.#target.bytes = fits
      ? free
      : Buffer.allocUnsafeSlow(Math.max(BUFFER_BYTES, room + COPY_HEADER_BYTES));
    this.#target.at = COPY_HEADER_BYTES;
  }

  #send(): void {
    const { bytes, at } = this.#target;
    if (at === COPY_HEADER_BYTES) return;
    const sent = this.#copy.send(bytes, at).then(() => {
      if (bytes.length === BUFFER_BYTES && this.#free.length < MOST_WAITING) this.#free.push(bytes);
    });
    // Whoever drains hears of it.
    sent.catch(() => undefined);
    this.#waiting.push(sent);
  }

  /** What to wait for until PostgreSQL has taken enough. @throws what made the COPY fail */
  drain(): Promise<void> | undefined {
    return this.#waiting.length > MOST_WAITING ? this.#untilTaken() : undefined;
  }

  async #untilTaken(): Promise<void> {
    while (this.#waiting.length > MOST_WAITING) await this.#waiting.shift();
  }

  /** @throws what made the COPY fail */
  async finish(): Promise<TapeSums> {
    this.#send();
    await Promise.all(this.#waiting);
    const stored = await this.#copy.finish();
    if (stored !== this.#rows) throw new Error(`${this.#rows} rows sent, ${stored} stored`);
    this.#fold();
    return { rows: this.#rows, loanCount: this.#loanCount, balanceCents: this.#balance };
  }
}
