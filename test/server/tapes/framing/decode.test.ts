import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import type { DelimitedFraming, WorkbookFraming } from "../../../../server/tapes/framing/framer.ts";
import { frameFile } from "./frame-bytes.ts";
import { makeWorkbook, makeZip, textRows } from "./make-zip.ts";

const CSV: DelimitedFraming = { kind: "delimited", delimiter: ",", header: { kind: "first" } };
const SHEET: WorkbookFraming = { kind: "workbook", header: { kind: "first" } };
const TAPE = "id,balance\n1,2.00\n";
const ROWS = [["1", "2.00"]];
const WORKBOOK = makeWorkbook({
  sheets: [
    {
      name: "Tape",
      rows: textRows([
        ["id", "balance"],
        ["1", "2.00"],
      ]),
    },
  ],
});

describe("a packed tape", () => {
  it("is read from gzip, from zip and from a workbook in either, in pieces of any size", async () => {
    const files: [Buffer, DelimitedFraming | WorkbookFraming][] = [
      [Buffer.from(TAPE), CSV],
      [gzipSync(TAPE), CSV],
      [Buffer.concat([gzipSync("id,balance\n"), gzipSync("1,2.00\n")]), CSV],
      [
        makeZip([
          { name: "tapes/", content: "" },
          { name: "tapes/july.csv", content: TAPE },
        ]),
        CSV,
      ],
      [
        makeZip([
          { name: "a.csv", content: TAPE, method: 0 },
          { name: "__MACOSX/._a.csv", content: "x" },
        ]),
        CSV,
      ],
      [WORKBOOK, SHEET],
      [gzipSync(WORKBOOK), SHEET],
      [makeZip([{ name: "tape.xlsx", content: WORKBOOK }]), SHEET],
    ];
    for (const [file, framing] of files) {
      for (const pieceSize of [1, 7, 65_536]) {
        const framed = await frameFile(file, framing, { pieceSize });
        assert.deepEqual(framed.problems, []);
        assert.deepEqual(framed.rows, ROWS);
      }
    }
  });

  const bomb = gzipSync(Buffer.alloc(60_000_000, "\n"));
  const refused: {
    title: string;
    file: Buffer;
    code?: string;
    value: RegExp;
    mostBytes?: number;
  }[] = [
    {
      title: "gzip that ends too early",
      file: gzipSync(TAPE.repeat(50)).subarray(0, 40),
      value: /unexpected end/,
    },
    {
      title: "gzip with a wrong check sum",
      file: damage(gzipSync(TAPE), -8),
      value: /incorrect data check/,
    },
    {
      title: "a zip that ends too early",
      file: makeZip([{ name: "a", content: TAPE }]).subarray(0, 60),
      value: /[Ee]nd of central directory/,
    },
    {
      title: "a zip with a wrong check sum",
      file: makeZip([{ name: "a.csv", content: TAPE, crc: 7 }]),
      value: /a\.csv is damaged/,
    },
    {
      title: "a zip that states another size",
      file: makeZip([{ name: "a.csv", content: TAPE, size: 5 }]),
      value: /too many bytes/,
    },
    {
      title: "an encrypted entry",
      file: makeZip([{ name: "a.csv", content: TAPE, encrypted: true }]),
      value: /^a\.csv$/,
    },
    {
      title: "an unknown method",
      file: makeZip([{ name: "a.csv", content: TAPE, method: 99 }]),
      value: /method 99/,
    },
    {
      title: "a name that points outside",
      file: makeZip([{ name: "../../etc/passwd", content: TAPE }]),
      value: /invalid relative path/,
    },
    {
      title: "an absolute name",
      file: makeZip([{ name: "/etc/passwd", content: TAPE }]),
      value: /absolute path/,
    },
    {
      title: "several files, which it names",
      file: makeZip([
        { name: "june.csv", content: TAPE },
        { name: "july.csv", content: TAPE },
      ]),
      value: /^2 files: june\.csv, july\.csv$/,
    },
    {
      title: "the same name twice",
      file: makeZip([
        { name: "a", content: TAPE },
        { name: "a", content: TAPE },
      ]),
      value: /^a twice$/,
    },
    { title: "nothing", file: makeZip([]), value: /empty/ },
    {
      title: "a document of another kind",
      file: makeZip([{ name: "mimetype", content: "x" }]),
      value: /no \.xlsx/,
    },
    { title: "gzip in gzip", file: gzipSync(gzipSync(TAPE)), value: /archive in an archive/ },
    {
      title: "zip in zip",
      file: makeZip([{ name: "b.zip", content: makeZip([{ name: "a", content: TAPE }]) }]),
      value: /archive in an archive/,
    },
    {
      title: "an old workbook, or one with a password",
      file: Buffer.from("d0cf11e0a1b11ae100", "hex"),
      value: /\.xls workbook/,
    },
    { title: "a 7z archive", file: Buffer.from("377abcaf271c0004", "hex"), value: /7z/ },
    {
      title: "more than 10,000 entries",
      file: makeZip(
        Array.from({ length: 10_001 }, (_, i) => ({ name: `${i}`, content: "", method: 0 })),
      ),
      value: /10001 entries/,
    },
    {
      title: "a bomb of gzip, by its ratio",
      file: bomb,
      code: "archive-too-large",
      value: /bytes from/,
    },
    {
      title: "a bomb of zip, by its ratio",
      file: makeZip([{ name: "a", content: Buffer.alloc(60_000_000, "\n") }]),
      code: "archive-too-large",
      value: /bytes from/,
    },
    {
      title: "more than may be unpacked",
      file: gzipSync(TAPE.repeat(1_000)),
      code: "archive-too-large",
      value: /more than 10000 bytes/,
      mostBytes: 10_000,
    },
    {
      title: "an archive that is itself too large",
      file: WORKBOOK,
      code: "archive-too-large",
      value: /more than 100 bytes/,
      mostBytes: 100,
    },
  ];
  for (const { title, file, code = "archive", value, mostBytes = 100_000_000 } of refused) {
    it(`is refused as ${title}`, async () => {
      const before = process.memoryUsage().rss;
      const framed = await frameFile(file, CSV, { mostBytes });
      assert.equal(framed.refused, true);
      assert.equal(framed.problems[0]?.code, code, JSON.stringify(framed.problems[0]));
      assert.match(framed.problems[0].value, value);
      assert.ok(process.memoryUsage().rss - before < 150_000_000);
    });
  }

  it("leaves nothing behind in the folder for temporary files", async () => {
    await frameFile(WORKBOOK, SHEET);
    await frameFile(WORKBOOK.subarray(0, 300), SHEET);
    assert.deepEqual(
      readdirSync(tmpdir()).filter((name) => /^penstock-[0-9a-f]{8}-/.test(name)),
      [],
    );
  });

  it("hands on what breaks the upload off as it is", async () => {
    const { openTape } = await import("../../../../server/tapes/framing/open-tape.ts");
    const { startProblemList } = await import("../../../../server/tapes/tape-problem.ts");
    async function* broken(): AsyncGenerator<Buffer> {
      yield gzipSync(TAPE).subarray(0, 15);
      throw new Error("the line is cut");
    }
    const problems = startProblemList();
    await assert.rejects(async () => {
      const tape = await openTape(broken(), { mostBytes: 1_000, problems });
      for await (const _ of tape.pieces);
    }, /the line is cut/);
    assert.deepEqual(problems.listed(), []);
  });
});

