/** Triggers in words: what is tested, when it fails, what a breach is and how it is cured. */
import { WAD } from "../lib/mul-div.ts";
import type { DealTerms, Expression, TriggerTerms } from "./deal-terms.ts";
import { describeExpression } from "./describe-expression.ts";
import { CURE_BY_NOTICE, OPCODE } from "./terms-format.ts";
import type { Moment } from "./terms-format.ts";

export const MOMENT_WORDS: Readonly<Record<Moment, string>> = {
  before: "on the determination date, before the steps",
  within: "where a step tests it",
  after: "after the steps",
};

const say = (terms: DealTerms, tokens: Expression) => describeExpression(terms, tokens, -1);

const isWad = (terms: DealTerms, token: Expression[number] | undefined) =>
  token?.code === OPCODE.CONST && terms.constants[token.operand] === WAD;

/** A formula as an operand of a division. */
const operand = (text: string) => (/^[\w.'-]+(\(.*\))?$/.test(text) ? text : `(${text})`);

/** `ratio(a, b)` as a / b, and a rate that is rounded to decimals with its rounding told. */
export function describeRate(terms: DealTerms, tokens: Expression): string {
  const rounded = roundedRate(terms, tokens);
  if (rounded !== null) return rounded;
  const text = say(terms, tokens);
  const split = tokens.findIndex((token) => isWad(terms, token));
  const isRatio = split > 0 && tokens.at(-1)?.code === OPCODE.SMULDIV && text.startsWith("ratio(");
  if (!isRatio || tokens.filter((token) => isWad(terms, token)).length > 1) return text;
  const over = [tokens.slice(0, split), tokens.slice(split + 1, -1)] as const;
  return over.map((part) => operand(say(terms, part))).join(" / ");
}

/** floor((rate + unit / 2) / unit) * unit, as the compiler writes `decimals`. */
function roundedRate(terms: DealTerms, tokens: Expression): string | null {
  const tail = tokens.slice(-9);
  const codes = tail.map(({ code }) => code);
  const { CONST, ADD, MUL, SMULDIV } = OPCODE;
  const shape = [CONST, ADD, CONST, CONST, CONST, MUL, SMULDIV, CONST, MUL];
  if (shape.some((code, i) => codes[i] !== code)) return null;
  const unit = terms.constants[tail[7]?.operand ?? -1] ?? 0n;
  const decimals = 19 - `${unit}`.length;
  if (unit !== 10n ** BigInt(Math.max(0, 18 - decimals))) return null;
  return `${describeRate(terms, tokens.slice(0, -9))}, rounded half-up to ${decimals} decimals`;
}

/** The only token of an expression, when it looks at a series. */
function historyIn(tokens: Expression | null, code: number) {
  const [token, ...others] = tokens ?? [];
  if (token?.code !== code || others.length > 0) return null;
  return { series: token.operand >> 8, periods: token.operand & 0xff };
}

function valueOf(terms: DealTerms, series: number): string {
  const value = terms.series[series]?.value ?? [];
  const mean = /^histMean\((.+), (\d+)\)$/.exec(say(terms, value));
  if (mean === null) return describeRate(terms, value);
  const inner = terms.series.find(({ name }) => name === mean[1])?.value ?? [];
  return `the mean over ${mean[2]} periods of ${describeRate(terms, inner)}`;
}

/** What is compared with the threshold. */
function testedText(terms: DealTerms, { numerator, denominator }: TriggerTerms): string {
  const highest = historyIn(numerator, OPCODE.HISTMAX);
  if (highest !== null && denominator === null) {
    return `the highest in the last ${highest.periods} periods of ${valueOf(terms, highest.series)}`;
  }
  const sum = historyIn(numerator, OPCODE.HISTSUM);
  if (sum !== null) {
    const over = historyIn(denominator, OPCODE.HISTSUM);
    const last = `over the last ${sum.periods} periods`;
    if (over !== null) {
      return `the sum of ${operand(valueOf(terms, sum.series))} / the sum of ${operand(valueOf(terms, over.series))}, both ${last}`;
    }
    if (denominator === null) return `the sum ${last} of ${valueOf(terms, sum.series)}`;
    const count = denominator[0];
    if (count?.code === OPCODE.HISTCOUNT && isWad(terms, denominator[1])) {
      return `the mean ${last} of ${valueOf(terms, sum.series)}`;
    }
  }
  if (denominator === null) return describeRate(terms, numerator);
  return [numerator, denominator].map((part) => operand(say(terms, part))).join(" / ");
}

const COMPARISON_WORDS = {
  ">": "is above",
  ">=": "is at or above",
  "<": "is below",
  "<=": "is at or below",
};

function breachText({ breaches, tests }: TriggerTerms): string {
  if (tests === 1) return "one failed test is a breach";
  if (breaches === tests) return `${tests} failed tests in a row are a breach`;
  return `${breaches} failed tests of the last ${tests} are a breach`;
}

function cureText(terms: DealTerms, { cure, cureNotice }: TriggerTerms): string {
  if (cure === CURE_BY_NOTICE) {
    return `cured by the notice ${terms.notices[cureNotice ?? 0]?.name ?? ""}`;
  }
  if (cure === 0) return "never cured";
  return cure === 1 ? "cured by one passed test" : `cured by ${cure} passed tests in a row`;
}

/** A trigger in one line, with its clause. */
export function triggerLine(terms: DealTerms, trigger: TriggerTerms): string {
  const threshold = say(terms, trigger.threshold);
  return (
    `  ${trigger.name}  the test fails when ${testedText(terms, trigger)} ` +
    `${COMPARISON_WORDS[trigger.comparison]} ${threshold}; ${breachText(trigger)}; ` +
    `${cureText(terms, trigger)}; tested ${MOMENT_WORDS[trigger.at]}. [${trigger.clause}]`
  );
}
