/** What a deal keeps, watches and is told, in words; headings only where there is something. */
import { SECONDS_PER_DAY } from "../lib/dates.ts";
import { formatCentsGrouped } from "../lib/money.ts";
import type { DealFile, FigureUnit } from "./deal-file.ts";
import type { DealTerms, TransitionTerms, TriggerTerms } from "./deal-terms.ts";
import { describeExpression } from "./describe-expression.ts";
import { formatRate } from "./describe-parties.ts";
import { CURE_BY_NOTICE } from "./terms-format.ts";

/** Writes a value in its unit. The bytes hold none: a rate is then known by its size. */
export function valueText(value: bigint, unit?: FigureUnit): string {
  const large = value >= 10n ** 13n || value <= -(10n ** 13n);
  if (unit === "rate" || (unit === undefined && large)) return formatRate(value);
  return unit === "count" || unit === "flag" ? `${value}` : formatCentsGrouped(value);
}

/** The unit of a constant, as far as the file is at hand. */
export function constantUnit(file: DealFile | undefined, name: string): FigureUnit | undefined {
  return file?.constants.find((constant) => constant.name === name)?.unit;
}

function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", heading, ...lines];
}

function scheduleLines(terms: DealTerms, file: DealFile | undefined): string[] {
  return terms.schedules.map(({ name, rows }) => {
    const unit = constantUnit(file, name);
    const steps = rows.map(({ period, value, increment }) => {
      const slope =
        increment === 0n ? "" : ` and ${valueText(increment, unit)} more per 12 periods`;
      return `from period ${period} ${valueText(value, unit)}${slope}`;
    });
    return `  k.${name}  ${steps.join(", ")}`;
  });
}

/** Values of constants while a trigger is in breach: only the file holds them by name. */
function whileLines(file: DealFile | undefined): string[] {
  return (file?.constants ?? []).flatMap(({ name, value, unit }) => {
    if (value.kind !== "while") return [];
    const during = value.during.map(
      (one) => `${valueText(one.value, unit)} while ${one.trigger.text} is in breach`,
    );
    return [`  k.${name}  ${[valueText(value.value, unit), ...during].join(", ")}`];
  });
}

const MOMENT_WORDS = {
  before: "before the steps",
  within: "where a step tests it",
  after: "after the steps",
};

function cureText(terms: DealTerms, { cure, cureNotice }: TriggerTerms): string {
  if (cure === CURE_BY_NOTICE)
    return `cured by notice ${terms.notices[cureNotice ?? 0]?.name ?? ""}`;
  return cure === 0 ? "never cured" : `cured after ${cure} passing tests`;
}

function triggerLine(terms: DealTerms, trigger: TriggerTerms): string {
  const say = (tokens: TriggerTerms["numerator"]) => describeExpression(terms, tokens, -1);
  const { denominator, breaches, tests, comparison } = trigger;
  const over = denominator === null ? "" : ` / (${say(denominator)})`;
  const rule = tests === 1 ? "at once" : `when ${breaches} of the last ${tests} tests failed`;
  return (
    `  ${trigger.name}  failed when (${say(trigger.numerator)})${over} ${comparison} ` +
    `${say(trigger.threshold)}; in breach ${rule}; ${cureText(terms, trigger)}; tested ` +
    `${MOMENT_WORDS[trigger.at]}. [${trigger.clause}]`
  );
}

/** Indices, ledgers, constants that change, series, triggers and notices. */
export function stateLines(terms: DealTerms, file: DealFile | undefined): string[] {
  const series = terms.series.map(
    ({ name, value, depth, at }) =>
      `  ${name}  ${describeExpression(terms, value, -1)}, recorded ${MOMENT_WORDS[at]}, ` +
      `${depth} period${depth === 1 ? "" : "s"} kept`,
  );
  const indices = terms.indices.map(
    ({ name, unit, feedDecimals, maxAgeSeconds }) =>
      `  index.${name}  from a feed in ${unit} of ${feedDecimals} decimals, ` +
      `at most ${maxAgeSeconds / SECONDS_PER_DAY} days old`,
  );
  const notices = terms.notices.map(
    ({ name, payee, kind }) =>
      `  notice.${name}  given by ${terms.payees[payee] ?? ""}, ` +
      (kind === "once" ? "for one run" : "from then on"),
  );
  const variables = terms.variables.map(
    ({ name, initial }) =>
      `  k.${name}  ${valueText(initial, constantUnit(file, name))} until a step sets it`,
  );
  return [
    ...section("Indices", indices),
    ...section(
      "Ledgers",
      terms.ledgers.map(({ name }) => `  ledger.${name}`),
    ),
    ...section("Constants that change", [
      ...scheduleLines(terms, file),
      ...whileLines(file),
      ...variables,
    ]),
    ...section("Series", series),
    ...section(
      "Triggers",
      terms.triggers.map((trigger) => triggerLine(terms, trigger)),
    ),
    ...section("Notices", notices),
  ];
}

function transitionLine(terms: DealTerms, { from, to, when, clause }: TransitionTerms): string {
  const before = from === null ? "any phase" : terms.phases[from]?.name;
  const condition = describeExpression(terms, when, -1);
  return `  ${before} -> ${terms.phases[to]?.name} when ${condition}. [${clause}]`;
}

/** Transitions by the moment at which they are judged. */
export function transitionSections(terms: DealTerms): string[] {
  const lines = (at: TransitionTerms["at"]) =>
    terms.transitions.filter((one) => one.at === at).map((one) => transitionLine(terms, one));
  return [
    ...section("Transitions, judged before the steps of each run", lines("before")),
    ...["", "Transitions, judged after each run", ...lines("after")],
  ];
}
