/**
 * XML with one element per record. Read by events; no document type and so no entity beyond the five of
 * XML itself.
 */
import { isAscii } from "node:buffer";
import { StringDecoder } from "node:string_decoder";
import { SaxesParser } from "saxes";
import type { SaxesTagNS } from "saxes";
import { stopReading } from "../tape-record.ts";
import type { ProblemCode } from "../checks/check-codes.ts";
import { TextCheck } from "./check-text.ts";
import type { TextFault } from "./check-text.ts";
import type { Framer, FrameSink, XmlFraming } from "./framer.ts";
import { ElementNode, ValueColumns } from "./value-columns.ts";

/** Text between two tags, or a prolog, longer than this is no tape: it would only fill memory. */
const LONGEST_TEXT = 1_048_576;

/** No tape nests deeper or has more kinds of elements; more would only fill memory. */
const DEEPEST = 64;
const MOST_NODES = 16_384;

export function openXmlFramer(framing: XmlFraming, sink: FrameSink): Framer {
  return new XmlFramer(framing, sink);
}

class XmlFramer implements Framer {
  readonly #framing: XmlFraming;
  readonly #sink: FrameSink;
  readonly #repeatable: ReadonlySet<string>;
  readonly #nested: ReadonlySet<string> | "*";
  readonly #attributes: ReadonlySet<string>;
  readonly #text = new TextCheck("utf-8");
  readonly #decoder = new StringDecoder("utf8");
  readonly #parser = new SaxesParser({ xmlns: true });
  readonly #columns: ValueColumns;
  /** Depth of the record's element; the root has 1. */
  readonly #recordDepth: number;
  /** The piece before had no character that could go on in the next one. */
  #isPlain = true;

  #depth = 0;
  /** How many of the open elements are those of the path; all of them: in a record. */
  #onPath = 0;
  readonly #recordNode = new ElementNode("", { joins: false, prefix: "" });
  /** What values beside the path stand below, by the number of its elements that are open. */
  readonly #besideNodes = new Map<number, ElementNode>();
  /** The open elements below the path's. */
  readonly #nodes: ElementNode[] = [];
  #knownNodes = 0;
  /** The last tag opened an element: text may be its value. */
  #isLeaf = false;
  #value = "";
  readonly #place = { line: 1, column: 1 };
  /** Characters since the last tag. */
  #quietLength = 0;

