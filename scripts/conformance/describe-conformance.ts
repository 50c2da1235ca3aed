/** The page of `npm run conformance`: figures compared and equal, by source and by feature. */
import { formatTable } from "../../server/history/format-table.ts";
import { FEATURES, formatDifference } from "../replay/figure-comparison.ts";
import type { CheckedSource, SourceFigure } from "./check-source.ts";
import { SOURCE_KINDS, type SourceKind } from "./find-sources.ts";

/** A source as one engine ran it. */
export interface EngineOutcome {
  engine: string;
  checked: readonly CheckedSource[];
}

interface Tally {
  published: number;
  equal: number;
  derived: number;
  derivedEqual: number;
  contradictory: number;
}

const isContradictory = ({ contradiction, equal }: SourceFigure): boolean =>
  contradiction !== undefined && !equal;

const isPublished = (figure: SourceFigure): boolean =>
  figure.basis === undefined && !isContradictory(figure);

function tally(figures: readonly SourceFigure[]): Tally {
  const published = figures.filter(isPublished);
  const derived = figures.filter(({ basis }) => basis !== undefined);
  const equal = (list: readonly SourceFigure[]) => list.filter((figure) => figure.equal).length;
  return {
    published: published.length,
    equal: equal(published),
    derived: derived.length,
    derivedEqual: equal(derived),
    contradictory: figures.filter(isContradictory).length,
  };
}

const grouped = (count: number): string => count.toLocaleString("en-US");

const KIND_TITLES: Readonly<Record<SourceKind, string>> = {
  filing: "All filings",
  "test vectors": "All test vectors",
  "worked cases": "All worked cases",
};

/** Sources by kind, each kind with its sum. */
function sourceTable({ engine, checked }: EngineOutcome): string {
  const sum = (list: readonly CheckedSource[]) => tally(list.flatMap(({ figures }) => figures));
  const rows = SOURCE_KINDS.flatMap((kind) => {
    const ofKind = checked.filter(({ source }) => source.kind === kind);
    if (ofKind.length === 0) return [];
    const each = ofKind.map(({ source, figures }) => ({ title: source.title, ...tally(figures) }));
    return [...each, { title: KIND_TITLES[kind], ...sum(ofKind) }];
  });
  return formatTable(
    [engine, "stated", "equal", "derived", "equal", "contradict themselves"],
    rows.map((row) => [
      row.title,
      ...[row.published, row.equal, row.derived, row.derivedEqual, row.contradictory].map(grouped),
    ]),
  );
}

/** Figures by feature and kind of source: a worked case is not a published figure. */
function featureTable({ checked }: EngineOutcome): string {
  const counts = SOURCE_KINDS.map((kind) => {
    const ofKind = checked.filter(({ source }) => source.kind === kind);
    const figures = ofKind.flatMap((each) => each.figures).filter(isPublished);
    return FEATURES.map(
      (feature) => figures.filter(({ features }) => features.includes(feature)).length,
    );
  });
  return formatTable(
    ["figures that exercise", "published", ...SOURCE_KINDS.slice(1)],
    FEATURES.map((feature, i) => [feature, ...counts.map((each) => grouped(each[i] ?? 0))]),
  );
}

/** What is wrong: a difference, a mark of a contradiction that is none, a file that cannot be run. */
export function listFailures({ checked }: EngineOutcome): string[] {
  return checked.flatMap(({ source, figures, faults }) => [
    ...faults.map((fault) => `${source.id}: ${fault}`),
    ...figures
      .filter((figure) => !figure.equal && !isContradictory(figure))
      .map((figure) => `${source.id} ${figure.file}: ${formatDifference(figure)}`),
    ...figures
      .filter(({ equal, contradiction }) => equal && contradiction !== undefined)
      .map(
        ({ file, period, key }) =>
          `${source.id} ${file}: ${period} ${key} is equal: it does not contradict itself`,
      ),
  ]);
}

function listContradictions({ checked }: EngineOutcome): string[] {
  return checked.flatMap(({ source, figures }) =>
    figures
      .filter(isContradictory)
      .map((figure) => `${source.id} ${figure.file}: ${formatDifference(figure)}`),
  );
}

function listSources({ checked }: EngineOutcome): string[] {
  return checked.flatMap(({ source }) => [
    `${source.title}: ${source.published}`,
    ...(source.unproven ?? []).map((what) => `  not shown: ${what}`),
    ...(source.notRun === undefined ? [] : [`  not run: ${source.notRun.length}`]),
    ...(source.notRun ?? []).map(({ id, why }) => `    ${id}: ${why}`),
  ]);
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ["", title, ...lines];

function countFigures({ engine, checked }: EngineOutcome): string {
  const figures = checked.flatMap((each) => each.figures);
  const counted = figures.filter((figure) => !isContradictory(figure));
  const equal = counted.filter((figure) => figure.equal).length;
  return `${engine}: ${counted.length} figures compared, ${equal} equal`;
}

/** The whole page. Nothing that differs is left out of it. */
export function describeConformance(outcomes: readonly EngineOutcome[]): string {
  const [first] = outcomes;
  return [
    ...outcomes.flatMap((outcome) => [sourceTable(outcome), ""]),
    ...(first === undefined
      ? []
      : [featureTable(first), ...section("Sources", listSources(first))]),
    ...section("Published figures that contradict themselves: period, key, published, computed", [
      ...new Set(outcomes.flatMap(listContradictions)),
    ]),
    ...outcomes.flatMap((outcome) =>
      section(`Different (${outcome.engine}): period, key, expected, got`, listFailures(outcome)),
    ),
    "",
    ...outcomes.map(countFigures),
  ].join("\n");
}
