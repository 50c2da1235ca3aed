import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { TestServer } from "../start-test-server.ts";
import type { Death } from "./die-at.ts";

/** Lets another process do a step on the server's database and chain until it kills itself. */
export async function runToDeath(
  server: TestServer,
  death: Omit<Death, "databaseUrl" | "nodeUrl" | "deployment" | "now">,
): Promise<void> {
  const { chain, clock } = server.context;
  const order: Death = {
    ...death,
    databaseUrl: server.databaseUrl,
    nodeUrl: chain.provider._getConnection().url,
    deployment: chain.deployment,
    now: clock.now().toISOString(),
  };
  const script = path.join(import.meta.dirname, "die-at.ts");
  const child = spawn(process.execPath, [script, JSON.stringify(order)], { stdio: "inherit" });
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  assert.equal(signal, "SIGKILL", `the process should have died, it ended with ${code}`);
}
