import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sql } from "kysely";
import type { UploadProgress } from "../../../server/tapes/upload-tape.ts";
import { uploadTape } from "../../../server/tapes/upload-tape.ts";
import { comparePair } from "../../../server/tapes/tape-checks-queries.ts";
import type { FoundPair } from "../../../server/tapes/tape-checks-queries.ts";
import { LOAN_STATUSES } from "../../../server/tapes/canonical-fields.ts";
import type { LoanStatus } from "../../../server/tapes/canonical-fields.ts";
import { verifyLoanProof } from "../../../server/tapes/loan-proof.ts";
import { versionTable } from "../../../server/tapes/partitions-queries.ts";
import { proveLoan } from "../../../server/tapes/prove-loan.ts";
import { getTapeDeal } from "../../../server/tapes/tape-deal-queries.ts";
import { startProblemList } from "../../../server/tapes/tape-problem.ts";
import {
  validateReturnedLoans,
  validateRowCount,
  validateTapePair,
} from "../../../server/tapes/validate-tape-pair.ts";
import { findTape } from "../../../server/tapes/tapes-queries.ts";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import { amcarTape, DEAL, insertDeal, upload, uploadMonths } from "./amcar-2017-4.ts";
import { writeTape } from "./written-tape.ts";
import type { WrittenRow } from "./written-tape.ts";

const OCTOBER = amcarTape("2017-10");
const RECORDS = OCTOBER.match(/<assets>[^]*?<\/assets>/g) ?? [];

describe("a tape with rows that stand in it twice", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
    await insertDeal(server);
    await uploadMonths(server, ["2017-09"]);
  });
  after(() => server.close());

  it("loses exact copies, which are counted, and keeps the other rows in their order", async () => {
    const [first = "", second = ""] = RECORDS;
    const tape = OCTOBER.replace(first, first + first).replace(second, second + second);
    const answer = await upload(server, { month: "2017-10", tape });
    assert.equal(answer.statusCode, 201, answer.body);
    const { id, rowCount, closingBalance } = answer.json();
    assert.deepEqual([rowCount, closingBalance], [12, "236397.12"]);
    const url = `/v1/deals/${DEAL}/tapes/${id}/problems`;
    const { items } = (await server.request(server.users.auditor, { url })).json();
    assert.deepEqual(
      items.map((item: Record<string, unknown>) => [
        item["code"],
        item["severity"],
        item["loanId"],
      ]),
      [
        ["loan-repeated-same", "note", "0001718362 - 003033"],
        ["loan-repeated-same", "note", "0001718362 - 004955"],
      ],
    );
    const { rows } = await sql<{ positions: number[]; lines: number[] }>`
      select array_agg(position order by position) as positions,
        array_agg(line order by position) as lines
      from loan_months where period = 1
    `.execute(server.context.db);
    assert.deepEqual(
      rows[0]?.positions,
      Array.from({ length: 12 }, (_, position) => position),
    );
    assert.deepEqual(
      rows[0]?.lines,
      rows[0]?.lines.toSorted((a, b) => a - b),
    );
  });

  it("is hashed over the rows that it keeps: their proofs hold", async () => {
    const deal = await getTapeDeal(server.context.db, DEAL);
    const tape = await findTape(server.context.db, { dealId: DEAL, period: 1 });
    assert.ok(tape !== undefined);
    for (const loan of ["0001718362 - 003033", "0001718362 - 011705"]) {
      const proof = await proveLoan(server.context.db, { deal, tape }, loan);
      assert.ok(verifyLoanProof(proof, proof.commitment), loan);
    }
  });
});

describe("control totals given with a tape", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
    await insertDeal(server);
    await uploadMonths(server, ["2017-09"]);
  });
  after(() => server.close());

  const given = (totals: unknown): string =>
    `&controlTotals=${encodeURIComponent(typeof totals === "string" ? totals : JSON.stringify(totals))}`;

  it("are refused when they are no names and decimal texts", async () => {
    for (const totals of ["{", "[]", { loans: "12" }, { endingBalance: 1.5 }, { rows: "a" }]) {
      const answer = await upload(server, { month: "2017-10", query: given(totals) });
      assert.deepEqual([answer.statusCode, answer.json().code], [400, "control-totals-invalid"]);
    }
  });

  it("refuse a tape that adds up to something else, with both figures", async () => {
    const totals = { rows: 13, endingBalance: "236397.13", principal: "3171.87" };
    const answer = await upload(server, { month: "2017-10", query: given(totals) });
    assert.equal(answer.statusCode, 422, answer.body);
    const { problems } = answer.json<{ problems: Record<string, string>[] }>();
    assert.deepEqual(
      problems.map(({ code, field, value, expected }) => [code, field, value, expected]),
      [
        ["control-total", "rows", "12", "13, the control total given with the tape"],
        [
          "control-total",
          "endingBalance",
          "236397.12",
          "236397.13, the control total given with the tape",
        ],
      ],
    );
  });

  it("let a tape pass that adds up to them, also from a form", async () => {
    const totals = { rows: 12, delinquent: "3", endingBalance: "236397.12", interest: "2547.75" };
    const form = new FormData();
    form.set("controlTotals", JSON.stringify({ ...totals, rows: 11 }));
    form.set("tape", new Blob([OCTOBER]), "october.xml");
    const request = new Request("http://form", { method: "POST", body: form });
    const type = request.headers.get("content-type") ?? "";
    const payload = Buffer.from(await request.arrayBuffer());
    const headers = { "content-type": type };
    const wrong = await upload(server, { month: "2017-10", tape: payload, headers });
    assert.deepEqual([wrong.statusCode, wrong.json().code], [422, "tape-refused"]);
    const right = await upload(server, { month: "2017-10", query: given(totals) });
    assert.equal(right.statusCode, 201, right.body);
  });
});

