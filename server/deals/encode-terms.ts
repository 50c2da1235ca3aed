import type { DealTerms } from "./deal-terms.ts";
import { NOTE_MARK } from "./deal-notes.ts";
import * as parties from "./encode-parties.ts";
import * as program from "./encode-program.ts";
import { laneLayoutOf } from "./lane-layout.ts";
import * as format from "./terms-format.ts";
import { codeOf, createExpressionPool, createNameTable, encodeRecord } from "./terms-records.ts";
import type { RecordField, TermsWriter } from "./terms-records.ts";

function encodeNames(names: readonly string[]): Uint8Array[] {
  const encoded = names.map((name) => new TextEncoder().encode(name));
  return [
    encodeRecord(2, [[0, 2, names.length]]),
    ...encoded.flatMap((text) => [encodeRecord(1, [[0, 1, text.length]]), text]),
  ];
}

/** A section and where the header says it begins. */
interface Section {
  headerField: number;
  chunks: Uint8Array[];
}

/** The sections after the header, in their pinned order. */
function encodeSections(terms: DealTerms): Section[] {
  const writer: TermsWriter = { names: createNameTable(), pool: createExpressionPool() };
  const { names, pool } = writer;
  for (const payee of terms.payees) names.append(payee);
  names.append(terms.dealId);
  for (const name of terms.constantNames) names.append(`k.${name}`);
  for (const note of terms.notes) names.append(`${NOTE_MARK}${note}`);
  const section = <T>(
    headerField: number,
    entries: readonly T[],
    encode: (writer: TermsWriter, entry: T) => Uint8Array,
  ): Section => ({ headerField, chunks: entries.map((entry) => encode(writer, entry)) });
  const before = [
    section(18, terms.classes, parties.encodeClass),
    section(20, terms.fees, parties.encodeFee),
    section(22, terms.caps, parties.encodeCap),
    section(24, terms.accounts, parties.encodeAccount),
    section(26, terms.figures, parties.encodeFigure),
    section(28, terms.constants, (_, value) =>
      encodeRecord(format.CONSTANT_SIZE, [[0, format.CONSTANT_SIZE, value, "signed"]]),
    ),
    section(30, terms.bases, (_, denominator) =>
      encodeRecord(format.BASIS_SIZE, [[0, format.BASIS_SIZE, denominator]]),
    ),
    section(32, terms.phases, program.encodePhase),
    section(34, terms.transitions, program.encodeTransition),
    section(36, terms.steps, program.encodeStep),
  ];
  const behind = [
    section(76, terms.ledgers, program.encodeLedger),
    section(78, terms.variables, program.encodeVariable),
    section(80, terms.series, program.encodeSeries),
    section(82, terms.triggers, program.encodeTrigger),
    section(84, terms.indices, program.encodeIndex),
    section(86, terms.notices, program.encodeNotice),
    { headerField: 88, chunks: program.encodeSchedules(writer, terms.schedules) },
    section(40, terms.calendar, (_, row) => program.encodeCalendarRow(row)),
    { headerField: 92, chunks: parties.encodeReporting(terms.reporting) },
  ];
  // Names and expressions are complete only now that every other section is written.
  const expressions = { headerField: 38, chunks: pool.chunks };
  return [...before, expressions, ...behind, { headerField: 42, chunks: encodeNames(names.names) }];
}

function countFields(terms: DealTerms): RecordField[] {
  return [
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
    [16, 2, terms.calendar.length],
    [57, 1, terms.ledgers.length],
    [58, 1, terms.variables.length],
    [59, 1, terms.series.length],
    [60, 1, terms.triggers.length],
    [61, 1, terms.indices.length],
    [62, 1, terms.notices.length],
    [90, 1, terms.schedules.length],
    [91, 1, Math.ceil(laneLayoutOf(terms).count / 4)],
  ];
}

function encodeHeader(
  terms: DealTerms,
  offsets: readonly RecordField[],
  length: number,
): Uint8Array {
  return encodeRecord(format.HEADER_SIZE, [
    [0, 1, format.TERMS_FORMAT],
    ...countFields(terms),
    [11, 1, terms.collectionAccount],
    [12, 1, terms.reserveAccount ?? format.NO_INDEX],
    [13, 1, terms.cashDecimals],
    [14, 1, codeOf(format.SPLIT_ROUNDINGS, terms.splitRounding)],
    [15, 1, program.calendarRowSize(terms.bases.length, terms.indices.length)],
    ...offsets,
    [44, 2, length],
    [46, 5, terms.closingTime],
    [51, 2, terms.holderCapBps ?? format.NO_POINTER],
    [53, 4, terms.graceSeconds],
    [63, 1, terms.buys ? format.DEAL_BUYS : 0],
    [64, 8, terms.cutOffBalanceCents],
    [72, 4, terms.cutOffLoans],
  ]);
}

/**
 * The terms as the bytes that go on chain (format 2). Deterministic: equal terms give equal bytes.
 * @throws RangeError when a value does not fit its field; checked deals always fit.
 */
export function encodeTerms(terms: DealTerms): Uint8Array {
  const sections = encodeSections(terms);
  let length = format.HEADER_SIZE;
  const offsets = sections.map(({ headerField, chunks }): RecordField => {
    const offset = length;
    length += chunks.reduce((size, chunk) => size + chunk.length, 0);
    return [headerField, 2, offset];
  });
  const bytes = new Uint8Array(length);
  bytes.set(encodeHeader(terms, offsets, length), 0);
  let at = format.HEADER_SIZE;
  for (const chunk of sections.flatMap(({ chunks }) => chunks)) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
