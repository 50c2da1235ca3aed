/**
 * What the embedded database and the embedded chain need from the operating system: who is a process
 * id, stop it, find a free port, and hold a data folder so that two servers never share one.
 */
import { execFile } from "node:child_process";
import { mkdir, open, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface RunningProcess {
  /** The whole command line, arguments parted by spaces. */
  command: string;
  /** Told by the system: with the process id it names one process for ever, however ids are reused. */
  startedAt: string;
}

/** Who runs under a process id; null when nobody does (or only a zombie). */
export async function describeProcess(pid: number): Promise<RunningProcess | null> {
  if (process.platform !== "linux") return describeByPs(pid);
  try {
    const [command, stat] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, "utf8"),
      readFile(`/proc/${pid}/stat`, "utf8"),
    ]);
    // The name in parentheses may hold blanks: state and start time are counted from its end.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z") return null;
    return { command: command.replaceAll("\0", " ").trim(), startedAt: fields[19] ?? "" };
  } catch {
    return null;
  }
}

async function describeByPs(pid: number): Promise<RunningProcess | null> {
  try {
    const { stdout } = await run("ps", ["-o", "lstart=,command=", "-p", String(pid)]);
    const line = stdout.trim();
    return line === "" ? null : { startedAt: line.slice(0, 24), command: line.slice(24).trim() };
  } catch {
    return null;
  }
}

/**
 * Stops a process with a polite signal, and with a hard one when it is still there after `patience`
 * milliseconds. Resolves when it is gone.
 */
export async function stopProcess(
  pid: number,
  signals: { polite: NodeJS.Signals; hard: NodeJS.Signals; patience: number },
): Promise<void> {
  const before = await describeProcess(pid);
  if (before === null) return;
  signal(pid, signals.polite);
  const waits = Math.ceil(signals.patience / 20);
  for (let wait = 0; ; wait += 1) {
    const now = await describeProcess(pid);
    if (now === null || now.startedAt !== before.startedAt) return;
    if (wait >= waits && wait % waits === 0) signal(pid, signals.hard);
    await sleep(20);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** A port of 127.0.0.1 that is free now: `wanted` when it is, else any. */
export async function findFreePort(wanted: number | null): Promise<number> {
  const first = wanted === null ? null : await tryPort(wanted);
  const port = first ?? (await tryPort(0));
  if (port === null) throw new Error("no free port on 127.0.0.1");
  return port;
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(null));
    server.listen({ port, host: "127.0.0.1" }, () => {
      const address = server.address();
      const found = typeof address === "object" && address !== null ? address.port : null;
      server.close(() => resolve(found));
    });
  });
}

/** A number kept in a file of its own; null when it is not there or not a number. */
export async function readNumber(file: string): Promise<number | null> {
  const text = await readFile(file, "utf8").catch(() => "");
  const value = Number.parseInt(text, 10);
  return Number.isInteger(value) ? value : null;
}

/** The data folder belongs to another server that is alive. */
export class FolderInUseError extends Error {
  override readonly name = "FolderInUseError";
}

/**
 * Takes a data folder for this process until `release`. A lock left by a process that is gone is
 * taken over.
 * @throws FolderInUseError when a living process holds it
 */
export async function holdFolder(folder: string): Promise<{ release(): Promise<void> }> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, "server.lock");
  const self = await describeProcess(process.pid);
  const content = JSON.stringify({ pid: process.pid, startedAt: self?.startedAt ?? "" });
  for (let attempt = 0; attempt < 50; attempt += 1) {
    if (await createWhole(file, content)) {
      return { release: () => rm(file, { force: true }) };
    }
    const holder = await livingHolder(file);
    if (holder !== null) {
      throw new FolderInUseError(
        `${folder} is in use by process ${holder}: stop that server first, or set DATA_DIR to another folder`,
      );
    }
    await rm(file, { force: true });
    await sleep(20);
  }
  throw new FolderInUseError(`${folder} could not be locked`);
}

async function createWhole(file: string, content: string): Promise<boolean> {
  try {
    const handle = await open(file, "wx");
    await handle.writeFile(content);
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function livingHolder(file: string): Promise<number | null> {
  let text = await readFile(file, "utf8").catch(() => null);
  if (text === "") {
    // Its holder may be between creating the file and writing to it.
    await sleep(100);
    text = await readFile(file, "utf8").catch(() => null);
  }
  if (text === null || text === "") return null;
  const holder = JSON.parse(text) as { pid: number; startedAt: string };
  const running = await describeProcess(holder.pid);
  return running !== null && running.startedAt === holder.startedAt ? holder.pid : null;
}
