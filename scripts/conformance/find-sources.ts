/** Finds what was published and can be run: the folders of test/golden that have a source.json. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";

export const GOLDEN = path.resolve(import.meta.dirname, "../../test/golden");

/** What stands behind the figures of a source: only a filing is somebody's published result. */
export const SOURCE_KINDS = ["filing", "test vectors", "worked cases"] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

const Source = Type.Object(
  {
    title: Type.String(),
    kind: Type.Optional(Type.Enum([...SOURCE_KINDS])),
    /** Where it was published. */
    published: Type.String(),
    /** Deal file of the inputs that have none beside them; default deal.yaml. */
    deal: Type.Optional(Type.String()),
    /** What the source does not show. */
    unproven: Type.Optional(Type.Array(Type.String())),
    notRun: Type.Optional(
      Type.Array(Type.Object({ id: Type.String(), why: Type.String() }), {
        additionalProperties: false,
      }),
    ),
  },
  { additionalProperties: false },
);

export interface ConformanceSource extends Omit<Static<typeof Source>, "kind"> {
  kind: SourceKind;
  /** Of the folder below test/golden. */
  id: string;
  /** Each inputs file with the deal file that it belongs to. */
  inputs: { file: string; deal: string }[];
  /** The folder itself. */
  folder: string;
  /** Whether figures.ts compares figures that are no run of a waterfall. */
  hasFigures: boolean;
  /** Whether ratios.json holds what a report prints beside its amounts. */
  hasRatios: boolean;
}

/** A folder and those below it that are no source of their own. */
async function foldersOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const below = entries.filter((entry) => entry.isDirectory());
  const found = await Promise.all(
    below.map(async ({ name }) => {
      const inner = path.join(folder, name);
      const files = await readdir(inner);
      return files.includes("source.json") ? [] : foldersOf(inner);
    }),
  );
  return [folder, ...found.flat()];
}

async function inputsOf(folder: string, source: string): Promise<{ file: string; deal: string }[]> {
  const names = (await readdir(folder)).toSorted();
  const deal = names.includes("deal.yaml") ? path.join(folder, "deal.yaml") : source;
  return names
    .filter((name) => /^inputs.*\.json$/.test(name))
    .map((name) => ({ file: path.join(folder, name), deal }));
}

async function readSource(id: string): Promise<ConformanceSource> {
  const folder = path.join(GOLDEN, id);
  const file = path.join(folder, "source.json");
  const stated: unknown = JSON.parse(await readFile(file, "utf8"));
  const [fault] = Value.Errors(Source, stated);
  if (fault !== undefined) throw new Error(`${file}: ${fault.instancePath} ${fault.message}`);
  const source = stated as Static<typeof Source>;
  const deal = path.resolve(folder, source.deal ?? "deal.yaml");
  const folders = await foldersOf(folder);
  const inputs = await Promise.all(folders.map((each) => inputsOf(each, deal)));
  const names = await readdir(folder);
  return {
    ...source,
    kind: source.kind ?? "filing",
    id,
    inputs: inputs.flat(),
    folder,
    hasFigures: names.includes("figures.ts"),
    hasRatios: names.includes("ratios.json"),
  };
}

/** Every source, in the order of the folders' names. @throws Error when a source.json is not one */
export async function findSources(): Promise<ConformanceSource[]> {
  const entries = await readdir(GOLDEN, { withFileTypes: true, recursive: true });
  const ids = entries
    .filter(({ name }) => name === "source.json")
    .map(({ parentPath }) => path.relative(GOLDEN, parentPath))
    .toSorted();
  return Promise.all(ids.map(readSource));
}
