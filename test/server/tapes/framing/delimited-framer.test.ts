import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DelimitedFraming, Header } from "../../../../server/tapes/framing/framer.ts";
import { frameText, problemsOf } from "./frame-bytes.ts";

describe("records of delimited text", () => {
  const cases: { title: string; file: string; rows: string[][]; lines: number[] }[] = [
    {
      title: "lines that end in LF",
      file: "a,b\n1,2\n3,4\n",
      rows: [
        ["1", "2"],
        ["3", "4"],
      ],
      lines: [2, 3],
    },
    {
      title: "CRLF",
      file: "a,b\r\n1,2\r\n3,4\r\n",
      rows: [
        ["1", "2"],
        ["3", "4"],
      ],
      lines: [2, 3],
    },
    {
      title: "CR alone",
      file: "a,b\r1,2\r3,4\r",
      rows: [
        ["1", "2"],
        ["3", "4"],
      ],
      lines: [2, 3],
    },
    {
      title: "a last line without an end",
      file: "a,b\n1,2\n3,4",
      rows: [
        ["1", "2"],
        ["3", "4"],
      ],
      lines: [2, 3],
    },
    {
      title: "blanks around cells, quoted or not",
      file: 'a,b\n 1 ,"  2 "\n',
      rows: [["1", "2"]],
      lines: [2],
    },
    {
      title: "delimiters and line ends in quotes",
      file: 'a,b\n"1,\r\n2",3\n4,5\n',
      rows: [
        ["1,\r\n2", "3"],
        ["4", "5"],
      ],
      lines: [2, 4],
    },
    {
      title: "doubled quotes",
      file: 'a,b\n"say ""yes""","""x"""\n5,6\n',
      rows: [
        ['say "yes"', '"x"'],
        ["5", "6"],
      ],
      lines: [2, 3],
    },
    {
      title: "empty cells",
      file: 'a,b,c\n,1,\n"",,2\n',
      rows: [
        ["", "1", ""],
        ["", "", "2"],
      ],
      lines: [2, 3],
    },
    {
      title: "rows that are too short and too long",
      file: "a,b\n1\n1,2,3\n",
      rows: [["1"], ["1", "2", "3"]],
      lines: [2, 3],
    },
    { title: "blanks beside quotes", file: 'a,b\n "1" , "2"\n', rows: [["1", "2"]], lines: [2] },
    { title: "characters of several bytes", file: "a,b\nÉ€,𝄞\n", rows: [["É€", "𝄞"]], lines: [2] },
  ];
  for (const { title, file, rows, lines } of cases) {
    it(`has ${title}, in pieces of any size`, async () => {
      for (const size of [1, 2, 3, 5, 7, 64]) {
        const framed = await frameText(file, {}, size);
        assert.deepEqual(framed.rows, rows, `pieces of ${size}`);
        assert.deepEqual(framed.lines, lines, `pieces of ${size}`);
        assert.deepEqual(framed.problems, []);
      }
    });
  }

  it("joins a record that is longer than several pieces", async () => {
    const long = `"${"x,\n".repeat(20_000)}"`;
    const framed = await frameText(`a,b\n1,2\n${long},3\n4,5\n`, {}, 7_000);
    assert.deepEqual(
      framed.rows.map((row) => row.map((cell) => cell?.length)),
      [
        [1, 1],
        [59_999, 1],
        [1, 1],
      ],
    );
    assert.deepEqual(framed.lines, [2, 3, 20_004]);
  });

  it("notes mixed line ends once, where the second kind stands first", async () => {
    const framed = await frameText("a,b\n1,2\r\n3,4\r5,6\n");
    assert.equal(framed.rows.length, 3);
    assert.deepEqual(
      problemsOf(framed).map(([code, line]) => [code, line]),
      [
        ["mixed-line-ends", 2],
        ["mixed-line-ends", 3],
      ],
    );
  });

  it("skips blank rows wherever they stand and notes how many there were", async () => {
    const framed = await frameText("\na,b\n1,2\n\n,\n3,4\n\n\n");
    assert.deepEqual(framed.rows, [
      ["1", "2"],
      ["3", "4"],
    ]);
    assert.deepEqual(framed.lines, [3, 6]);
    assert.deepEqual(problemsOf(framed), [["blank-rows", 1, "5 blank rows"]]);
  });
});

