import { printableText } from "../server/lib/printable-text.ts";

/** A command called in a way that it does not know; the usage is printed with it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export interface Command {
  /** As after `npm run`. */
  name: string;
  usage: string;
  /** @returns the exit code; what it throws ends the command with 2 */
  run: () => Promise<number>;
}

/** Runs a command: `--help` prints its usage, an error is its message alone, never a stack. */
export async function runCommand({ name, usage, run }: Command): Promise<void> {
  if (process.argv.slice(2).some((word) => word === "--help" || word === "-h")) {
    console.log(usage);
    return;
  }
  try {
    process.exitCode = await run();
  } catch (error) {
    console.error(printableText(`${name}: ${messageOf(error)}`));
    if (isWrongCall(error)) console.error(usage);
    process.exitCode = 2;
  }
}

function isWrongCall(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return (
    error instanceof UsageError || (typeof code === "string" && code.startsWith("ERR_PARSE_ARGS"))
  );
}

const FILE_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "is a folder, not a file",
  EACCES: "may not be read",
};

/** What went wrong, in one line where it was a file or the call itself. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, path } = error as NodeJS.ErrnoException;
  const fault = code === undefined ? undefined : FILE_FAULTS[code];
  if (fault !== undefined) return `${path ?? "the file"}: ${fault}`;
  // ethers puts the whole transaction behind its own words.
  const { shortMessage } = error as { shortMessage?: unknown };
  if (typeof shortMessage === "string") return shortMessage;
  // Node explains at length how to write a positional that begins with a dash.
  return isWrongCall(error) ? (error.message.split(". ")[0] ?? error.message) : error.message;
}
