import { dataSlice, getBytes, hexlify } from "ethers";
import type { Build } from "./read-build.ts";

/** What of a contract's code is not as the build says, each in a few words; empty when it is the same to the last byte. */
export function compareCode(
  build: Pick<Build, "deployedBytecode" | "immutables">,
  code: string,
  /** What each immutable must be: an address or a 32-byte word. */
  expected: ReadonlyMap<string, string>,
): string[] {
  const [built, found] = [getBytes(build.deployedBytecode), getBytes(code)];
  if (found.length === 0) return ["no code"];
  if (found.length !== built.length) {
    return [`${found.length} bytes of code, the build has ${built.length}`];
  }
  const problems: string[] = [];
  const masked = Uint8Array.from(found);
  for (const [name, places] of build.immutables) {
    const wanted = expected.get(name);
    for (const { start, length } of places) {
      const word = hexlify(found.subarray(start, start + length));
      if (wanted === undefined || BigInt(word) !== BigInt(wanted)) {
        problems.push(`immutable ${name} is ${shorten(word)}, not ${shorten(wanted ?? "known")}`);
      }
      masked.fill(0, start, start + length);
    }
  }
  const first = masked.findIndex((byte, i) => byte !== built[i]);
  if (first >= 0) problems.push(describeDifference(built, first));
  return [...new Set(problems)];
}

/** The compiler's own note of the sources stands at the end; its last two bytes are its length. */
function describeDifference(built: Uint8Array, first: number): string {
  const length = ((built.at(-2) ?? 0) << 8) | (built.at(-1) ?? 0);
  return first >= built.length - 2 - length
    ? "compiled from other sources or with other settings (metadata)"
    : `the code differs from byte ${first} on`;
}

function shorten(word: string): string {
  const isAddress = /^0x0{24}[0-9a-f]{40}$/i.test(word);
  return isAddress ? dataSlice(word, 12) : word;
}
