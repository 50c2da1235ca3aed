/** Programs, state and calendar as the records of format 2. */
import type * as shape from "./deal-terms.ts";
import * as format from "./terms-format.ts";
import { codeOf, encodeRecord } from "./terms-records.ts";
import type { RecordField, TermsWriter } from "./terms-records.ts";

function stepFlags(step: shape.StepTerms): number {
  return (
    (step.toPayee ? format.STEP_TO_PAYEE : 0) |
    (step.capEach ? format.STEP_CAP_EACH : 0) |
    (step.part === "deferred" ? format.STEP_OF_DEFERRED : 0) |
    (step.part === "carryOver" ? format.STEP_OF_CARRY_OVER : 0)
  );
}

export function encodeStep({ names, pool }: TermsWriter, step: shape.StepTerms): Uint8Array {
  const nibbles = step.list.reduce((word, id, i) => word | (BigInt(id) << BigInt(60 - 4 * i)), 0n);
  return encodeRecord(format.STEP_SIZE, [
    [0, 1, codeOf(format.OPERATIONS, step.operation)],
    [1, 1, format.MODES.indexOf(step.mode)],
    [2, 1, step.source],
    [3, 1, step.destination],
    [4, 1, step.list.length],
    [5, 8, nibbles],
    [13, 2, pool.pointerTo(step.amount)],
    [15, 2, pool.pointerTo(step.weights)],
    [17, 2, pool.pointerTo(step.cap)],
    [19, 2, step.label === null ? format.NO_POINTER : names.idOf(step.label)],
    [21, 2, names.idOf(step.clause)],
    [23, 2, step.jump],
    [25, 2, stepFlags(step)],
  ]);
}

export function encodePhase({ names }: TermsWriter, phase: shape.PhaseTerms): Uint8Array {
  return encodeRecord(format.PHASE_SIZE, [
    [0, 2, phase.firstStep],
    [2, 2, phase.stepCount],
    [4, 2, names.idOf(phase.name)],
  ]);
}

export function encodeTransition(
  { names, pool }: TermsWriter,
  transition: shape.TransitionTerms,
): Uint8Array {
  return encodeRecord(format.TRANSITION_SIZE, [
    [0, 1, transition.from ?? format.NO_INDEX],
    [1, 1, transition.to],
    [2, 2, pool.pointerTo(transition.when)],
    [4, 2, names.idOf(transition.clause)],
    [6, 1, format.MOMENTS.indexOf(transition.at)],
  ]);
}

export function encodeLedger({ names }: TermsWriter, ledger: shape.LedgerTerms): Uint8Array {
  return encodeRecord(format.LEDGER_SIZE, [[0, 2, names.idOf(ledger.name)]]);
}

export function encodeVariable({ names }: TermsWriter, variable: shape.VariableTerms): Uint8Array {
  return encodeRecord(format.VARIABLE_SIZE, [
    [0, 8, variable.initial, "signed"],
    [8, 2, names.idOf(`k.${variable.name}`)],
  ]);
}

export function encodeSeries({ names, pool }: TermsWriter, series: shape.SeriesTerms): Uint8Array {
  return encodeRecord(format.SERIES_SIZE, [
    [0, 2, pool.pointerTo(series.value)],
    [2, 1, series.depth],
    [3, 1, format.MOMENTS.indexOf(series.at)],
    [4, 1, series.firstLane],
    [6, 2, names.idOf(series.name)],
  ]);
}

export function encodeTrigger(
  { names, pool }: TermsWriter,
  trigger: shape.TriggerTerms,
): Uint8Array {
  return encodeRecord(format.TRIGGER_SIZE, [
    [0, 1, format.MOMENTS.indexOf(trigger.at)],
    [1, 1, trigger.breaches],
    [2, 1, trigger.tests],
    [3, 1, trigger.cure],
    [4, 1, trigger.cureNotice ?? format.NO_INDEX],
    [5, 1, codeOf(format.COMPARISONS, trigger.comparison)],
    [6, 1, trigger.lane],
    [8, 2, pool.pointerTo(trigger.numerator)],
    [10, 2, pool.pointerTo(trigger.denominator)],
    [12, 2, pool.pointerTo(trigger.threshold)],
    [14, 2, names.idOf(trigger.name)],
    [16, 2, names.idOf(trigger.clause)],
  ]);
}

export function encodeIndex({ names }: TermsWriter, index: shape.IndexTerms): Uint8Array {
  return encodeRecord(format.INDEX_SIZE, [
    [0, 2, names.idOf(index.name)],
    [2, 1, index.feedDecimals],
    [3, 1, codeOf(format.RATE_UNITS, index.unit)],
    [4, 4, index.maxAgeSeconds],
    [8, 8, index.initialRateWad, "signed"],
  ]);
}

export function encodeNotice({ names }: TermsWriter, notice: shape.NoticeTerms): Uint8Array {
  return encodeRecord(format.NOTICE_SIZE, [
    [0, 2, names.idOf(notice.name)],
    [2, 1, notice.payee ?? format.NO_INDEX],
    [3, 1, codeOf(format.NOTICE_KINDS, notice.kind)],
  ]);
}

/** The directory of the schedules, then their rows end to end. */
export function encodeSchedules(
  { names }: TermsWriter,
  schedules: readonly shape.ScheduleTerms[],
): Uint8Array[] {
  let offset = format.SCHEDULE_ENTRY_SIZE * schedules.length;
  const directory = schedules.map(({ name, rows }) => {
    const entry = encodeRecord(format.SCHEDULE_ENTRY_SIZE, [
      [0, 2, offset],
      [2, 2, rows.length],
      [4, 2, names.idOf(`k.${name}`)],
    ]);
    offset += format.SCHEDULE_ROW_SIZE * rows.length;
    return entry;
  });
  const rows = schedules.flatMap((schedule) =>
    schedule.rows.map(({ period, value, increment }) =>
      encodeRecord(format.SCHEDULE_ROW_SIZE, [
        [0, 2, period],
        [2, 8, value, "signed"],
        [10, 8, increment, "signed"],
      ]),
    ),
  );
  return [...directory, ...rows];
}

/** Bytes of a calendar row: a head, a numerator per basis, a fixing time per feed index. */
export function calendarRowSize(bases: number, indices: number): number {
  return format.CALENDAR_ROW_HEAD + 4 * bases + 5 * indices;
}

export function encodeCalendarRow(row: shape.CalendarRow): Uint8Array {
  const { numerators, fixingTimes } = row;
  const fixingsOffset = calendarRowSize(numerators.length, 0);
  return encodeRecord(calendarRowSize(numerators.length, fixingTimes.length), [
    [0, 5, row.determinationTime],
    [5, 5, row.recordTime],
    [10, 5, row.paymentTime],
    [15, 2, row.paymentDay],
    [17, 2, row.collectionMonth],
    [19, 1, row.calendarYear],
    [20, 1, row.closingYear],
    ...numerators.map((n, i): RecordField => [format.CALENDAR_ROW_HEAD + 4 * i, 4, n]),
    ...fixingTimes.map((time, i): RecordField => [fixingsOffset + 5 * i, 5, time]),
  ]);
}
