import type { FastifyReply } from "fastify";
import { Type } from "typebox";
import type { Role } from "../db/tables.ts";
import { problem } from "../errors.ts";
import { EVERYBODY } from "../http/access.ts";
import type { App, RouteOptions } from "../http/app-type.ts";
import { getMonth, getReportKey } from "../reports/report-period.ts";
import { findAmount } from "../waterfall/explain-amounts.ts";
import { drawTree } from "../waterfall/explain-node.ts";
import {
  describeAmounts,
  describeHead,
  describeTriggers,
  formatAmountList,
  formatExplanationPage,
} from "./describe-explanation.ts";
import {
  explanationListSchema,
  ExplanationNodeSchema,
  explanationSchema,
  triggersSchema,
} from "./explanation-schemas.ts";
import { findLastDistributed } from "./history-queries.ts";
import { readExplanation } from "./read-explanation.ts";
import type { ToldPeriod } from "./read-explanation.ts";

const periodParams = {
  deal: Type.String(),
  period: Type.String({ pattern: "^\\d{4}-\\d{2}$", description: "Collection month" }),
};
const format = Type.Union([Type.Literal("json"), Type.Literal("text")], { default: "json" });
const problems = [
  "period-unknown",
  "period-goes-on",
  "period-not-closed",
  "period-not-distributed",
  "preview-out-of-order",
  "fixing-missing",
  "explanation-impossible",
] as const;
const released =
  "Of the distribution, computed again from what is stored and compared with the recorded result " +
  "hash; before it, of the preview. Investors read distributed periods.";

async function tell(
  { context }: RouteOptions,
  request: { params: { deal: string; period: string }; user: { role: Role } },
): Promise<ToldPeriod> {
  const key = await getReportKey(context.db, request.params);
  return await readExplanation(context, key, request.user.role === "investor");
}

const sendText = (reply: FastifyReply, text: string): FastifyReply =>
  reply.type("text/plain; charset=utf-8").send(text);

function addList(app: App, options: RouteOptions): void {
  app.get(
    "/deals/:deal/periods/:period/explanations",
    {
      config: { access: EVERYBODY, problems: [...problems] },
      schema: {
        summary: "Every amount of a period that can be explained, and the trigger monitor",
        description: released,
        tags: ["history"],
        params: Type.Object(periodParams),
        querystring: Type.Object({ format }),
        response: { 200: explanationListSchema },
      },
    },
    async (request, reply) => {
      const told = await tell(options, request);
      const [head, amounts] = [describeHead(told), describeAmounts(told)];
      if (request.query.format === "text") {
        return sendText(reply, formatAmountList(head, amounts)) as never;
      }
      const phase = amounts.find(({ amount }) => amount === "phase")?.value ?? "";
      return { ...head, phase, amounts, triggers: describeTriggers(told) };
    },
  );
}

function addExplanation(app: App, options: RouteOptions): void {
  app.get(
    "/deals/:deal/periods/:period/explanations/:amount",
    {
      config: { access: EVERYBODY, problems: [...problems, "amount-unknown"] },
      schema: {
        summary: "Why this number: the tree of formulas, numbers and sources of one amount",
        description: released,
        tags: ["history"],
        params: Type.Object({
          ...periodParams,
          amount: Type.String({ description: "classes.A.interest, steps.16.paid, phase ..." }),
        }),
        querystring: Type.Object({
          format,
          depth: Type.Optional(
            Type.Integer({ minimum: 0, description: "Levels below the amount; all without it" }),
          ),
        }),
        response: { 200: explanationSchema },
      },
    },
    async (request, reply) => {
      const { deal, period, amount: address } = request.params;
      const told = await tell(options, request);
      const amount = findAmount(told.story, address);
      if (amount === undefined) throw problem("amount-unknown", { deal, period, amount: address });
      const [head, node] = [describeHead(told), drawTree(amount, request.query)];
      if (request.query.format === "text") {
        return sendText(reply, formatExplanationPage(head, node)) as never;
      }
      return { ...head, explanation: node };
    },
  );
}

function addTriggers(app: App, options: RouteOptions): void {
  app.get(
    "/deals/:deal/triggers",
    {
      config: { access: EVERYBODY, problems: [...problems] },
      schema: {
        summary:
          "The triggers after the last distribution: value, thresholds ahead, headroom, cure",
        tags: ["history"],
        params: Type.Object({ deal: Type.String() }),
        response: { 200: triggersSchema },
      },
    },
    async ({ params, user }) => {
      const { db } = options.context;
      const period = await findLastDistributed(db, params.deal);
      if (period === null) {
        const first = await getMonth(db, { dealId: params.deal, period: 1 });
        throw problem("period-not-distributed", { deal: params.deal, period: first });
      }
      const key = { dealId: params.deal, period };
      const told = await readExplanation(options.context, key, user.role === "investor");
      return { ...describeHead(told), triggers: describeTriggers(told) };
    },
  );
}

/** Why every number of a period is what it is. */
export async function explanationRoutes(app: App, options: RouteOptions): Promise<void> {
  app.addSchema(ExplanationNodeSchema);
  addList(app, options);
  addExplanation(app, options);
  addTriggers(app, options);
}
