import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";

export interface DemoOptions {
  /** Where the outcome is written as JSON. */
  json?: string;
  /** Where database and chain stay; absolute. */
  keep?: string;
}

export const USAGE = "usage: npm run demo [-- [--json FILE] [--keep DIR]]";

/**
 * What the command line asks for.
 * @throws UsageError for an unknown option, a missing value, a folder that has something in it, or a
 *   file in a folder that is not there: known before the work, not after
 */
export async function readOptions(args: readonly string[]): Promise<DemoOptions> {
  const { json, keep } = parse(args);
  if (json !== undefined && !(await isFolder(path.dirname(path.resolve(json))))) {
    throw new UsageError(`--json ${json}: there is no such folder`);
  }
  if (keep === undefined) return json === undefined ? {} : { json };
  const folder = path.resolve(keep);
  if (!(await isFreeFolder(folder))) {
    throw new UsageError(`--keep ${keep}: must be a new or an empty folder`);
  }
  return { ...(json === undefined ? {} : { json }), keep: folder };
}

export class UsageError extends Error {
  override readonly name = "UsageError";
}

function parse(args: readonly string[]): { json?: string; keep?: string } {
  try {
    const options = { json: { type: "string" }, keep: { type: "string" } } as const;
    const { values } = parseArgs({ args: [...args], options });
    for (const [name, value] of Object.entries(values)) {
      if (value === "") throw new UsageError(`--${name} has no value`);
    }
    return { ...values };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function isFolder(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => null))?.isDirectory() === true;
}

async function isFreeFolder(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}
