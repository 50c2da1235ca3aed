// One setup at a time: a file that its holder touches as long as it lives.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { utimes } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A lock whose holder has not shown life for this long was left by a killed setup. */
const STALE_MS = 15_000;
const BEAT_MS = 2_000;
const LOOK_MS = 250;
const REMIND_MS = 30_000;
/** As long as a build may take: whoever holds the lock longer is not just busy. */
const PATIENCE_MS = 10 * 60_000;

/**
 * Runs `work` as the only one that holds `lock`.
 * @param say is told who is waited for
 * @throws Error made by `giveUp(text)` when the holder does not end
 */
export async function withLock(lock, { say, giveUp }, work) {
  mkdirSync(dirname(lock), { recursive: true });
  await take(lock, { say, giveUp });
  const beat = setInterval(() => {
    const now = new Date();
    utimes(lock, now, now).catch(() => undefined);
  }, BEAT_MS);
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

async function take(lock, { say, giveUp }) {
  const begun = Date.now();
  let remindAt = begun;
  while (!create(lock)) {
    const holder = readHolder(lock);
    if (holder === null || holder.isStale) {
      if (holder !== null) rmSync(lock, { force: true });
      continue;
    }
    const who = `process ${holder.pid}, begun ${holder.seconds} s ago`;
    const now = Date.now();
    if (now - begun > PATIENCE_MS) {
      throw giveUp(
        `another setup (${who}) does not end: stop it with \`kill ${holder.pid}\`, then start again`,
      );
    }
    if (now >= remindAt) {
      say(`another setup is at work here (${who}): waiting for it`);
      remindAt = now + REMIND_MS;
    }
    await sleep(LOOK_MS);
  }
}

function create(lock) {
  try {
    writeFileSync(lock, `${process.pid} ${Date.now()}\n`, { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** Null when the lock has gone meanwhile. */
function readHolder(lock) {
  try {
    const [pid = 0, begun = 0] = readFileSync(lock, "utf8").trim().split(" ").map(Number);
    const { mtimeMs } = statSync(lock);
    const seconds = Math.round((Date.now() - (begun || mtimeMs)) / 1_000);
    const isStale = Date.now() - mtimeMs > STALE_MS || (pid > 0 && !isAlive(pid));
    return { pid, seconds, isStale };
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code !== "ESRCH";
  }
}
