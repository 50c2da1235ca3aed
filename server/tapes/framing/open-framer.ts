import { openDelimitedFramer } from "./delimited-framer.ts";
import type { DelimitedFraming, Framer, FrameSink, XmlFraming } from "./framer.ts";
import { openXmlFramer } from "./xml-framer.ts";

/** The framer of a text; a workbook is opened first (open-tape.ts). */
export function openFramer(framing: DelimitedFraming | XmlFraming, sink: FrameSink): Framer {
  return framing.kind === "xml" ? openXmlFramer(framing, sink) : openDelimitedFramer(framing, sink);
}
