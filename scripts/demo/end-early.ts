import { constants } from "node:os";

/** What a shell says of a program whose reader went away (SIGPIPE). */
const READER_GONE = 128 + constants.signals.SIGPIPE;

/**
 * Ends the program, once, when a signal asks for it or nobody reads its output any more: after
 * `close`, with the code that a shell expects. Call it before there is anything to close; a signal
 * that comes again (a terminal's Ctrl-C comes from npm and the terminal) changes nothing.
 * @returns whether that has begun: what fails from then on fails because of it
 */
export function endEarly(close: () => Promise<void>): () => boolean {
  let isEnding = false;
  const end = (code: number): void => {
    if (isEnding) return;
    isEnding = true;
    void close()
      .catch(() => undefined)
      .finally(() => process.exit(code));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => end(128 + constants.signals[signal]));
  }
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") process.stderr.write(`demo: ${error.message}\n`);
    end(error.code === "EPIPE" ? READER_GONE : 1);
  });
  process.stderr.on("error", () => undefined);
  return () => isEnding;
}
