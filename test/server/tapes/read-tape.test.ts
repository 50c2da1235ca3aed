import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { readTape } from "../../../server/tapes/read-tape.ts";
import { startProblemList } from "../../../server/tapes/tape-problem.ts";
import type { TapeProblem } from "../../../server/tapes/tape-problem.ts";
import { AMCAR_TERMS, amcarPeriod, amcarTape } from "./amcar-2017-4.ts";
import { readSample } from "./formats/read-sample.ts";
import { mappingOf } from "./made-csv.ts";

const OCTOBER = amcarTape("2017-10");
const PERIOD = { periodBegin: "2017-10-01", periodEnd: "2017-10-31" };

describe("the format of a tape", () => {
  const only = (problems: readonly TapeProblem[]) =>
    problems.map(({ code, value, severity }) => [code, value, severity]);

  it("is seen from its content", async () => {
    const { format, rows } = await readSample(OCTOBER, PERIOD);
    assert.deepEqual([format, rows.length], ["absee-auto-loan-xml", 12]);
  });

  it("is the deal's or the tape is refused, naming what it is", async () => {
    const declared = await readSample(OCTOBER, { ...PERIOD, format: "absee-cmbs-xml" });
    assert.deepEqual(only(declared.problems), [
      ["format-undeclared", "absee-auto-loan-xml", "refuse"],
    ]);
    const mapping = mappingOf(["loanId", "endingBalance"]);
    const mapped = await readSample(OCTOBER, { ...PERIOD, mapping });
    assert.deepEqual(only(mapped.problems), [
      ["format-undeclared", "absee-auto-loan-xml", "refuse"],
    ]);
    const text = await readSample("a,b\n1,2\n", { ...PERIOD, format: "absee-auto-loan-xml" });
    assert.deepEqual(only(text.problems), [["format-undeclared", "delimited text", "refuse"]]);
  });

  it("is not guessed: unknown files say what they look like", async () => {
    for (const file of ["a,b\n1,2\n", "", "   \n", "<html></html>", Buffer.alloc(4_000, 1)]) {
      const { format, refusals } = await readSample(file, PERIOD);
      assert.equal(format, null);
      assert.deepEqual(
        refusals.map(({ code }) => code),
        ["format-unknown"],
      );
    }
    // Names of Fannie Mae's columns do not make its layout, which has no header.
    const near = "loan_amnt,term,int_rate\n1,2,3\n";
    const { refusals } = await readSample(near, PERIOD);
    assert.match(refusals[0]?.expected ?? "", /a format that is known, or a mapping/);
  });

  it("is the servicer's mapping where a file also looks like a public layout", async () => {
    const columns = "assetNumber,reportingPeriodEndingDate,reportingPeriodActualEndBalanceAmount";
    const file = `${columns},originalLoanAmount\nA-1,31/10/2017,5.00,10.00\n`;
    const mapping = mappingOf(
      [],
      "columns: { loanId: assetNumber, endingBalance: reportingPeriodActualEndBalanceAmount, " +
        "periodEnd: { column: reportingPeriodEndingDate, dates: DD/MM/YYYY } }",
    );
    const { format, rows } = await readSample(file, { ...PERIOD, mapping });
    assert.deepEqual([format, rows.length], ["mapped", 1]);
  });
});

describe("reading a tape", () => {
  const reading = (bytes: AsyncIterable<Uint8Array>) => ({
    ...{ bytes, mostBytes: 64 * 1024 * 1024, terms: AMCAR_TERMS, period: amcarPeriod("2017-10") },
    ...{ problems: startProblemList(), onAttributes: () => {}, onRow: () => {} },
  });

  it("waits for whoever takes the rows before it asks for more of the file", async () => {
    const bytes = Buffer.from(OCTOBER);
    let asked = 0;
    async function* pieces(): AsyncGenerator<Buffer> {
      // The first 64 KB are looked at to tell the format.
      for (let from = 0; from < bytes.length; from += 70_000) {
        asked += 1;
        yield bytes.subarray(from, from + 70_000);
      }
      for (let more = 0; more < 20; more += 1) {
        asked += 1;
        yield Buffer.from(" ".repeat(1_000));
      }
    }
    let waiting = 0;
    const askedMeanwhile: number[] = [];
    await readTape({
      ...reading(pieces()),
      async drain() {
        waiting += 1;
        const before = asked;
        await wait(2);
        askedMeanwhile.push(asked - before);
      },
    });
    assert.ok(waiting > 10, `${waiting} waits`);
    assert.ok(
      askedMeanwhile.every((count) => count === 0),
      askedMeanwhile.join(),
    );
  });

  it("of a file that breaks off tells all that was found until there", async () => {
    const broken = OCTOBER.replaceAll("<paymentTypeCode>2<", "<paymentTypeCode>7<").slice(
      0,
      20_000,
    );
    const tape = reading(Readable.from([Buffer.from(broken)]));
    const { complete, rows } = await readTape(tape);
    assert.equal(complete, false);
    assert.ok(rows > 0);
    const codes = tape.problems.listed().map(({ code }) => code);
    assert.deepEqual(codes.toSorted(), ["code-unknown", "malformed"]);
  });

  it("hands what the source throws to whoever reads", async () => {
    async function* failing(): AsyncGenerator<Buffer> {
      yield Buffer.from(OCTOBER.slice(0, 70_000));
      throw new Error("the line is cut");
    }
    await assert.rejects(readTape(reading(failing())), /the line is cut/);
  });

  it("lists what stopped it before a thousand other refusals", async () => {
    const record = /<assets>[^]*?<\/assets>/.exec(OCTOBER)?.[0] ?? "";
    const bad = record.replace(/<reportingPeriodActualEndBalanceAmount>[^<]*/, "$&x");
    const file = `${OCTOBER.replace("</assetData>", "")}${bad.repeat(1_200)}<assets>`;
    const { problems } = await readSample(file, { ...PERIOD, format: "absee-auto-loan-xml" });
    assert.equal(problems[0]?.code, "malformed");
    assert.equal(problems.filter(({ severity }) => severity === "refuse").length, 1_000);
  });
});
