import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WorkbookFraming } from "../../../../server/tapes/framing/framer.ts";
import { frameFile, problemsOf } from "./frame-bytes.ts";
import { makeWorkbook, makeZip, textRows } from "./make-zip.ts";
import type { MadeWorkbook } from "./make-zip.ts";

const FIRST: WorkbookFraming = { kind: "workbook", header: { kind: "first" } };
const NAMES = ["Loan ID", "Current UPB ($)", "Note Rate"];
const FIND: WorkbookFraming = {
  kind: "workbook",
  header: { kind: "find", names: NAMES, least: 2 },
};

/** What the cells of one row are read as. */
async function cellsOf(
  cells: string,
  more: Partial<MadeWorkbook> = {},
): Promise<(string | null)[]> {
  const rows = `${textRows([["a"]])}<row r="2">${cells}</row>`;
  const framed = await frameFile(
    makeWorkbook({ sheets: [{ name: "Tape", rows }], ...more }),
    FIRST,
  );
  assert.equal(framed.refused, false, JSON.stringify(framed.problems));
  return framed.rows[0]!;
}

describe("the cells of a workbook", () => {
  it("are strings, shared or not, of one run or several, without the reading aids", async () => {
    const cells =
      '<c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="inlineStr"><is><r><t>A</t></r><r><t>B &amp; C</t></r></is></c><c t="str"><f>A1</f><v> x </v></c>';
    const strings = [
      "<t> 0001694010 - 000264 </t>",
      "<r><t>東</t></r><rPh><t>ひがし</t></rPh><r><t>京</t></r>",
    ];
    assert.deepEqual(await cellsOf(cells, { strings }), [
      "0001694010 - 000264",
      "東京",
      "AB & C",
      "x",
    ]);
  });

  const numbers: [string, string][] = [
    ["304101444", "304101444"],
    ["3.04101444E8", "304101444"],
    ["1.2345E-5", "0.000012345"],
    ["-1.5E-7", "-0.00000015"],
    ["0.15585000000000002", "0.15585"],
    ["0.155850000000001", "0.155850000000001"],
    ["1234.5699999999999", "1234.57"],
    ["123456789012345678", "123456789012346000"],
    ["4.1", "4.1"],
    ["1.13686837721616E-13", "0.000000000000113686837721616"],
    ["20180112", "20180112"],
    ["1E21", "1000000000000000000000"],
  ];
  for (const [stored, shown] of numbers) {
    it(`are numbers in full: ${stored} is ${shown}`, async () => {
      assert.deepEqual(await cellsOf(`<c><v>${stored}</v></c>`), [shown]);
    });
  }

  // Excel counts 1900-02-29 as day 60; 43331 is 2018-08-19, 0.395 of a day 9:28:48.
  const dates: { serial: string; format: number | string; shown: string; is1904?: boolean }[] = [
    { serial: "43331", format: 14, shown: "2018-08-19" },
    { serial: "43331.395", format: 14, shown: "2018-08-19" },
    { serial: "43331.395", format: 22, shown: "2018-08-19T09:28:48" },
    { serial: "43331", format: 22, shown: "2018-08-19" },
    { serial: "43331.395", format: "mm:ss.0", shown: "2018-08-19T09:28:48" },
    { serial: "0.395", format: "h:mm", shown: "09:28:48" },
    { serial: "43331", format: "[$-409]d\\-mmm\\-yy;@", shown: "2018-08-19" },
    { serial: "43331", format: "mmm yyyy", shown: "2018-08-19" },
    { serial: "1", format: 14, shown: "1900-01-01" },
    { serial: "59", format: 14, shown: "1900-02-28" },
    { serial: "60", format: 14, shown: "1900-02-29" },
    { serial: "61", format: 14, shown: "1900-03-01" },
    { serial: "41869", format: 14, shown: "2018-08-19", is1904: true },
    { serial: "0", format: 14, shown: "1904-01-01", is1904: true },
    { serial: "2958466", format: 14, shown: "2958466" },
    { serial: "-3", format: 14, shown: "-3" },
    { serial: "1.5", format: "[h]:mm", shown: "1.5" },
    { serial: "0.0644", format: 10, shown: "0.0644" },
    { serial: "1250.5", format: "_(* #,##0_);_(* \\(#,##0\\)", shown: "1250.5" },
    { serial: "7", format: "0 &quot;months&quot;", shown: "7" },
    { serial: "7", format: "[Red]0.00;[Blue]-0.00", shown: "7" },
  ];
  for (const { serial, format, shown, is1904 = false } of dates) {
    it(`are days where they are shown as such: ${serial} as ${format}${is1904 ? " from 1904" : ""} is ${shown}`, async () => {
      const cells = `<c s="1"><v>${serial}</v></c>`;
      assert.deepEqual(await cellsOf(cells, { formats: [format], is1904 }), [shown]);
    });
  }

  it("are true, false and error values, as text", async () => {
    const cells =
      '<c t="b"><v>1</v></c><c t="b"><v>0</v></c><c t="e"><v>#N/A</v></c><c t="d"><v>2018-08-19T00:00:00</v></c>';
    assert.deepEqual(await cellsOf(cells), ["true", "false", "#N/A", "2018-08-19"]);
  });

  it("stand where their reference says, and empty ones are none", async () => {
    assert.deepEqual(
      await cellsOf(
        '<c r="B2"><v>1</v></c><c r="AA2" t="inlineStr"><is><t> </t></is></c><c r="D2"><v>2</v></c><c r="E2"/>',
      ),
      [null, "1", null, "2"],
    );
  });

  it("of a formula are its value, else what a quoted string would show, else the formula itself", async () => {
    const cells = [
      '<c><f>"0001694010 - 000264"</f><v>0</v></c>',
      '<c t="str"><f>"say ""yes"""</f></c>',
      "<c><f>SUM(A1:A2)</f><v>12.5</v></c>",
      "<c><f>A1-A1</f><v>0</v></c>",
      "<c><f>A1+B1</f></c>",
      '<c t="str"><f>"kept"</f><v>cached</v></c>',
    ];
    assert.deepEqual(await cellsOf(cells.join("")), [
      "0001694010 - 000264",
      'say "yes"',
      "12.5",
      "0",
      "=A1+B1",
      "cached",
    ]);
  });

  it("behind quoted formulas are noted once for each column", async () => {
    const row = (n: number): string => `<row r="${n}"><c><f>"00${n}"</f><v>0</v></c></row>`;
    const rows = `${textRows([["assetNumber"]])}${row(2)}${row(3)}`;
    const framed = await frameFile(makeWorkbook({ sheets: [{ name: "Tape", rows }] }), FIRST);
    assert.deepEqual(framed.rows, [["002"], ["003"]]);
    assert.deepEqual(problemsOf(framed), [["loan-id-formula", 2, "002"]]);
    assert.equal(framed.problems[0]?.field, "assetNumber");
  });
});

