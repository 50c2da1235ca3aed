/** What the writers of the compiled terms share: fixed-size records, the name table, expressions. */
import { putInt, putUint } from "../lib/big-endian.ts";
import type { Expression } from "./deal-terms.ts";
import { NO_POINTER, TOKEN_SIZE } from "./terms-format.ts";

/** An unsigned field of a record; `signed` makes it two's complement. */
export type RecordField = [
  offset: number,
  size: number,
  value: bigint | number,
  signedness?: "signed",
];

/** A record of `size` bytes, zero where no field stands. @throws RangeError when a value does not fit. */
export function encodeRecord(size: number, fields: readonly RecordField[]): Uint8Array {
  const bytes = new Uint8Array(size);
  for (const [offset, length, value, signedness] of fields) {
    if (signedness === "signed") putInt(bytes, { offset, size: length }, BigInt(value));
    else putUint(bytes, { offset, size: length }, value);
  }
  return bytes;
}

/** 1-based code of a word in its list. */
export function codeOf<T>(list: readonly T[], word: T): number {
  return list.indexOf(word) + 1;
}

/** Interns names in order of first use; what must stand at a known place is appended. */
export interface NameTable {
  names: string[];
  append(name: string): number;
  idOf(name: string): number;
}

export function createNameTable(): NameTable {
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
export interface ExpressionPool {
  chunks: Uint8Array[];
  /** Byte offset of the expression; NO_POINTER for none. */
  pointerTo(expression: Expression | null): number;
}

export function createExpressionPool(): ExpressionPool {
  const chunks: Uint8Array[] = [];
  const pointers = new Map<string, number>();
  let size = 0;
  const pointerTo = (expression: Expression | null): number => {
    if (expression === null) return NO_POINTER;
    const key = expression.map((token) => `${token.code}:${token.operand}`).join(" ");
    const known = pointers.get(key);
    if (known !== undefined) return known;
    const chunk = new Uint8Array((expression.length + 1) * TOKEN_SIZE);
    expression.forEach((token, i) => {
      putUint(chunk, { offset: i * TOKEN_SIZE, size: 1 }, token.code);
      putUint(chunk, { offset: i * TOKEN_SIZE + 1, size: 2 }, token.operand);
    });
    const pointer = size;
    pointers.set(key, pointer);
    chunks.push(chunk);
    size += chunk.length;
    return pointer;
  };
  return { chunks, pointerTo };
}

/** What a writer of records needs beside the record itself. */
export interface TermsWriter {
  names: NameTable;
  pool: ExpressionPool;
}
