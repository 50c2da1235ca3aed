import type { FastifyReply } from "fastify";
import { Type } from "typebox";
import { problem } from "../errors.ts";
import { BOOKKEEPERS, EVERYBODY } from "../http/access.ts";
import type { App, RouteOptions } from "../http/app-type.ts";
import { pageQuery, readCursor, toPage } from "../http/page.ts";
import { sendCsv, sheetFormat } from "../http/send-csv.ts";
import { getReportKey } from "../reports/report-period.ts";
import type { Statement } from "./build-statement.ts";
import { formatStatement } from "./format-statement.ts";
import { closingSchema, historyPageSchema, historyPeriodSchema } from "./history-schemas.ts";
import { reconciliationSchema, statementSchema } from "./history-schemas.ts";
import { historySheet, reconciliationSheet, statementSheet } from "./history-sheets.ts";
import { readClosing } from "./read-closing.ts";
import { readHistory, readHistoryPeriod } from "./read-history.ts";
import { readReconciliation } from "./read-reconciliation.ts";
import { readReleasedStatement, readStatement } from "./read-statement.ts";

const periodParams = Type.Object({
  deal: Type.String(),
  period: Type.String({ pattern: "^\\d{4}-\\d{2}$", description: "Collection month" }),
});

/** The position in a cursor of the history: the last period shown. */
function afterPeriod(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  const [period] = readCursor(cursor, [/^\d{1,5}$/]);
  return Number(period);
}

function addClosing(app: App, { context }: RouteOptions): void {
  app.get(
    "/deals/:deal/closing",
    {
      config: { access: BOOKKEEPERS, problems: ["deal-not-on-chain", "deal-not-open"] },
      schema: {
        summary: "How the deal was issued: what was paid, what was delivered, what covered it",
        tags: ["history"],
        params: Type.Object({ deal: Type.String() }),
        response: { 200: closingSchema },
      },
    },
    (request) => readClosing(context, request.params.deal),
  );
}

function addHistory(app: App, { context }: RouteOptions): void {
  app.get(
    "/deals/:deal/history",
    {
      config: { access: EVERYBODY, problems: ["cursor-invalid"] },
      schema: {
        summary: "Every distribution, step by step: due, paid, short, from where, by which clause",
        tags: ["history"],
        params: Type.Object({ deal: Type.String() }),
        querystring: Type.Object({ ...pageQuery, format: sheetFormat }),
        response: { 200: historyPageSchema },
      },
    },
    async (request, reply) => {
      const { deal } = request.params;
      const { cursor, limit } = request.query;
      if (request.query.format === "csv") {
        return sendCsv(reply, historySheet(deal, await readHistory(context, deal))) as never;
      }
      const after = afterPeriod(cursor);
      const periods = await readHistory(context, deal, { after, limit: limit + 1 });
      return toPage(periods, limit, {
        item: (period) => period,
        position: ({ period }) => [String(period)],
      });
    },
  );
}

function addHistoryPeriod(app: App, { context }: RouteOptions): void {
  app.get(
    "/deals/:deal/history/:period",
    {
      config: {
        access: EVERYBODY,
        problems: ["period-unknown", "period-goes-on", "period-not-distributed"],
      },
      schema: {
        summary: "The distribution of one period",
        tags: ["history"],
        params: periodParams,
        querystring: Type.Object({ format: sheetFormat }),
        response: { 200: historyPeriodSchema },
      },
    },
    async (request, reply) => {
      const { deal, period: month } = request.params;
      const { period } = await getReportKey(context.db, request.params);
      const found = await readHistoryPeriod(context, deal, period);
      if (found === null) throw problem("period-not-distributed", { deal, period: month });
      if (request.query.format === "json") return found;
      const sheet = historySheet(deal, [found]);
      return sendCsv(reply, { ...sheet, name: `${deal}-${month}-history` }) as never;
    },
  );
}

function addStatement(app: App, { context }: RouteOptions): void {
  const withText = Type.Union([sheetFormat.anyOf[0], sheetFormat.anyOf[1], Type.Literal("text")], {
    default: "json",
  });
  app.get(
    "/deals/:deal/periods/:period/statement",
    {
      config: {
        access: EVERYBODY,
        problems: [
          "period-unknown",
          "period-goes-on",
          "period-not-closed",
          "statement-not-released",
        ],
      },
      schema: {
        summary: "The statement of a period, from what was stored when it was closed and paid",
        description: "Investors read it once the period's report is accepted on chain.",
        tags: ["history"],
        params: periodParams,
        querystring: Type.Object({ format: withText }),
        response: { 200: statementSchema },
      },
    },
    async (request, reply) => {
      const key = await getReportKey(context.db, request.params);
      const read = request.user.role === "investor" ? readReleasedStatement : readStatement;
      const statement = await read(context, key);
      if (request.query.format === "csv") return sendCsv(reply, statementSheet(statement)) as never;
      if (request.query.format === "text") return sendText(reply, statement) as never;
      return statement;
    },
  );
}

function sendText(reply: FastifyReply, statement: Statement): FastifyReply {
  return reply.type("text/plain; charset=utf-8").send(formatStatement(statement));
}

function addReconciliation(app: App, { context }: RouteOptions): void {
  app.get(
    "/deals/:deal/reconciliation",
    {
      config: { access: BOOKKEEPERS, problems: ["chain-unreachable", "chain-moving"] },
      schema: {
        summary: "Postgres, chain and engine compared to the last unit, stored and as of now",
        tags: ["history"],
        params: Type.Object({ deal: Type.String() }),
        querystring: Type.Object({ format: sheetFormat }),
        response: { 200: reconciliationSchema },
      },
    },
    async (request, reply) => {
      const { deal } = request.params;
      const found = await readReconciliation(context, deal);
      if (request.query.format === "json") return found;
      return sendCsv(reply, reconciliationSheet(deal, found)) as never;
    },
  );
}

/** What auditors see: history, statements, reconciliation. */
export async function historyRoutes(app: App, options: RouteOptions): Promise<void> {
  addClosing(app, options);
  addHistory(app, options);
  addHistoryPeriod(app, options);
  addStatement(app, options);
  addReconciliation(app, options);
}
