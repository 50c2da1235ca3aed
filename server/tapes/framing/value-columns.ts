/** The values of one record of XML as bytes, and the columns that the elements met so far make. */
import { stopReading } from "../tape-record.ts";
import type { TapeRecord } from "../tape-record.ts";
import type { FrameSink } from "./framer.ts";

/** A record with more would only fill memory. */
const LONGEST_RECORD = 1_048_576;
const MOST_VALUES = 10_000;
const MOST_COLUMNS = 4_096;

const SEPARATOR = "; ";

/** Where a value was met, for findings. */
export interface Place {
  line: number;
  column: number;
}

/** An element by its place below the record; made when it is first met. */
export class ElementNode {
  /** Name of its column. */
  readonly path: string;
  /** -1 until it has a value. */
  column = -1;
  /** Several values in a record are joined. */
  readonly joins: boolean;
  /** What the names of its children begin with. */
  readonly #prefix: string;
  readonly #children = new Map<string, ElementNode>();

  constructor(path: string, { joins, prefix }: { joins: boolean; prefix: string }) {
    this.path = path;
    this.joins = joins;
    this.#prefix = prefix;
  }

  child(name: string): ElementNode | undefined {
    return this.#children.get(name);
  }

  addChild(name: string, joins: boolean): ElementNode {
    const path = `${this.#prefix}${name}`;
    const node = new ElementNode(path, { joins, prefix: `${path}/` });
    this.#children.set(name, node);
    return node;
  }
}

export class ValueColumns {
  readonly #sink: FrameSink;
  readonly #names: string[] = [];
  /** Columns that the sink does not know yet. */
  #hasNew = false;
  readonly #record: TapeRecord = {
    line: 0,
    bytes: Buffer.allocUnsafe(65_536),
    count: 0,
    start: new Int32Array(MOST_COLUMNS).fill(-1),
    end: new Int32Array(MOST_COLUMNS),
  };
  #length = 0;
  #values = 0;
  /** Further values of columns, joined when the record is complete: start and end of each. */
  readonly #further = new Map<number, number[]>();
  /** Values that stand beside the records and hold for those that follow. */
  readonly #beside = new Map<ElementNode, string>();
  #besideLength = 0;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  begin(place: Place): void {
    this.#record.line = place.line;
    this.#record.start.fill(-1, 0, this.#names.length);
    this.#length = 0;
    this.#values = 0;
    for (const [node, value] of this.#beside) this.keep(node, value, place);
  }

  keepBeside(node: ElementNode, value: string, place: Place): void {
    this.#besideLength += value.length - (this.#beside.get(node)?.length ?? 0);
    if (this.#besideLength > LONGEST_RECORD) this.#refuse(node, place, LONGEST_EXPECTED);
    this.#beside.set(node, value);
  }

  /** Keeps a value of the record; several of one element where that may be. */
  keep(node: ElementNode, value: string, place: Place): void {
    this.#values += 1;
    if (this.#values > MOST_VALUES) {
      this.#refuse(node, place, `at most ${MOST_VALUES} values in a record`);
    }
    if (node.column < 0) this.#addColumn(node, place);
    const { start, end } = this.#record;
    const { column } = node;
    const from = this.#length;
    if ((start[column] as number) < 0) {
      this.#write(node, value, place);
      start[column] = from;
      end[column] = this.#length;
    } else if (node.joins) {
      this.#write(node, value, place);
      const parts = this.#further.get(column) ?? [];
      parts.push(from, this.#length);
      this.#further.set(column, parts);
    } else {
      const expected = "one value in a record";
      const problem = { ...place, field: node.path, value, loanId: null, expected };
      this.#sink.problems.add({ ...problem, code: "repeated-element" });
    }
  }

  /** Hands the record on. */
  end(): void {
    const record = this.#record;
    if (this.#further.size > 0) this.#joinValues();
    record.count = this.#names.length;
    if (this.#hasNew) {
      this.#hasNew = false;
      this.#sink.onColumns([...this.#names]);
    }
    this.#sink.onRecord(record);
  }

  #addColumn(node: ElementNode, place: Place): void {
    if (this.#names.length === MOST_COLUMNS) {
      this.#refuse(node, place, `at most ${MOST_COLUMNS} different elements`);
    }
    node.column = this.#names.push(node.path) - 1;
    this.#hasNew = true;
  }

  #write(node: ElementNode, value: string, place: Place): void {
    let from = 0;
    let to = value.length;
    while (from < to && value.charCodeAt(from) <= 32) from += 1;
    while (to > from && value.charCodeAt(to - 1) <= 32) to -= 1;
    // A character of a string makes at most three bytes.
    this.#reserve((to - from) * 3, () => this.#refuse(node, place, LONGEST_EXPECTED));
    const { bytes } = this.#record;
    let at = this.#length;
    for (let i = from; i < to; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) {
        this.#length += bytes.write(value.slice(from, to), this.#length);
        return;
      }
      bytes[at++] = code;
    }
    this.#length = at;
  }

  #reserve(length: number, refuse: () => never): void {
    const { bytes } = this.#record;
    if (this.#length + length <= bytes.length) return;
    if (this.#length + length / 3 > LONGEST_RECORD) refuse();
    const grown = Buffer.allocUnsafe(2 * (this.#length + length));
    bytes.copy(grown, 0, 0, this.#length);
    this.#record.bytes = grown;
  }

  #joinValues(): void {
    const { start, end } = this.#record;
    for (const [column, parts] of this.#further) {
      const text = [start[column], end[column], ...parts];
      const values = [];
      for (let i = 0; i < text.length; i += 2) {
        values.push(this.#record.bytes.toString("utf8", text[i], text[i + 1]));
      }
      const joined = values.join(SEPARATOR);
      this.#reserve(joined.length * 3, () => {
        throw new RangeError("values of a record longer than the record");
      });
      start[column] = this.#length;
      this.#length += this.#record.bytes.write(joined, this.#length);
      end[column] = this.#length;
    }
    this.#further.clear();
  }

  #refuse({ path }: ElementNode, place: Place, expected: string): never {
    const what = { field: path, value: path, expected };
    return stopReading(this.#sink.problems, { ...place, ...what, code: "element-too-long" });
  }
}

const LONGEST_EXPECTED = `a record of at most ${LONGEST_RECORD} bytes`;
