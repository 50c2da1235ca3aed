import type { Sheet } from "../http/send-csv.ts";
import type { CsvValue } from "../lib/csv-text.ts";
import type { Statement } from "./build-statement.ts";
import { describePool } from "./describe-pool.ts";
import type { DealReconciliation } from "./read-reconciliation.ts";
import type { HistoryPeriod } from "./describe-run.ts";

const historyColumns = [
  "period",
  "month",
  "payment_date",
  "phase",
  "step",
  "operation",
  "label",
  "clause",
  "source",
  "due",
  "paid",
  "short",
  "source_before",
  "source_after",
  "skipped",
  "flags",
  "result_hash",
  "transaction",
];

/** The waterfall's history, one row per period and step. */
export function historySheet(deal: string, periods: readonly HistoryPeriod[]): Sheet {
  const rows = periods.flatMap((period) =>
    period.steps.map((step): CsvValue[] => [
      period.period,
      period.month,
      period.paymentDate,
      period.phase,
      step.step,
      step.operation,
      step.label,
      step.clause,
      step.source,
      step.due,
      step.paid,
      step.short,
      step.sourceBefore,
      step.sourceAfter,
      step.skipped ? "yes" : "no",
      step.flags.join(" "),
      period.resultHash,
      period.transaction,
    ]),
  );
  return { name: `${deal}-history`, columns: historyColumns, rows };
}

type Line = [section: string, item: string, value: string | null];

function distributionLines(run: HistoryPeriod): Line[] {
  return [
    ["distribution", "phase", run.phase],
    ["distribution", "phase after", run.phaseAfter],
    ["distribution", "result hash", run.resultHash],
    ["distribution", "report hash", run.reportHash],
    ["distribution", "transaction", run.transaction],
    ...run.inputs.fixings.map(({ index, rate }): Line => ["fixing, percent", index, rate]),
    ...(run.inputs.purchasePrice === null
      ? []
      : [["purchase list", "price", run.inputs.purchasePrice] satisfies Line]),
    ...run.inputs.notices.map((name): Line => ["notice", name, "in force"]),
    ...run.inputs.carried.map(({ figure, difference }): Line => ["carried", figure, difference]),
    ...run.steps.flatMap((step): Line[] => {
      const item = `${step.step} ${step.operation} ${step.label ?? ""} (${step.clause})`;
      return [
        ["waterfall", `${item} due`, step.due],
        ["waterfall", `${item} paid`, step.paid],
      ];
    }),
    ...run.classes.flatMap((entry): Line[] =>
      Object.entries(entry)
        .filter(([field]) => field !== "class")
        .map(([field, value]) => ["class", `${entry.class} ${field}`, value]),
    ),
    ...run.accounts.map(({ account, balance }): Line => ["account", account, balance]),
    ...run.fees.map(({ fee, unpaid }): Line => ["fee unpaid", fee, unpaid]),
    ...run.payees.map(({ payee, paid }): Line => ["payee", payee, paid]),
  ];
}

/** Every value of a statement, one row each: section, item, value. */
export function statementLines(statement: Statement): Line[] {
  const { tape, closed, report, distribution } = statement;
  return [
    ["period", "collection month", statement.month],
    ["period", "record time", statement.recordTime],
    ["period", "payment date", statement.paymentDate],
    ["period", "status", statement.status],
    ...statement.figures.map(({ meaning, value }): Line => ["figure", meaning, String(value)]),
    ...describePool(statement.statistics).map(([item, value]): Line => ["pool", item, value]),
    ["tape", "file", tape.file],
    ["tape", "sha-256", tape.contentHash],
    ["tape", "version", String(tape.version)],
    ["tape", "rows", String(tape.rows)],
    ["tape", "uploaded", `${tape.uploadedBy}, ${tape.uploadedAt}`],
    ["closed", "hash", closed.hash],
    ["closed", "version", String(closed.version)],
    ["closed", "by", `${closed.by}, ${closed.at}`],
    ...(closed.reason === null ? [] : [["closed", "again because", closed.reason] satisfies Line]),
    ...statement.acceptances.map((one): Line => [
      "accepted",
      `${one.code} in ${one.month}, ${one.problems === 1 ? "1 problem" : `${one.problems} problems`}`,
      `${one.by}, ${one.at}: ${one.reason}`,
    ]),
    ...statement.notes.map((note): Line => [
      "note",
      `${note.month} line ${note.line} ${note.field} ${note.code}`,
      note.reason === null ? note.value : `${note.value}: ${note.acceptedBy}: ${note.reason}`,
    ]),
    ["report", "tape root", report?.tapeRoot ?? null],
    ["report", "digest", report?.digest ?? null],
    ...statement.attesters.map(({ address, name, signedAt }): Line => [
      "attester",
      address,
      `${name}, ${signedAt}`,
    ]),
    ...(distribution === null ? [] : distributionLines(distribution)),
  ];
}

/** The statement as a sheet. */
export function statementSheet(statement: Statement): Sheet {
  return {
    name: `${statement.deal}-${statement.month}-statement`,
    columns: ["section", "item", "value"],
    rows: statementLines(statement),
  };
}

/** One row per difference, and one for each comparison that found none. */
export function reconciliationSheet(deal: string, found: DealReconciliation): Sheet {
  const all = found.now === null ? found.periods : [...found.periods, found.now];
  const rows = all.flatMap(({ period, month, block, compared, differences }): CsvValue[][] => {
    const facts = [period, month, block, compared];
    if (differences.length === 0) return [[...facts, "equal", ""]];
    return differences.map(({ item, books }) => [
      ...facts,
      item,
      Object.entries(books)
        .map(([book, value]) => `${book} ${value}`)
        .join(" | "),
    ]);
  });
  const columns = ["period", "month", "block", "compared", "item", "values"];
  return { name: `${deal}-reconciliation`, columns, rows };
}
