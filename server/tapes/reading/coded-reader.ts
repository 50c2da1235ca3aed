/** Cells whose values stand for others: codes to numbers, days, flags. */
import { noted, readAs, refused, UNREADABLE } from "./cell-reader.ts";
import type { CellReader } from "./cell-reader.ts";
import { isList, listedCodes } from "./listed-codes.ts";
import { WordTable } from "./word-table.ts";

type Codes = Readonly<Record<string, number | string | boolean>>;

/**
 * The value of a code, in the field's own units.
 * @param others how cells that are no code are read; null: they are unknown codes
 */
export function codedReader(codes: Codes, others: CellReader | null): CellReader {
  const words = Object.keys(codes);
  const table = new WordTable(words);
  const values = Float64Array.from(words, (word) => Number(codes[word]));
  return {
    read(bytes, start, end) {
      const found = table.find(bytes, start, end);
      if (found >= 0) return values[found] as number;
      return others === null ? UNREADABLE : others.read(bytes, start, end);
    },
    explain(text) {
      if (others !== null) return others.explain(text);
      return noted(Number.NaN, "code-unknown", `one of ${words.join(", ")}`);
    },
  };
}

/** A number times a factor (months late times 30), at most `most`. */
export function timesReader(
  reader: CellReader,
  { times, most }: { times: number; most: number },
): CellReader {
  return {
    read(bytes, start, end) {
      const value = reader.read(bytes, start, end) * times;
      return value > most || value < -most ? UNREADABLE : value;
    },
    explain(text) {
      const explained = reader.explain(text);
      if (explained.value === null) return explained;
      const value = Math.round(explained.value * times);
      return Math.abs(value) > most
        ? refused(text, "type", `at most ${most} when taken ${times} times`)
        : { ...explained, value };
    },
  };
}

const YES = ["true", "True", "TRUE", "Y", "y", "Yes", "YES", "yes", "1"];
const NO = ["false", "False", "FALSE", "N", "n", "No", "NO", "no", "0"];
const FLAGS = new WordTable([...YES, ...NO]);

/** 1 or 0. Of codes that are all true any other value says false, but a list that has one of them. */
export function flagReader(codes: Codes | undefined): CellReader {
  if (codes !== undefined) {
    const onlyYes = Object.values(codes).every((value) => value === true);
    return codedReader(codes, onlyYes ? listReader(Object.keys(codes)) : null);
  }
  return {
    read(bytes, start, end) {
      const found = FLAGS.find(bytes, start, end);
      return found < 0 ? UNREADABLE : Number(found < YES.length);
    },
    explain: (text) => refused(text, "type", "true or false"),
  };
}

function listReader(yes: readonly string[]): CellReader {
  const holds = (text: string): number =>
    Number(listedCodes(text).some((code) => yes.includes(code)));
  return {
    read: (bytes, start, end) =>
      isList(bytes, start, end) ? holds(bytes.toString("utf8", start, end)) : 0,
    explain: (text) => readAs(holds(text)),
  };
}
