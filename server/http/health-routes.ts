import { Type } from "typebox";
import type { Context } from "../context.ts";
import type { App, RouteOptions } from "./app-type.ts";
import { pingDatabase } from "./operation-queries.ts";

const PATIENCE_MS = 2_000;

const part = Type.Object({
  ok: Type.Boolean(),
  milliseconds: Type.Integer(),
  /** Why not, in words that give nothing away. */
  problem: Type.Optional(Type.String()),
});
const healthSchema = Type.Object({
  status: Type.Enum(["ok", "failing"]),
  database: part,
  chain: part,
  queue: part,
});

/** Whether the database, the chain and the job queue answer: 200 when all do, else 503. */
export async function healthRoutes(app: App, { context }: RouteOptions): Promise<void> {
  app.get(
    "/health",
    {
      config: { access: "public" },
      schema: {
        summary: "Whether the service can work",
        tags: ["operation"],
        response: { 200: healthSchema, 503: healthSchema },
      },
    },
    async (_request, reply) => {
      const [database, chain, queue] = await Promise.all([
        probe(context, "database", () => pingDatabase(context.db)),
        probe(context, "chain", () => context.chain.provider.getBlockNumber()),
        probe(context, "queue", () => context.jobs.counts()),
      ]);
      const ok = database.ok && chain.ok && queue.ok;
      return await reply
        .status(ok ? 200 : 503)
        .send({ status: ok ? "ok" : "failing", database, chain, queue });
    },
  );
}

async function probe(
  context: Context,
  name: string,
  ask: () => Promise<unknown>,
): Promise<{ ok: boolean; milliseconds: number; problem?: string }> {
  const begun = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  const taken = (): number => Math.round(performance.now() - begun);
  try {
    await Promise.race([ask(), tooLate]);
    return { ok: true, milliseconds: taken() };
  } catch (error) {
    context.log.warn({ err: error, part: name }, "health");
    return { ok: false, milliseconds: taken(), problem: `the ${name} does not answer` };
  } finally {
    clearTimeout(timer);
  }
}
