import { readContracts, buildShadow, listContracts } from "./mutate/build-shadow.ts";
import { findBranches, PROBE_SOURCE, type Branch } from "./coverage/find-branches.ts";
import { writeFileSync } from "node:fs";
const root = process.cwd();
const folder = process.argv[2]!;
const { counted } = listContracts(root);
const files = readContracts(root).filter((f) => counted.includes(f.file));
const branches: Branch[] = [];
const rewritten = files.map((source) => {
  const probes = findBranches(source, branches.length);
  branches.push(...probes.branches);
  return { source, edits: probes.edits };
});
console.log(branches.length, "branches");
buildShadow({ root, folder, rewritten, library: { name: "Probe", text: PROBE_SOURCE } });
writeFileSync(folder + "/branches.json", JSON.stringify(branches, null, 1));
