/** A COPY FROM STDIN that is fed with big buffers, each of which comes back when the kernel has it. */
import type { Duplex } from "node:stream";
import type pg from "pg";

/** Room that a buffer must leave at its beginning for the message header. */
export const COPY_HEADER_BYTES = 5;

const COPY_DATA = 0x64;
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4]);

interface CopyConnection extends pg.Connection {
  stream: Duplex;
  sendCopyFail(reason: string): void;
}

export interface CopyIn {
  /**
   * Sends bytes [COPY_HEADER_BYTES, end) of a buffer; the header is written before them.
   * @returns when the buffer may be used again
   * @throws what made the COPY fail meanwhile
   */
  send(buffer: Buffer, end: number): Promise<void>;
  /** Ends the data. @returns when the rows are stored, their number @throws what made the COPY fail */
  finish(): Promise<number>;
  /** Breaks the COPY off: the transaction can only be rolled back. Waits until the server knows. */
  abort(reason: string): Promise<void>;
}

/**
 * Starts a COPY on a connection that does nothing else until it ends.
 * @param statement `copy … from stdin`, from our own code only
 */
export async function startCopyIn(client: pg.PoolClient, statement: string): Promise<CopyIn> {
  const query = new CopyQuery(statement);
  client.query(query);
  await Promise.race([query.started.promise, query.ended.promise]);
  return query;
}

/** What pg calls a Submittable: it hands over the messages of the server by these methods. */
class CopyQuery implements pg.Submittable, CopyIn {
  readonly started = Promise.withResolvers<void>();
  readonly ended = Promise.withResolvers<number>();
  readonly #statement: string;
  #connection: CopyConnection | null = null;
  #failure: Error | null = null;
  #rows = 0;

  constructor(statement: string) {
    this.#statement = statement;
    // Whoever sends or finishes hears of it; nobody may be waiting when it happens.
    this.ended.promise.catch(() => undefined);
  }

  async send(buffer: Buffer, end: number): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    buffer[0] = COPY_DATA;
    buffer.writeUInt32BE(end - 1, 1);
    const written = Promise.withResolvers<void>();
    this.#open().stream.write(buffer.subarray(0, end), () => written.resolve());
    await Promise.race([written.promise, this.ended.promise]);
  }

  async finish(): Promise<number> {
    if (this.#failure === null) this.#open().stream.write(COPY_DONE);
    return await this.ended.promise;
  }

  async abort(reason: string): Promise<void> {
    if (this.#failure === null) this.#open().sendCopyFail(reason);
    await this.ended.promise.catch(() => undefined);
  }

  #open(): CopyConnection {
    if (this.#connection === null) throw new Error("the COPY has not begun");
    return this.#connection;
  }

  submit(connection: pg.Connection): void {
    this.#connection = connection as CopyConnection;
    connection.query(this.#statement);
  }

  handleCopyInResponse(): void {
    this.started.resolve();
  }

  handleCommandComplete(message: { text: string }): void {
    this.#rows = Number(/^COPY (\d+)$/.exec(message.text)?.[1] ?? 0);
  }

  handleReadyForQuery(): void {
    this.ended.resolve(this.#rows);
  }

  /** An error of the server, or the end of the connection. */
  handleError(error: Error): void {
    this.#failure = error;
    this.ended.reject(error);
  }

  /** pg replaces it when there is a time limit for queries. */
  callback(): void {}
}
