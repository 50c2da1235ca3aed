/** What a test runner says of its run. */
export interface Summary {
  passed: number;
  failed: number;
  skipped: number;
}

/** Colours, in case a runner prints them against NO_COLOR. */
// oxlint-disable-next-line no-control-regex -- the escape character is what starts a colour
const COLOUR = /\u001b\[[0-9;]*m/g;

/**
 * Reads node --test's closing lines (`ℹ pass 12` or `# pass 12`); null when there are none. Cancelled
 * tests count as failed, todo tests as skipped.
 */
export function readNodeSummary(output: string): Summary | null {
  const counts = new Map<string, number>();
  for (const line of output.replace(COLOUR, "").split("\n")) {
    const match = /^(?:ℹ|#) (pass|fail|cancelled|skipped|todo) (\d+)\s*$/.exec(line);
    if (match !== null) counts.set(match[1] ?? "", Number(match[2]));
  }
  const count = (name: string): number => counts.get(name) ?? 0;
  if (!counts.has("pass") || !counts.has("fail")) return null;
  return {
    passed: count("pass"),
    failed: count("fail") + count("cancelled"),
    skipped: count("skipped") + count("todo"),
  };
}

/**
 * Reads the closing lines of `hardhat test` (`47 passing (5 solidity, 41 mocha)`, `2 failing (...)`);
 * null when there are none. Each kind of test prints lines like these too: only the last of each
 * word, after the last `passing`, belong to the whole run.
 */
export function readHardhatSummary(output: string): Summary | null {
  const lines = output.replace(COLOUR, "").split("\n");
  const summaries = lines
    .map((line, index) => ({ index, match: SUMMARY.exec(line) }))
    .filter(({ match }) => match !== null);
  const lastPassing = summaries.findLast(({ match }) => match?.[2] === "passing");
  if (lastPassing === undefined) return null;
  const closing = summaries.filter(({ index }) => index >= lastPassing.index);
  const count = (word: string): number =>
    Number(closing.findLast(({ match }) => match?.[2] === word)?.match?.[1] ?? 0);
  return {
    passed: count("passing"),
    failed: count("failing"),
    skipped: count("pending") + count("skipped"),
  };
}

const SUMMARY = /^\s*(\d+) (passing|failing|pending|skipped)\b/;
