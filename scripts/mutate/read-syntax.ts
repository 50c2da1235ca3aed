import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** A node of the compiler's own tree: Solidity and, below an InlineAssembly, Yul. */
export interface SyntaxNode {
  nodeType: string;
  /** `start:length:file`, in bytes. */
  src: string;
  [key: string]: unknown;
}

export interface SourceFile {
  /** Relative to the root, with forward slashes. */
  file: string;
  source: Buffer;
  tree: SyntaxNode;
}

interface Compiler {
  compile(input: string, callbacks: { import: (name: string) => { contents: string } }): string;
}

interface Answer {
  errors?: { severity: string; formattedMessage: string }[];
  sources: Record<string, { ast: SyntaxNode }>;
}

const require = createRequire(import.meta.url);

/** The analysed trees (types resolved, no code made) of these files, which must compile together. */
export function readSyntax(root: string, files: string[]): SourceFile[] {
  const sources: Record<string, { content: string }> = {};
  for (const file of files) {
    sources[file] = { content: readFileSync(path.join(root, file), "utf8") };
  }
  const input = {
    language: "Solidity",
    sources,
    settings: { evmVersion: "cancun", outputSelection: { "*": { "": ["ast"] } } },
  };
  const compiler = require("solc") as Compiler;
  const answer = JSON.parse(
    compiler.compile(JSON.stringify(input), { import: (name) => readImport(root, name) }),
  ) as Answer;
  const failed = (answer.errors ?? []).filter(({ severity }) => severity === "error");
  if (failed.length > 0) throw new Error(failed.map((error) => error.formattedMessage).join("\n"));
  return files.map((file) => {
    const analysed = answer.sources[file];
    if (analysed === undefined) throw new Error(`the compiler does not know ${file}`);
    return { file, source: readFileSync(path.join(root, file)), tree: analysed.ast };
  });
}

/** A package's file, or one of the project that was not asked for. */
function readImport(root: string, name: string): { contents: string } {
  const place = name.startsWith("@") ? require.resolve(name) : path.join(root, name);
  return { contents: readFileSync(place, "utf8") };
}

export interface Range {
  start: number;
  end: number;
}

export function rangeOf(node: SyntaxNode): Range {
  const [start = 0, length = 0] = node.src.split(":").map(Number);
  return { start, end: start + length };
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "nodeType" in value && "src" in value;
}

/** The nodes directly below, in the order of the tree's keys. */
function childrenOf(node: SyntaxNode): SyntaxNode[] {
  return Object.values(node).flatMap((value) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
  );
}

/** Children first would lose the ranges; so parents first. `visit` says false to leave a branch out. */
export function walk(
  node: SyntaxNode,
  visit: (node: SyntaxNode, parents: readonly SyntaxNode[]) => boolean | void,
  parents: readonly SyntaxNode[] = [],
): void {
  if (visit(node, parents) === false) return;
  const below = [...parents, node];
  for (const child of childrenOf(node)) walk(child, visit, below);
}
