import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sql } from "kysely";
import { startTestServer } from "../../start-test-server.ts";
import type { TestServer } from "../../start-test-server.ts";
import { AMCAR_DEAL_FILE, amcarTape, DEAL, insertDeal, upload } from "../amcar-2017-4.ts";

const HEAD = "Loan No;As of;Orig;Opening;Closing;Principal;Interest;Rate;Late";

/** The cut-off tape of the golden deal, of which only ids and balances are looked at. */
function cutOffTape(closing = "Closing"): string {
  const rows = amcarTape("2017-09")
    .split("<assets>")
    .slice(1)
    .map((asset) => {
      const value = (name: string): string =>
        new RegExp(`<${name}>([^<]*)<`).exec(asset)?.[1] ?? "";
      return [
        ...[value("assetNumber"), "2017-09-30", value("originalLoanAmount")],
        ...[value("reportingPeriodBeginningLoanBalanceAmount")],
        ...[value("reportingPeriodActualEndBalanceAmount"), "0", "0", "0.10", "0"],
      ].join(";");
    });
  return [HEAD.replace("Closing", closing), ...rows].join("\n");
}

const mapping = (closing: string): string =>
  [
    'delimiter: ";"',
    "columns:",
    '  loanId: "Loan No"',
    '  periodEnd: "As of"',
    "  originalBalance: Orig",
    "  beginningBalance: Opening",
    `  endingBalance: ${closing}`,
    "  principal: Principal",
    "  interest: Interest",
    "  interestRate: { column: Rate, unit: fraction }",
    "  daysPastDue: Late",
  ].join("\n");

describe("the mapping of a deal", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
    const section = mapping("Closing").replace(/^/gm, "    ");
    const source = AMCAR_DEAL_FILE.replace("absee-auto-loan-xml", "mapped").replace(
      "  chargeOffAgeDays: 120",
      `  chargeOffAgeDays: 120\n  mapping:\n${section}`,
    );
    await insertDeal(server, source);
  });
  after(() => server.close());

  const post = (name: string, payload: string | Buffer, type: string) =>
    server.request(server.users.servicer, {
      method: "POST",
      url: `/v1/deals/${DEAL}/${name}`,
      headers: { "content-type": type },
      payload,
    });
  const store = (text: string) => post("mappings", text, "application/yaml");
  const send = async (tape: string) => {
    const answer = await upload(server, {
      month: "2017-09",
      tape,
      headers: { "content-type": "text/csv" },
    });
    return { status: answer.statusCode, ...answer.json() };
  };

  it("of the deal file is version 0 and names itself in the tape", async () => {
    const tape = await send(cutOffTape());
    assert.deepEqual([tape.status, tape.mappingVersion], [201, 0], JSON.stringify(tape));
  });

  it("is stored in versions, the newest of which reads the tapes that follow", async () => {
    const before = await send(cutOffTape("Balance now"));
    assert.deepEqual([before.status, before.code], [422, "tape-malformed"]);
    const first = await store(mapping('"Balance now"'));
    assert.deepEqual([first.statusCode, first.json().version], [201, 1], first.body);
    const again = await store(mapping('"Balance now"'));
    assert.deepEqual([again.statusCode, again.json().version], [200, 1]);
    const tape = await send(cutOffTape("Balance now"));
    assert.deepEqual([tape.status, tape.mappingVersion], [201, 1]);
    // The first file is no longer read: its column has another name.
    assert.equal((await send(cutOffTape())).status, 422);
    await store(mapping("Closing"));
    const reread = await send(cutOffTape());
    assert.deepEqual([reread.status, reread.mappingVersion, reread.version], [201, 2, 3]);
  });

  it("lists its versions with who stored them, the newest first", async () => {
    const { users } = server;
    const url = `/v1/deals/${DEAL}/mappings?limit=1`;
    const page = (await server.request(users.auditor, { method: "GET", url })).json();
    assert.deepEqual(
      page.items.map(({ version }: { version: number }) => version),
      [2],
    );
    assert.equal(page.items[0].storedBy, users.servicer.id);
    assert.equal(page.items[0].source, mapping("Closing"));
    const next = await server.request(users.auditor, {
      method: "GET",
      url: `${url}&before=${page.next}`,
    });
    assert.deepEqual(
      next.json().items.map(({ version }: { version: number }) => version),
      [1],
    );
    assert.equal(next.json().next, null);
  });

  it("is refused with every error and its line, and never changed", async () => {
    const answer = await store("columns:\n  loanId: A\n  endBalance: B\ndates: DD/MM\n");
    assert.deepEqual([answer.statusCode, answer.json().code], [422, "mapping-invalid"]);
    const { problems } = answer.json<{ problems: { line: number; code: string }[] }>();
    assert.deepEqual(
      problems.map(({ line, code }) => [line, code]),
      [
        [3, "unknown-field"],
        [1, "missing-term"],
        [4, "bad-value"],
      ],
      answer.body,
    );
    const change = sql`update tape_mappings set source = ''`.execute(server.context.db);
    await assert.rejects(change, /store a new version/);
    await assert.rejects(
      sql`delete from tape_mappings`.execute(server.context.db),
      /store a new version/,
    );
  });

  it("is the servicer's, of a deal whose tapes are mapped", async () => {
    const { users, context } = server;
    const url = `/v1/deals/${DEAL}/mappings`;
    const headers = { "content-type": "application/yaml" };
    const auditor = await server.request(users.auditor, {
      method: "POST",
      url,
      headers,
      payload: "",
    });
    assert.equal(auditor.statusCode, 403);
    const source = AMCAR_DEAL_FILE.replace(`id: ${DEAL}`, "id: public-format");
    await sql`
      insert into deals (id, name, source, terms, terms_hash, created_at, created_by)
      select 'public-format', 'x', ${source}, terms, terms_hash, created_at, created_by from deals
    `.execute(context.db);
    await server.joinDeal(users.servicer, "public-format");
    const other = {
      method: "POST",
      url: "/v1/deals/public-format/mappings",
      headers,
      payload: mapping("x"),
    } as const;
    assert.deepEqual((await server.request(users.servicer, other)).json().code, "deal-not-mapped");
  });

  it("is proposed from a file of any size, and its YAML can be stored", async () => {
    const file = `${cutOffTape("Ending Balance").replace("Loan No", "Loan Number")}\n`;
    const answer = await post("mapping-proposals", file.repeat(1), "text/csv");
    assert.equal(answer.statusCode, 200, answer.body);
    const proposal = answer.json();
    assert.equal(proposal.rows, 12);
    assert.deepEqual(proposal.file, { delimiter: ";", encoding: "utf-8", header: "first" });
    const found = proposal.fields.find(({ field }: { field: string }) => field === "endingBalance");
    assert.equal(found.column, "Ending Balance");
    assert.equal((await store(proposal.mapping)).statusCode, 201);
  });

  it("is not proposed for what cannot be opened", async () => {
    const answer = await post(
      "mapping-proposals",
      Buffer.from("1f8b0800", "hex"),
      "application/gzip",
    );
    assert.deepEqual([answer.statusCode, answer.json().code], [422, "tape-malformed"]);
  });
});
