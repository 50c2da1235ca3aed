import { readdirSync, readFileSync } from "node:fs";

const GOLDEN = new URL("../../golden/", import.meta.url);

/** Every golden deal file: its path below the golden folder and its text. */
export const GOLDEN_FILES = readdirSync(GOLDEN, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith("deal.yaml"))
  .toSorted()
  .map((name) => ({ name, text: readFileSync(new URL(name, GOLDEN), "utf8") }));
