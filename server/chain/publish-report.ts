import type { Context } from "../context.ts";
import { problem } from "../errors.ts";
import { messageFromRow } from "../reports/report-codec.ts";
import {
  listStandingSignatures,
  type ReportKey,
  type StoredReport,
} from "../reports/report-queries.ts";
import { findStandingReport } from "./chain-deal-queries.ts";
import { chooseSignatures, type ChosenSignatures } from "./choose-signatures.ts";
import { refusalOf } from "./decode-revert.ts";
import { prepareReport, standingHashOf, type PreparedReport } from "./prepare-report.ts";
import { encodeCall, readContract, type ContractCall } from "./read-contract.ts";
import { readAccepted } from "./read-registry.ts";
import { sendIntended } from "./send-transaction.ts";
import { findTransaction, insertIntent, type ChainTransaction } from "./transaction-queries.ts";
import { watchEvents } from "./watch-events.ts";

export interface Publication {
  report: StoredReport;
  /** The transaction that published it; undefined when somebody else did. */
  transaction: ChainTransaction | undefined;
  /** False when the registry had it already. */
  created: boolean;
}

/**
 * Publishes the report of a period with k of its signatures, at least one of them a person's; that of a
 * period that was distributed on takes the place of the version that stands. It is tried by eth_call first, so that a refusal costs nothing and comes with its reason.
 * @throws Problem approval-missing, signatures-too-few, signature-refused, report-too-early,
 *   report-figure-out-of-bounds, opening-mismatch, period-not-next ... , chain-unreachable
 */
export async function publishReport(context: Context, key: ReportKey): Promise<Publication> {
  const prepared = await prepareReport(context, key);
  const intentKey = publicationKey(prepared.report);
  if (standingHashOf(prepared.accepted) === prepared.report.report_hash) {
    return finish(context, prepared.report, intentKey, false);
  }
  const chosen = await collectSignatures(context, prepared);
  const call = await callOf(context, prepared, chosen);
  await simulate(context, call);
  await intend(context, prepared.report, call);
  await sendUnlessAccepted(context, prepared, intentKey);
  return finish(context, prepared.report, intentKey, true);
}

/** One transaction per report: a new close or version is another decision. */
function publicationKey(report: StoredReport): string {
  const { deal_id, period, close_version, version } = report;
  return `publish:${deal_id}:${period}:${close_version}.${version}`;
}

async function collectSignatures(
  context: Context,
  { report, attestation }: PreparedReport,
): Promise<ChosenSignatures> {
  const stored = await listStandingSignatures(context.db, report);
  // Whatever the deal's threshold: the server never decides alone.
  if (!stored.some(({ user_id }) => user_id !== null)) {
    throw problem("approval-missing", { deal: report.deal_id, period: report.period });
  }
  const signatures = stored.map((row) => ({ ...row, userId: row.user_id }));
  return chooseSignatures(signatures, attestation);
}

type Call = Pick<ContractCall, "contract" | "method" | "args">;

async function callOf(
  context: Context,
  { deal, report }: PreparedReport,
  { signers, signatures }: ChosenSignatures,
): Promise<Call> {
  const contract = "reportRegistry";
  const message = messageFromRow(report.message);
  if (!report.restates) {
    return { contract, method: "publishReport", args: [message, signers, signatures] };
  }
  const { period } = report;
  // The chain may be ahead of what was read: the version that stands must be known word for word.
  await watchEvents(context);
  const previous = await findStandingReport(context.db, { deal, period });
  if (previous === undefined) throw problem("report-not-accepted", { deal: deal.id, period });
  const args = [previous.message, message, signers, signatures];
  return { contract, method: "restateReport", args };
}

async function simulate({ chain }: Context, call: Call): Promise<void> {
  const from = await chain.servicer.getAddress();
  const address = chain.deployment.reportRegistry;
  try {
    await readContract(chain, { ...call, address, from });
  } catch (error) {
    throw refusalOf(error);
  }
}

async function intend(
  { chain, clock, db }: Context,
  report: StoredReport,
  call: Call,
): Promise<void> {
  const sender = await chain.servicer.getAddress();
  await db.transaction().execute((trx) =>
    insertIntent(
      trx,
      {
        key: publicationKey(report),
        kind: report.restates ? "restate-report" : "publish-report",
        dealId: report.deal_id,
        period: report.period,
        sender,
        recipient: chain.deployment.reportRegistry,
        data: encodeCall(call),
      },
      clock.now(),
    ),
  );
}

/** Anyone may publish: when another's transaction came first, ours is refused and all is well. */
async function sendUnlessAccepted(
  context: Context,
  { deal, report }: PreparedReport,
  intentKey: string,
): Promise<void> {
  try {
    await sendIntended(context, intentKey);
  } catch (error) {
    const { chainDealId } = deal;
    const accepted = await readAccepted(context.chain, { chainDealId, period: report.period });
    if (standingHashOf(accepted) !== report.report_hash) throw error;
  }
}

async function finish(
  context: Context,
  report: StoredReport,
  intentKey: string,
  created: boolean,
): Promise<Publication> {
  await watchEvents(context);
  return { report, transaction: await findTransaction(context.db, intentKey), created };
}
