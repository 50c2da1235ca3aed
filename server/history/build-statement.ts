import type { DealTerms } from "../deals/deal-terms.ts";
import { formatDate, formatMonth } from "../lib/dates.ts";
import { describeFigures, orderStatistics, type FigureView } from "../periods/describe-figures.ts";
import type { DealFigure } from "../tapes/tape-deal.ts";
import type { HistoryPeriod } from "./describe-run.ts";
import type {
  findClosedPeriod,
  findReportByHash,
  findTape,
  listFindings,
  listSigners,
} from "./history-queries.ts";

type Found<Query extends (...args: never[]) => Promise<unknown>> = NonNullable<
  Awaited<ReturnType<Query>>
>;

/** What is stored of a period, as the queries give it. */
export interface StatementFacts {
  dealName: string;
  terms: DealTerms;
  /** The deal's figures, with their units. */
  figures: readonly DealFigure[];
  closed: Found<typeof findClosedPeriod>;
  tape: Found<typeof findTape>;
  /** Of the tape, after those of the cut-off tape in the first period. */
  findings: readonly (Found<typeof listFindings>[number] & { month: string })[];
  /** Null before the distribution, and for investors before its acceptance on chain. */
  report: Found<typeof findReportByHash> | null;
  signers: Found<typeof listSigners>;
  run: HistoryPeriod | null;
}

/** A note of the tape, and who let it pass and why. */
export interface StatementNote {
  /** Collection month of the tape: the first period's statement has the cut-off tape's too. */
  month: string;
  line: number;
  loan: string | null;
  field: string;
  code: string;
  value: string;
  expected: string;
  acceptedBy: string | null;
  acceptedAt: string | null;
  reason: string | null;
}

/** Problems that one person accepted for one reason. */
export interface StatementAcceptance {
  month: string;
  code: string;
  problems: number;
  by: string;
  /** When the first of them was accepted. */
  at: string;
  reason: string;
}

/** The statement of one period: what the tape said, who stood for it, what was paid. */
export interface Statement {
  deal: string;
  name: string;
  period: number;
  month: string;
  recordTime: string;
  paymentDate: string;
  status: "closed" | "distributed";
  figures: FigureView[];
  /** The pool's statistics as they were closed. */
  statistics: Record<string, unknown>;
  tape: {
    file: string;
    contentHash: string;
    version: number;
    rows: number;
    uploadedBy: string;
    uploadedAt: string;
  };
  closed: { version: number; hash: string; by: string; at: string; reason: string | null };
  notes: StatementNote[];
  /** What had to be accepted before the period could close. */
  acceptances: StatementAcceptance[];
  report: { version: number; digest: string; hash: string; tapeRoot: string } | null;
  attesters: { address: string; name: string; role: string | null; signedAt: string }[];
  distribution: HistoryPeriod | null;
}

function describeNotes(facts: StatementFacts): StatementNote[] {
  return facts.findings.map((finding) => ({
    month: finding.month,
    line: finding.line,
    loan: finding.loan_id,
    field: finding.field,
    code: finding.code,
    value: finding.value,
    expected: finding.expected,
    acceptedBy: finding.accepted_by_name,
    acceptedAt: finding.accepted_at?.toISOString() ?? null,
    reason: finding.reason,
  }));
}

/** Acceptances with the same code, person and reason as one. */
function gatherAcceptances(notes: readonly StatementNote[]): StatementAcceptance[] {
  const gathered = new Map<string, StatementAcceptance>();
  for (const { month, code, acceptedBy, acceptedAt, reason } of notes) {
    if (acceptedBy === null || acceptedAt === null || reason === null) continue;
    const key = JSON.stringify([month, code, acceptedBy, reason]);
    const known = gathered.get(key);
    const at = known === undefined || acceptedAt < known.at ? acceptedAt : known.at;
    const problems = (known?.problems ?? 0) + 1;
    gathered.set(key, { month, code, problems, by: acceptedBy, at, reason });
  }
  return [...gathered.values()];
}

/** Puts the stored facts of a period together; computes nothing again. */
export function buildStatement(facts: StatementFacts): Statement {
  const { closed, tape, terms, report, run } = facts;
  const notes = describeNotes(facts);
  const row = terms.calendar[closed.period - 1];
  if (row === undefined) throw new RangeError(`the calendar has no period ${closed.period}`);
  return {
    deal: terms.dealId,
    name: facts.dealName,
    period: closed.period,
    month: formatMonth(row.collectionMonth),
    recordTime: new Date(row.recordTime * 1000).toISOString(),
    paymentDate: formatDate(row.paymentDay),
    status: run === null ? "closed" : "distributed",
    figures: describeFigures(facts.figures, closed.figures),
    statistics: orderStatistics(closed.statistics),
    tape: {
      file: tape.file_name,
      contentHash: tape.content_hash,
      version: tape.version,
      rows: tape.row_count,
      uploadedBy: tape.uploaded_by_name,
      uploadedAt: tape.uploaded_at.toISOString(),
    },
    closed: {
      version: closed.version,
      hash: closed.close_hash,
      by: closed.closed_by_name,
      at: closed.closed_at.toISOString(),
      reason: closed.reason,
    },
    notes,
    acceptances: gatherAcceptances(notes),
    report:
      report === null
        ? null
        : {
            version: report.version,
            digest: report.digest,
            hash: report.report_hash,
            tapeRoot: report.message.tapeRoot,
          },
    attesters: facts.signers.map(({ signer, name, role, signed_at }) => ({
      address: signer,
      name: name ?? "the server's attester",
      role,
      signedAt: signed_at.toISOString(),
    })),
    distribution: run,
  };
}
