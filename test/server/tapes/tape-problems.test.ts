import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { LightMyRequestResponse } from "fastify";
import { CHECK_CODES } from "../../../server/tapes/checks/check-codes.ts";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import {
  amcarTape,
  close,
  DEAL,
  insertDeal,
  NEW_LOAN,
  roomFor,
  upload,
  uploadMonths,
  withAddition,
} from "./amcar-2017-4.ts";

/** October with two loans that enter with 1,000.00 each. */
const TAPE = withAddition(
  withAddition(amcarTape("2017-10")).replace(NEW_LOAN, "0001718362 - 999998"),
);
const ROOMY = roomFor(14);
const REASON = "Substitution under section 3.2";

describe("the problems of a tape", () => {
  let server: TestServer;
  let tape: string;
  before(async () => {
    server = await startTestServer();
    await insertDeal(server, ROOMY);
    await uploadMonths(server, ["2017-09"]);
    const taken = await upload(server, { month: "2017-10", tape: TAPE });
    assert.equal(taken.statusCode, 201, taken.body);
    assert.equal(taken.json().problems.openReasons, 2);
    tape = taken.json().id;
  });
  after(() => server.close());

  const get = (path: string): Promise<LightMyRequestResponse> =>
    server.request(server.users.auditor, { url: `/v1/deals/${DEAL}/${path}` });
  const accept = (body: object): Promise<LightMyRequestResponse> =>
    server.request(server.users.servicer, {
      method: "POST",
      url: `/v1/deals/${DEAL}/tapes/${tape}/problems/acceptance`,
      payload: body,
    });

  it("of one code are accepted with one reason; what has a reason keeps it", async () => {
    const first = await accept({ code: "addition", reason: REASON });
    assert.deepEqual([first.statusCode, first.json()], [200, { accepted: 2, openReasons: 0 }]);
    const again = await accept({ code: "addition", reason: "Another reason" });
    assert.deepEqual(again.json(), { accepted: 0, openReasons: 0 });
    const { items } = (await get(`tapes/${tape}/problems`)).json();
    const reasons = items.filter(({ severity }: { severity: string }) => severity === "reason");
    assert.deepEqual(
      reasons.map(({ reason, by, at }: Record<string, string>) => [reason, by, at]),
      [1, 2].map(() => [REASON, "servicer", server.clock.now().toISOString()]),
    );
  });

  it("are accepted by codes that the tape has, with a reason that says something", async () => {
    const none = await accept({ code: "reinstated", reason: REASON });
    assert.deepEqual([none.statusCode, none.json().code], [404, "tape-code-unknown"]);
    const unknown = await accept({ code: "no-such-code", reason: REASON });
    assert.deepEqual([unknown.statusCode, unknown.json().code], [400, "request-invalid"]);
    const silent = await accept({ code: "addition", reason: " " });
    assert.deepEqual([silent.statusCode, silent.json().code], [400, "request-invalid"]);
  });

  it("that were accepted show in the statement, with who and why: JSON, text and CSV", async () => {
    assert.equal((await close(server, "2017-10")).statusCode, 201);
    const url = "periods/2017-10/statement";
    const statement = (await get(url)).json();
    const at = server.clock.now().toISOString();
    assert.deepEqual(statement.acceptances, [
      {
        ...{ month: "2017-09", code: "addition", problems: 1, by: "servicer", at },
        reason: "Sold to the trust on the cut-off date",
      },
      {
        ...{ month: "2017-10", code: "addition", problems: 2, by: "servicer", at },
        reason: REASON,
      },
    ]);
    const csv = (await get(`${url}?format=csv`)).body;
    const line = `accepted,"addition in 2017-10, 2 problems","servicer, ${at}: ${REASON}"\r\n`;
    assert.ok(csv.includes(line), csv);
    const text = (await get(`${url}?format=text`)).body;
    assert.match(
      text,
      /accepted +addition in 2017-10, 2 problems +servicer, .*: Substitution under/,
    );
  });

  it("are exported as CSV that no sheet executes", async () => {
    const formula = "=HYPERLINK(1)";
    const faulty = amcarTape("2017-11").replace(
      /(<obligorCreditScore>)[^<]*/,
      (_all, tag: string) => tag + formula,
    );
    const refused = await upload(server, { month: "2017-11", tape: faulty, query: "&format=csv" });
    assert.equal(refused.statusCode, 422);
    const [header = ""] = refused.body.split("\r\n");
    assert.equal(
      header,
      "ordinal,severity,line,column,loanId,field,code,value,expected,reason,by,at",
    );
    assert.ok(refused.body.includes(`,'${formula},`), refused.body);
    assert.ok(!refused.body.includes(`,${formula}`), refused.body);
  });

  it("are of the kinds that the catalogue lists", async () => {
    const url = "/v1/tape-checks";
    const { items } = (await server.request(server.users.investor, { url })).json();
    assert.deepEqual(
      items.map(({ code }: { code: string }) => code),
      Object.keys(CHECK_CODES),
    );
    const addition = items.find(({ code }: { code: string }) => code === "addition");
    assert.deepEqual(addition, {
      ...{ code: "addition", severity: "reason", means: CHECK_CODES.addition.means },
      settings: ["refuse", "note", "ignore"],
    });
    const csv = await server.request(server.users.investor, { url: `${url}?format=csv` });
    assert.match(csv.body, /^code,severity,means,settings\r\n/);
  });
});
