import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sql } from "kysely";
import type { LightMyRequestResponse } from "fastify";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import {
  acceptTape,
  amcarTape,
  close,
  DEAL,
  insertDeal,
  NEW_LOAN,
  upload,
  uploadMonths,
  withAddition,
} from "./amcar-2017-4.ts";

const OCTOBER = amcarTape("2017-10");
/** Of the first loan of the file: 26.44 of interest more. */
const INTEREST = /(<actualInterestCollectedAmount>)([\d.]+)</;

/** One loan's interest and score are other ones, one loan is new, one has gone. */
function correctedTape(): { tape: string; changed: string; gone: string; interest: string } {
  const records = OCTOBER.match(/<assets>[^]*?<\/assets>\s*/g) ?? [];
  const [first = "", second = ""] = records;
  const idOf = (record: string) => /<assetNumber>([^<]*)</.exec(record)?.[1] ?? "";
  const interest = INTEREST.exec(first)?.[2] ?? "";
  const changed = first
    .replace(INTEREST, "$1999.99<")
    .replace(/(<obligorCreditScore>)[^<]*/, "$1555");
  const added = second.replace(idOf(second), "0001718362 - 999999");
  return {
    tape: OCTOBER.replace(first, changed).replace(second, added),
    changed: idOf(first),
    gone: idOf(second),
    interest,
  };
}

