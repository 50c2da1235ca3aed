import { takeInt, takeUint } from "../lib/big-endian.ts";
import type * as shape from "./deal-terms.ts";
import * as format from "./terms-format.ts";

/** Where the sections of one terms byte string lie, and its name table. */
interface TermsView {
  bytes: Uint8Array;
  names: readonly string[];
  counts: ReturnType<typeof readCounts>;
  offsets: ReturnType<typeof readOffsets>;
}

function byteAt(bytes: Uint8Array, offset: number): number {
  return Number(takeUint(bytes, offset, 1));
}

function shortAt(bytes: Uint8Array, offset: number): number {
  return Number(takeUint(bytes, offset, 2));
}

/** The word that a 1-based code stands for. @throws RangeError for a code outside the list. */
function wordOf<T>(list: readonly T[], code: number, what: string): T {
  const word = list[code - 1];
  if (word === undefined) throw new RangeError(`terms: ${code} is not a code of ${what}`);
  return word;
}

function readCounts(bytes: Uint8Array) {
  const [classes, accounts, fees, payees, caps, figures, constants] = [1, 2, 3, 4, 5, 6, 7].map(
    (offset) => byteAt(bytes, offset),
  ) as [number, number, number, number, number, number, number];
  const [phases, transitions, bases] = [8, 9, 10].map((offset) => byteAt(bytes, offset)) as [
    number,
    number,
    number,
  ];
  const periods = shortAt(bytes, 16);
  const basic = { classes, accounts, fees, payees, caps, figures, constants };
  return { ...basic, phases, transitions, bases, periods };
}

function readOffsets(bytes: Uint8Array) {
  const at = (i: number) => shortAt(bytes, 18 + 2 * i);
  const money = { classes: at(0), fees: at(1), caps: at(2), accounts: at(3), figures: at(4) };
  const program = { phases: at(7), transitions: at(8), steps: at(9), expressions: at(10) };
  return { ...money, constants: at(5), bases: at(6), ...program, calendar: at(11), names: at(12) };
}

function readNames(bytes: Uint8Array, offset: number): string[] {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let at = offset + 2;
  return Array.from({ length: shortAt(bytes, offset) }, () => {
    const length = byteAt(bytes, at);
    takeUint(bytes, at + 1, length); // past the end: throws
    const name = decoder.decode(bytes.subarray(at + 1, at + 1 + length));
    at += 1 + length;
    return name;
  });
}

function nameOf(view: TermsView, id: number): string {
  const name = view.names[id];
  if (name === undefined) throw new RangeError(`terms: there is no name ${id}`);
  return name;
}

function readTable<T>(
  count: number,
  place: { offset: number; size: number },
  read: (offset: number) => T,
): T[] {
  return Array.from({ length: count }, (_, i) => read(place.offset + i * place.size));
}

function readClass(view: TermsView, offset: number): shape.ClassTerms {
  const { bytes } = view;
  const order = Array.from({ length: 6 }, (_, i) => byteAt(bytes, offset + 19 + i));
  const length = order.includes(0) ? order.indexOf(0) : order.length;
  const componentOrder = order
    .slice(0, length)
    .map((code) => wordOf(format.COMPONENTS, code, "claim components"));
  if (new Set(componentOrder).size !== format.COMPONENTS.length || length !== 3) {
    throw new RangeError("terms: a component order must name each component once");
  }
  return {
    name: nameOf(view, shortAt(bytes, offset + 27)),
    seniority: wordOf(format.SENIORITIES, byteAt(bytes, offset + 29), "seniority"),
    faceCents: takeUint(bytes, offset, 8),
    couponWad: takeUint(bytes, offset + 8, 8),
    basis: byteAt(bytes, offset + 16),
    rounding: wordOf(format.ROUNDINGS, byteAt(bytes, offset + 17), "rounding"),
    interestOnShortfall: byteAt(bytes, offset + 18) === 1,
    componentOrder,
    finalDay: shortAt(bytes, offset + 25),
  };
}

