/** What is known of a file before its format is: its first bytes, or a workbook's first rows. */
import { isUtf8 } from "node:buffer";
import type { FileHead } from "../formats/tape-format.ts";
import { likeliestDelimiter } from "./guess-delimiter.ts";
import { splitHead } from "./split-head.ts";

export const HEAD_BYTES = 65_536;

/** Names are looked for by pattern, since the text may end anywhere. */
const PROLOG = /<\?[^]*?\?>|<!--[^]*?-->|<!DOCTYPE[^>]*>/g;
const OPEN_TAG = /<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)([^<>]*)/g;

/** @param bytes the first ones of the file, at most HEAD_BYTES are looked at */
export function readHead(bytes: Buffer): FileHead {
  const text = headText(bytes.subarray(0, HEAD_BYTES));
  if (/^\s*</.test(text)) {
    return { kind: "xml", text, xml: readNames(text), rows: [], delimiter: null };
  }
  const delimiter = likeliestDelimiter(text);
  return { kind: "text", text, xml: null, rows: splitHead(text, delimiter), delimiter };
}

export function readWorkbookHead(rows: readonly (readonly string[])[]): FileHead {
  const text = rows.map((row) => row.join("\t")).join("\n");
  const shortened = text.slice(0, HEAD_BYTES);
  return { kind: "workbook", text: shortened, xml: null, rows, delimiter: null };
}

/** Without a byte order mark; in Latin-1 what is no UTF-8, as the head is only looked at. */
function headText(bytes: Buffer): string {
  // The last character may be cut off.
  const isText = [0, 1, 2, 3].some((cut) => isUtf8(bytes.subarray(0, bytes.length - cut)));
  return bytes.toString(isText ? "utf8" : "latin1").replace(/^\ufeff|^\u00ef\u00bb\u00bf/, "");
}

function readNames(text: string): FileHead["xml"] {
  const elements = new Set<string>();
  let root: string | null = null;
  let namespace = "";
  for (const [, prefix = "", name = "", attributes = ""] of text
    .replaceAll(PROLOG, "")
    .matchAll(OPEN_TAG)) {
    if (root !== null) {
      elements.add(name);
      continue;
    }
    root = name;
    const wanted = prefix === "" ? "xmlns" : `xmlns:${prefix.slice(0, -1)}`;
    for (const [, key, , value = ""] of attributes.matchAll(/([\w:.-]+)\s*=\s*(["'])(.*?)\2/g)) {
      if (key === wanted) namespace = value;
    }
  }
  return root === null ? null : { root, namespace, elements };
}
