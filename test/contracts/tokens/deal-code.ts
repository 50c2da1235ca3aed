import { concat, toBeHex, zeroPadValue } from "ethers";

/** The parts of the terms that token and registry read; everything else of the format stays zero. */
export interface CalendarTerms {
  /** Original face per class, in cents. */
  faces: bigint[];
  /** Record time of each period, unix seconds, strictly rising. */
  recordTimes: number[];
  closingTime: number;
  /** Holder cap in basis points of the deal's principal; 0xffff = none. */
  holderCapBps: number;
  cashDecimals: number;
}

const HEADER = 96;
const CLASS = 32;
const STRIDE = 28;

/** Deploy bytecode of a contract whose runtime code is `0x00 ‖ terms` (format 2 of the deal code). */
export function dealCodeInit(terms: CalendarTerms): string {
  const bytes = concat(["0x00", encodeTerms(terms)]);
  const length = (bytes.length - 2) / 2;
  // PUSH2 length, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN: returns what follows these ten bytes.
  return concat(["0x61", u(length, 2), "0x80600a5f395ff3", bytes]);
}

function encodeTerms(terms_: CalendarTerms): Uint8Array {
  const { faces, recordTimes, closingTime, holderCapBps, cashDecimals } = terms_;
  const calendarOff = HEADER + CLASS * faces.length;
  const namesOff = calendarOff + STRIDE * recordTimes.length;
  const terms = new Uint8Array(namesOff);
  const put = (offset: number, value: bigint | number, size: number) =>
    terms.set(bytesOf(value, size), offset);
  put(0, 2, 1);
  put(1, faces.length, 1);
  put(10, 1, 1);
  put(13, cashDecimals, 1);
  put(15, STRIDE, 1);
  put(16, recordTimes.length, 2);
  put(18, HEADER, 2);
  put(40, calendarOff, 2);
  put(42, namesOff, 2);
  put(44, namesOff, 2);
  put(46, closingTime, 5);
  put(51, holderCapBps, 2);
  faces.forEach((face, index) => put(HEADER + CLASS * index, face, 8));
  recordTimes.forEach((time, index) => put(calendarOff + STRIDE * index + 5, time, 5));
  return terms;
}

function bytesOf(value: bigint | number, size: number): Uint8Array {
  return Uint8Array.from(Buffer.from(u(value, size).slice(2), "hex"));
}

function u(value: bigint | number, size: number): string {
  return zeroPadValue(toBeHex(value), size);
}
