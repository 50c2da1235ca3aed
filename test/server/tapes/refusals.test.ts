import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { sql } from "kysely";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import { amcarTape, AMCAR_DEAL_FILE, insertDeal, upload, uploadMonths } from "./amcar-2017-4.ts";

const OCTOBER = amcarTape("2017-10");
const FIRST_LOAN = "0001718362 - 003033";

/** The n-th record of a tape. */
function record(tape: string, index: number): string {
  return tape.match(/<assets>[^]*?<\/assets>/g)?.[index] ?? "";
}

/** One value of the first record changed. */
function withValue(tape: string, element: string, value: string): string {
  const first = record(tape, 0);
  const changed = first.replace(new RegExp(`<${element}>[^<]*<`), `<${element}>${value}<`);
  assert.notEqual(changed, first, `${element} is not in the record`);
  return tape.replace(first, changed);
}

const BOMB = `<?xml version="1.0"?>
<!DOCTYPE assetData [<!ENTITY a "ten"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>
${OCTOBER.slice(OCTOBER.indexOf("<assetData")).replace("GM FINANCIAL", "&c;")}`;

interface Refusal {
  title: string;
  tape: string | Buffer;
  month?: string;
  code: string;
  problem: Record<string, unknown>;
}

const REFUSALS: Refusal[] = [
  {
    title: "a truncated file names the line that it ends in",
    tape: OCTOBER.slice(0, 20_000),
    code: "tape-malformed",
    problem: { code: "malformed", line: 322 },
  },
  {
    title: "an entity bomb is refused before anything is expanded",
    tape: BOMB,
    code: "tape-doctype",
    problem: { code: "doctype", line: 2 },
  },
  {
    title: "an entity without a document type is not known",
    tape: OCTOBER.replace("GM FINANCIAL", "&c;"),
    code: "tape-malformed",
    problem: { code: "malformed", value: "undefined entity." },
  },
  {
    title: "a tape of another trust is the wrong deal's",
    tape: OCTOBER.replaceAll("0001718362 - ", "0001694010 - "),
    code: "tape-wrong-deal",
    problem: { code: "loan-id-shape", value: "0001694010 - 003033" },
  },
  {
    title: "a tape of another month is the wrong period's",
    tape: amcarTape("2017-11"),
    code: "tape-wrong-period",
    problem: { code: "period", value: "2017-11-30", expected: "2017-10-31" },
  },
  {
    title: "a loan that stands in the tape twice with other values",
    tape: OCTOBER.replace(
      "</assetData>",
      `${record(OCTOBER, 0).replace(">FL<", ">TX<")}</assetData>`,
    ),
    code: "tape-refused",
    problem: { code: "loan-repeated", value: "other values than in line 4" },
  },
  {
    title: "a closing balance that does not follow from the row",
    tape: withValue(OCTOBER, "reportingPeriodActualEndBalanceAmount", "7000"),
    code: "tape-refused",
    problem: { code: "roll-forward", loanId: FIRST_LOAN, value: "7000.00" },
  },
  {
    title: "a month that does not begin where the last one ended",
    tape: withValue(
      withValue(OCTOBER, "reportingPeriodBeginningLoanBalanceAmount", "7145.48"),
      "otherPrincipalAdjustmentAmount",
      "0.01",
    ),
    code: "tape-refused",
    problem: { code: "chain-broken", value: "7145.48" },
  },
  {
    title: "a loan with a balance that is left out",
    tape: OCTOBER.replace(record(OCTOBER, 0), ""),
    code: "tape-refused",
    problem: { code: "loan-vanished", loanId: FIRST_LOAN },
  },
  {
    title: "a fraction of a cent",
    tape: withValue(OCTOBER, "actualPrincipalCollectedAmount", "326.615"),
    code: "tape-refused",
    problem: { code: "decimals", field: "actualPrincipalCollectedAmount", value: "326.615" },
  },
  {
    title: "a percentage where the deal has fractions",
    tape: withValue(OCTOBER, "reportingPeriodInterestRatePercentage", "10.9"),
    code: "tape-refused",
    problem: { code: "rate-range", field: "reportingPeriodInterestRatePercentage" },
  },
  {
    title: "rates in another unit than the month before, although each could be one",
    tape: OCTOBER.replace(
      /(<reportingPeriodInterestRatePercentage>)0\.(\d+)/g,
      (_all, element: string, digits: string) => `${element}0.00${digits}`,
    ),
    code: "tape-refused",
    problem: { code: "rate-unit", value: "a median rate of 0.1363 %" },
  },
  {
    title: "a loan past the charge-off age that is still carried [F5]",
    tape: withValue(OCTOBER, "currentDelinquencyStatus", "121"),
    code: "tape-refused",
    problem: { code: "past-charge-off-age", value: "121" },
  },
  {
    title: "a loan with a zero balance code and a balance",
    tape: OCTOBER.replace(
      "<assetSubjectDemandIndicator>",
      "<zeroBalanceCode>1</zeroBalanceCode><assetSubjectDemandIndicator>",
    ),
    code: "tape-refused",
    problem: { code: "terminated-with-balance" },
  },
  {
    title: "a termination code outside the list",
    tape: OCTOBER.replace(
      "<assetSubjectDemandIndicator>",
      "<zeroBalanceCode>7</zeroBalanceCode><assetSubjectDemandIndicator>",
    ),
    code: "tape-refused",
    problem: { code: "termination-unknown", value: "7" },
  },
  {
    title: "an element that stands twice in a loan",
    tape: OCTOBER.replace(
      "<originationDate>",
      "<originationDate>01/2013</originationDate><originationDate>",
    ),
    code: "tape-refused",
    problem: { code: "repeated-element", field: "originationDate" },
  },
  {
    title: "a row without a closing balance",
    tape: OCTOBER.replace(
      /<reportingPeriodActualEndBalanceAmount>[^<]*<\/reportingPeriodActualEndBalanceAmount>/,
      "",
    ),
    code: "tape-refused",
    problem: { code: "missing", line: 4 },
  },
  {
    title: "a date that the calendar does not have",
    tape: withValue(OCTOBER, "reportingPeriodEndingDate", "02-30-2017"),
    code: "tape-refused",
    problem: { code: "type", value: "02-30-2017" },
  },
  {
    title: "an exhibit of another asset class",
    tape: OCTOBER.replace("absee/autoloan", "absee/autolease"),
    code: "tape-wrong-format",
    problem: { code: "format-undeclared", value: "absee-auto-lease-xml" },
  },
  {
    title: "another XML document",
    tape: `<html><body>${" ".repeat(100)}</body></html>`,
    code: "tape-wrong-format",
    problem: { code: "root-element", value: "html" },
  },
  {
    title: "a CSV file in a deal of XML tapes",
    tape: "id,balance\n1,2\n",
    code: "tape-wrong-format",
    problem: { code: "format-undeclared", value: "delimited text" },
  },
  {
    title: "a zip archive that breaks off",
    tape: Buffer.from("504b03041400060008000000", "hex"),
    code: "tape-malformed",
    problem: { code: "archive" },
  },
  {
    title: "an empty file",
    tape: "",
    code: "tape-wrong-format",
    problem: { code: "format-unknown" },
  },
  {
    title: "text in another encoding names the line and the byte",
    tape: Buffer.from(OCTOBER.replace("CHEVROLET", "CHEVROLÉT"), "latin1"),
    code: "tape-malformed",
    problem: { code: "encoding", line: 218 },
  },
  {
    title: "a value that never ends",
    tape: OCTOBER.replace("GM FINANCIAL", "A".repeat(3_000_000)),
    code: "tape-malformed",
    problem: { code: "element-too-long" },
  },
  {
    title: "a cut-off tape of another size than the pool that was sold",
    month: "2017-09",
    tape: withValue(amcarTape("2017-09"), "reportingPeriodActualEndBalanceAmount", "7145.46"),
    code: "tape-refused",
    problem: { code: "cut-off-balance", value: "239568.98" },
  },
];