describe("the text of a tape", () => {
  const stops: {
    title: string;
    file: Buffer;
    framing?: Partial<DelimitedFraming>;
    problem: [string, number, RegExp];
  }[] = [
    {
      title: "a byte of another encoding, by line and offset",
      file: Buffer.from("id,name\n1,ok\n2,Citro\u00ebn\n", "latin1"),
      // "id,name\n" has 8 bytes, "1,ok\n" 5, "2,Citro" 7: the wrong byte is number 20 from 0.
      problem: ["encoding", 3, /^the byte eb at offset 20$/],
    },
    {
      title: "a character that was destroyed before",
      file: Buffer.from("id\nCitro\ufffdn\n"),
      problem: ["encoding", 2, /^U\+FFFD at offset 8$/],
    },
    {
      title: "a file that ends within a character",
      file: Buffer.from("id\n€").subarray(0, 5),
      problem: ["encoding", 2, /^the byte e2 at offset 3$/],
    },
    {
      title: "a NUL byte",
      file: Buffer.from("id\n1\0\n"),
      problem: ["encoding", 2, /^the byte 00 at offset 4$/],
    },
    {
      title: "UTF-16",
      file: Buffer.from("\ufeffid\n1\n", "utf16le"),
      problem: ["encoding", 1, /^the byte ff at offset 0$/],
    },
    {
      title: "a byte that windows-1252 does not have",
      file: Buffer.from([105, 100, 10, 0x81, 10]),
      framing: { encoding: "windows-1252" },
      problem: ["encoding", 2, /^the byte 81 at offset 3$/],
    },
    {
      title: "a quote that is never closed, by the line where it was opened",
      file: Buffer.from('a,b\n1,2\n3,"4\n5,6\n'),
      problem: ["malformed", 3, /never closed/],
    },
    {
      title: "text after a closing quote",
      file: Buffer.from('a,b\n"1\n2"3,4\n'),
      problem: ["malformed", 3, /begins on line 2$/],
    },
    {
      title: "a quote inside an unquoted field",
      file: Buffer.from('a,b\n1,2"3\n'),
      problem: ["malformed", 2, /unquoted/],
    },
    {
      title: "a record that never ends",
      file: Buffer.from(`a,b\n1,${"x".repeat(3_000_000)}`),
      problem: ["element-too-long", 2, /1048576/],
    },
    {
      title: "a quote that swallows a file",
      file: Buffer.from(`a,b\n1,2\n1,"2\n${"3,4\n".repeat(500_000)}`),
      problem: ["malformed", 3, /never closed/],
    },
    {
      title: "more columns than any tape has",
      file: Buffer.from(`${"x,".repeat(5_000)}\n`),
      problem: ["element-too-long", 1, /4096/],
    },
  ];
  for (const { title, file, framing, problem } of stops) {
    it(`stops at ${title}`, async () => {
      for (const size of [1, 3, 65_536]) {
        if (size < 10 && file.length > 100_000) continue;
        const framed = await frameText(file, framing, size);
        const found = problemsOf(framed).find(([code]) => code !== "byte-order-mark")!;
        assert.equal(framed.refused, true);
        assert.deepEqual(found.slice(0, 2), problem.slice(0, 2));
        assert.match(found[2], problem[2]);
      }
    });
  }

  it("may be in windows-1252 when that is declared", async () => {
    const file = Buffer.from([...Buffer.from("id\n"), 0x80, 0x93, 0xe9, 0x94, 10]);
    for (const size of [1, 4, 64]) {
      const { rows } = await frameText(file, { encoding: "windows-1252" }, size);
      assert.deepEqual(rows, [["€“é”"]]);
    }
  });

  it("may begin with a byte order mark, which is dropped and noted", async () => {
    for (const size of [1, 2, 64]) {
      const framed = await frameText("\ufeffid\n1\n", {}, size);
      assert.deepEqual(framed.columns, ["id"]);
      assert.deepEqual(problemsOf(framed), [["byte-order-mark", 1, "a byte order mark"]]);
    }
  });
});