describe("the sheets of a workbook", () => {
  it("have their header below titles or split, and rows keep the number of the sheet", async () => {
    const rows =
      textRows([
        ["SIMULATED DATA"],
        ["MSR TAPE - FEB 2026"],
        ["Loan", "Current UPB", "Note"],
        ["ID", "($)", "Rate"],
        ["1", "5"],
      ]) + textRows([["2", "6", "7"]], 12);
    const framed = await frameFile(makeWorkbook({ sheets: [{ name: "Tape", rows }] }), FIND);
    assert.deepEqual(framed.columns, NAMES);
    assert.deepEqual(framed.rows, [
      ["1", "5", null],
      ["2", "6", "7"],
    ]);
    assert.deepEqual(framed.lines, [5, 12]);
    assert.deepEqual(problemsOf(framed), [["title-rows", 1, "2 rows above the header"]]);
  });

  it("may claim more rows than they have: blank ones are counted and skipped", async () => {
    const blank = Array.from(
      { length: 2_000 },
      (_, i) => `<row r="${i + 4}"><c r="A${i + 4}" s="0"/></row>`,
    );
    const rows =
      textRows([
        ["id", "balance"],
        ["1", "2.00"],
        ["3", "4.00"],
      ]) + blank.join("");
    const framed = await frameFile(makeWorkbook({ sheets: [{ name: "Tape", rows }] }), FIRST);
    assert.equal(framed.rows.length, 2);
    assert.deepEqual(problemsOf(framed), [["blank-rows", 4, "2000 blank rows"]]);
  });

  it("are searched for the header; hidden ones are not, and others with values are noted", async () => {
    const tape = (id: string): string => textRows([NAMES, [id, "5", "6"]]);
    const workbook = makeWorkbook({
      sheets: [
        { name: "Old", state: "hidden", rows: tape("old") },
        { name: "Secret", state: "veryHidden", rows: tape("secret") },
        { name: "Cover", rows: textRows([["Tape of July"]]) },
        { name: "Empty", rows: "" },
        { name: "Tape", rows: tape("1") },
        { name: "More", rows: tape("2") },
      ],
    });
    const framed = await frameFile(workbook, FIND);
    assert.deepEqual(framed.rows, [["1", "5", "6"]]);
    assert.deepEqual(problemsOf(framed), [
      ["records-skipped", 0, "the sheet Cover"],
      ["records-skipped", 0, "the sheet More"],
    ]);
    const named = await frameFile(workbook, { ...FIND, sheet: "More" });
    assert.deepEqual(named.rows, [["2", "5", "6"]]);
    assert.deepEqual(named.problems, []);
    const missing = await frameFile(workbook, { ...FIND, sheet: "Old" });
    assert.deepEqual(problemsOf(missing), [["header", 0, "Cover, Empty, Tape, More"]]);
  });

  it("without a header anywhere are refused, once", async () => {
    const sheets = ["A", "B"].map((name) => ({
      name,
      rows: textRows([
        ["x", "y"],
        ["1", "2"],
      ]),
    }));
    const framed = await frameFile(makeWorkbook({ sheets }), FIND);
    assert.deepEqual(problemsOf(framed), [["header", 1, "x, y"]]);
  });

  it("give columns by position where the format names them", async () => {
    const header = { kind: "none", columns: ["L1", "L2", "L3"] } as const;
    const workbook = makeWorkbook({
      sheets: [
        {
          name: "A",
          rows: textRows([
            ["1", "2"],
            ["3", "4", "5", "6"],
          ]),
        },
      ],
    });
    const framed = await frameFile(workbook, { kind: "workbook", header });
    assert.deepEqual(framed.columns, ["L1", "L2", "L3"]);
    assert.deepEqual(framed.rows, [
      ["1", "2", null],
      ["3", "4", "5", "6"],
    ]);
  });
});

