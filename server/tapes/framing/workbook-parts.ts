/** What a workbook says of its sheets, and how its cells are shown. */
import { shapeOfBuiltIn, shapeOfCode } from "./cell-text.ts";
import type { NumberShape } from "./cell-text.ts";
import { readPart } from "./read-part.ts";
import { readSharedStrings, SharedStrings } from "./shared-strings.ts";
import type { UnpackLimits } from "./unpack-limits.ts";
import type { ZipArchive } from "./zip-archive.ts";

const MOST_SHEETS = 1_000;
const MOST_STYLES = 65_536;

export interface SheetPart {
  name: string;
  /** Of the entry in the archive. */
  path: string;
}

export interface WorkbookParts {
  archive: ZipArchive;
  limits: UnpackLimits;
  /** Those that are shown, in their order. */
  sheets: SheetPart[];
  strings: SharedStrings;
  /** What the cells of a style show, by its number. */
  shapes: readonly NumberShape[];
  is1904: boolean;
}

/** @throws UnreadableTape when it is no workbook */
export async function readWorkbookParts(
  archive: ZipArchive,
  limits: UnpackLimits,
): Promise<WorkbookParts> {
  const targets = await readTargets(archive, limits);
  const { sheets, is1904 } = await readSheetList(archive, { targets, limits });
  const path = pathOf(targets, "sharedStrings") ?? "xl/sharedStrings.xml";
  const stylePath = pathOf(targets, "styles") ?? "xl/styles.xml";
  return {
    ...{ archive, limits, sheets, is1904 },
    strings: archive.has(path)
      ? await readSharedStrings(archive.read(path), limits)
      : new SharedStrings(limits),
    shapes: archive.has(stylePath) ? await readShapes(archive.read(stylePath), limits) : [],
  };
}

/** Where the parts of the workbook are. */
interface Target {
  path: string;
  /** The last word of its type. */
  kind: string;
}

function pathOf(targets: ReadonlyMap<string, Target>, kind: string): string | null {
  for (const target of targets.values()) if (target.kind === kind) return target.path;
  return null;
}

async function readTargets(
  archive: ZipArchive,
  limits: UnpackLimits,
): Promise<ReadonlyMap<string, Target>> {
  const targets = new Map<string, Target>();
  const events = {
    open(name: string, { Id = "", Target = "", Type = "" }: Readonly<Record<string, string>>) {
      if (name !== "Relationship" || targets.size > MOST_SHEETS) return;
      const path = Target.startsWith("/") ? Target.slice(1) : `xl/${Target.replace(/^\.\//, "")}`;
      targets.set(Id, { path, kind: Type.slice(Type.lastIndexOf("/") + 1) });
    },
    close: () => {},
  };
  const pieces = archive.read("xl/_rels/workbook.xml.rels");
  for await (const _ of readPart("the workbook's list of parts", pieces, { events, limits }));
  return targets;
}

async function readSheetList(
  archive: ZipArchive,
  { targets, limits }: { targets: ReadonlyMap<string, Target>; limits: UnpackLimits },
): Promise<{ sheets: SheetPart[]; is1904: boolean }> {
  const sheets: SheetPart[] = [];
  let is1904 = false;
  const events = {
    open(name: string, attributes: Readonly<Record<string, string>>) {
      if (name === "workbookPr") is1904 = /^(1|true)$/.test(attributes["date1904"] ?? "");
      if (name !== "sheet" || sheets.length === MOST_SHEETS) return;
      const id = Object.entries(attributes).find(([key]) => key.endsWith(":id"))?.[1] ?? "";
      const target = targets.get(id);
      const isHidden = /hidden/i.test(attributes["state"] ?? "");
      if (target?.kind !== "worksheet" || isHidden) return;
      sheets.push({ name: attributes["name"] ?? "", path: target.path });
    },
    close: () => {},
  };
  const pieces = archive.read("xl/workbook.xml");
  for await (const _ of readPart("the workbook", pieces, { events, limits }));
  return { sheets, is1904 };
}

async function readShapes(
  pieces: AsyncIterable<Buffer>,
  limits: UnpackLimits,
): Promise<readonly NumberShape[]> {
  const codes = new Map<number, string>();
  const formats: number[] = [];
  let isCell = false;
  const events = {
    open(name: string, attributes: Readonly<Record<string, string>>) {
      if (name === "cellXfs") isCell = true;
      const id = Number(attributes["numFmtId"] ?? 0);
      if (name === "numFmt" && codes.size < MOST_STYLES) {
        codes.set(id, attributes["formatCode"] ?? "");
      }
      if (name === "xf" && isCell && formats.length < MOST_STYLES) formats.push(id);
    },
    close(name: string) {
      if (name === "cellXfs") isCell = false;
    },
  };
  for await (const _ of readPart("the styles", pieces, { events, limits }));
  return formats.map((id) => {
    const code = codes.get(id);
    return code === undefined ? shapeOfBuiltIn(id) : shapeOfCode(code);
  });
}
