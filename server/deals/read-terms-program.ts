import { takeInt, takeUint } from "../lib/big-endian.ts";
import type * as shape from "./deal-terms.ts";
import { calendarRowSize } from "./encode-program.ts";
import * as format from "./terms-format.ts";
import {
  byteAt,
  constantNameAt,
  expressionAt,
  indexAt,
  nameAt,
  nameOf,
  optionalExpressionAt,
  readTable,
  sectionReader,
  shortAt,
  wordOf,
} from "./terms-view.ts";
import type { TermsView } from "./terms-view.ts";

function partOf(flags: number): shape.StepTerms["part"] {
  if ((flags & format.STEP_OF_DEFERRED) !== 0) return "deferred";
  return (flags & format.STEP_OF_CARRY_OVER) !== 0 ? "carryOver" : null;
}

function readStep(view: TermsView, offset: number): shape.StepTerms {
  const { bytes } = view;
  const nibbles = takeUint(bytes, offset + 5, 8);
  const label = shortAt(bytes, offset + 19);
  const flags = shortAt(bytes, offset + 25);
  return {
    operation: wordOf(format.OPERATIONS, byteAt(bytes, offset), "operations"),
    mode: wordOf(format.MODES, byteAt(bytes, offset + 1) + 1, "modes"),
    source: byteAt(bytes, offset + 2),
    destination: byteAt(bytes, offset + 3),
    toPayee: (flags & format.STEP_TO_PAYEE) !== 0,
    capEach: (flags & format.STEP_CAP_EACH) !== 0,
    part: partOf(flags),
    list: Array.from({ length: byteAt(bytes, offset + 4) }, (_, i) =>
      Number((nibbles >> BigInt(60 - 4 * i)) & 0xfn),
    ),
    amount: optionalExpressionAt(view, offset + 13),
    weights: optionalExpressionAt(view, offset + 15),
    cap: optionalExpressionAt(view, offset + 17),
    label: label === format.NO_POINTER ? null : nameOf(view, label),
    clause: nameAt(view, offset + 21),
    jump: shortAt(bytes, offset + 23),
  };
}

function readPhase(view: TermsView, offset: number): shape.PhaseTerms {
  return {
    name: nameAt(view, offset + 4),
    firstStep: shortAt(view.bytes, offset),
    stepCount: shortAt(view.bytes, offset + 2),
  };
}

/** A moment outside programs. @throws RangeError for any other code. */
function momentAt(bytes: Uint8Array, offset: number): shape.SeriesTerms["at"] {
  const moment = wordOf(format.MOMENTS, byteAt(bytes, offset) + 1, "moments");
  if (moment === "within") throw new RangeError("terms: only a trigger is tested within a program");
  return moment;
}

function readTransition(view: TermsView, offset: number): shape.TransitionTerms {
  return {
    from: indexAt(view.bytes, offset),
    to: byteAt(view.bytes, offset + 1),
    at: momentAt(view.bytes, offset + 6),
    when: expressionAt(view, offset + 2),
    clause: nameAt(view, offset + 4),
  };
}

function readSeries(view: TermsView, offset: number): shape.SeriesTerms {
  return {
    name: nameAt(view, offset + 6),
    value: expressionAt(view, offset),
    depth: byteAt(view.bytes, offset + 2),
    at: momentAt(view.bytes, offset + 3),
    firstLane: byteAt(view.bytes, offset + 4),
  };
}

function readSchedule(view: TermsView, offset: number): shape.ScheduleTerms {
  const { bytes } = view;
  const place = {
    offset: view.offsets.schedules + shortAt(bytes, offset),
    size: format.SCHEDULE_ROW_SIZE,
  };
  return {
    name: constantNameAt(view, offset + 4),
    rows: readTable(shortAt(bytes, offset + 2), place, (at) => ({
      period: shortAt(bytes, at),
      value: takeInt(bytes, at + 2, 8),
      increment: takeInt(bytes, at + 10, 8),
    })),
  };
}

function readVariable(view: TermsView, offset: number): shape.VariableTerms {
  return { name: constantNameAt(view, offset + 8), initial: takeInt(view.bytes, offset, 8) };
}

/** Phases, steps and what is kept between runs. */
export function readProgram(view: TermsView) {
  const { offsets } = view;
  const table = sectionReader(view);
  const phases = table("phases", format.PHASE_SIZE, readPhase);
  // Phases may share a program, so the steps end where the last of them does.
  const stepCount = Math.max(0, ...phases.map((phase) => phase.firstStep + phase.stepCount));
  const place = { offset: offsets.steps, size: format.STEP_SIZE };
  return {
    phases,
    transitions: table("transitions", format.TRANSITION_SIZE, readTransition),
    steps: readTable(stepCount, place, (at) => readStep(view, at)),
    ledgers: table("ledgers", format.LEDGER_SIZE, (_, at) => ({ name: nameAt(view, at) })),
    variables: table("variables", format.VARIABLE_SIZE, readVariable),
    series: table("series", format.SERIES_SIZE, readSeries),
    schedules: table("schedules", format.SCHEDULE_ENTRY_SIZE, readSchedule),
  };
}

function readCalendarRow(view: TermsView, offset: number): shape.CalendarRow {
  const { bytes, counts } = view;
  const time = (at: number) => Number(takeUint(bytes, at, 5));
  const numerators = { offset: offset + format.CALENDAR_ROW_HEAD, size: 4 };
  const fixings = { offset: offset + calendarRowSize(counts.bases, 0), size: 5 };
  return {
    determinationTime: time(offset),
    recordTime: time(offset + 5),
    paymentTime: time(offset + 10),
    paymentDay: shortAt(bytes, offset + 15),
    collectionMonth: shortAt(bytes, offset + 17),
    calendarYear: byteAt(bytes, offset + 19),
    closingYear: byteAt(bytes, offset + 20),
    numerators: readTable(counts.bases, numerators, (at) => Number(takeUint(bytes, at, 4))),
    fixingTimes: readTable(counts.indices, fixings, time),
  };
}

/** Every period's row. */
export function readCalendar(view: TermsView): shape.CalendarRow[] {
  const { counts, offsets } = view;
  const place = { offset: offsets.calendar, size: calendarRowSize(counts.bases, counts.indices) };
  return readTable(counts.periods, place, (at) => readCalendarRow(view, at));
}
