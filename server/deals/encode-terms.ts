import { putInt, putUint } from "../lib/big-endian.ts";
import type { CalendarRow, ClassTerms, DealTerms, Expression, FeeTerms } from "./deal-terms.ts";
import type { StepTerms } from "./deal-terms.ts";
import * as format from "./terms-format.ts";

/** Interns names in order of first use; what must stand at a known place is appended. */
interface NameTable {
  names: string[];
  append(name: string): number;
  idOf(name: string): number;
}

function createNameTable(): NameTable {
  const names: string[] = [];
  const ids = new Map<string, number>();
  const append = (name: string): number => {
    const id = names.push(name) - 1;
    if (!ids.has(name)) ids.set(name, id);
    return id;
  };
  return { names, append, idOf: (name) => ids.get(name) ?? append(name) };
}

/** Expressions laid end to end; equal ones share their bytes. */
interface ExpressionPool {
  chunks: Uint8Array[];
  pointerTo(expression: Expression | null): number;
}

function createExpressionPool(): ExpressionPool {
  const chunks: Uint8Array[] = [];
  const pointers = new Map<string, number>();
  let size = 0;
  const pointerTo = (expression: Expression | null): number => {
    if (expression === null) return format.NO_POINTER;
    const key = expression.map((token) => `${token.code}:${token.operand}`).join(" ");
    const known = pointers.get(key);
    if (known !== undefined) return known;
    const chunk = new Uint8Array((expression.length + 1) * format.TOKEN_SIZE);
    expression.forEach((token, i) => {
      putUint(chunk, { offset: i * format.TOKEN_SIZE, size: 1 }, token.code);
      putUint(chunk, { offset: i * format.TOKEN_SIZE + 1, size: 2 }, token.operand);
    });
    const pointer = size;
    pointers.set(key, pointer);
    chunks.push(chunk);
    size += chunk.length;
    return pointer;
  };
  return { chunks, pointerTo };
}

type Field = [offset: number, size: number, value: bigint | number];

function record(size: number, fields: readonly Field[]): Uint8Array {
  const bytes = new Uint8Array(size);
  for (const [offset, length, value] of fields) putUint(bytes, { offset, size: length }, value);
  return bytes;
}

/** 1-based code of a word in its list. */
function codeOf<T>(list: readonly T[], word: T): number {
  return list.indexOf(word) + 1;
}

function encodeClass(terms: ClassTerms, names: NameTable): Uint8Array {
  return record(format.CLASS_SIZE, [
    [0, 8, terms.faceCents],
    [8, 8, terms.couponWad],
    [16, 1, terms.basis],
    [17, 1, codeOf(format.ROUNDINGS, terms.rounding)],
    [18, 1, terms.interestOnShortfall ? 1 : 0],
    ...terms.componentOrder.map((component, i): Field => [
      19 + i,
      1,
      codeOf(format.COMPONENTS, component),
    ]),
    [25, 2, terms.finalDay],
    [27, 2, names.append(terms.name)],
    [29, 1, codeOf(format.SENIORITIES, terms.seniority)],
  ]);
}

function encodeFee(fee: FeeTerms, names: NameTable): Uint8Array {
  return record(format.FEE_SIZE, [
    [0, 1, codeOf(format.FEE_KINDS, fee.kind)],
    [1, 1, fee.basis],
    [2, 1, codeOf(format.ROUNDINGS, fee.rounding)],
    [3, 1, fee.payee],
    [4, 8, fee.amount],
    [12, 1, fee.baseFigure],
    [13, 1, fee.cap ?? format.NO_INDEX],
    [14, 2, names.idOf(fee.name)],
  ]);
}

function encodeFigure(figure: DealTerms["figures"][number], names: NameTable): Uint8Array {
  const bytes = record(format.FIGURE_SIZE, [[16, 2, names.idOf(figure.name)]]);
  putInt(bytes, { offset: 0, size: 8 }, figure.minimum);
  putInt(bytes, { offset: 8, size: 8 }, figure.maximum);
  return bytes;
}

function encodeConstant(value: bigint): Uint8Array {
  const bytes = new Uint8Array(format.CONSTANT_SIZE);
  putInt(bytes, { offset: 0, size: format.CONSTANT_SIZE }, value);
  return bytes;
}

function encodeStep(step: StepTerms, names: NameTable, pool: ExpressionPool): Uint8Array {
  const nibbles = step.list.reduce((word, id, i) => word | (BigInt(id) << BigInt(60 - 4 * i)), 0n);
  return record(format.STEP_SIZE, [
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
    [25, 2, step.toPayee ? format.STEP_TO_PAYEE : 0],
  ]);
}

function encodeCalendarRow(row: CalendarRow): Uint8Array {
  return record(format.CALENDAR_ROW_HEAD + 4 * row.numerators.length, [
    [0, 5, row.determinationTime],
    [5, 5, row.recordTime],
    [10, 5, row.paymentTime],
    [15, 2, row.paymentDay],
    [17, 2, row.collectionMonth],
    [19, 1, row.calendarYear],
    [20, 1, row.closingYear],
    ...row.numerators.map((n, i): Field => [format.CALENDAR_ROW_HEAD + 4 * i, 4, n]),
  ]);
}

