import { Type } from "typebox";
import type { App, RouteOptions } from "../http/app-type.ts";
import { attestReport } from "../reports/attest-report.ts";
import { getReportKey } from "../reports/report-period.ts";
import { PeriodParams, presentReport, ReportBody } from "../reports/reports-routes.ts";
import { getChainDeal } from "./chain-deal-queries.ts";
import { prepareReport } from "./prepare-report.ts";
import { publishReport } from "./publish-report.ts";
import { readAttestation } from "./read-registry.ts";
import { SENDING_PROBLEMS } from "./sending-problems.ts";
import { presentTransaction, TransactionBody } from "./transaction-view.ts";

const tags = ["reports"];
const Publication = Type.Object({
  report: ReportBody,
  transaction: Type.Union([TransactionBody, Type.Null()]),
});

const BUILDING = [
  "period-unknown",
  "period-goes-on",
  "deal-not-on-chain",
  "period-not-closed",
  "preview-missing",
  "fixing-missing",
  "chain-unreachable",
] as const;
const SIGNING = [
  "period-unknown",
  "period-goes-on",
  "deal-not-on-chain",
  "report-unknown",
  "report-outdated",
  "preview-flagged",
  "maker-is-checker",
  "signature-malformed",
  "signature-of-another",
  "signer-without-address",
  "signer-not-attester",
  "chain-unreachable",
] as const;
const PUBLISHING = [
  "period-unknown",
  "period-goes-on",
  "deal-not-on-chain",
  "report-unknown",
  "report-outdated",
  "preview-flagged",
  "approval-missing",
  "signatures-too-few",
  "signature-refused",
  "report-too-early",
  "opening-mismatch",
  "report-version-out-of-order",
  "terms-mismatch",
  "report-final",
  "report-not-final",
  "report-not-accepted",
  "reports-paused",
  "identity-broken",
  "distribution-missing",
  "period-not-next",
  "report-figure-out-of-bounds",
  ...SENDING_PROBLEMS,
] as const;

/** What needs the chain: building against the registry's version, signing, publishing. */
export async function publicationRoutes(app: App, { context }: RouteOptions): Promise<void> {
  app.post(
    "/deals/:deal/periods/:period/report",
    {
      config: {
        access: ["servicer", "administrator"],
        problems: BUILDING,
      },
      schema: {
        summary: "Builds the report of the closed period; the server's attester signs it",
        tags,
        params: PeriodParams,
        response: { 200: ReportBody },
      },
    },
    async (request) => {
      const key = await getReportKey(context.db, request.params);
      return presentReport(context, (await prepareReport(context, key)).report);
    },
  );

  app.post(
    "/deals/:deal/periods/:period/report/signatures",
    {
      config: {
        access: ["approver", "trustee"],
        problems: SIGNING,
      },
      schema: {
        summary: "Approves the report by a signature of one's own, made outside the server",
        tags,
        params: PeriodParams,
        body: Type.Object({ signature: Type.String({ description: "65 bytes, 0x-hex" }) }),
        response: { 200: ReportBody, 201: ReportBody },
      },
    },
    async (request, reply) => {
      const key = await getReportKey(context.db, request.params);
      const { chainDealId } = await getChainDeal(context.db, key.dealId);
      const { attesters } = await readAttestation(context.chain, chainDealId);
      const { signature } = request.body;
      const { user } = request;
      const attested = await attestReport(context, { ...key, user, signature, attesters });
      return reply
        .code(attested.created ? 201 : 200)
        .send(await presentReport(context, attested.report));
    },
  );

  addPublication(app, { context });
}

function addPublication(app: App, { context }: RouteOptions): void {
  app.post(
    "/deals/:deal/periods/:period/report/publication",
    {
      config: {
        access: ["servicer", "administrator"],
        problems: PUBLISHING,
      },
      schema: {
        summary:
          "Publishes the signed report on chain; of a paid period it restates the one before",
        tags,
        params: PeriodParams,
        response: { 200: Publication, 201: Publication },
      },
    },
    async (request, reply) => {
      const key = await getReportKey(context.db, request.params);
      const { report, transaction, created } = await publishReport(context, key);
      return reply.code(created ? 201 : 200).send({
        report: await presentReport(context, report),
        transaction: transaction === undefined ? null : presentTransaction(transaction),
      });
    },
  );
}
