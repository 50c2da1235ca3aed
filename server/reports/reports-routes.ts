import { Type } from "typebox";
import type { Context } from "../context.ts";
import { BOOKKEEPERS } from "../http/access.ts";
import type { App, RouteOptions } from "../http/app-type.ts";
import { describeVersion, VersionBody } from "./describe-versions.ts";
import { messageFromRow } from "./report-codec.ts";
import { typedDataOf } from "./report-message.ts";
import { listVersions } from "./report-life-queries.ts";
import { getMonth, getReportKey } from "./report-period.ts";
import { getReport, listSignatures, type StoredReport } from "./report-queries.ts";

export const PeriodParams = Type.Object({
  deal: Type.String(),
  period: Type.String({ description: "Collection month, YYYY-MM" }),
});

const Message = Type.Object({
  dealId: Type.String(),
  period: Type.Integer(),
  version: Type.Integer(),
  termsHash: Type.String(),
  tapeRoot: Type.String(),
  closeHash: Type.String(),
  resultHash: Type.String(),
  figures: Type.Array(Type.String()),
});

export const ReportBody = Type.Object({
  deal: Type.String(),
  period: Type.Integer({ description: "1 is the first collection period" }),
  month: Type.String({ description: "Collection month, YYYY-MM" }),
  version: Type.Integer(),
  closeVersion: Type.Integer(),
  message: Message,
  typedData: Type.Unknown({ description: "For eth_signTypedData_v4" }),
  digest: Type.String(),
  reportHash: Type.String(),
  restates: Type.Boolean({ description: "takes the place of a version that was distributed on" }),
  accepted: Type.Array(VersionBody, {
    description: "the versions that the registry accepted, with challenges and their answers",
  }),
  signatures: Type.Array(
    Type.Object({
      signer: Type.String(),
      signature: Type.String(),
      user: Type.Union([Type.String(), Type.Null()]),
      signedAt: Type.String(),
    }),
  ),
});

/** The report of a period, ready to be signed outside the server. */
export async function reportsRoutes(app: App, { context }: RouteOptions): Promise<void> {
  app.get(
    "/deals/:deal/periods/:period/report",
    {
      config: {
        access: BOOKKEEPERS,
        problems: ["period-unknown", "period-goes-on", "report-unknown"],
      },
      schema: {
        summary: "The period's report: message, EIP-712 typed data, digest, signatures",
        tags: ["reports"],
        params: PeriodParams,
        response: { 200: ReportBody },
      },
    },
    async (request) => {
      const key = await getReportKey(context.db, request.params);
      return presentReport(context, await getReport(context.db, key));
    },
  );
}

/** A stored report as JSON. */
export async function presentReport({ chain, clock, db }: Context, report: StoredReport) {
  const domain = { chainId: chain.chainId, registry: chain.deployment.reportRegistry };
  const signatures = await listSignatures(db, report.digest);
  const key = { dealId: report.deal_id, period: report.period };
  const versions = await listVersions(db, key);
  return {
    deal: report.deal_id,
    period: report.period,
    month: await getMonth(db, key),
    version: report.version,
    closeVersion: report.close_version,
    message: report.message,
    typedData: typedDataOf(messageFromRow(report.message), domain),
    digest: report.digest,
    reportHash: report.report_hash,
    restates: report.restates,
    accepted: versions.map((version) => describeVersion(version, clock.now())),
    signatures: signatures.map((row) => ({
      signer: row.signer,
      signature: row.signature,
      user: row.user_id,
      signedAt: row.signed_at.toISOString(),
    })),
  };
}