function encodeNames(names: readonly string[]): Uint8Array[] {
  const encoded = names.map((name) => new TextEncoder().encode(name));
  return [
    record(2, [[0, 2, names.length]]),
    ...encoded.flatMap((text) => [record(1, [[0, 1, text.length]]), text]),
  ];
}

type Section = Uint8Array[];

/** The sections after the header, in their pinned order; `sections[i]` has its offset in the header. */
function encodeSections(terms: DealTerms): Section[] {
  const names = createNameTable();
  const pool = createExpressionPool();
  for (const payee of terms.payees) names.append(payee);
  names.append(terms.dealId);
  for (const name of terms.constantNames) names.append(`k.${name}`);
  const classes = terms.classes.map((entry) => encodeClass(entry, names));
  const fees = terms.fees.map((fee) => encodeFee(fee, names));
  const caps = terms.caps.map((cap) =>
    record(format.CAP_SIZE, [
      [0, 8, cap.cents],
      [8, 1, codeOf(format.CAP_YEARS, cap.year)],
      [9, 2, names.idOf(cap.name)],
    ]),
  );
  const accounts = terms.accounts.map((account) =>
    record(format.ACCOUNT_SIZE, [
      [0, 1, account.retained ? format.ACCOUNT_RETAINED : 0],
      [1, 8, account.initialDepositCents],
      [9, 2, names.idOf(account.name)],
    ]),
  );
  const figures = terms.figures.map((figure) => encodeFigure(figure, names));
  const bases = terms.bases.map((denominator) => record(format.BASIS_SIZE, [[0, 4, denominator]]));
  const phases = terms.phases.map((phase) =>
    record(format.PHASE_SIZE, [
      [0, 2, phase.firstStep],
      [2, 2, phase.stepCount],
      [4, 2, names.idOf(phase.name)],
    ]),
  );
  const steps = terms.steps.map((step) => encodeStep(step, names, pool));
  const transitions = terms.transitions.map((transition) =>
    record(format.TRANSITION_SIZE, [
      [0, 1, transition.from],
      [1, 1, transition.to],
      [2, 2, pool.pointerTo(transition.when)],
      [4, 2, names.idOf(transition.clause)],
    ]),
  );
  const constants = terms.constants.map(encodeConstant);
  const calendar = terms.calendar.map(encodeCalendarRow);
  return [
    classes,
    fees,
    caps,
    accounts,
    figures,
    constants,
    bases,
    phases,
    transitions,
    steps,
    pool.chunks,
    calendar,
    encodeNames(names.names),
  ];
}

function encodeHeader(terms: DealTerms, offsets: readonly number[], length: number): Uint8Array {
  const offsetFields = offsets.map((offset, i): Field => [18 + 2 * i, 2, offset]);
  return record(format.HEADER_SIZE, [
    [0, 1, format.TERMS_FORMAT],
    [1, 1, terms.classes.length],
    [2, 1, terms.accounts.length],
    [3, 1, terms.fees.length],
    [4, 1, terms.payees.length],
    [5, 1, terms.caps.length],
    [6, 1, terms.figures.length],
    [7, 1, terms.constants.length],
    [8, 1, terms.phases.length],
    [9, 1, terms.transitions.length],
    [10, 1, terms.bases.length],
    [11, 1, terms.collectionAccount],
    [12, 1, terms.reserveAccount ?? format.NO_INDEX],
    [13, 1, terms.cashDecimals],
    [14, 1, codeOf(format.SPLIT_ROUNDINGS, terms.splitRounding)],
    [15, 1, format.CALENDAR_ROW_HEAD + 4 * terms.bases.length],
    [16, 2, terms.calendar.length],
    ...offsetFields,
    [44, 2, length],
    [46, 5, terms.closingTime],
    [51, 2, terms.holderCapBps ?? format.NO_POINTER],
    [53, 4, terms.graceSeconds],
    [64, 8, terms.cutOffBalanceCents],
    [72, 4, terms.cutOffLoans],
  ]);
}

/**
 * The terms as the bytes that go on chain (format 1). Deterministic: equal terms give equal bytes.
 * @throws RangeError when a value does not fit its field; checked deals always fit.
 */
export function encodeTerms(terms: DealTerms): Uint8Array {
  const sections = encodeSections(terms);
  let length = format.HEADER_SIZE;
  const offsets = sections.map((section) => {
    const offset = length;
    length += section.reduce((size, chunk) => size + chunk.length, 0);
    return offset;
  });
  const bytes = new Uint8Array(length);
  bytes.set(encodeHeader(terms, offsets, length), 0);
  let at = format.HEADER_SIZE;
  for (const chunk of sections.flat()) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
