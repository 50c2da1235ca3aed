/** What a deal keeps, watches and is told, in words; headings only where there is something. */
import { SECONDS_PER_DAY } from "../lib/dates.ts";
import { formatCentsGrouped } from "../lib/money.ts";
import { formatRate, notesOf, unitOf, writeValue } from "./deal-notes.ts";
import type { UnitList } from "./deal-notes.ts";
import type { DealTerms, TransitionTerms } from "./deal-terms.ts";
import { describeExpression } from "./describe-expression.ts";
import { section } from "./describe-parties.ts";
import { describeRate, MOMENT_WORDS, triggerLine } from "./describe-trigger.ts";
import { findCatalogueFigure } from "./figure-catalogue.ts";

/** A value in its unit, grouped for reading; without a note rates are told by their size. */
function valueText(terms: DealTerms, value: bigint, [list, position]: [UnitList, number]): string {
  const isLarge = value >= 10n ** 13n || value <= -(10n ** 13n);
  const unit = unitOf(terms, list, position) ?? (isLarge ? "rate" : "money");
  return unit === "money" ? formatCentsGrouped(value) : writeValue(value, unit);
}

/** A bound in its figure's unit; without a note as far as the catalogue knows it. */
function boundText(terms: DealTerms, position: number, value: bigint): string {
  const known = findCatalogueFigure(terms.figures[position]?.name ?? "")?.unit ?? "money";
  const unit = unitOf(terms, "figures", position) ?? known;
  return unit === "money" ? formatCentsGrouped(value) : writeValue(value, unit);
}

function figureLine(terms: DealTerms, position: number): string {
  const { name = "", minimum = 0n, maximum = 0n } = terms.figures[position] ?? {};
  const isFlag = unitOf(terms, "figures", position) === "flag";
  const bounds = isFlag
    ? "1 for yes, 0 for no"
    : `from ${boundText(terms, position, minimum)} to ${boundText(terms, position, maximum)}`;
  return `${name}  ${bounds}`;
}

/** What a restatement does with a figure follows from what it measures. */
function measureText({ figures }: DealTerms, position: number): string {
  return figures[position]?.flow === true ? ", of the period" : ", as of a date";
}

/** Reported figures and named constants. */
export function figureLines(terms: DealTerms): string[] {
  const all = terms.figures.map((_, i) => i);
  const isIndex = (i: number) => unitOf(terms, "figures", i) === "index";
  const constants = terms.constantNames.map(
    (name, i) => `  k.${name}  ${valueText(terms, terms.constants[i] ?? 0n, ["constants", i])}`,
  );
  return [
    ...section(
      "Reported figures, and the bounds within which a report may state them",
      all
        .filter((i) => !isIndex(i))
        .map((i) => `  p.${figureLine(terms, i)}${measureText(terms, i)}`),
    ),
    ...section("Indices", [
      ...all.filter(isIndex).map((i) => `  index.${figureLine(terms, i)}, stated in the report`),
      ...feedLines(terms),
    ]),
    ...section("Constants", constants),
  ];
}

function feedLines(terms: DealTerms): string[] {
  const fixings = notesOf(terms, "fixing");
  return terms.indices.map(({ name, unit, feedDecimals, maxAgeSeconds, initialRateWad }) => {
    const days = maxAgeSeconds / SECONDS_PER_DAY;
    const fixing = fixings.find((note) => note.startsWith(`${name} `))?.slice(name.length + 1);
    return (
      `  index.${name}  from a feed that states it in ${unit} with ${feedDecimals} decimals, ` +
      `at most ${days} day${days === 1 ? "" : "s"} old` +
      (fixing === undefined ? "" : `, fixed ${fixing}`) +
      (initialRateWad === 0n ? "" : `, at first ${formatRate(initialRateWad)} if it fixes none`)
    );
  });
}

/** Constants that follow a schedule; those of coupons are told with their classes. */
function scheduleLines(terms: DealTerms): string[] {
  return terms.schedules.flatMap(({ name, rows }, i) => {
    if (name.startsWith("coupon.")) return [];
    const write = (value: bigint) => valueText(terms, value, ["schedules", i]);
    const steps = rows.map(({ period, value, increment }) => {
      const slope = increment === 0n ? "" : `, rising by ${write(increment)} in 12 periods`;
      return `from period ${period}: ${write(value)}${slope}`;
    });
    return [`  k.${name}  ${steps.join("; ")}`];
  });
}

/** `iff(trig.a, 5 %, 2 %)` as the values that triggers give a constant. */
function whileLine(note: string): string {
  const [name = "", ...words] = note.split(" ");
  const formula = words.join(" ");
  const during = [...formula.matchAll(/iff\(trig\.([\w-]+), ([^,]+), /g)];
  const value = formula.slice((during.at(-1)?.index ?? 0) + (during.at(-1)?.[0].length ?? 0));
  const cases = during.map(([, trigger, then], i) =>
    i === 0 ? `${then} while ${trigger} is in breach` : `else ${then} while ${trigger} is`,
  );
  return `  k.${name}  ${value.replaceAll(")", "")}; ${cases.join(", ")}`;
}

function variableLines(terms: DealTerms): string[] {
  return terms.variables.map(
    ({ name, initial }, i) =>
      `  k.${name}  ${valueText(terms, initial, ["variables", i])} until a step sets it`,
  );
}

function seriesLines(terms: DealTerms): string[] {
  return terms.series.map(
    ({ name, value, depth, at }) =>
      `  ${name}  ${describeRate(terms, value)}, recorded ${at} the steps of each run, ` +
      `the last ${depth === 1 ? "value" : `${depth} values`} kept`,
  );
}

function noticeLines(terms: DealTerms): string[] {
  return terms.notices.map(
    ({ name, payee, kind }) =>
      `  notice.${name}  ` +
      (payee === null
        ? "in force while the deal is in servicer default"
        : `given by ${terms.payees[payee] ?? ""}, in force ${kind === "once" ? "for one run" : "from then on"}`),
  );
}

/** Ledgers, constants that change, series, triggers and notices. */
export function stateLines(terms: DealTerms): string[] {
  return [
    ...section("Constants that change", [
      ...scheduleLines(terms),
      ...notesOf(terms, "while").map(whileLine),
      ...variableLines(terms),
    ]),
    ...section(
      "Ledgers, which hold no money",
      terms.ledgers.map(({ name }) => `  ledger.${name}`),
    ),
    ...section("Series, kept from period to period", seriesLines(terms)),
    ...section(
      "Triggers",
      terms.triggers.map((trigger) => triggerLine(terms, trigger)),
    ),
    ...section("Notices", noticeLines(terms)),
  ];
}

function transitionLine(terms: DealTerms, { from, to, when, clause }: TransitionTerms): string {
  const before = from === null ? "any phase" : terms.phases[from]?.name;
  const condition = describeExpression(terms, when, -1);
  return `  ${before} -> ${terms.phases[to]?.name} when ${condition}. [${clause}]`;
}

/** Transitions by the moment at which they are judged; of several that hold the first counts. */
export function transitionSections(terms: DealTerms): string[] {
  const lines = (at: TransitionTerms["at"]) =>
    terms.transitions.filter((one) => one.at === at).map((one) => transitionLine(terms, one));
  return [
    ...section(`Transitions, judged ${MOMENT_WORDS.before} of each run`, lines("before")),
    ...section("Transitions, judged after the steps of each run", lines("after")),
  ];
}
