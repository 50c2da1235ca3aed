import { readFile } from "node:fs/promises";
import path from "node:path";
import type { TypedDataDomain, TypedDataField } from "ethers";
import type { DealInService } from "./open-deal.ts";
import type { Demo } from "./start-demo.ts";

const TAPES = path.resolve(import.meta.dirname, "../../test/golden/amcar-2017-4/tapes");

interface UploadedTape {
  id: string;
  closingBalance: string;
}

interface ProblemList {
  items: { ordinal: number; severity: string; code: string }[];
}

interface ReportToSign {
  typedData: {
    domain: TypedDataDomain;
    types: Record<string, TypedDataField[]>;
    message: Record<string, unknown>;
  };
}

/**
 * Uploads the tape of a month (YYYY-MM); what needs a reason gets it.
 * @returns problems by severity, and the sum of the loans' balances
 */
export async function uploadTape(
  deal: Pick<DealInService, "id" | "servicer">,
  month: string,
): Promise<{ notes: number; reasons: number; closingBalance: string }> {
  const bytes = await readFile(path.join(TAPES, `${month}.xml`));
  const tape = await deal.servicer.upload<UploadedTape>(
    `/deals/${deal.id}/tapes?period=${month}&fileName=${month}.xml`,
    { bytes, type: "application/xml" },
  );
  const problems = `/deals/${deal.id}/tapes/${tape.id}/problems`;
  const { items } = await deal.servicer.get<ProblemList>(problems);
  const reasons = items.filter(({ severity }) => severity === "reason");
  for (const { ordinal } of reasons) {
    await deal.servicer.post(`${problems}/${ordinal}/acceptance`, {
      reason: "Confirmed with the originator's system of record",
    });
  }
  const { closingBalance } = tape;
  return { notes: items.length - reasons.length, reasons: reasons.length, closingBalance };
}

/**
 * One month from the tape to the accepted report: upload, close, the server's attester signs, the
 * approver signs outside the server, the report is published.
 */
export async function reportPeriod(
  demo: Demo,
  deals: DealInService[],
  month: string,
): Promise<void> {
  await Promise.all(deals.map((deal) => closeMonth(deal, month)));
  await demo.runDueJobs();
  await Promise.all(deals.map((deal) => approveReport(demo, deal, month)));
  await demo.runDueJobs();
}

async function closeMonth(deal: DealInService, month: string): Promise<void> {
  await uploadTape(deal, month);
  await deal.servicer.post(`/deals/${deal.id}/periods/${month}/close`);
}

async function approveReport(demo: Demo, deal: DealInService, month: string): Promise<void> {
  const report = `/deals/${deal.id}/periods/${month}/report`;
  const { typedData } = await deal.approver.get<ReportToSign>(report);
  const { EIP712Domain: _implied, ...types } = typedData.types;
  const signature = await demo.cast.approver.signTypedData(
    typedData.domain,
    types,
    typedData.message,
  );
  await deal.approver.post(`${report}/signatures`, { signature });
}