  constructor(framing: XmlFraming, sink: FrameSink) {
    this.#framing = framing;
    this.#sink = sink;
    this.#recordDepth = framing.path.length;
    this.#repeatable = new Set(framing.repeatable);
    this.#attributes = new Set(framing.attributes);
    this.#nested = framing.nested === "*" ? "*" : new Set(framing.nested);
    this.#columns = new ValueColumns(sink);
    this.#parser.on("doctype", () =>
      this.#stop("doctype", { field: "DOCTYPE", value: "DOCTYPE", expected: "no document type" }),
    );
    this.#parser.on("error", (error) => {
      const value = error.message.replace(/^\d+:\d+: /, "");
      this.#stop("malformed", { field: "", value, expected: "well-formed XML" });
    });
    this.#parser.on("opentag", (tag) => this.#open(tag));
    this.#parser.on("closetag", () => this.#close());
    this.#parser.on("text", (text) => this.#addText(text));
    this.#parser.on("cdata", (text) => this.#addText(text));
  }

  read(piece: Buffer): void {
    const text = this.#text.check(piece);
    if (Buffer.isBuffer(text)) this.#readText(this.#decode(text));
    else this.#refuseText(text, piece);
  }

  async *end(): AsyncGenerator<void> {
    const fault = this.#text.end();
    if (fault !== null) this.#refuseText(fault, Buffer.alloc(0));
    yield;
    this.#parser.close();
    if (!this.#text.hasMark) return;
    const what = { field: "", value: "a byte order mark", expected: "text alone", loanId: null };
    this.#sink.problems.add({ ...what, code: "byte-order-mark", line: 1, column: null });
  }

  async close(): Promise<void> {
    this.#quietLength = 0;
  }

  /** Plain bytes make strings of one byte a character, which the parser takes fastest. */
  #decode(piece: Buffer): string {
    const isPlain = isAscii(piece);
    const text = isPlain && this.#isPlain ? piece.toString("latin1") : this.#decoder.write(piece);
    this.#isPlain = isPlain;
    return text;
  }

  #readText(text: string): void {
    this.#quietLength += text.length;
    this.#parser.write(text);
    if (this.#quietLength <= LONGEST_TEXT) return;
    const expected = `at most ${LONGEST_TEXT} characters between two tags`;
    const code = this.#depth === 0 ? "doctype" : "element-too-long";
    this.#stop(code, { field: "", value: String(this.#quietLength), expected });
  }

  #open(tag: SaxesTagNS): void {
    this.#endText();
    this.#depth += 1;
    this.#isLeaf = true;
    this.#quietLength = 0;
    this.#place.line = this.#parser.line;
    this.#place.column = this.#parser.columnIndex + 1;
    if (this.#depth === this.#onPath + 1 && this.#onPath < this.#recordDepth) {
      if (this.#follow(tag)) return;
    }
    this.#openValue(tag);
  }

  /** Whether the element is the next one of the path. */
  #follow({ local, name, uri }: SaxesTagNS): boolean {
    const { path, namespace } = this.#framing;
    const expected = path[this.#onPath] ?? "";
    if (this.#depth === 1) {
      if (local !== expected) this.#stop("root-element", { field: name, value: name, expected });
      if (!uri.startsWith(namespace)) {
        this.#stop("namespace", { field: name, value: uri, expected: namespace });
      }
    } else if (local !== expected || !uri.startsWith(namespace)) {
      if (this.#recordDepth > 2) return false;
      this.#stop("unexpected-element", { field: name, value: name, expected });
    }
    this.#onPath += 1;
    if (this.#onPath === this.#recordDepth) this.#columns.begin(this.#place);
    return true;
  }

  #openValue({ local, name, attributes }: SaxesTagNS): void {
    const level = this.#depth - this.#onPath;
    const parent = level === 1 ? this.#topNode() : (this.#nodes[level - 2] as ElementNode);
    const node = parent.child(local) ?? this.#addNode(parent, local, name);
    this.#nodes[level - 1] = node;
    if (this.#attributes.size === 0) return;
    for (const attribute of Object.values(attributes)) {
      if (!this.#attributes.has(attribute.local)) continue;
      const child = `@${attribute.local}`;
      this.#keep(node.child(child) ?? node.addChild(child, true), attribute.value);
    }
  }

  /** What the topmost values at this place of the file stand below. */
  #topNode(): ElementNode {
    if (this.#onPath === this.#recordDepth) return this.#recordNode;
    const known = this.#besideNodes.get(this.#onPath);
    if (known !== undefined) return known;
    const prefix = "../".repeat(this.#recordDepth - this.#onPath);
    const node = new ElementNode(prefix, { joins: false, prefix });
    this.#besideNodes.set(this.#onPath, node);
    return node;
  }

  #addNode(parent: ElementNode, local: string, name: string): ElementNode {
    const level = this.#depth - this.#onPath;
    const isRecord = this.#onPath === this.#recordDepth;
    if (isRecord && level > 1 && this.#nested !== "*") {
      const isNested = level === 2 && this.#nested.has(parent.path);
      if (!isNested) {
        this.#stop("unexpected-element", { field: name, value: name, expected: "a value" });
      }
    }
    this.#knownNodes += 1;
    if (this.#knownNodes > MOST_NODES || level > DEEPEST) {
      const expected = `at most ${MOST_NODES} different elements, ${DEEPEST} deep`;
      this.#stop("element-too-long", { field: name, value: name, expected });
    }
    return parent.addChild(local, isRecord && (level > 1 || this.#repeatable.has(local)));
  }

  #close(): void {
    const level = this.#depth - this.#onPath;
    if (level > 0 && this.#isLeaf) {
      this.#keep(this.#nodes[level - 1] as ElementNode, this.#value);
      this.#value = "";
    } else this.#endText();
    this.#isLeaf = false;
    if (level === 0) {
      if (this.#onPath === this.#recordDepth) this.#columns.end();
      this.#onPath -= 1;
    }
    this.#depth -= 1;
    this.#quietLength = 0;
  }

  #keep(node: ElementNode, value: string): void {
    if (this.#onPath === this.#recordDepth) this.#columns.keep(node, value, this.#place);
    else this.#columns.keepBeside(node, value, this.#place);
  }

  #addText(text: string): void {
    this.#value = this.#value === "" ? text : this.#value + text;
  }

  /** Text that is no value: only blanks may stand there. */
  #endText(): void {
    if (this.#value === "") return;
    const value = this.#value.trim();
    this.#value = "";
    if (value !== "") this.#stop("malformed", { field: "", value, expected: "elements, not text" });
  }

  #refuseText({ at, value, expected }: TextFault, piece: Buffer): never {
    const ends = piece.toString("latin1", 0, Math.max(at, 0)).split(/\r\n|\r|\n/).length - 1;
    const place = { line: this.#parser.line + ends, column: null, field: "" };
    return stopReading(this.#sink.problems, { ...place, code: "encoding", value, expected });
  }

  #stop(code: ProblemCode, what: { field: string; value: string; expected: string }): never {
    const { line, columnIndex } = this.#parser;
    return stopReading(this.#sink.problems, { ...what, code, line, column: columnIndex + 1 });
  }
}
