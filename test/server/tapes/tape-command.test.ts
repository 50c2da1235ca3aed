import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { formatProgress } from "../../../scripts/tape/progress-bar.ts";
import { readMapping } from "../../../server/deals/read-mapping-section.ts";
import { amcarTape } from "./amcar-2017-4.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const DEAL = path.join(ROOT, "test/golden/amcar-2017-4/deal.yaml");

function tape(...words: string[]) {
  const script = path.join(ROOT, "scripts/tape.ts");
  const run = spawnSync(process.execPath, [script, ...words], { encoding: "utf8" });
  return { status: run.status, out: run.stdout, err: run.stderr };
}

describe("npm run tape", () => {
  let folder = "";
  const put = (name: string, content: string | Buffer): string => {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "penstock-tape-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("accepts a tape without a deal: recognised, with its month and its control totals", () => {
    const run = tape("check", put("october.xml.gz", gzipSync(amcarTape("2017-10"))));
    assert.equal(run.status, 0, run.err + run.out);
    assert.match(run.out, /^absee-auto-loan-xml, 2017-10-01 to 2017-10-31$/m);
    // As CONTROL_TOTALS of the exhibit: 239,568.99 - 3,171.87 = 236,397.12.
    assert.match(run.out, /beginningBalance +239568\.99/);
    assert.match(run.out, /principal +3171\.87/);
    assert.match(run.out, /endingBalance +236397\.12/);
    assert.match(run.out, /accepted$/m);
  });

  it("refuses by the deal's own rules, prints the first problems and writes all as CSV", () => {
    const spoilt = amcarTape("2017-10").replaceAll(
      "<actualPrincipalCollectedAmount>",
      "<actualPrincipalCollectedAmount>9",
    );
    const csv = path.join(folder, "problems.csv");
    const run = tape("check", put("spoilt.xml", spoilt), "--deal", DEAL, "--csv", csv);
    assert.equal(run.status, 1, run.err + run.out);
    assert.match(run.out, /roll-forward +12 +the balance does not follow/);
    assert.match(run.out, /spoilt\.xml:\d+.*: refuse: roll-forward/);
    const rows = readFileSync(csv, "utf8").trimEnd().split("\r\n");
    assert.equal(
      rows[0],
      "ordinal,severity,line,column,loanId,field,code,value,expected,reason,by,at",
    );
    assert.equal(rows.filter((row) => row.includes(",roll-forward,")).length, 12);
  });

  it("says of a file in no known format what to do, and proposes a mapping that can be pasted", () => {
    const file = put("own.csv", "Loan Number,UPB,Days Past Due\nA1,5.00,0\nA2,6.50,31\n");
    const check = tape("check", file);
    assert.equal(check.status, 1);
    assert.match(check.out, /format-unknown/);
    assert.match(check.out, /tape -- propose FILE/);
    const run = tape("propose", file);
    assert.equal(run.status, 0, run.err);
    assert.match(run.out, /loanId +Loan Number +100 %/);
    const yaml = run.out.slice(run.out.indexOf("mapping:\n") + "mapping:\n".length);
    assert.deepEqual(readMapping(yaml).mapping?.columns, {
      loanId: "Loan Number",
      endingBalance: "UPB",
      daysPastDue: "Days Past Due",
    });
  });

  it("finds a loan that stands twice: a copy is noted, other values are refused", () => {
    const [record = ""] = /<assets>[^]*?<\/assets>\s*/.exec(amcarTape("2017-10")) ?? [];
    const again = (text: string) =>
      put("twice.xml", amcarTape("2017-10").replace("</assetData>", `${text}</assetData>`));
    const copy = tape("check", again(record));
    assert.deepEqual([copy.status, /loan-repeated-same/.test(copy.out)], [0, true]);
    const other = record.replace(/(<obligorCreditScore>)[^<]*/, "$1555");
    const refused = tape("check", again(other));
    assert.equal(refused.status, 1);
    assert.match(refused.out, /loan-repeated loanId: .*other values than in line/);
  });

  it("holds the cut-off tape against what the deal says was sold", () => {
    const cutOff = amcarTape("2017-09");
    const sold = tape("check", put("cut-off.xml", cutOff), "--deal", DEAL);
    assert.equal(sold.status, 0, sold.out);
    const less = tape(
      "check",
      put("less.xml", cutOff.replace(/<assets>[^]*?<\/assets>\s*/, "")),
      "--deal",
      DEAL,
    );
    assert.equal(less.status, 1);
    assert.match(less.out, /cut-off-balance endingBalance: .*expected 239568\.99/);
    assert.match(less.out, /cut-off-loans loanId: `11`, expected 12 loans/);
  });

  it("reads the first month of a history and says which others it has", () => {
    const formats = path.join(import.meta.dirname, "formats");
    const file = path.join(formats, "fannie-mae-performance", "performance-108.txt");
    const first = tape("check", file);
    assert.match(first.out, /fannie-mae-performance, 2026-01-01 to 2026-01-31/);
    assert.match(first.out, /a history: the rows of 2026-02 were skipped/);
    const second = tape("check", file, "--period", "2026-02");
    assert.match(second.out, /a history: the rows of 2026-01 were skipped/);
  });

  it("ends with 2 when it cannot run", () => {
    const asked = put("own2.csv", amcarTape("2017-10"));
    const runs = [
      tape("check", path.join(folder, "nowhere.csv")),
      tape("check"),
      tape("check", asked, "--period", "2017-13"),
      tape("check", asked, "--format", "no-such-format"),
      tape("explain", asked),
    ];
    assert.deepEqual(
      runs.map(({ status }) => status),
      [2, 2, 2, 2, 2],
    );
    assert.match(runs[0]!.err, /nowhere\.csv: there is no such file/);
    assert.match(runs[3]!.err, /--format is one of .*absee-auto-loan-xml/);
  });

  it("shows how far it is", () => {
    assert.equal(
      formatProgress({ bytes: 50e6, rows: 520_000, problems: 3 }, 100e6),
      `[${"=".repeat(12)}>${" ".repeat(11)}] 50 %  50 MB  520,000 rows  3 problems`,
    );
    assert.match(formatProgress({ bytes: 100, rows: 1, problems: 0 }, 100), /^\[={24}\] 100 %/);
  });
});
