/** One XML part of a workbook, by events. */
import { StringDecoder } from "node:string_decoder";
import { SaxesParser } from "saxes";
import type { UnpackLimits } from "./unpack-limits.ts";

/** More text between two tags than any cell holds. */
const LONGEST_TEXT = 1_048_576;

export interface PartEvents {
  /** Names without prefix. */
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(name: string, text: string): void;
}

/**
 * Reads a part and yields after each of its pieces. The text of an element is what stands between its
 * last child and its end.
 * @throws UnreadableTape when it is no XML
 */
export async function* readPart(
  name: string,
  pieces: AsyncIterable<Buffer>,
  { events, limits }: { events: PartEvents; limits: UnpackLimits },
): AsyncGenerator<void> {
  const parser = new SaxesParser({ xmlns: false, position: false });
  const decoder = new StringDecoder("utf8");
  let text = "";
  let quietLength = 0;
  const refuse = (value: string): never => limits.refuse(`${name}: ${value}`, "a sound workbook");
  parser.on("doctype", () => refuse("a document type"));
  parser.on("error", (error) => refuse(error.message));
  parser.on("text", (more) => (text += more));
  parser.on("cdata", (more) => (text += more));
  parser.on("opentag", (tag) => {
    text = "";
    quietLength = 0;
    events.open(localName(tag.name), tag.attributes);
  });
  parser.on("closetag", (tag) => {
    events.close(localName(tag.name), text);
    text = "";
    quietLength = 0;
  });
  for await (const piece of pieces) {
    const decoded = decoder.write(piece);
    if (decoded.includes("\ufffd"))
      refuse("bytes that are no UTF-8, or characters replaced before");
    quietLength += decoded.length;
    parser.write(decoded);
    if (quietLength > LONGEST_TEXT) refuse(`more than ${LONGEST_TEXT} characters without a tag`);
    yield;
  }
  parser.close();
}

function localName(name: string): string {
  const colon = name.indexOf(":");
  return colon < 0 ? name : name.slice(colon + 1);
}