describe("the head of a file", () => {
  it("of a text has its first rows at the likeliest delimiter", async () => {
    const { head } = await frameFile(`\ufeffid|name\n1|"Smith, John, Jr"\n`, {
      ...CSV,
      delimiter: "|",
    });
    assert.equal(head?.kind, "text");
    assert.equal(head.delimiter, "|");
    assert.deepEqual(head.rows, [
      ["id", "name"],
      ["1", "Smith, John, Jr"],
    ]);
  });

  it("of XML has root, namespace and the names below", async () => {
    const file = `<?xml version="1.0"?><!-- <no/> --><e:Document xmlns="urn:x" xmlns:e="urn:esma:v1"><e:Report a="b"><Id>1</Id></e:Report>`;
    const { head } = await frameFile(file, CSV);
    assert.deepEqual(head?.xml, {
      root: "Document",
      namespace: "urn:esma:v1",
      elements: new Set(["Report", "Id"]),
    });
  });

  it("of a workbook has the rows of its widest sheet", async () => {
    const workbook = makeWorkbook({
      sheets: [
        { name: "Cover", rows: textRows([["Tape of July"]]) },
        {
          name: "Tape",
          rows: textRows([
            ["id", "balance"],
            ["1", "2.00"],
          ]),
        },
      ],
    });
    const { head } = await frameFile(workbook, SHEET);
    assert.equal(head?.kind, "workbook");
    assert.deepEqual(head.rows, [
      ["id", "balance"],
      ["1", "2.00"],
    ]);
    assert.equal(head.text, "id\tbalance\n1\t2.00");
  });
});

/** One byte changed, counted from the end. */
function damage(file: Buffer, at: number): Buffer {
  const damaged = Buffer.from(file);
  damaged[file.length + at]! ^= 1;
  return damaged;
}
