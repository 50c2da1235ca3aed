/**
 * npm run prove [contract ...]: has the compiler's SMT checker prove the arithmetic of the contracts, by z3 out of npm
 * (WebAssembly: nothing else needs to be installed). Prints every claim with what became of it; ends non-zero unless every
 * claim of the proofs is proved and every claim of SeededBugs refuted.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { SolverShares } from "./solve-queries.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const FOLDER = "test/contracts/proofs/arithmetic";
const SECONDS = Number(process.env.PROVE_SECONDS ?? "120");

/** BMC proves functions without loops for all their arguments; CHC finds invariants over any number of calls. */
const PROOFS: { contract: string; engine: "bmc" | "chc"; isWrong?: true }[] = [
  { contract: "SplitProof", engine: "bmc" },
  { contract: "TelescopeProof", engine: "chc" },
  { contract: "RoundingProof", engine: "bmc" },
  { contract: "EntitlementProof", engine: "bmc" },
  { contract: "HolderCapProof", engine: "bmc" },
  { contract: "SeededBugs", engine: "bmc", isWrong: true },
];

/** What is proved, where it stands. */
const PROVED: Record<string, string[]> = {
  "contracts/compliance/HolderCap.sol": ["factorOf", "limitOf", "_cut"],
  "contracts/tokens/RecordDates.sol": ["indexOf"],
  "contracts/waterfall/WaterfallLookups.sol": ["floorOf"],
  "contracts/waterfall/WaterfallRates.sol": ["padded"],
  "contracts/waterfall/WaterfallSplit.sol": ["shareOf", "cutAt"],
};

/** What stays beside them. */
const KEPT_TYPES = new Set(["PragmaDirective", "VariableDeclaration"]);

/** A node of the compiler's syntax tree; `src` is "start:length:file", in bytes. */
interface Node {
  nodeType: string;
  src: string;
  name?: string;
  nodes?: Node[];
  documentation?: { src: string } | null;
}

interface Message {
  severity: string;
  message: string;
  formattedMessage: string;
  sourceLocation?: { file: string; start: number; end: number };
}

interface Output {
  errors?: Message[];
  sources?: Record<string, { ast: Node }>;
}

type Read = (file: string) => { contents: string };

interface Compiler {
  compile(input: string, callbacks: { import: Read; smtSolver: Read }): string;
}

const solc = createRequire(import.meta.url)("solc") as Compiler;

/** Before anything is checked: the compiler cannot be called while it waits for a file. */
const reduced = new Map(
  Object.entries(PROVED).map(([file, functions]) => [file, keepOnly(file, functions)]),
);

function readSource(file: string): { contents: string } {
  return { contents: reduced.get(file) ?? readFileSync(path.join(ROOT, file), "utf8") };
}

/**
 * The file with nothing in it but some of its functions and its constants; all else is blanked where it stood. The checker
 * would otherwise take everything that the file imports into its queries.
 */
function keepOnly(file: string, functions: string[]): string {
  const contents = readFileSync(path.join(ROOT, file), "utf8");
  const input = {
    language: "Solidity",
    sources: { [file]: { content: contents } },
    settings: { stopAfter: "parsing", outputSelection: { "*": { "": ["ast"] } } },
  };
  const callbacks = { import: () => ({ contents: "" }), smtSolver: () => ({ contents: "" }) };
  const { sources, errors } = JSON.parse(solc.compile(JSON.stringify(input), callbacks)) as Output;
  const text = Buffer.from(contents);
  if (sources === undefined) throw new Error(JSON.stringify(errors));
  const members = (sources[file]?.ast.nodes ?? []).flatMap((node) =>
    node.nodeType === "ContractDefinition" ? (node.nodes ?? []) : [node],
  );
  const found = members.filter((node) => functions.includes(node.name ?? ""));
  if (found.length !== functions.length)
    throw new Error(`${file} lacks one of ${functions.join()}`);
  for (const node of members) {
    if (found.includes(node) || KEPT_TYPES.has(node.nodeType)) continue;
    for (const { src } of [node, node.documentation ?? node]) {
      const [start = 0, length = 0] = src.split(":").map(Number);
      text.fill(" ", start, start + length);
    }
  }
  return text.toString();
}

/**
 * Another thread, because z3 answers later and the compiler asks for an answer at once. (It could collect its queries and be
 * given all answers in a second run, but it does not write a query twice in the same way.)
 */
function startSolver(): (query: string) => { contents: string } {
  const shares: SolverShares = {
    length: new Int32Array(new SharedArrayBuffer(4)),
    answer: new Uint8Array(new SharedArrayBuffer(1 << 22)),
    milliseconds: SECONDS * 1_000,
  };
  const thread = new Worker(new URL("./solve-queries.ts", import.meta.url), { workerData: shares });
  return (query) => {
    Atomics.store(shares.length, 0, 0);
    thread.postMessage(query, []);
    Atomics.wait(shares.length, 0, 0);
    const bytes = shares.answer.slice(0, Atomics.load(shares.length, 0));
    return { contents: new TextDecoder().decode(bytes) };
  };
}

/** What the checker says of a contract. */
function check(contract: string, engine: string, smtSolver: Read): Message[] {
  const file = `${FOLDER}/${contract}.sol`;
  const input = {
    language: "Solidity",
    sources: { [file]: { content: readSource(file).contents } },
    settings: {
      outputSelection: { "*": { "*": ["abi"] } },
      modelChecker: {
        engine,
        solvers: ["smtlib2"],
        targets: ["assert"],
        contracts: { [file]: [contract] },
        showProvedSafe: true,
        showUnproved: true,
      },
    },
  };
  const callbacks = { import: readSource, smtSolver };
  const { errors = [] } = JSON.parse(solc.compile(JSON.stringify(input), callbacks)) as Output;
  return errors;
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

function main(wanted: string[]): number {
  const solve = startSolver();
  let failures = 0;
  for (const { contract, engine, isWrong = false } of PROOFS) {
    if (wanted.length > 0 && !wanted.includes(contract)) continue;
    const begun = performance.now();
    console.log(`${contract} (${engine})`);
    failures += report(check(contract, engine, solve), isWrong);
    console.log(`  ${((performance.now() - begun) / 1_000).toFixed(1)} s`);
  }
  console.log(failures === 0 ? "every claim as it should be" : `${failures} claims are not`);
  return failures === 0 ? 0 : 1;
}

// The solver's threads would keep the process alive.
process.exit(main(process.argv.slice(2)));
