/**
 * npm run prove [contract ...]: has the compiler's SMT checker prove the arithmetic of the contracts, by z3 out of npm
 * (WebAssembly: nothing else needs to be installed). Prints every claim with what became of it; ends non-zero unless every
 * claim of the proofs is proved and every claim of SeededBugs refuted.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { init } from "z3-solver";

const ROOT = path.resolve(import.meta.dirname, "..");
const FOLDER = "test/contracts/proofs/arithmetic";
const SECONDS = Number(process.env.PROVE_SECONDS ?? "120");
const require = createRequire(import.meta.url);

/** BMC proves functions without loops for all their arguments; CHC finds invariants over any number of calls. */
const PROOFS: { contract: string; engine: "bmc" | "chc"; isWrong?: true }[] = [
  { contract: "SplitProof", engine: "bmc" },
  { contract: "TelescopeProof", engine: "chc" },
  { contract: "RoundingProof", engine: "bmc" },
  { contract: "EntitlementProof", engine: "bmc" },
  { contract: "HolderCapProof", engine: "bmc" },
  { contract: "SeededBugs", engine: "bmc", isWrong: true },
];

interface Message {
  severity: string;
  message: string;
  formattedMessage: string;
  sourceLocation?: { file: string; start: number; end: number };
}

interface Output {
  errors?: Message[];
  auxiliaryInputRequested?: { smtlib2queries?: Record<string, string> };
}

interface Compiler {
  compile(input: string, callbacks: { import: (file: string) => { contents: string } }): string;
}

const solc = require("solc") as Compiler;

function readSource(file: string): { contents: string } {
  const own = file.startsWith("contracts/") || file.startsWith("test/");
  const place = own ? path.join(ROOT, file) : require.resolve(file);
  return { contents: readFileSync(place, "utf8") };
}

/** What the checker says once it knows the solver's answers to its queries; it asks for those that it lacks. */
function check(contract: string, engine: string, answers: Record<string, string>): Output {
  const file = `${FOLDER}/${contract}.sol`;
  const input = {
    language: "Solidity",
    sources: { [file]: { content: readSource(file).contents } },
    settings: {
      outputSelection: { "*": { "*": ["abi"] } },
      modelChecker: {
        engine,
        solvers: ["smtlib2"],
        targets: ["assert", "overflow", "underflow", "divByZero"],
        contracts: { [file]: [contract] },
        showProvedSafe: true,
        showUnproved: true,
      },
    },
    auxiliaryInput: { smtlib2responses: answers },
  };
  return JSON.parse(solc.compile(JSON.stringify(input), { import: readSource })) as Output;
}

type Solve = (query: string) => Promise<string>;

async function startSolver(): Promise<Solve> {
  const { Z3 } = await init();
  return async (query) => {
    const context = Z3.mk_context(Z3.mk_config());
    const limit = `(set-option :timeout ${SECONDS * 1_000})\n`;
    const answer = await Z3.eval_smtlib2_string(context, limit + query);
    Z3.del_context(context);
    return answer;
  };
}

async function checkAll(contract: string, engine: string, solve: Solve): Promise<Message[]> {
  const answers: Record<string, string> = {};
  for (;;) {
    const { errors = [], auxiliaryInputRequested } = check(contract, engine, answers);
    const asked = Object.entries(auxiliaryInputRequested?.smtlib2queries ?? {});
    const open = asked.filter(([key]) => !(key in answers));
    if (open.length === 0) return errors;
    for (const [key, query] of open) answers[key] = await solve(query);
  }
}

/** The checker's sentence about one claim. */
const VERDICTS: [RegExp, string][] = [
  [/is safe/, "proved"],
  [/happens here/, "refuted"],
  [/might happen here/, "undecided"],
];

function report(messages: Message[], isWrong: boolean): number {
  const wanted = isWrong ? "refuted" : "proved";
  let failures = 0;
  let claims = 0;
  for (const { severity, message, formattedMessage, sourceLocation } of messages) {
    if (severity === "error") throw new Error(formattedMessage);
    const verdict = VERDICTS.find(([words]) => words.test(message))?.[1];
    if (verdict === undefined || sourceLocation === undefined) continue;
    const { file, start, end } = sourceLocation;
    const isAssertion = message.includes("Assertion");
    claims += 1;
    if (!(isAssertion ? verdict === wanted : verdict === "proved")) failures += 1;
    const source = Buffer.from(readSource(file).contents).subarray(start, end).toString();
    if (isAssertion || verdict !== "proved") console.log(`  ${verdict.padEnd(9)} ${source}`);
    if (verdict === "refuted") console.log(counterexampleOf(formattedMessage));
  }
  if (claims === 0) throw new Error("nothing was claimed");
  return failures;
}

function counterexampleOf(text: string): string {
  const values = text.split("Counterexample:")[1]?.split("\n\n")[0] ?? "";
  const lines = values.split("\n").map((line) => line.trim());
  return `            where ${lines.filter((line) => /^\w+ =/.test(line)).join(", ")}`;
}

async function main(wanted: string[]): Promise<number> {
  const solve = await startSolver();
  let failures = 0;
  for (const { contract, engine, isWrong = false } of PROOFS) {
    if (wanted.length > 0 && !wanted.includes(contract)) continue;
    const begun = performance.now();
    console.log(`${contract} (${engine})`);
    failures += report(await checkAll(contract, engine, solve), isWrong);
    console.log(`  ${((performance.now() - begun) / 1_000).toFixed(1)} s`);
  }
  console.log(failures === 0 ? "every claim as it should be" : `${failures} claims are not`);
  return failures === 0 ? 0 : 1;
}

// The solver's threads would keep the process alive.
process.exit(await main(process.argv.slice(2)));
