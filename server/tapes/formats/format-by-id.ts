import type { TapeTerms } from "../tape-terms.ts";
import { FORMATS } from "./formats.ts";
import { MAPPED } from "../tape-words.ts";
import { mappedFormat } from "./mapped.ts";
import type { TapeFormat } from "./tape-format.ts";

/** The format of a deal's tapes. @throws Error when there is none: the deal file was checked for it */
export function formatById({
  format: id,
  mapping,
}: Pick<TapeTerms, "format" | "mapping">): TapeFormat {
  if (id === MAPPED && mapping !== null) return mappedFormat(mapping);
  const format = FORMATS.find((one) => one.id === id);
  if (format === undefined) throw new Error(`no tape format is called ${id}`);
  return format;
}