/** A loan as the tape before has it and as this one has it; null where it is not in that tape. */
interface Case {
  title: string;
  before: Partial<WrittenRow> | null;
  now: Partial<WrittenRow> | null;
  found: string[];
}

const status = (name: LoanStatus): number => LOAN_STATUSES.indexOf(name);
const begins = (beginningBalance: number, more = {}): NonNullable<WrittenRow["numbers"]> => ({
  beginningBalance,
  ...more,
});

const CASES: Case[] = [
  {
    title: "begins where it ended",
    before: { endingBalance: 500 },
    now: { endingBalance: 400, numbers: begins(500) },
    found: [],
  },
  {
    title: "begins elsewhere",
    before: { endingBalance: 500 },
    now: { endingBalance: 400, numbers: begins(501) },
    found: ["chain-broken"],
  },
  {
    title: "does not say where it begins",
    before: { endingBalance: 500 },
    now: { endingBalance: 400, numbers: {} },
    found: [],
  },
  {
    title: "is new without a balance at the opening",
    before: null,
    now: { endingBalance: 400, numbers: begins(0) },
    found: ["added"],
  },
  {
    title: "is new with a balance at the opening",
    before: null,
    now: { endingBalance: 400, numbers: begins(500) },
    found: ["added", "chain-broken"],
  },
  {
    title: "is left out with a balance",
    before: { endingBalance: 500 },
    now: null,
    found: ["loan-vanished"],
  },
  {
    title: "is left out after its end",
    before: { endingBalance: 0, status: status("charged off"), texts: { terminationCode: "4" } },
    now: null,
    found: [],
  },
  {
    title: "is left out without a balance and without a code",
    before: { endingBalance: 0 },
    now: null,
    found: ["vanished-without-code"],
  },
  {
    title: "has a balance after its end",
    before: { endingBalance: 0, status: status("prepaid or matured") },
    now: { endingBalance: 5, numbers: begins(0) },
    found: ["reinstated"],
  },
  {
    title: "is 31 days late after 31 days",
    before: { endingBalance: 5, numbers: { daysPastDue: 0 } },
    now: { endingBalance: 5, bucket: 2, numbers: begins(5, { daysPastDue: 31 }) },
    found: [],
  },
  {
    title: "is 32 days late after 31 days",
    before: { endingBalance: 5, numbers: { daysPastDue: 0 } },
    now: { endingBalance: 5, bucket: 2, numbers: begins(5, { daysPastDue: 32 }) },
    found: ["status-skipped"],
  },
  {
    title: "is in the next bucket",
    before: { endingBalance: 5, bucket: 2, numbers: { daysPastDue: 31 } },
    now: { endingBalance: 5, bucket: 3, numbers: begins(5, { daysPastDue: 89 }) },
    found: [],
  },
  {
    title: "skips a bucket and says no days",
    before: { endingBalance: 5, bucket: 1 },
    now: { endingBalance: 5, bucket: 3, numbers: begins(5) },
    found: ["status-skipped"],
  },
  {
    title: "has another original balance",
    before: { endingBalance: 5, numbers: { originalBalance: 9 } },
    now: { endingBalance: 5, numbers: begins(5, { originalBalance: 10 }) },
    found: ["terms-changed"],
  },
  {
    title: "has another month of origination",
    before: { endingBalance: 5, numbers: { origination: 24_200 } },
    now: { endingBalance: 5, numbers: begins(5, { origination: 24_201 }) },
    found: ["terms-changed"],
  },
];