describe("a tape that cannot be taken", () => {
  let server: TestServer;
  let before_: unknown;
  before(async () => {
    server = await startTestServer();
    await insertDeal(server);
    await uploadMonths(server, ["2017-09"]);
  });
  after(() => server.close());

  async function everything(): Promise<unknown> {
    const { rows } = await sql`
      select (select count(*) from tapes)::int as tapes,
        (select count(*) from tape_problems)::int as problems,
        (select count(*) from loan_months)::int as loans,
        (select count(*) from tape_tree_nodes)::int as nodes,
        (select count(*) from pg_tables where schemaname = 'public')::int as tables
    `.execute(server.context.db);
    return rows[0];
  }
  beforeEach(async () => {
    before_ = await everything();
  });

  for (const { title, tape, month = "2017-10", code, problem } of REFUSALS) {
    it(`is refused with its own error and changes nothing: ${title}`, async () => {
      const answer = await upload(server, { month, tape });
      assert.equal(answer.statusCode, 422, answer.body);
      assert.match(answer.headers["content-type"] as string, /^application\/problem\+json/);
      const body = answer.json();
      assert.equal(body.code, code, body.detail);
      const listed = body.problems as Record<string, unknown>[];
      const found = listed.find((one) => one["code"] === problem["code"]);
      assert.deepEqual({ ...found, ...problem }, found, JSON.stringify(listed.slice(0, 3)));
      assert.equal(found?.["severity"], "refuse");
      assert.deepEqual(await everything(), before_);
    });
  }

  it("lists all of its problems at once, also as CSV that no sheet executes", async () => {
    const tape = withValue(OCTOBER, "actualPrincipalCollectedAmount", "=1+1").replace(
      record(OCTOBER, 3),
      record(withValue(record(OCTOBER, 3), "currentDelinquencyStatus", "late"), 0),
    );
    const answer = await upload(server, { month: "2017-10", tape, query: "&format=csv" });
    assert.equal(answer.statusCode, 422);
    assert.match(answer.headers["content-type"] as string, /^text\/csv/);
    const lines = answer.body.trim().split("\r\n");
    assert.equal(
      lines[0],
      "ordinal,severity,line,column,loanId,field,code,value,expected,reason,by,at",
    );
    assert.equal(lines.length, 3);
    assert.match(lines[1] ?? "", /actualPrincipalCollectedAmount,type,'=1\+1,/);
    assert.match(lines[2] ?? "", /currentDelinquencyStatus,type,late,a whole number/);
  });

  it("lists the first thousand of very many problems and counts them all", async () => {
    const rows = Array.from({ length: 1200 }, (_, index) =>
      record(OCTOBER, 0).replace(FIRST_LOAN, `another trust ${index}`),
    );
    const tape = OCTOBER.replace("</assetData>", `${rows.join("")}</assetData>`);
    const body = (await upload(server, { month: "2017-10", tape })).json();
    assert.equal(body.problems.length, 1000);
    // Each of the 1,200 has a strange id and is in no tape before.
    assert.equal(body.counts.refuse, 2400);
  });

  it("is refused for a month before its predecessor is there", async () => {
    const answer = await upload(server, { month: "2017-11" });
    assert.equal(answer.statusCode, 409);
    assert.equal(answer.json().code, "tape-out-of-order");
  });

  it("is refused for a month outside the deal's calendar", async () => {
    for (const month of ["2017-08", "2030-01", "2017-13", "october"]) {
      const answer = await upload(server, { month, tape: OCTOBER });
      assert.equal(answer.statusCode, 404, month);
      assert.equal(answer.json().code, "period-unknown");
    }
  });

  it("is refused for a deal that does not exist, and from whoever is not its servicer", async () => {
    const unknown = await upload(server, { month: "2017-10", deal: "nobody-2020-1" });
    assert.deepEqual([unknown.statusCode, unknown.json().code], [404, "deal-unknown"]);
    for (const role of ["approver", "trustee", "investor", "auditor", "administrator"] as const) {
      const answer = await upload(server, { month: "2017-10", user: server.users[role] });
      assert.deepEqual([answer.statusCode, answer.json().code], [403, "role-forbidden"], role);
    }
    const stranger = await server.addUser("servicer", { name: "another servicer" });
    const foreign = await upload(server, { month: "2017-10", user: stranger });
    assert.deepEqual([foreign.statusCode, foreign.json().code], [403, "deal-forbidden"]);
  });

  it("is refused when there is no file at all", async () => {
    const answer = await server.request(server.users.servicer, {
      method: "POST",
      url: "/v1/deals/amcar-2017-4/tapes?period=2017-10",
    });
    assert.deepEqual([answer.statusCode, answer.json().code], [400, "tape-missing"]);
  });

  it("is refused in JSON, which is no tape", async () => {
    const answer = await upload(server, {
      month: "2017-10",
      tape: "{}",
      headers: { "content-type": "application/json" },
    });
    assert.equal(answer.statusCode, 400, answer.body);
  });

  it("leaves the real tape to be taken afterwards", async () => {
    const answer = await upload(server, { month: "2017-10" });
    assert.equal(answer.statusCode, 201, answer.body);
  });

  it("is another deal's matter: the same tape goes into a second deal on the same pool", async () => {
    const id = "amcar-2017-4-second";
    await insertDeal(server, AMCAR_DEAL_FILE.replace("id: amcar-2017-4", `id: ${id}`), id);
    const first = await upload(server, { month: "2017-09", deal: id });
    const second = await upload(server, { month: "2017-10", deal: id });
    assert.deepEqual([first.statusCode, second.statusCode], [201, 201]);
  });
});
