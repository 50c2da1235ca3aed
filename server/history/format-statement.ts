import type { Statement } from "./build-statement.ts";
import type { HistoryPeriod } from "./describe-run.ts";
import { formatTable } from "./format-table.ts";
import { statementLines } from "./history-sheets.ts";

function section(title: string, body: string): string {
  return `${title.toUpperCase()}\n\n${body}\n`;
}

function describeDistribution(run: HistoryPeriod): string[] {
  const steps = run.steps
    .filter(({ skipped }) => !skipped)
    .map((step) => [
      String(step.step),
      step.operation,
      step.label ?? "",
      step.clause,
      step.source ?? "",
      step.due,
      step.paid,
      step.short,
    ]);
  const classes = run.classes.map((entry) => [
    entry.class,
    entry.interestDue,
    entry.interestPaid,
    entry.principalPaid,
    entry.shortfall,
    entry.writtenDown,
    entry.balance,
    entry.factor,
  ]);
  const perThousand = run.classes.map((entry) => [
    entry.class,
    entry.interestPerThousand,
    entry.principalPerThousand,
  ]);
  const places = [
    ...run.accounts.map(({ account, balance }) => [`account ${account}, balance`, balance]),
    ...run.payees.map(({ payee, paid }) => [`${payee}, paid`, paid]),
    ...run.fees.map(({ fee, unpaid }) => [`fee ${fee}, unpaid`, unpaid]),
  ];
  const stepColumns = ["step", "op", "label", "clause", "from", "due", "paid", "short"];
  const classColumns = ["class", "interest due", "interest paid", "principal paid", "shortfall"];
  return [
    section("Priority of payments", formatTable(stepColumns, steps)),
    section(
      "Classes",
      formatTable([...classColumns, "written down", "balance", "factor"], classes),
    ),
    section(
      "Per $1,000 of original face",
      formatTable(["class", "interest", "principal"], perThousand),
    ),
    section("Accounts, payees and fees", formatTable(["item", "amount"], places)),
  ];
}

/** The statement as a text that can be read as it is. */
export function formatStatement(statement: Statement): string {
  const title = `${statement.name}: statement of ${statement.month}`;
  const inTables = new Set(["waterfall", "class", "account", "fee unpaid", "payee"]);
  const facts = statementLines(statement).filter(([kind]) => !inTables.has(kind));
  const body = [section("Facts", formatTable(["section", "item", "value"], facts))];
  const { distribution } = statement;
  const paid =
    distribution === null ? ["Not distributed yet.\n"] : describeDistribution(distribution);
  return [`${title}\n${"=".repeat(title.length)}\n`, ...body, ...paid].join("\n");
}
