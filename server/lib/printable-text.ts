/** Control characters, and the format characters that reorder or hide what stands beside them. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** One line for a terminal: what could move its cursor or colour it is written as an escape. */
export function printableLine(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** Several lines for a terminal: line ends stay, everything else as in a line. */
export function printableText(text: string): string {
  return text.split("\n").map(printableLine).join("\n");
}
