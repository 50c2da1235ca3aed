/** What the readers of the compiled terms share: where sections lie, names, expressions. */
import { takeUint } from "../lib/big-endian.ts";
import type { Expression, ExpressionToken } from "./deal-terms.ts";
import * as format from "./terms-format.ts";

/** One terms byte string, where its sections lie, and its name table. */
export interface TermsView {
  bytes: Uint8Array;
  names: readonly string[];
  counts: ReturnType<typeof readCounts>;
  offsets: ReturnType<typeof readOffsets>;
}

export function byteAt(bytes: Uint8Array, offset: number): number {
  return Number(takeUint(bytes, offset, 1));
}

export function shortAt(bytes: Uint8Array, offset: number): number {
  return Number(takeUint(bytes, offset, 2));
}

/** A one-byte position; null where none stands. */
export function indexAt(bytes: Uint8Array, offset: number): number | null {
  const index = byteAt(bytes, offset);
  return index === format.NO_INDEX ? null : index;
}

/** The word that a 1-based code stands for. @throws RangeError for a code outside the list. */
export function wordOf<T>(list: readonly T[], code: number, what: string): T {
  const word = list[code - 1];
  if (word === undefined) throw new RangeError(`terms: ${code} is not a code of ${what}`);
  return word;
}

function readCounts(bytes: Uint8Array) {
  const at = (offset: number) => byteAt(bytes, offset);
  return {
    classes: at(1),
    accounts: at(2),
    fees: at(3),
    payees: at(4),
    caps: at(5),
    figures: at(6),
    constants: at(7),
    phases: at(8),
    transitions: at(9),
    bases: at(10),
    periods: shortAt(bytes, 16),
    ledgers: at(57),
    variables: at(58),
    series: at(59),
    triggers: at(60),
    indices: at(61),
    notices: at(62),
    schedules: at(90),
  };
}

function readOffsets(bytes: Uint8Array) {
  const at = (offset: number) => shortAt(bytes, offset);
  return {
    classes: at(18),
    fees: at(20),
    caps: at(22),
    accounts: at(24),
    figures: at(26),
    constants: at(28),
    bases: at(30),
    phases: at(32),
    transitions: at(34),
    steps: at(36),
    expressions: at(38),
    calendar: at(40),
    names: at(42),
    ledgers: at(76),
    variables: at(78),
    series: at(80),
    triggers: at(82),
    indices: at(84),
    notices: at(86),
    schedules: at(88),
    reporting: at(92),
  };
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

export function openTerms(bytes: Uint8Array): TermsView {
  const offsets = readOffsets(bytes);
  return { bytes, offsets, counts: readCounts(bytes), names: readNames(bytes, offsets.names) };
}

export function nameOf(view: TermsView, id: number): string {
  const name = view.names[id];
  if (name === undefined) throw new RangeError(`terms: there is no name ${id}`);
  return name;
}

/** The name whose id stands at an offset. */
export function nameAt(view: TermsView, offset: number): string {
  return nameOf(view, shortAt(view.bytes, offset));
}

/** A name `k.x` of the program notation as x. */
export function constantNameAt(view: TermsView, offset: number): string {
  return nameAt(view, offset).replace(/^k\./, "");
}

/** `count` records of `size` bytes, from `offset` on. */
export function readTable<T>(
  count: number,
  place: { offset: number; size: number },
  read: (offset: number) => T,
): T[] {
  return Array.from({ length: count }, (_, i) => read(place.offset + i * place.size));
}

/** Reads whole sections of the terms, each by its name in the header. */
export function sectionReader(view: TermsView) {
  const { counts, offsets } = view;
  return <T>(
    section: keyof typeof counts & keyof typeof offsets,
    size: number,
    read: (view: TermsView, offset: number) => T,
  ): T[] => readTable(counts[section], { offset: offsets[section], size }, (at) => read(view, at));
}

const HIGHEST_OPCODE = Math.max(...Object.values(format.OPCODE));

/** The expression whose pointer stands at an offset. */
export function expressionAt(view: TermsView, offset: number): Expression {
  const tokens: ExpressionToken[] = [];
  const start = view.offsets.expressions + shortAt(view.bytes, offset);
  for (let at = start; ; at += format.TOKEN_SIZE) {
    const code = byteAt(view.bytes, at);
    if (code === format.OPCODE.END) return tokens;
    if (code > HIGHEST_OPCODE) throw new RangeError(`terms: ${code} is not an opcode`);
    tokens.push({ code, operand: shortAt(view.bytes, at + 1) });
  }
}

/** As expressionAt; null where there is no pointer. */
export function optionalExpressionAt(view: TermsView, offset: number): Expression | null {
  return shortAt(view.bytes, offset) === format.NO_POINTER ? null : expressionAt(view, offset);
}