describe("a workbook that is damaged", () => {
  const parts = {
    "xl/workbook.xml":
      '<workbook xmlns:r="x"><sheets><sheet name="A" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels":
      '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="a.xml"/></Relationships>',
    "xl/a.xml": "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>",
  };
  const made = (changed: Record<string, string | Buffer | null>): Buffer =>
    makeZip(
      Object.entries({ ...parts, ...changed }).flatMap(([name, content]) =>
        content === null ? [] : [{ name, content }],
      ),
    );
  const sheet = (rows: string): string => `<worksheet><sheetData>${rows}</sheetData></worksheet>`;

  it("is not this one, which has the least that one needs", async () => {
    assert.deepEqual((await frameFile(made({}), FIRST)).columns, ["1"]);
  });

  const cases: {
    title: string;
    changed: Record<string, string | Buffer | null>;
    value: RegExp;
    code?: string;
  }[] = [
    {
      title: "without its list of parts",
      changed: { "xl/_rels/workbook.xml.rels": null },
      value: /no xl\/_rels/,
    },
    { title: "without a sheet", changed: { "xl/a.xml": null }, value: /no xl\/a\.xml/ },
    {
      title: "with a sheet that ends too early",
      changed: { "xl/a.xml": "<worksheet><sheetData>" },
      value: /unclosed/,
    },
    {
      title: "with a document type",
      changed: { "xl/a.xml": `<!DOCTYPE x [<!ENTITY a "b">]>${parts["xl/a.xml"]}` },
      value: /document type/,
    },
    {
      title: "with bytes that are no text",
      changed: {
        "xl/a.xml": Buffer.from(sheet("<row><c t='str'><v>\u00e9</v></c></row>"), "latin1"),
      },
      value: /no UTF-8/,
    },
    {
      title: "with a string that is not there",
      changed: { "xl/a.xml": sheet('<row><c t="s"><v>7</v></c></row>') },
      value: /the string 7 of row 1/,
    },
    {
      title: "with a cell beyond all columns",
      changed: { "xl/a.xml": sheet('<row><c r="XFD1"><v>7</v></c></row>') },
      value: /the cell XFD1/,
    },
    {
      title: "with a text without end",
      changed: { "xl/a.xml": sheet(`<row><c t="str"><v>${"x".repeat(2_000_000)}</v></c></row>`) },
      value: /without a tag/,
    },
    {
      title: "with too many strings",
      changed: {
        "xl/sharedStrings.xml": `<sst>${`<si><t>${"x".repeat(30_000)}</t></si>`.repeat(2_300)}</sst>`,
      },
      code: "archive-too-large",
      value: /./,
    },
  ];
  for (const { title, changed, value, code = "archive" } of cases) {
    it(`is refused: ${title}`, async () => {
      const framed = await frameFile(made(changed), FIRST);
      assert.equal(framed.refused, true);
      assert.equal(framed.problems[0]?.code, code);
      assert.match(framed.problems[0].value, value);
    });
  }

  it("is no text either", async () => {
    const framed = await frameFile(made({}), {
      kind: "delimited",
      delimiter: ",",
      header: { kind: "first" },
    });
    assert.deepEqual(problemsOf(framed), [["format-undeclared", 0, "a workbook"]]);
    const text = await frameFile("a,b\n", FIRST);
    assert.deepEqual(problemsOf(text), [["format-undeclared", 0, "a text"]]);
  });
});
