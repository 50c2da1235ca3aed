import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { type PostgresPrograms, findPostgresPrograms } from "./postgres-programs.ts";
import { type Account, asAccount, chooseAccount, giveTo } from "./unprivileged-account.ts";
import { describeProcess, findFreePort, readNumber, stopProcess } from "./process-control.ts";

export interface EmbeddedPostgres {
  /** postgres:// URL of the database `penstock`. */
  url: string;
  /** Opens another database in the same cluster, made when it is not there; returns its URL. */
  createDatabase(name: string): Promise<string>;
  stop(): Promise<void>;
}

interface Cluster {
  folder: string;
  files: string;
  programs: PostgresPrograms;
  account: Account | null;
}

const USER = "penstock";
const STOP = { polite: "SIGINT", hard: "SIGQUIT", patience: 10_000 } as const;

/**
 * Starts the PostgreSQL that npm brought, with its files in `folder` (made at the first start). A
 * server that a killed parent left running in the folder is stopped first, which also ends whatever
 * the parent had in flight. Not for two callers at once: hold the folder before (holdFolder).
 * @param options.durable false trades safety on power loss for speed: for tests
 */
export async function startEmbeddedPostgres(options: {
  folder: string;
  durable?: boolean;
}): Promise<EmbeddedPostgres> {
  const folder = path.resolve(options.folder);
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const files = path.join(folder, "cluster");
  const programs = await findPostgresPrograms();
  const cluster = { folder, files, programs, account: await chooseAccount(files) };
  await stopLeftover(cluster);
  const password = await initialise(cluster, options.durable ?? true);
  const started = await startOnFreePort(cluster, password, options.durable ?? true);
  const urlOf = (name: string): string =>
    `postgres://${USER}:${password}@127.0.0.1:${started.port}/${name}`;
  const createDatabase = async (name: string): Promise<string> => {
    await ensureDatabase(urlOf("postgres"), name);
    return urlOf(name);
  };
  return {
    url: await createDatabase("penstock"),
    createDatabase,
    stop: () => stopProcess(started.pid, STOP),
  };
}

async function stopLeftover({ files }: Cluster): Promise<void> {
  const pidFile = path.join(files, "postmaster.pid");
  const pid = await readNumber(pidFile);
  if (pid === null) return;
  const running = await describeProcess(pid);
  if (running !== null && running.command.includes(files)) {
    await stopProcess(pid, STOP);
  } else {
    // The id is free or belongs to somebody else now: the file alone would stop the next start.
    await rm(pidFile, { force: true });
  }
}

/** Makes the cluster once; a half-made one (killed meanwhile) is made anew. Returns the password. */
async function initialise(cluster: Cluster, durable: boolean): Promise<string> {
  const passwordFile = path.join(cluster.folder, "password");
  if ((await stat(cluster.files).catch(() => null)) !== null) {
    return (await readFile(passwordFile, "utf8")).trim();
  }
  const password = randomBytes(24).toString("base64url");
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  await giveTo(cluster.account, passwordFile);
  const half = `${cluster.files}.half`;
  await rm(half, { recursive: true, force: true });
  await mkdir(half, { mode: 0o700 });
  await giveTo(cluster.account, half);
  await runToEnd(cluster, cluster.programs.initdb, [
    `--pgdata=${half}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    ...(durable ? [] : ["--no-sync"]),
  ]);
  await rename(half, cluster.files);
  return password;
}

async function runToEnd(cluster: Cluster, program: string, args: string[]): Promise<void> {
  const child = launch(cluster, program, args, ["ignore", "ignore", "pipe"]);
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const code = await exitOf(child);
  if (code !== 0) throw new Error(`${path.basename(program)} failed (${code}): ${said.trim()}`);
}

async function startOnFreePort(
  cluster: Cluster,
  password: string,
  durable: boolean,
): Promise<{ pid: number; port: number }> {
  const portFile = path.join(cluster.folder, "port");
  let wanted = await readNumber(portFile);
  for (let attempt = 1; ; attempt += 1) {
    const port = await findFreePort(wanted);
    try {
      const pid = await start(cluster, { port, password, durable });
      await writeFile(portFile, `${port}\n`);
      return { pid, port };
    } catch (error) {
      // Somebody may have taken the port between the look and the start.
      if (attempt === 3 || !String(error).includes("Address already in use")) throw error;
      wanted = null;
    }
  }
}

async function start(
  cluster: Cluster,
  options: { port: number; password: string; durable: boolean },
): Promise<number> {
  const logFile = path.join(cluster.folder, "postgres.log");
  const log = await open(logFile, "w");
  const settings = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    ...(options.durable ? [] : ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]),
  ];
  const args = ["-D", cluster.files, "-p", String(options.port)];
  for (const setting of settings) args.push("-c", setting);
  const child = launch(cluster, cluster.programs.postgres, args, ["ignore", log.fd, log.fd]);
  child.unref();
  await log.close();
  const exit = exitOf(child).then(async (code) => {
    const said = (await readFile(logFile, "utf8").catch(() => "")).trim().split("\n").slice(-5);
    throw new Error(`PostgreSQL did not start (${code}): ${said.join(" | ")}`);
  });
  exit.catch(() => undefined);
  const url = `postgres://${USER}:${options.password}@127.0.0.1:${options.port}/postgres`;
  await Promise.race([answers(url), exit]);
  if (child.pid === undefined) throw new Error("PostgreSQL did not start");
  return child.pid;
}

/** Detached, so that a Ctrl-C in the terminal reaches the server alone, which then stops it in order. */
function launch(
  cluster: Cluster,
  program: string,
  args: string[],
  stdio: ("ignore" | "pipe" | number)[],
): ChildProcess {
  const call = asAccount(cluster.account, [program, cluster.files], [program, ...args]);
  return spawn(call.file, call.args, {
    ...call.identity,
    stdio,
    detached: true,
    cwd: "/",
    env: { LC_ALL: "C", TZ: "UTC" },
  });
}

/** The exit code, or the name of the signal that ended it. */
function exitOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? signal ?? "unknown"));
  });
}

async function answers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 1_500; attempt += 1) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await client.end().catch(() => undefined);
      await sleep(20);
    }
  }
  throw new Error("PostgreSQL started but does not answer");
}

async function ensureDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query("select from pg_database where datname = $1", [name]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}
