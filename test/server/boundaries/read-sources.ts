import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

export const ROOT = path.resolve(import.meta.dirname, "../../..");

export interface SourceFile {
  /** Path from the repository's root, with slashes. */
  path: string;
  /** The text without comments. */
  code: string;
  /** What it imports at run time: a module name, or a path from the root. */
  imports: { from: string; names: string }[];
  /** The same for `import type`. */
  typeImports: { from: string; names: string }[];
}

/** Every TypeScript file under the folders. */
export function readSources(...folders: string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => readSource(path.posix.join(folder, file.split(path.sep).join("/")))),
  );
}

function readSource(file: string): SourceFile {
  const code = withoutComments(readFileSync(path.join(ROOT, file), "utf8"));
  return parseSource(file, code);
}

/**
 * Finds the imports of a file. `import { type A }` counts as an import at run time: under
 * verbatimModuleSyntax the module is still loaded.
 */
export function parseSource(file: string, code: string): SourceFile {
  const imports: SourceFile["imports"] = [];
  const typeImports: SourceFile["typeImports"] = [];
  const add = (clause: string, specifier: string): void => {
    const from = specifier.startsWith(".")
      ? path.posix.join(path.posix.dirname(file), specifier)
      : specifier;
    const isType = /^type\s+[\w{*]/.test(clause);
    (isType ? typeImports : imports).push({ from, names: clause });
  };
  for (const match of code.matchAll(
    /^\s*(?:import|export)\s+([\w\s{},*$]+?)\s+from\s+"([^"]+)"/gm,
  )) {
    add(match[1] ?? "", match[2] ?? "");
  }
  for (const match of code.matchAll(/^\s*import\s+"([^"]+)"/gm)) add("", match[1] ?? "");
  for (const match of code.matchAll(/\bimport\(\s*"([^"]+)"/g)) add("", match[1] ?? "");
  return { path: file, code, imports, typeImports };
}

/** Blanks comments; strings and templates are passed over, so that "//" in an address stays. */
export function withoutComments(text: string): string {
  const token =
    /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text.replace(token, (found) =>
    found.startsWith("/*") || found.startsWith("//") ? found.replace(/[^\n]/g, " ") : found,
  );
}
