/** What earlier periods left behind: recorded series and variables that steps have set. */
import { OPCODE, FLAG } from "../deals/terms-format.ts";
import { derivationOf } from "./explain-claims.ts";
import { explainExpression } from "./explain-expression.ts";
import { amountOf, say, sayList, saySum } from "./explain-node.ts";
import type { Amount } from "./explain-node.ts";
import {
  AFTER_STEPS,
  BEFORE_STEPS,
  monthOfPeriod,
  nameStep,
  recordOf,
  stepTermsOf,
} from "./explain-story.ts";
import type { Reader, RunStory } from "./explain-story.ts";
import { unitOfSeries, unitOfToken } from "./explain-units.ts";
import type { Reading } from "./run-memory.ts";

/** Whether a reader comes after the series was recorded in this run. */
function isRecorded({ terms }: RunStory, index: number, reader: Reader): boolean {
  const at = terms.series[index]?.at === "before" ? BEFORE_STEPS : AFTER_STEPS;
  if (reader.at !== at) return reader.at > at;
  return reader.by !== "series" || reader.index > index;
}

/** The value that a series records in this run. */
export function recordedNow(story: RunStory, index: number): Amount {
  const series = story.terms.series[index];
  const name = series?.name ?? `${index}`;
  const derived = derivationOf(story, "series", index);
  const at = series?.at === "before" ? BEFORE_STEPS : AFTER_STEPS;
  const reader = { at, by: "series", index } as const;
  return amountOf({
    key: `series.${index}.now`,
    name: `hist(${name}, 0)`,
    address: `series.${name}`,
    value: derived?.value ?? 0n,
    unit: unitOfSeries(story, index),
    words: `value of the series ${name} this period, recorded ${series?.at ?? "after"} the steps`,
    source: { kind: "series", words: `series ${name}` },
    formula: () => {
      const readings = derived?.readings ?? [];
      const tokens = series?.value ?? [];
      return explainExpression(story, { tokens, readings, position: -1, reader });
    },
  });
}

/** A value that a series keeps from an earlier period. */
function recordedBefore(story: RunStory, index: number, period: number): Amount {
  const series = story.terms.series[index];
  const name = series?.name ?? `${index}`;
  const month = monthOfPeriod(story, period);
  const depth = series?.depth ?? 1;
  return amountOf({
    key: `series.${index}.${period}`,
    name: `hist(${name}, ${story.input.period - period})`,
    value: story.input.state.series[index]?.[period % depth] ?? 0n,
    unit: unitOfSeries(story, index),
    words: `value of the series ${name} in period ${period} (${month})`,
    source: {
      kind: "earlier period",
      words: `recorded in period ${period} (${month})`,
      period: month,
      amount: `series.${name}`,
    },
  });
}

/** The last values that a reader finds, newest first, at most `count`. */
function keptValues(story: RunStory, index: number, count: number, reader: Reader): Amount[] {
  const { period, state } = story.input;
  const now = isRecorded(story, index, reader);
  const newest = now ? period : state.lastPeriod;
  const kept = Math.min(count, story.terms.series[index]?.depth ?? 0, newest);
  return Array.from({ length: kept }, (_, i) =>
    now && i === 0 ? recordedNow(story, index) : recordedBefore(story, index, newest - i),
  );
}

/** HIST, HISTSUM, HISTMAX, HISTCOUNT: `operand` holds the series and how far back. */
export function historyOf(story: RunStory, reading: Reading, reader: Reader): Amount {
  const [index, far] = [reading.operand >> 8, reading.operand & 0xff];
  const { code, value } = reading;
  const series = story.terms.series[index]?.name ?? `${index}`;
  const isNow = isRecorded(story, index, reader);
  if (code === OPCODE.HIST) {
    const period = story.input.period - far;
    if (far === 0 && isNow) return recordedNow(story, index);
    const newest = isNow ? story.input.period : story.input.state.lastPeriod;
    const depth = story.terms.series[index]?.depth ?? 0;
    if (period >= 1 && period <= newest && period > newest - depth) {
      return recordedBefore(story, index, period);
    }
  }
  const forms = new Map<number, string>([
    [OPCODE.HIST, "hist"],
    [OPCODE.HISTSUM, "histSum"],
    [OPCODE.HISTMAX, "histMax"],
    [OPCODE.HISTCOUNT, "histCount"],
  ]);
  const values = code === OPCODE.HIST ? [] : keptValues(story, index, far, reader);
  const name = `${forms.get(code) ?? "hist"}(${series}, ${far})`;
  const none = values.length === 0;
  return amountOf({
    key: `${name}@${isNow ? "now" : "before"}`,
    name,
    value,
    unit: code === OPCODE.HISTCOUNT ? "count" : unitOfSeries(story, index),
    words: none
      ? `nothing is recorded of the series ${series} so far back: 0`
      : `the last ${values.length} values of the series ${series}`,
    source: { kind: none ? "earlier period" : "series", words: `series ${series}` },
    formula: () => {
      if (none) return null;
      if (code === OPCODE.HISTSUM) return saySum(values);
      return code === OPCODE.HISTMAX
        ? say`largest${sayList(values)}`
        : say`count${sayList(values)}`;
    },
  });
}

/** A constant that steps may set, as a reader finds it. */
export function variableAt(
  story: RunStory,
  index: number,
  { reader, value }: { reader: Reader; value: bigint },
): Amount {
  const { terms, input, run } = story;
  const name = terms.variables[index]?.name ?? `${index}`;
  const lane = { code: OPCODE.SLANE, operand: laneOf(story, index) };
  const unit = unitOfToken(story, lane, -1);
  const address = reader.at === AFTER_STEPS ? `constants.${name}` : null;
  const step = run.records.findLastIndex(
    ({ operation, flags }, i) =>
      operation === "SET" &&
      i < reader.at &&
      (flags & FLAG.SKIPPED) === 0 &&
      stepTermsOf(story, i).mode === "VALUE" &&
      stepTermsOf(story, i).destination === index,
  );
  if (step === -1) {
    const before = input.state.lastPeriod;
    const period = monthOfPeriod(story, before);
    const source =
      before === 0
        ? ({ kind: "constant", words: `constants.${name}, its value at closing` } as const)
        : ({
            kind: "opening balance",
            words: `as period ${before} (${period}) left it`,
            period,
            amount: `constants.${name}`,
          } as const);
    const words = `constant k.${name}, which steps may set`;
    return amountOf({ key: `k.${index}`, name: `k.${name}`, address, value, unit, words, source });
  }
  const stepTerms = stepTermsOf(story, step);
  const position = story.firstStep + step;
  return amountOf({
    key: `k.${index}#${step}`,
    name: `k.${name}`,
    address,
    value,
    unit,
    words: `constant k.${name} as ${nameStep(story, step)} set it`,
    clause: stepTerms.clause,
    source: { kind: "step", words: nameStep(story, step) },
    formula: () =>
      explainExpression(story, {
        tokens: stepTerms.amount ?? [],
        readings: recordOf(story, step).readings,
        position,
        reader: { at: step, by: "step", index: step },
      }),
  });
}

function laneOf({ terms }: RunStory, variable: number): number {
  const { accounts, fees, caps, ledgers } = terms;
  return accounts.length + fees.length + caps.length + ledgers.length + variable;
}
