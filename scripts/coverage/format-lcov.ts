import type { Branch } from "./find-branches.ts";

/** The branches as lcov's records: https://github.com/linux-test-project/lcov, geninfo(1). */
export function formatLcov(branches: readonly Branch[], taken: readonly boolean[]): string {
  const files = Map.groupBy(branches.entries(), ([, { file }]) => file);
  const records = [...files].map(([file, entries]) => {
    const lines = entries.map(([i, { kind, line, text }]) => {
      const count = taken[i] === true ? 1 : 0;
      if (kind !== "function") return `BRDA:${line},0,${i},${count}`;
      const name = /\bfunction (\w+)|^(constructor|receive|fallback)/.exec(text);
      return `FN:${line},${name?.[1] ?? name?.[2] ?? i}\nFNDA:${count},${name?.[1] ?? name?.[2] ?? i}`;
    });
    const found = entries.filter(([, { kind }]) => kind !== "function");
    const hit = found.filter(([i]) => taken[i] === true).length;
    return `SF:${file}\n${lines.join("\n")}\nBRF:${found.length}\nBRH:${hit}\nend_of_record\n`;
  });
  return records.join("");
}