function readFee(view: TermsView, offset: number): shape.FeeTerms {
  const { bytes } = view;
  const cap = byteAt(bytes, offset + 13);
  return {
    name: nameOf(view, shortAt(bytes, offset + 14)),
    kind: wordOf(format.FEE_KINDS, byteAt(bytes, offset), "fee kinds"),
    amount: takeUint(bytes, offset + 4, 8),
    basis: byteAt(bytes, offset + 1),
    rounding: wordOf(format.ROUNDINGS, byteAt(bytes, offset + 2), "rounding"),
    payee: byteAt(bytes, offset + 3),
    baseFigure: byteAt(bytes, offset + 12),
    cap: cap === format.NO_INDEX ? null : cap,
  };
}

function readExpression(view: TermsView, pointer: number): shape.Expression {
  const tokens: shape.ExpressionToken[] = [];
  for (let at = view.offsets.expressions + pointer; ; at += format.TOKEN_SIZE) {
    const code = byteAt(view.bytes, at);
    if (code === format.OPCODE.END) return tokens;
    if (code > format.OPCODE.SUMWRITTEN) throw new RangeError(`terms: ${code} is not an opcode`);
    tokens.push({ code, operand: shortAt(view.bytes, at + 1) });
  }
}

function readPointer(view: TermsView, offset: number): shape.Expression | null {
  const pointer = shortAt(view.bytes, offset);
  return pointer === format.NO_POINTER ? null : readExpression(view, pointer);
}

function readStep(view: TermsView, offset: number): shape.StepTerms {
  const { bytes } = view;
  const mode = format.MODES[byteAt(bytes, offset + 1)];
  if (mode === undefined) throw new RangeError("terms: unknown mode of a step");
  const nibbles = takeUint(bytes, offset + 5, 8);
  const label = shortAt(bytes, offset + 19);
  return {
    operation: wordOf(format.OPERATIONS, byteAt(bytes, offset), "operations"),
    mode,
    source: byteAt(bytes, offset + 2),
    destination: byteAt(bytes, offset + 3),
    toPayee: (shortAt(bytes, offset + 25) & format.STEP_TO_PAYEE) !== 0,
    list: Array.from({ length: byteAt(bytes, offset + 4) }, (_, i) =>
      Number((nibbles >> BigInt(60 - 4 * i)) & 0xfn),
    ),
    amount: readPointer(view, offset + 13),
    weights: readPointer(view, offset + 15),
    cap: readPointer(view, offset + 17),
    label: label === format.NO_POINTER ? null : nameOf(view, label),
    clause: nameOf(view, shortAt(bytes, offset + 21)),
    jump: shortAt(bytes, offset + 23),
  };
}

function readCalendarRow(view: TermsView, offset: number): shape.CalendarRow {
  const { bytes } = view;
  const time = (at: number) => Number(takeUint(bytes, offset + at, 5));
  return {
    determinationTime: time(0),
    recordTime: time(5),
    paymentTime: time(10),
    paymentDay: shortAt(bytes, offset + 15),
    collectionMonth: shortAt(bytes, offset + 17),
    calendarYear: byteAt(bytes, offset + 19),
    closingYear: byteAt(bytes, offset + 20),
    numerators: readTable(
      view.counts.bases,
      { offset: offset + format.CALENDAR_ROW_HEAD, size: 4 },
      (at) => Number(takeUint(bytes, at, 4)),
    ),
  };
}

function readParties(view: TermsView) {
  const { bytes, counts, offsets } = view;
  const classes = readTable(
    counts.classes,
    { offset: offsets.classes, size: format.CLASS_SIZE },
    (at) => readClass(view, at),
  );
  const fees = readTable(counts.fees, { offset: offsets.fees, size: format.FEE_SIZE }, (at) =>
    readFee(view, at),
  );
  const caps = readTable(counts.caps, { offset: offsets.caps, size: format.CAP_SIZE }, (at) => ({
    name: nameOf(view, shortAt(bytes, at + 9)),
    cents: takeUint(bytes, at, 8),
    year: wordOf(format.CAP_YEARS, byteAt(bytes, at + 8), "cap years"),
  }));
  const accounts = readTable(
    counts.accounts,
    { offset: offsets.accounts, size: format.ACCOUNT_SIZE },
    (at) => ({
      name: nameOf(view, shortAt(bytes, at + 9)),
      retained: (byteAt(bytes, at) & format.ACCOUNT_RETAINED) !== 0,
      initialDepositCents: takeUint(bytes, at + 1, 8),
    }),
  );
  const figures = readTable(
    counts.figures,
    { offset: offsets.figures, size: format.FIGURE_SIZE },
    (at) => ({
      name: nameOf(view, shortAt(bytes, at + 16)),
      minimum: takeInt(bytes, at, 8),
      maximum: takeInt(bytes, at + 8, 8),
    }),
  );
  return { classes, fees, caps, accounts, figures };
}

