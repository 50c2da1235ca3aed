import { Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { Context } from "../context.ts";
import {
  countDifferences,
  countPartBytes,
  countTapes,
  countUploads,
  findLastBlockRead,
} from "./operation-queries.ts";
import type { App, RouteOptions } from "./app-type.ts";

/**
 * Prometheus metrics at /metrics, for administrators. Registered on the root, so that the durations
 * of every route are measured.
 */
export function addMetrics(app: App, { context }: RouteOptions): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  addDurations(app, registry);
  addGauges(context, registry);
  app.get(
    "/metrics",
    {
      config: { access: ["administrator"] },
      schema: { summary: "Prometheus metrics", tags: ["operation"], produces: ["text/plain"] },
    },
    async (_request, reply) =>
      await reply.type(registry.contentType).send(await registry.metrics()),
  );
}

function addDurations(app: App, registry: Registry): void {
  const durations = new Histogram({
    name: "penstock_http_request_duration_seconds",
    help: "Time from the request's arrival to the end of its answer",
    labelNames: ["method", "route", "status"],
    registers: [registry],
  });
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "none";
    const labels = { method: request.method, route, status: reply.statusCode };
    durations.observe(labels, reply.elapsedTime / 1_000);
  });
}

/** Read from the database and the chain when the metrics are asked for. */
function addGauges(context: Context, registry: Registry): void {
  const registers = [registry];
  new Gauge({
    name: "penstock_tapes",
    help: "Stored tape versions",
    labelNames: ["deal"],
    registers,
    async collect() {
      this.reset();
      for (const { deal, tapes } of await countTapes(context.db)) this.set({ deal }, tapes);
    },
  });
  new Gauge({
    name: "penstock_uploads",
    help: "Uploads of the last day that can be or could be taken up again",
    labelNames: ["state"],
    registers,
    async collect() {
      this.reset();
      for (const { state, uploads } of await countUploads(context.db)) this.set({ state }, uploads);
    },
  });
  new Gauge({
    name: "penstock_upload_part_bytes",
    help: "Bytes of uploads that are kept in parts",
    registers,
    async collect() {
      this.set(await countPartBytes(context.db));
    },
  });
  new Gauge({
    name: "penstock_reconciliation_differences",
    help: "Values that differ between Postgres, chain and engine after the distributions: an alarm",
    labelNames: ["deal"],
    registers,
    async collect() {
      this.reset();
      const found = await countDifferences(context.db);
      for (const { deal, differences } of found) this.set({ deal }, differences);
    },
  });
  new Gauge({
    name: "penstock_chain_lag_blocks",
    help: "Blocks of the chain that the books have not read",
    registers,
    async collect() {
      const head = await context.chain.provider.getBlockNumber();
      const read = (await findLastBlockRead(context.db)) ?? BigInt(-1);
      this.set(Math.max(0, Number(BigInt(head) - read)));
    },
  });
  new Gauge({
    name: "penstock_jobs",
    help: "Jobs in the queue",
    labelNames: ["state"],
    registers,
    async collect() {
      const counts = await context.jobs.counts();
      for (const [state, count] of Object.entries(counts)) this.set({ state }, count);
    },
  });
}