describe("a loan between two tapes", () => {
  let server: TestServer;
  let found: FoundPair[];
  const rowsOf = (when: "before" | "now"): WrittenRow[] =>
    CASES.flatMap((one) => {
      const row = one[when];
      return row === null
        ? []
        : [{ loanId: one.title, bucket: 0, ...row, endingBalance: row.endingBalance ?? 0 }];
    });

  before(async () => {
    server = await startTestServer();
    const { db } = server.context;
    const place = { dealId: "made-up", dealKey: 9, version: 1, uploadedBy: "nobody" };
    await writeTape(db, { ...place, period: 4 }, rowsOf("before"));
    await writeTape(db, { ...place, period: 5 }, rowsOf("now"));
    const tableOf = (period: number) => versionTable({ dealKey: 9, period, version: 1 });
    found = await db.transaction().execute((trx) =>
      comparePair(trx, {
        ...{ table: tableOf(5), previousTable: tableOf(4), days: 31, cumulative: false },
      }),
    );
  });
  after(() => server.close());

  for (const { title, found: expected } of CASES) {
    it(`${title}: ${expected.join(", ") || "nothing to say"}`, () => {
      const codes = found.filter((pair) => pair.loan_id === title).map((pair) => pair.found);
      assert.deepEqual(codes.toSorted(), expected.toSorted());
    });
  }

  it("is told with what was found and what was expected, by line, the others counted", () => {
    const problems = startProblemList();
    validateTapePair(found, problems);
    const skipped = problems.listed().find(({ code }) => code === "status-skipped");
    assert.deepEqual(
      [skipped?.severity, skipped?.value, skipped?.expected],
      ["reason", "30-59", "one bucket worse than current at most"],
    );
    assert.equal(problems.countOf("terms-changed"), 2);
    const many = found.map((pair) => ({ ...pair, total: pair.total + 5_000 }));
    const counted = startProblemList();
    validateTapePair(many, counted);
    assert.equal(counted.countOf("terms-changed"), 5_002);
    assert.equal(counted.listed().filter(({ code }) => code === "terms-changed").length, 2);
  });

  it("that comes back is told apart from a new one, and asked for a reason when it had ended", () => {
    const problems = startProblemList();
    const title = "is new without a balance at the opening";
    const earlier = { loan_id: title, period: 2, status: "charged off", ending_balance_cents: 0n };
    const monthOf = (period: number): string => `2017-${10 + period}`;
    validateReturnedLoans(found, [earlier], { problems, monthOf });
    assert.deepEqual(
      problems.listed().map(({ code, value }) => [code, value]),
      [
        ["reinstated", "4.00"],
        ["loan-returned", "last seen in 2017-12"],
      ],
    );
  });

  it("is counted: rows that are missing without an end are a note on the whole tape", () => {
    const problems = startProblemList();
    // 13 before, less 1 that ended and left, plus 2 new ones are 14; two more have vanished.
    validateRowCount(found, { rows: 12, previousRows: 13 }, problems);
    const [note] = problems.listed();
    assert.deepEqual(
      [note?.code, note?.value, note?.expected],
      ["row-count", "12 rows", "14: 13 of the tape before, less 1 ended, plus 2 new"],
    );
  });
});

describe("the step that uploads", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
    await insertDeal(server);
    await uploadMonths(server, ["2017-09"]);
  });
  after(() => server.close());

  const october = () => ({
    dealId: DEAL,
    month: "2017-10",
    fileName: "october.xml",
    uploadedBy: server.users.servicer.id,
    bytes: (async function* () {
      const bytes = Buffer.from(OCTOBER);
      for (let from = 0; from < bytes.length; from += 5_000)
        yield bytes.subarray(from, from + 5_000);
    })(),
  });

  it("tells how far it is, stage after stage", async () => {
    const told: UploadProgress[] = [];
    const stop = new Error("only looking");
    const upload = uploadTape(server.context, october(), {
      progress: (progress) => told.push(progress),
      seal: () => Promise.reject(stop),
    });
    await assert.rejects(upload, stop);
    assert.deepEqual([...new Set(told.map(({ stage }) => stage))], ["rows", "checks", "storing"]);
    const rows = told.map((progress) => progress.rows);
    assert.deepEqual(
      rows,
      rows.toSorted((a, b) => a - b),
    );
    const last = told.at(-1);
    assert.deepEqual([last?.rows, last?.bytes], [12, Buffer.byteLength(OCTOBER)]);
  });

  it("leaves nothing when its seal refuses it, or its signal aborts in the middle", async () => {
    const reason = new Error("cancelled");
    const control = new AbortController();
    const upload = uploadTape(server.context, october(), {
      signal: control.signal,
      progress: ({ bytes }) => {
        if (bytes > 20_000) control.abort(reason);
      },
    });
    await assert.rejects(upload, reason);
    const { rows } = await sql<Record<string, number>>`
      select (select count(*) from tapes where period = 1)::int as tapes,
        (select count(*) from tape_tree_nodes where period = 1)::int as nodes,
        (select count(*) from pg_class where relname like 'loan\_months\_1\_1%')::int as tables
    `.execute(server.context.db);
    assert.deepEqual(rows[0], { tapes: 0, nodes: 0, tables: 0 });
  });

  it("attaches without reading a row, and lets others read meanwhile", async () => {
    const outcome = await uploadTape(server.context, october(), {
      seal: async () => {
        // Another connection sees the tapes that stand, and none of the new one.
        const { rows } = await sql<{ rows: number }>`
          select count(*)::int as rows from loan_months
        `.execute(server.context.db);
        assert.equal(rows[0]?.rows, 12);
      },
    });
    assert.equal(outcome.created, true);
    const again = await uploadTape(server.context, october());
    assert.deepEqual([again.created, again.tape.id], [false, outcome.tape.id]);
  });
});
