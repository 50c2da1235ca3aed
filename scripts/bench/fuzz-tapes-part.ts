/** The process of `bench fuzz-tapes` that reads: files come in as messages, outcomes go back. */
import { randomDraw } from "../../test/fuzz/random-draw.ts";
import { fuzzRead } from "../../test/fuzz/tapes/fuzz-read.ts";
import type { FuzzedFile, ReadOutcome } from "../../test/fuzz/tapes/fuzz-read.ts";

export interface PartRequest {
  seed: number;
  number: number;
  fuzzed: FuzzedFile;
}

export interface PartAnswer extends ReadOutcome {
  /** Resident set after the file, in bytes. */
  bytes: number;
}

process.on("message", ({ seed, number, fuzzed }: PartRequest) => {
  // Buffers come through the channel as plain bytes.
  const file = Buffer.from(fuzzed.file);
  void fuzzRead({ ...fuzzed, file }, randomDraw(seed + 1, number)).then((outcome) => {
    const answer: PartAnswer = { ...outcome, bytes: process.memoryUsage.rss() };
    process.send?.(answer);
  });
});
