import { crc32, deflateRawSync } from "node:zlib";

export interface MadeEntry {
  name: string;
  content: string | Buffer;
  /** Instead of what is right. */
  crc?: number;
  size?: number;
  encrypted?: boolean;
  method?: number;
}

/** A zip archive as any packer writes it, or one with a fault. */
export function makeZip(entries: readonly MadeEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { name, encrypted = false, method = 8 } = entry;
    const content = Buffer.from(entry.content);
    const packed = method === 8 ? deflateRawSync(content) : content;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(encrypted ? 1 : 0, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(entry.crc ?? crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(entry.size ?? content.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), common, place, Buffer.from(name));
    const local = [Buffer.from("PK\x03\x04", "latin1"), common, Buffer.from(name), packed];
    parts.push(...local);
    offset += local.reduce((sum, { length }) => sum + length, 0);
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, listed, end]);
}

export interface MadeSheet {
  name: string;
  state?: "hidden" | "veryHidden";
  /** Rows as XML. */
  rows: string;
}

export interface MadeWorkbook {
  sheets: readonly MadeSheet[];
  strings?: readonly string[];
  /** Number formats of the styles 1, 2, ...: an id, or a code. */
  formats?: readonly (number | string)[];
  is1904?: boolean;
}

const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/** A workbook with the parts that every one has. */
export function makeWorkbook(workbook: MadeWorkbook): Buffer {
  const { sheets, strings = [], formats = [], is1904 = false } = workbook;
  const list = sheets.map(
    ({ name, state = "visible" }, i) =>
      `<sheet name="${name}" sheetId="${i + 1}" state="${state}" r:id="rId${i + 1}"/>`,
  );
  const targets = sheets.map(
    (_, i) =>
      `<Relationship Id="rId${i + 1}" Type="${TYPES}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`,
  );
  const codes = formats.flatMap((format, i) =>
    typeof format === "number" ? [] : [`<numFmt numFmtId="${200 + i}" formatCode="${format}"/>`],
  );
  const shown = [0, ...formats].map(
    (format, i) => `<xf numFmtId="${typeof format === "number" ? format : 199 + i}"/>`,
  );
  return makeZip([
    { name: "[Content_Types].xml", content: "<Types/>" },
    {
      name: "xl/workbook.xml",
      content: `<workbook ${MAIN} xmlns:r="${TYPES}"><workbookPr date1904="${is1904 ? 1 : 0}"/><sheets>${list.join("")}</sheets></workbook>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      content: `<Relationships>${targets.join("")}<Relationship Id="s" Type="${TYPES}/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>`,
    },
    {
      name: "xl/styles.xml",
      content: `<styleSheet ${MAIN}><numFmts>${codes.join("")}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${shown.join("")}</cellXfs></styleSheet>`,
    },
    {
      name: "xl/sharedStrings.xml",
      content: `<sst ${MAIN}>${strings.map((text) => `<si>${text}</si>`).join("")}</sst>`,
    },
    ...sheets.map(({ rows }, i) => ({
      name: `xl/worksheets/sheet${i + 1}.xml`,
      content: `<worksheet ${MAIN}><dimension ref="A1:XFD1048576"/><sheetData>${rows}</sheetData><mergeCells/></worksheet>`,
    })),
  ]);
}

/** Rows of inline strings, from row 1 on. */
export function textRows(rows: readonly (readonly string[])[], from = 1): string {
  return rows
    .map((cells, i) => {
      const made = cells.map((cell) => `<c t="inlineStr"><is><t>${cell}</t></is></c>`);
      return `<row r="${from + i}">${made.join("")}</row>`;
    })
    .join("");
}