describe("a version of a tape", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
    await insertDeal(server);
    await uploadMonths(server, ["2017-09", "2017-10", "2017-11"]);
    assert.equal((await close(server, "2017-10")).statusCode, 201);
  });
  after(() => server.close());

  const get = (path: string): Promise<LightMyRequestResponse> =>
    server.request(server.users.auditor, { url: `/v1/deals/${DEAL}/${path}` });
  const remove = (tape: string): Promise<LightMyRequestResponse> =>
    server.request(server.users.servicer, {
      method: "DELETE",
      url: `/v1/deals/${DEAL}/tapes/${tape}`,
    });
  const versionsOf = async (month: string): Promise<string[]> =>
    (await get("tapes"))
      .json()
      .items.filter((tape: { month: string }) => tape.month === month)
      .map((tape: { version: number; state: string }) => `${tape.version} ${tape.state}`);
  const leaves = async (): Promise<number> => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from loan_months where period = 1 and version = 2
    `.execute(server.context.db);
    return rows[0]?.count ?? 0;
  };

  const note = (text: string): string => `${OCTOBER}\n<!-- ${text} -->\n`;

  it("stands at once when it is the first of its period", async () => {
    assert.deepEqual(await versionsOf("2017-10"), ["1 standing"]);
    const { items } = (await get("tapes")).json();
    const { acceptance, uploadedBy, uploadedAt } = items[1];
    assert.deepEqual(acceptance, { by: uploadedBy, at: uploadedAt, reason: null });
  });

  it("is proposed when there is one already: nobody reads it, nothing that is closed changes", async () => {
    const before = (await get("periods/2017-10")).json();
    const proposed = await upload(server, { month: "2017-10", tape: note("same loans") });
    assert.deepEqual([proposed.statusCode, proposed.json().state], [201, "proposed"]);
    assert.deepEqual(proposed.json().acceptance, null);
    assert.deepEqual(await versionsOf("2017-10"), ["1 standing", "2 proposed"]);
    assert.deepEqual((await get("periods/2017-10")).json(), before);
    const loan = encodeURIComponent(correctedTape().changed);
    const months = (await get(`loans/${loan}`)).json().items;
    assert.ok(months.every(({ version }: { version: number }) => version === 1));
    const closed = await close(server, "2017-10", { tapeVersion: 2, reason: "never accepted" });
    assert.deepEqual([closed.statusCode, closed.json().code], [409, "period-without-tape"]);
    const again = await upload(server, { month: "2017-10", tape: note("same loans") });
    assert.deepEqual([again.statusCode, again.json()], [200, proposed.json()]);
  });

  it("is dropped with its rows when it is rejected, while what was accepted stays", async () => {
    const { items } = (await get("tapes")).json();
    const [first, second] = items.filter(({ month }: { month: string }) => month === "2017-10");
    assert.ok((await leaves()) > 0);
    assert.equal((await remove(second.id)).statusCode, 204);
    assert.equal(await leaves(), 0);
    assert.deepEqual(await versionsOf("2017-10"), ["1 standing"]);
    const gone = await remove(second.id);
    assert.deepEqual([gone.statusCode, gone.json().code], [404, "tape-unknown"]);
    const accepted = await remove(first.id);
    assert.deepEqual([accepted.statusCode, accepted.json().code], [409, "tape-not-proposed"]);
  });

  it("without other loans differs in nothing", async () => {
    const { id } = (await upload(server, { month: "2017-10", tape: note("nothing") })).json();
    const found = (await get(`tapes/${id}/differences`)).json();
    // The number of the version that was dropped is given to nothing else.
    assert.deepEqual([found.version, found.against, found.items, found.next], [3, 1, [], null]);
    assert.deepEqual(found.counts, { changed: 0, added: 0, gone: 0 });
    assert.ok(found.totals.length > 5);
    assert.ok(
      found.totals.every((one: { difference: string }) => /^0(\.00)?$/.test(one.difference)),
    );
    assert.deepEqual(found.chain, {
      before: { month: "2017-09", version: 1, broken: 0 },
      after: { month: "2017-11", version: 1, broken: 0 },
    });
    await remove(id);
  });

  it("lists what it changes by loan with every field, by total, and as CSV", async () => {
    const { tape, changed, interest } = correctedTape();
    // The chain is broken where a loan has gone: this deal takes that with a reason.
    const one = tape.replace("0001718362 - 999999", correctedTape().gone);
    const { id } = (await upload(server, { month: "2017-10", tape: one })).json();
    const found = (await get(`tapes/${id}/differences`)).json();
    assert.deepEqual(found.counts, { changed: 1, added: 0, gone: 0 });
    assert.equal(found.items[0].loan, changed);
    const fields = new Map<string, { old: string; new: string }>(
      found.items[0].fields.map((field: { field: string }) => [field.field, field]),
    );
    assert.deepEqual(
      [fields.get("interest")?.old, fields.get("interest")?.new, fields.get("creditScore")?.new],
      [Number(interest).toFixed(2), "999.99", "555"],
    );
    const total = found.totals.find((sum: { total: string }) => sum.total === "interest");
    assert.equal(Number(total.difference).toFixed(2), (999.99 - Number(interest)).toFixed(2));
    const csv = await get(`tapes/${id}/differences?format=csv`);
    assert.equal(csv.headers["content-type"], "text/csv; charset=utf-8; header=present");
    const lines = csv.body.split("\r\n");
    assert.equal(lines[0], "loan,change,old_line,new_line,field,old,new");
    assert.equal(lines.length, 1 + found.items[0].fields.length + 1);
    assert.ok(
      lines.some((line) => line.startsWith(`${changed},changed,`) && line.endsWith(",999.99")),
    );
    const totals = await get(`tapes/${id}/differences?format=csv&by=total`);
    assert.match(totals.body, /\r\ninterest,[\d.]+,[\d.]+,[\d.]+\r\n/);
    await remove(id);
  });

  it("that is accepted closes the closed period anew and keeps the old versions", async () => {
    const { tape, gone } = correctedTape();
    const one = tape.replace("0001718362 - 999999", gone);
    const { id } = (await upload(server, { month: "2017-10", tape: one })).json();
    const before = (await get("periods/2017-10")).json();
    const reason = "Interest of loan 1 was posted late";
    const accepted = await acceptTape(server, id, reason);
    assert.equal(accepted.statusCode, 201, accepted.body);
    const { closed, chain, tape: view } = accepted.json();
    assert.deepEqual([closed.version, closed.reason], [2, reason]);
    assert.deepEqual([chain.before.broken, chain.after.broken], [0, 0]);
    assert.deepEqual([view.state, view.acceptance.reason], ["standing", reason]);
    assert.deepEqual(await versionsOf("2017-10"), ["1 replaced", "5 standing"]);
    const now = (await get("periods/2017-10")).json();
    assert.notEqual(now.closeHash, before.closeHash);
    assert.equal(now.tape.version, 5);
    const again = await acceptTape(server, id, "Another reason");
    assert.deepEqual([again.statusCode, again.json().closed], [200, closed]);
    const found = (await get(`tapes/${id}/differences`)).json();
    assert.equal(found.against, 1, "what stood before it");
    const loan = encodeURIComponent(correctedTape().changed);
    const months: { period: number; version: number }[] = (await get(`loans/${loan}`)).json().items;
    assert.deepEqual(
      months.filter(({ period }) => period === 1).map(({ version }) => version),
      [1, 5],
    );
  });

  it("that breaks the chain to the next period says so, and the next period waits for its own", async () => {
    const shorter = amcarTape("2017-10").replace(
      /(<reportingPeriodActualEndBalanceAmount>)([1-9][\d.]*)</,
      (_all, tag: string, balance: string) => `${tag}${(Number(balance) - 0.01).toFixed(2)}<`,
    );
    const balanced = shorter.replace(
      /(<actualPrincipalCollectedAmount>)([\d.]+)</,
      (_all, tag: string, paid: string) => `${tag}${(Number(paid) + 0.01).toFixed(2)}<`,
    );
    const proposed = await upload(server, { month: "2017-10", tape: balanced });
    assert.equal(proposed.statusCode, 201, proposed.body);
    const accepted = await acceptTape(server, proposed.json().id, "A cent of principal");
    assert.equal(accepted.statusCode, 201, accepted.body);
    assert.deepEqual(accepted.json().chain.after, { month: "2017-11", version: 1, broken: 1 });
    const next = await close(server, "2017-11");
    assert.deepEqual([next.statusCode, next.json().code], [409, "period-not-contiguous"]);
  });

  it("is accepted whole or not at all: what its period cannot be closed over does not stand", async () => {
    const added = withAddition(OCTOBER);
    const proposed = await upload(server, { month: "2017-10", tape: added });
    assert.equal(proposed.statusCode, 201, proposed.body);
    const { id, problems } = proposed.json();
    assert.ok(problems.openReasons > 0, JSON.stringify(problems));
    const before = await versionsOf("2017-10");
    const early = await acceptTape(server, id, "Too early");
    assert.deepEqual([early.statusCode, early.json().code], [409, "period-open-problems"]);
    assert.deepEqual(await versionsOf("2017-10"), before);
    const found = (await get(`tapes/${id}/differences?against=1`)).json();
    assert.deepEqual(found.counts, { changed: 0, added: 1, gone: 0 });
    const [loan] = found.items;
    assert.deepEqual([loan.loan, loan.change, loan.oldLine], [NEW_LOAN, "added", null]);
    const first = (await get("tapes")).json().items[1].id;
    const back = (
      await get(`tapes/${first}/differences?against=${proposed.json().version}`)
    ).json();
    assert.deepEqual(back.counts, { changed: 0, added: 0, gone: 1 });
    assert.deepEqual([back.items[0].loan, back.items[0].change], [NEW_LOAN, "gone"]);
    const unknown = await get(`tapes/${first}/differences?against=99`);
    assert.deepEqual([unknown.statusCode, unknown.json().code], [404, "tape-version-unknown"]);
  });

  it("that changes many loans is listed page by page", async () => {
    const every = OCTOBER.replaceAll(/(<obligorCreditScore>)[^<]*/g, "$1444");
    const { id, version } = (await upload(server, { month: "2017-10", tape: every })).json();
    const url = `tapes/${id}/differences?against=1&limit=5`;
    const loans: string[] = [];
    let next: string | null = "";
    for (let pages = 0; next !== null && pages < 10; pages += 1) {
      const cursor: string = next === "" ? "" : `&cursor=${next}`;
      const page: { items: { loan: string }[]; counts: object | null; next: string | null } = (
        await get(url + cursor)
      ).json();
      assert.equal(page.counts === null, pages > 0, "once, with the first page");
      loans.push(...page.items.map(({ loan }) => loan));
      next = page.next;
    }
    const { counts } = (await get(url)).json();
    assert.equal(loans.length, counts.changed);
    assert.ok(loans.length > 5);
    assert.deepEqual(loans, [...new Set(loans)].toSorted());
    assert.equal(version, (await get(url)).json().version);
  });

  it("is not taken when eight others of its period wait for a decision", async () => {
    const send = (index: number): Promise<LightMyRequestResponse> =>
      upload(server, { month: "2017-09", tape: `${amcarTape("2017-09")}\n<!-- ${index} -->\n` });
    for (let index = 0; index < 8; index += 1) assert.equal((await send(index)).statusCode, 201);
    const ninth = await send(8);
    assert.deepEqual([ninth.statusCode, ninth.json().code], [409, "versions-too-many"]);
    assert.equal((await send(0)).statusCode, 200, "what is there answers as before");
    const { items } = (await get("tapes")).json();
    const waiting = items.find(({ state }: { state: string }) => state === "proposed");
    await remove(waiting.id);
    assert.equal((await send(8)).statusCode, 201);
  });

  it("needs a servicer and a reason", async () => {
    const { items } = (await get("tapes")).json();
    const url = `/v1/deals/${DEAL}/tapes/${items[0].id}/acceptance`;
    const payload = { reason: "why" };
    const auditor = await server.request(server.users.auditor, { method: "POST", url, payload });
    assert.equal(auditor.statusCode, 403);
    const silent = await acceptTape(server, items[0].id, "");
    assert.equal(silent.statusCode, 400);
  });
});