describe("the delimiter", () => {
  const auto = { delimiter: "auto" } as const;
  for (const delimiter of [",", "|", "\t", ";"]) {
    it(`${JSON.stringify(delimiter)} is found by the columns of the header`, async () => {
      const file = `loan id${delimiter}a, b; c${delimiter}d\n1${delimiter}2,5${delimiter}3;4\n`;
      const quoted = file
        .replace("a, b; c", '"a, b; c"')
        .replace("2,5", '"2,5"')
        .replace("3;4", '"3;4"');
      for (const size of [1, 64]) {
        const framed = await frameText(quoted, auto, size);
        assert.deepEqual(framed.columns, ["loan id", "a, b; c", "d"]);
        assert.deepEqual(framed.rows, [["1", "2,5", "3;4"]]);
      }
    });
  }

  it("of a file without header is the one that gives the declared number of columns", async () => {
    const header: Header = { kind: "none", columns: ["id", "name", "balance"] };
    const framed = await frameText("1|Smith, John, Jr, III|5.00\n", { ...auto, header });
    assert.deepEqual(framed.columns, ["id", "name", "balance"]);
    assert.deepEqual(framed.rows, [["1", "Smith, John, Jr, III", "5.00"]]);
  });
});

describe("the header", () => {
  const find: Header = {
    kind: "find",
    names: ["Loan ID", "Current UPB", "Note Rate", "Status"],
    least: 3,
  };

  it("may stand below titles, which are noted", async () => {
    const file =
      "SIMULATED DATA,,,\nMSR TAPE - FEB 2026\n Loan  ID ,Current UPB,Note Rate,Memo\n1,2,3,4\n";
    const framed = await frameText(file, { header: find });
    assert.deepEqual(framed.columns, ["Loan ID", "Current UPB", "Note Rate", "Memo"]);
    assert.deepEqual(framed.rows, [["1", "2", "3", "4"]]);
    assert.deepEqual(framed.lines, [4]);
    assert.deepEqual(problemsOf(framed), [["title-rows", 1, "2 rows above the header"]]);
  });

  it("may be split over four rows, though three names are whole before", async () => {
    const file = [
      "Loan,Current,,",
      "ID,UPB,Note,",
      ",,Rate,",
      ",,,Status",
      "1,2,3,4",
      "5,6,7,8",
    ].join("\n");
    const framed = await frameText(file, { header: find });
    assert.deepEqual(framed.columns, ["Loan ID", "Current UPB", "Note Rate", "Status"]);
    assert.deepEqual(framed.rows, [
      ["1", "2", "3", "4"],
      ["5", "6", "7", "8"],
    ]);
    assert.deepEqual(problemsOf(framed), []);
  });

  it("stays one row when the rows below add no name", async () => {
    const framed = await frameText("Loan ID,Current UPB,Note Rate,x\n1,,,\n2,,,\n3,,,\n4,,,\n", {
      header: find,
    });
    assert.equal(framed.rows.length, 4);
  });

  it("is refused when it is not there, and when the file is transposed it says so", async () => {
    const [none] = problemsOf(await frameText("a,b\n1,2\n", { header: find }));
    assert.deepEqual(none?.slice(0, 2), ["header", 1]);
    const turned = "Loan ID,1,2\nCurrent UPB,100.00,200.00\nNote Rate,5,6\nStatus,0,0\n";
    const framed = await frameText(turned, { header: find });
    assert.match(framed.problems[0]!.expected, /one column per loan and is to be transposed/);
  });

  it("is looked for in the first 100 rows only", async () => {
    const framed = await frameText(`${"x,y\n".repeat(100)}Loan ID,Current UPB,Note Rate\n`, {
      header: find,
    });
    assert.equal(framed.problems[0]?.code, "header");
  });

  it("is missing from an empty file", async () => {
    assert.deepEqual(problemsOf(await frameText("")), [["header", 1, ""]]);
    assert.deepEqual(
      problemsOf(await frameText("\n\n", { header: find })).map(([code]) => code),
      ["header"],
    );
  });

  it("is not in the file where the format names the columns", async () => {
    const framed = await frameText("1|2\n", {
      delimiter: "|",
      header: { kind: "none", columns: ["id", "x"] },
    });
    assert.deepEqual(framed.columns, ["id", "x"]);
    assert.deepEqual(framed.rows, [["1", "2"]]);
  });
});
