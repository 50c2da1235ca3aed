/** Writes the JSON Schema of inputs files, for editors and for whoever makes such a file. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { formatInputsSchema } from "./inputs-schema.ts";

await writeFile(path.join(import.meta.dirname, "inputs.schema.json"), formatInputsSchema());