function readProgram(view: TermsView) {
  const { bytes, counts, offsets } = view;
  const phases = readTable(
    counts.phases,
    { offset: offsets.phases, size: format.PHASE_SIZE },
    (at) => ({
      name: nameOf(view, shortAt(bytes, at + 4)),
      firstStep: shortAt(bytes, at),
      stepCount: shortAt(bytes, at + 2),
    }),
  );
  const transitions = readTable(
    counts.transitions,
    { offset: offsets.transitions, size: format.TRANSITION_SIZE },
    (at) => ({
      from: byteAt(bytes, at),
      to: byteAt(bytes, at + 1),
      when: readExpression(view, shortAt(bytes, at + 2)),
      clause: nameOf(view, shortAt(bytes, at + 4)),
    }),
  );
  const stepCount = phases.reduce((sum, phase) => sum + phase.stepCount, 0);
  const steps = readTable(stepCount, { offset: offsets.steps, size: format.STEP_SIZE }, (at) =>
    readStep(view, at),
  );
  return { phases, transitions, steps };
}

/** The names "k.…" right after the deal's id name the first constants. */
function readConstantNames(view: TermsView): string[] {
  const after = view.names.slice(view.counts.payees + 1);
  const end = after.findIndex((name) => !name.startsWith("k."));
  return after.slice(0, end === -1 ? after.length : end).map((name) => name.slice(2));
}

function readHeader(view: TermsView) {
  const { bytes, names, counts } = view;
  const reserve = byteAt(bytes, 12);
  const holderCap = shortAt(bytes, 51);
  return {
    dealId: nameOf(view, counts.payees),
    payees: names.slice(0, counts.payees),
    constantNames: readConstantNames(view),
    collectionAccount: byteAt(bytes, 11),
    reserveAccount: reserve === format.NO_INDEX ? null : reserve,
    cashDecimals: byteAt(bytes, 13),
    splitRounding: wordOf(format.SPLIT_ROUNDINGS, byteAt(bytes, 14), "split rounding"),
    closingTime: Number(takeUint(bytes, 46, 5)),
    holderCapBps: holderCap === format.NO_POINTER ? null : holderCap,
    graceSeconds: Number(takeUint(bytes, 53, 4)),
    cutOffBalanceCents: takeUint(bytes, 64, 8),
    cutOffLoans: Number(takeUint(bytes, 72, 4)),
  };
}

/**
 * The terms that compiled bytes hold, names included, so that a replay needs the bytes alone.
 * @throws RangeError when the bytes are not terms of format 1 or are cut short.
 */
export function readTerms(bytes: Uint8Array): shape.DealTerms {
  const version = byteAt(bytes, 0);
  if (version !== format.TERMS_FORMAT) throw new RangeError(`terms: format ${version} is unknown`);
  const length = shortAt(bytes, 44);
  if (length !== bytes.length) {
    throw new RangeError(`terms: the header says ${length} bytes, there are ${bytes.length}`);
  }
  const counts = readCounts(bytes);
  const offsets = readOffsets(bytes);
  const view: TermsView = { bytes, counts, offsets, names: readNames(bytes, offsets.names) };
  const constants = readTable(
    counts.constants,
    { offset: offsets.constants, size: format.CONSTANT_SIZE },
    (at) => takeInt(bytes, at, format.CONSTANT_SIZE),
  );
  const bases = readTable(counts.bases, { offset: offsets.bases, size: format.BASIS_SIZE }, (at) =>
    Number(takeUint(bytes, at, 4)),
  );
  const calendar = readTable(
    counts.periods,
    { offset: offsets.calendar, size: format.CALENDAR_ROW_HEAD + 4 * counts.bases },
    (at) => readCalendarRow(view, at),
  );
  const program = readProgram(view);
  return { ...readHeader(view), ...readParties(view), ...program, constants, bases, calendar };
}
