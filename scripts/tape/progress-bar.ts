/** A line of a terminal that is written anew: how far the reading of a file is. */

const WIDTH = 24;
const PAUSE_MS = 100;

export interface Progress {
  bytes: number;
  rows: number;
  problems: number;
}

export class ProgressBar {
  readonly #total: number;
  readonly #stream: NodeJS.WriteStream;
  #shown = 0;

  /** @param total bytes of the file */
  constructor(total: number, stream: NodeJS.WriteStream) {
    this.#total = total;
    this.#stream = stream;
  }

  /** At most ten times a second, and only where somebody looks. */
  show(progress: Progress): void {
    const now = performance.now();
    if (!this.#stream.isTTY || now - this.#shown < PAUSE_MS) return;
    this.#shown = now;
    this.#stream.write(`\r\u001b[K${formatProgress(progress, this.#total)}`);
  }

  clear(): void {
    if (this.#stream.isTTY && this.#shown > 0) this.#stream.write("\r\u001b[K");
  }
}

/** `[=====>    ] 52 %  117 MB  520,000 rows  3 problems` */
export function formatProgress({ bytes, rows, problems }: Progress, total: number): string {
  const share = total === 0 ? 1 : Math.min(1, bytes / total);
  const done = Math.floor(share * WIDTH);
  const bar = `${"=".repeat(done)}${done < WIDTH ? ">" : ""}`.slice(0, WIDTH).padEnd(WIDTH);
  const megabytes = `${Math.round(bytes / 1e6)} MB`;
  const count = (number: number): string => number.toLocaleString("en-US");
  return `[${bar}] ${Math.floor(100 * share)} %  ${megabytes}  ${count(rows)} rows  ${count(problems)} problems`;
}
