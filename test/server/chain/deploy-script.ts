/** Runs `npm run deploy`'s script as a person's shell would, and remembers everything that it said. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { ROOT } from "./deploy-stage.ts";

export interface Ended {
  code: number | null;
  out: string;
  said: string;
}

export interface Started {
  child: ChildProcess;
  /** Resolves when the text has been printed. */
  printed: (text: RegExp) => Promise<void>;
  ended: Promise<Ended>;
}

/** @param env all that the process knows, beside where programs are */
export function startScript(
  name: string,
  args: readonly string[],
  env: Record<string, string>,
): Started {
  const file = path.join(ROOT, "scripts", name);
  const child = spawn(process.execPath, [file, ...args], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, said] = ["", ""];
  child.stdout.on("data", (part) => (out += String(part)));
  child.stderr.on("data", (part) => (said += String(part)));
  const ended = once(child, "close").then(([code]): Ended => ({ code: code as number, out, said }));
  const printed = async (text: RegExp): Promise<void> => {
    while (!text.test(out)) {
      const early = ended.then(() => assert.match(out, text, `ended before: ${said}`));
      await Promise.race([once(child.stdout, "data"), early]);
    }
  };
  return { child, printed, ended };
}

/** Runs a script to its end; it never shows a stack, a page of hex or the key. */
export async function runScript(
  name: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  const ended = await startScript(name, args, env).ended;
  const everything = ended.out + ended.said;
  assert.doesNotMatch(
    everything,
    /\n {4}at |0x[0-9a-f]{100}/i,
    "neither a stack nor a page of hex",
  );
  const key = env["DEPLOYER_KEY"] ?? "";
  if (key.length > 8) assert.ok(!everything.includes(key.slice(2)), "the key is never shown");
  return ended;
}
