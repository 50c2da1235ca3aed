import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";

/** A Penstock in a process of its own, with its PostgreSQL and chain. */
export interface ServerProcess {
  url: string;
  databaseUrl: string;
  administratorKey: string;
  /** Largest resident set of the process so far, in bytes. */
  peakBytes(): Promise<number>;
  stop(): Promise<void>;
}

/** As `npm start` does it: a bigger young generation fills memory with garbage and is no faster. */
export const FLAGS = ["--max-semi-space-size=4"];
const MAIN = path.resolve(import.meta.dirname, "../../server/main.ts");

/** Starts `server/main.ts` with its data in `folder` and waits until it listens. */
export async function startServerProcess(
  folder: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [...process.execArgv, ...FLAGS, MAIN], {
    env: { ...process.env, ...settings, DATA_DIR: folder, PORT: "0", LOG_LEVEL: "warn" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await exit;
  };
  try {
    const { url, key } = await readStart(child, exit);
    return {
      url,
      administratorKey: key,
      databaseUrl: await readDatabaseUrl(path.join(folder, "postgres")),
      peakBytes: () => readPeak(child.pid ?? 0),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What the server prints at its start: its administrator's key, then its address. */
async function readStart(
  child: ChildProcess,
  exit: Promise<void>,
): Promise<{ url: string; key: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ url: string; key: string }>();
  let said = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    said += chunk.toString();
    const key = /Administrator key, shown only now: (\S+)/.exec(said)?.[1];
    const url = /Penstock listens on (\S+);/.exec(said)?.[1];
    if (key !== undefined && url !== undefined) resolve({ url, key });
  });
  exit.then(
    () => reject(new Error(`the server ended at its start: ${said}`)),
    () => undefined,
  );
  return await promise;
}

/** The embedded PostgreSQL keeps its password and port beside its files. */
async function readDatabaseUrl(folder: string): Promise<string> {
  const read = async (name: string): Promise<string> =>
    (await readFile(path.join(folder, name), "utf8")).trim();
  const [password, port] = [await read("password"), await read("port")];
  return `postgres://penstock:${password}@127.0.0.1:${port}/penstock`;
}

async function readPeak(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}
