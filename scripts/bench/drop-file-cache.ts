import { execFile } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Asks the kernel to forget what it keeps of the files in a folder, of these files alone: what is read
 * next comes from the disk. GNU dd does it, on Linux; elsewhere nothing happens.
 * @returns whether it was done
 */
export async function dropFileCache(folder: string): Promise<boolean> {
  if (process.platform !== "linux") return false;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const size = (await stat(file).catch(() => null))?.size ?? 0;
    if (size === 0) continue;
    await run("dd", [`if=${file}`, "iflag=nocache", "count=0", "status=none"]);
  }
  return true;
}
