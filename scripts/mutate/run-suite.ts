import path from "node:path";
import Mocha from "mocha";

export interface SuiteOutcome {
  passed: number;
  /** Full titles, with the message of each. */
  failures: { title: string; message: string }[];
  milliseconds: number;
}

/** Says nothing: the outcome is what is read. */
function Silence(): void {
  // A reporter only has to be there.
}

/** A module is loaded once a process; its suite can then run any number of times. */
export async function loadSuite(
  root: string,
  file: string,
  leaveOut: readonly string[],
): Promise<Mocha> {
  const mocha = new Mocha({ reporter: Silence as never, timeout: 120_000 });
  if (leaveOut.length > 0) {
    const titles = leaveOut.map((title) => title.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|");
    mocha.grep(new RegExp(`^(?:${titles})$`)).invert();
  }
  mocha.cleanReferencesAfterRun(false);
  mocha.addFile(path.join(root, file));
  await mocha.loadFilesAsync();
  // Whoever asks waits as long as he likes.
  mocha.suite.eachTest((test) => void test.timeout(0));
  return mocha;
}

export async function runSuite(mocha: Mocha, bail: boolean): Promise<SuiteOutcome> {
  mocha.suite.bail(bail);
  const begun = performance.now();
  const outcome: SuiteOutcome = { passed: 0, failures: [], milliseconds: 0 };
  await new Promise<void>((resolve) => {
    mocha
      .run(() => resolve())
      .on("pass", () => void (outcome.passed += 1))
      .on("fail", (test, error: Error) => {
        outcome.failures.push({ title: test.fullTitle(), message: error.message });
      });
  });
  outcome.milliseconds = Math.round(performance.now() - begun);
  return outcome;
}
