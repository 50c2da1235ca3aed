import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { frameXml, problemsOf } from "./frame-bytes.ts";

const NAMESPACE = "urn:test:tape";
const FLAT = { namespace: NAMESPACE, path: ["assetData", "assets"] };
const ESMA = {
  namespace: "urn:test",
  path: ["Document", "Report", "Record"],
  nested: "*" as const,
};

function exhibit(assets: string): string {
  return `<?xml version="1.0"?>\n<assetData xmlns="${NAMESPACE}">\n${assets}\n</assetData>`;
}

describe("records of XML", () => {
  it("are the elements at the end of the path, in pieces of any size", async () => {
    const file = exhibit(
      "<assets><id> 1 </id><name>A &amp; B</name></assets>\n<assets>\n<id>2</id><memo><![CDATA[é <€>]]></memo></assets>",
    );
    for (const size of [1, 3, 64, 65_536]) {
      const framed = await frameXml(file, FLAT, size);
      assert.deepEqual(framed.columns, ["id", "name", "memo"]);
      assert.deepEqual(framed.rows, [
        ["1", "A & B"],
        ["2", null, "é <€>"],
      ]);
      assert.deepEqual(framed.lines, [3, 4]);
      assert.deepEqual(framed.problems, []);
    }
  });

  it("joins elements that may repeat and refuses those that may not, keeping the first", async () => {
    const file = exhibit(
      "<assets><c>1</c><id>7</id><c>2</c><id>8</id></assets><assets><c>3</c></assets>",
    );
    const framed = await frameXml(file, { ...FLAT, repeatable: ["c"] });
    assert.deepEqual(framed.rows, [
      ["1; 2", "7"],
      ["3", null],
    ]);
    assert.deepEqual(problemsOf(framed), [["repeated-element", 3, "8"]]);
    assert.equal(framed.problems[0]?.field, "id");
  });

  it("names nested values by their parent and joins those of several", async () => {
    const property = (state: string): string => `<property><state>${state}</state></property>`;
    const file = exhibit(`<assets><id>1</id>${property("NY")}${property("CA")}</assets>`);
    const framed = await frameXml(file, { ...FLAT, nested: ["property"] });
    assert.deepEqual(framed.columns, ["id", "property/state"]);
    assert.deepEqual(framed.rows, [["1", "NY; CA"]]);
  });

  it("reads any depth, attributes, and values that stand beside the records", async () => {
    const record = (amount: string): string =>
      `<Record><Id><New>${amount}</New></Id><Bal><Amt Ccy="GBP" x="y">${amount}.00</Amt></Bal></Record>`;
    const file = `<Document xmlns="urn:test:v4"><Report><Idr>LEI</Idr><Hdr><CutOffDt>2020-12-31</CutOffDt></Hdr>${record("1")}${record("2")}</Report></Document>`;
    const framed = await frameXml(file, { ...ESMA, attributes: ["Ccy"] });
    assert.deepEqual(framed.columns, [
      "../Idr",
      "../Hdr/CutOffDt",
      "Id/New",
      "Bal/Amt/@Ccy",
      "Bal/Amt",
    ]);
    assert.deepEqual(framed.rows, [
      ["LEI", "2020-12-31", "1", "GBP", "1.00"],
      ["LEI", "2020-12-31", "2", "GBP", "2.00"],
    ]);
  });
});

describe("XML that is no tape", () => {
  const asset = "<assets><id>1</id></assets>";
  const cases: { title: string; file: string | Buffer; problem: [string, number, RegExp] }[] = [
    {
      title: "a document type",
      file: `<!DOCTYPE a [<!ENTITY b "c">]>${exhibit(asset)}`,
      problem: ["doctype", 1, /DOCTYPE/],
    },
    {
      title: "an entity",
      file: exhibit("<assets><id>&b;</id></assets>"),
      problem: ["malformed", 3, /entity/],
    },
    { title: "another root", file: "<data/>", problem: ["root-element", 1, /^data$/] },
    {
      title: "another namespace",
      file: '<assetData xmlns="urn:other"/>',
      problem: ["namespace", 1, /^urn:other$/],
    },
    {
      title: "an element beside the records",
      file: exhibit(`${asset}<other/>`),
      problem: ["unexpected-element", 3, /^other$/],
    },
    {
      title: "a value that has elements",
      file: exhibit("<assets><id><x>1</x></id></assets>"),
      problem: ["unexpected-element", 3, /^x$/],
    },
    { title: "text among records", file: exhibit(`${asset}x`), problem: ["malformed", 4, /^x$/] },
    {
      title: "text among values",
      file: exhibit("<assets>x<id>1</id></assets>"),
      problem: ["malformed", 3, /^x$/],
    },
    {
      title: "a file that ends too early",
      file: exhibit(asset).slice(0, -5),
      problem: ["malformed", 4, /unclosed/],
    },
    {
      title: "a value without end",
      file: exhibit(`<assets><id>${"1".repeat(1_100_000)}</id></assets>`),
      problem: ["element-too-long", 3, /./],
    },
    {
      title: "a prolog without end",
      file: `<!--${"x".repeat(1_200_000)}`,
      problem: ["doctype", 1, /./],
    },
    {
      title: "values without end",
      file: exhibit(`<assets>${"<c>1</c>".repeat(10_001)}</assets>`),
      problem: ["element-too-long", 3, /^c$/],
    },
    {
      title: "element names without end",
      file: exhibit(
        `<assets>${Array.from({ length: 5_000 }, (_, i) => `<a${i}/>`).join("")}</assets>`,
      ),
      problem: ["element-too-long", 3, /./],
    },
    {
      title: "another encoding",
      file: Buffer.from(exhibit("<assets>\n<id>É</id></assets>"), "latin1"),
      problem: ["encoding", 4, /^the byte c9 at offset \d+$/],
    },
  ];
  for (const { title, file, problem } of cases) {
    it(`stops at ${title}`, async () => {
      const framed = await frameXml(file, { ...FLAT, repeatable: ["c"] });
      const found = problemsOf(framed)[0]!;
      assert.equal(framed.refused, true);
      assert.deepEqual(found.slice(0, 2), problem.slice(0, 2));
      assert.match(found[2], problem[2]);
    });
  }

  it("stops where elements nest without end", async () => {
    const framed = await frameXml(
      `<Document xmlns="urn:test"><Report><Record>${"<a>".repeat(100)}`,
      ESMA,
    );
    assert.equal(framed.problems[0]?.code, "element-too-long");
  });
});
