import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { globSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Answer, Question } from "./answer-questions.ts";

export interface SolidityOutcome {
  passed: boolean;
  output: string;
  reached: number[];
}

interface Running {
  child: ChildProcessWithoutNullStreams;
  lines: AsyncIterator<string>;
}

/** A rewritten copy of the project with a process that runs its tests when asked. */
export class AskedProject {
  readonly #folder: string;
  #running: Running | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The answer, or null when it did not come in time; then the process has been ended. */
  async ask(question: Question, seconds: number): Promise<Answer | null> {
    const { child, lines } = this.#start();
    child.stdin.write(`${JSON.stringify(question)}\n`);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), seconds * 1_000);
    });
    try {
      const answer = await Promise.race([readAnswer(lines), late]);
      if (answer === null) this.stop();
      return answer;
    } finally {
      clearTimeout(timer);
    }
  }

  stop(): void {
    this.#running?.child.kill("SIGKILL");
    this.#running = null;
  }

  /** Modules that were loaded stay, and so does what their tests leave behind: start afresh now and then. */
  #start(): Running {
    if (this.#running !== null) return this.#running;
    const script = path.join(this.#folder, "scripts/mutate/answer-questions.ts");
    const child = spawn(process.execPath, ["--max-old-space-size=4096", script], {
      cwd: this.#folder,
      env: { ...process.env, HH_TEST: "true", NODE_ENV: "test" },
    });
    child.stderr.resume();
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    this.#running = { child, lines };
    return this.#running;
  }

  /** A Solidity test runs in a process of its own. `leaveOut` are names of its functions. */
  runSolidity(file: string, mutant: number, leaveOut: readonly string[]): Promise<SolidityOutcome> {
    const collected = path.join(this.#folder, "coverage");
    rmSync(collected, { recursive: true, force: true });
    const exclude = leaveOut.length === 0 ? [] : ["--grep-exclude", leaveOut.join("|")];
    const args = ["test", "solidity", "--coverage", "--no-compile", ...exclude, file];
    return new Promise((resolve) => {
      const child = spawn("hardhat", args, {
        cwd: this.#folder,
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, MUTANT: String(mutant), NO_COLOR: "1" },
      });
      let output = "";
      const keep = (chunk: Buffer): void => void (output += chunk.toString());
      child.stdout.on("data", keep);
      child.stderr.on("data", keep);
      child.once("close", (code) => {
        const reached = globSync("data/**/*.json", { cwd: collected }).flatMap((name) =>
          Object.keys(JSON.parse(readFileSync(path.join(collected, name), "utf8")) as object),
        );
        const numbers = reached.map((tag) => Number(BigInt(`0x${tag}`)));
        resolve({ passed: code === 0, output, reached: numbers });
      });
    });
  }
}

async function readAnswer(lines: AsyncIterator<string>): Promise<Answer> {
  for (;;) {
    const { done, value } = await lines.next();
    if (done === true) throw new Error("the process that runs the tests has ended");
    if (value.startsWith("answer ")) return JSON.parse(value.slice(7)) as Answer;
  }
}
