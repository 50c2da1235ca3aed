import { recoverAddress, Signature } from "ethers";
import type { Context } from "../context.ts";
import { problem } from "../errors.ts";
import { messageFromRow } from "./report-codec.ts";
import { REPORT_TYPES, reportDomain } from "./report-message.ts";
import {
  getClosedPeriodFacts,
  getReport,
  insertSignature,
  listMakers,
  listReports,
  type ReportKey,
  type StoredReport,
} from "./report-queries.ts";

export interface Attestor {
  id: string;
  /** The registered wallet of the person. */
  address: string | null;
}

export interface ReportAttestation extends ReportKey {
  user: Attestor;
  /** 65 bytes, 0x-hex, over the report's typed data. */
  signature: string;
  /** Attesters of the deal as the registry names them now. */
  attesters: readonly string[];
}

/**
 * Takes a person's signature of the current report, made outside the server. Maker and checker:
 * whoever uploaded any version of the period or closed it cannot approve it.
 * @returns the report and whether the signature is new
 * @throws Problem report-unknown, signature-malformed, signer-without-address, maker-is-checker,
 *   report-outdated (signed before the period was closed again), signature-of-another,
 *   signer-not-attester, preview-flagged
 */
export async function attestReport(
  context: Context,
  { dealId, period, user, signature, attesters }: ReportAttestation,
): Promise<{ report: StoredReport; created: boolean }> {
  const { db } = context;
  const report = await getReport(db, { dealId, period });
  const canonical = parseSignature(signature);
  if (user.address === null) throw problem("signer-without-address");
  await requireChecker(context, { dealId, period }, user);

  const signer = recoverAddress(report.digest, canonical);
  if (!sameAddress(signer, user.address)) {
    const earlier = await listReports(db, { dealId, period });
    const signed = earlier.find(({ digest }) =>
      sameAddress(recoverAddress(digest, canonical), user.address ?? ""),
    );
    throw signed === undefined
      ? problem("signature-of-another", { signer, registered: user.address })
      : problem("report-outdated", { signed: signed.close_version, current: report.close_version });
  }
  if (!attesters.some((attester) => sameAddress(attester, signer))) {
    throw problem("signer-not-attester", { signer });
  }
  await requireCleanPreview(context, report);
  const created = await insertSignature(db, {
    ...signatureOf(report, { signer, signature: canonical }),
    user_id: user.id,
    signed_at: context.clock.now(),
  });
  return { report, created };
}

/**
 * The server's own attester signs, when it is one of the deal's: the server holds one key at most,
 * and only a preview without a flag is attested.
 * @returns whether the report now bears the server's signature
 */
export async function attestAsServer(
  context: Context,
  { report, attesters }: { report: StoredReport; attesters: readonly string[] },
): Promise<boolean> {
  const { chain, db } = context;
  const signer = await chain.attester.getAddress();
  if (!attesters.some((attester) => sameAddress(attester, signer))) return false;
  const facts = await getClosedPeriodFacts(db, { dealId: report.deal_id, period: report.period });
  if (facts.closeVersion !== report.close_version) return false;
  if (!report.restates && facts.preview?.flags !== 0) return false;
  const domain = { chainId: chain.chainId, registry: chain.deployment.reportRegistry };
  const signature = await chain.attester.signTypedData(
    reportDomain(domain),
    REPORT_TYPES,
    messageFromRow(report.message),
  );
  await insertSignature(db, {
    ...signatureOf(report, { signer, signature: parseSignature(signature) }),
    user_id: null,
    signed_at: context.clock.now(),
  });
  return true;
}

function signatureOf(report: StoredReport, signed: { signer: string; signature: string }) {
  const { deal_id, period, version, digest } = report;
  return { deal_id, period, version, digest, ...signed };
}

/** A second account with a maker's wallet is the maker still. */
async function requireChecker({ db }: Context, key: ReportKey, user: Attestor): Promise<void> {
  const makers = await listMakers(db, key);
  const isMaker = makers.some(
    ({ id, address }) =>
      id === user.id || (address !== null && sameAddress(address, user.address ?? "")),
  );
  if (isMaker) throw problem("maker-is-checker", { deal: key.dealId, period: key.period });
}

/** A flag says that the arithmetic met a case that no report should bring about. */
async function requireCleanPreview(context: Context, report: StoredReport): Promise<void> {
  const { deal_id: dealId, period } = report;
  const { preview, closeVersion } = await getClosedPeriodFacts(context.db, { dealId, period });
  if (closeVersion !== report.close_version) {
    throw problem("report-outdated", { signed: report.close_version, current: closeVersion });
  }
  // Nothing runs on a restatement: what it changes is carried into a later period's preview.
  if (!report.restates && preview?.flags !== 0) {
    throw problem("preview-flagged", { deal: dealId, period, flags: preview?.flags ?? 0 });
  }
}

/** Canonical form: 65 bytes, lower case, low s, v 27 or 28, as OpenZeppelin's ECDSA wants it. */
function parseSignature(text: string): string {
  try {
    return Signature.from(text).serialized;
  } catch {
    throw problem("signature-malformed");
  }
}

function sameAddress(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
