/** Both versions of a restated period, figure by figure. */
import { Type } from "typebox";
import type { Static } from "typebox";
import { nullable } from "../http/nullable.ts";
import type { Sheet } from "../http/send-csv.ts";
import { formatFigure } from "../periods/figure-units.ts";
import { describeVersion, VersionBody } from "../reports/describe-versions.ts";
import type { VersionLife } from "../reports/report-life.ts";
import type { FigureUnit } from "../deals/deal-file.ts";

const text = (description: string) => Type.String({ description });

const Line = Type.Object({
  figure: Type.String(),
  unit: text("money | count | rate | flag"),
  measures: text("period: its difference is carried into the next distribution; date: it is not"),
  previous: text("as in the version before"),
  restated: Type.String(),
  difference: text("restated minus previous"),
  carried: Type.Boolean({ description: "the difference goes with a later run" }),
});

const Restatement = Type.Object({
  ...VersionBody.properties,
  previousVersion: Type.Integer(),
  carriedIn: nullable(text("month of the run that took the differences; null: none has")),
  lines: Type.Array(Line),
});

export const RestatementsBody = Type.Object({
  deal: Type.String(),
  period: Type.Integer({ description: "1 is the first collection period" }),
  month: text("collection month, YYYY-MM"),
  distributedOn: nullable(VersionBody),
  restatements: Type.Array(Restatement),
});
export type RestatementsView = Static<typeof RestatementsBody>;

export interface RestatedFigure {
  name: string;
  unit: FigureUnit;
  flow: boolean;
}

/** What the restatements of a period are told from. */
export interface RestatedPeriod {
  deal: string;
  period: number;
  month: string;
  figures: readonly RestatedFigure[];
  versions: readonly VersionLife[];
  /** Month of the first run behind a restatement's acceptance; null before it. */
  runAfter(accepted: Date): string | null;
  now: Date;
}

function describeLines(
  figures: readonly RestatedFigure[],
  previous: readonly bigint[],
  restated: readonly bigint[],
): RestatementsView["restatements"][number]["lines"] {
  return figures.map(({ name, unit, flow }, i) => {
    const [before, after] = [previous[i] ?? 0n, restated[i] ?? 0n];
    return {
      figure: name,
      unit,
      measures: flow ? "period" : "date",
      previous: String(formatFigure(unit, before)),
      restated: String(formatFigure(unit, after)),
      difference: String(formatFigure(unit, after - before)),
      carried: flow && after !== before,
    };
  });
}

/** Every restatement beside the version whose place it takes; a rejected one takes nobody's. */
export function describeRestatements(facts: RestatedPeriod): RestatementsView {
  const { figures, versions, now } = facts;
  const distributedOn = versions.findLast(
    ({ restates, status }) => !restates && status !== "rejected",
  );
  let standing = distributedOn;
  const restatements = versions.flatMap((version): RestatementsView["restatements"] => {
    if (!version.restates || standing === undefined) return [];
    const previous = standing;
    const isRejected = version.status === "rejected";
    if (!isRejected) standing = version;
    return [
      {
        ...describeVersion(version, now),
        previousVersion: previous.version,
        carriedIn: isRejected ? null : facts.runAfter(version.acceptedAt),
        lines: describeLines(figures, previous.figures, version.figures),
      },
    ];
  });
  return {
    ...{ deal: facts.deal, period: facts.period, month: facts.month, restatements },
    distributedOn: distributedOn === undefined ? null : describeVersion(distributedOn, now),
  };
}

/** One row per restatement and figure. */
export function restatementsSheet({ deal, month, restatements }: RestatementsView): Sheet {
  const columns = [
    ...["month", "previous_version", "version", "status", "final_at", "carried_in"],
    ...["figure", "unit", "measures", "previous", "restated", "difference", "carried"],
  ];
  const rows = restatements.flatMap((one) =>
    one.lines.map((line) => [
      ...[month, one.previousVersion, one.version, one.status, one.finalAt, one.carriedIn],
      ...[line.figure, line.unit, line.measures, line.previous, line.restated, line.difference],
      line.carried ? "yes" : "no",
    ]),
  );
  return { name: `${deal}-${month}-restatements`, columns, rows };
}
