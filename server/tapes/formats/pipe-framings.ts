import type { DelimitedFraming } from "../framing/framer.ts";

/** Pipe files without a header, whose releases have had these numbers of columns. */
export function pipeFramings(
  columns: readonly string[],
  widths: readonly number[],
): DelimitedFraming[] {
  return widths.map((width) => ({
    kind: "delimited",
    delimiter: "|",
    header: { kind: "none", columns: columns.slice(0, width) },
  }));
}
