import { Type } from "typebox";
import { findTransaction } from "../chain/transaction-queries.ts";
import { SENDING_PROBLEMS } from "../chain/sending-problems.ts";
import { presentTransaction, TransactionBody } from "../chain/transaction-view.ts";
import type { App, RouteOptions } from "../http/app-type.ts";
import { formatCents, parseCents } from "../lib/money.ts";
import { getReportKey } from "../reports/report-period.ts";
import { PeriodParams } from "../reports/reports-routes.ts";
import { fundCollections } from "./fund-collections.ts";
import { distributionKey, openDistribution } from "./open-distribution.ts";

const access = ["servicer", "administrator"] as const;
const tags = ["distributions"];
const Transaction = Type.Union([TransactionBody, Type.Null()]);
const Amount = Type.String({ pattern: "^\\d{1,15}(\\.\\d{1,2})?$", description: "e.g. 1234.56" });
const Funding = Type.Object({
  deal: Type.String(),
  period: Type.Integer({ description: "1 is the first collection period" }),
  month: Type.String({ description: "Collection month, YYYY-MM" }),
  target: Type.String(),
  funded: Type.String(),
  transaction: Transaction,
});
const Distribution = Type.Object({
  deal: Type.String(),
  period: Type.Integer({ description: "1 is the first collection period" }),
  month: Type.String({ description: "Collection month, YYYY-MM" }),
  phase: Type.String(),
  reportHash: Type.String(),
  resultHash: Type.String(),
  transactionHash: Type.String(),
  blockNumber: Type.Integer(),
  distributedAt: Type.String(),
  transaction: Transaction,
});

const FUNDING = [
  "period-unknown",
  "period-goes-on",
  "deal-not-on-chain",
  "period-not-next",
  "report-not-accepted",
  "wallet-short",
  ...SENDING_PROBLEMS,
] as const;
const DISTRIBUTING = [
  "fixing-missing",
  "period-unknown",
  "period-goes-on",
  "deal-not-on-chain",
  "report-not-accepted",
  "report-mismatch",
  "report-not-final",
  "report-rejected",
  "collections-short",
  "payment-not-due",
  "period-not-next",
  "deal-not-open",
  "deal-ended",
  ...SENDING_PROBLEMS,
] as const;

/** Cash in and the run of the priority of payments. */
export async function distributionsRoutes(app: App, { context }: RouteOptions): Promise<void> {
  app.post(
    "/deals/:deal/periods/:period/funding",
    {
      config: {
        access: [...access],
        problems: FUNDING,
      },
      schema: {
        summary: "Brings the deal's collections to an amount from the servicer's wallet",
        tags,
        params: PeriodParams,
        body: Type.Object({
          amount: Type.Optional({
            ...Amount,
            description: "What the collections shall hold; the report's available funds if absent",
          }),
        }),
        response: { 200: Funding, 201: Funding },
      },
    },
    async (request, reply) => {
      const key = await getReportKey(context.db, request.params);
      const { amount } = request.body;
      const target = amount === undefined ? {} : { targetCents: parseCents(amount) };
      const funded = await fundCollections(context, { ...key, ...target });
      return reply.code(funded.fundedCents > 0n ? 201 : 200).send({
        deal: key.dealId,
        period: key.period,
        month: request.params.period,
        target: formatCents(funded.targetCents),
        funded: formatCents(funded.fundedCents),
        transaction:
          funded.transaction === undefined ? null : presentTransaction(funded.transaction),
      });
    },
  );

  app.post(
    "/deals/:deal/periods/:period/distribution",
    {
      config: {
        access: [...access],
        problems: DISTRIBUTING,
      },
      schema: {
        summary: "Runs the priority of payments on chain over the accepted report",
        tags,
        params: PeriodParams,
        response: { 200: Distribution, 201: Distribution },
      },
    },
    async (request, reply) => {
      const key = await getReportKey(context.db, request.params);
      const { distribution, created } = await openDistribution(context, key);
      const transaction = await findTransaction(context.db, distributionKey(key));
      return reply.code(created ? 201 : 200).send({
        deal: distribution.deal_id,
        period: distribution.period,
        month: request.params.period,
        phase: distribution.phase,
        reportHash: distribution.report_hash,
        resultHash: distribution.result_hash,
        transactionHash: distribution.transaction_hash,
        blockNumber: Number(distribution.block_number),
        distributedAt: distribution.distributed_at.toISOString(),
        transaction: transaction === undefined ? null : presentTransaction(transaction),
      });
    },
  );
}
