/**
 * A process that works on a test's database and chain and kills itself (SIGKILL) before or after
 * the node answers a method: `node die-at.ts '{"when":"after","method":"eth_sendRawTransaction",...}'`.
 */
import { pino } from "pino";
import { connectChain, type Chain, type Deployment } from "../../../server/chain/connect-chain.ts";
import { readConfig } from "../../../server/config.ts";
import type { Context } from "../../../server/context.ts";
import { connectDatabase } from "../../../server/db/connect-database.ts";
import { SimulatedClock } from "../../../server/jobs/clock.ts";

export interface Death {
  databaseUrl: string;
  nodeUrl: string;
  deployment: Deployment;
  now: string;
  when: "before" | "after";
  /** JSON-RPC method at which the process dies; a receipt counts only when it is there. */
  method: string;
  step: "send" | "publish" | "fund" | "distribute";
  /** Of the intent (send). */
  key?: string;
  dealId?: string;
  period?: number;
}

if (import.meta.main) {
  await work(JSON.parse(process.argv[2] ?? "") as Death);
  // Whoever comes to here has not died: the test must see that.
  process.exit(0);
}

async function work(death: Death): Promise<void> {
  const chain = await connectChain({
    url: death.nodeUrl,
    deployment: death.deployment,
    servicerKey: null,
    attesterKey: null,
  });
  const context = {
    config: readConfig({}),
    db: connectDatabase(death.databaseUrl),
    chain: dieOn(chain, death),
    clock: new SimulatedClock(new Date(death.now)),
    log: pino({ level: "silent" }),
  } as unknown as Context;
  const key = { dealId: death.dealId ?? "", period: death.period ?? 0 };
  const steps = {
    send: async () => {
      const { sendIntended } = await import("../../../server/chain/send-transaction.ts");
      await sendIntended(context, death.key ?? "");
    },
    publish: async () => {
      const { publishReport } = await import("../../../server/chain/publish-report.ts");
      await publishReport(context, key);
    },
    fund: async () => {
      const { fundCollections } = await import("../../../server/distributions/fund-collections.ts");
      await fundCollections(context, key);
    },
    distribute: async () => {
      const { openDistribution } =
        await import("../../../server/distributions/open-distribution.ts");
      await openDistribution(context, key);
    },
  };
  await steps[death.step]();
}

function dieOn(chain: Chain, { when, method }: Death): Chain {
  const send = chain.provider.send.bind(chain.provider);
  const die = () => process.kill(process.pid, "SIGKILL");
  chain.provider.send = async (called, params) => {
    if (called === method && when === "before") die();
    const answer: unknown = await send(called, params);
    if (called === method && when === "after" && answer !== null) die();
    return answer;
  };
  return { ...chain, mine: async () => void (await send("evm_mine", [])) };
}
