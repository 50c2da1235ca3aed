import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import { Problem } from "../../../server/errors.ts";
import { readMapping } from "../../../server/deals/read-mapping-section.ts";
import { uploadInTurn } from "../../../server/tapes/upload-in-turn.ts";
import { uploadTape } from "../../../server/tapes/upload-tape.ts";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import { amcarTape, DEAL, insertDeal } from "./amcar-2017-4.ts";
import { readSample } from "./formats/read-sample.ts";
import type { SampleTerms } from "./formats/read-sample.ts";

describe("uploads that stand still", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
    await insertDeal(server);
  });
  after(() => server.close());

  it("leave the database to everybody else: those that find no place in time are told to come again", async () => {
    const end = Promise.withResolvers<void>();
    async function* silent(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(amcarTape("2017-09").slice(0, 70_000));
      await end.promise;
    }
    const uploads = Array.from({ length: 12 }, () =>
      uploadTape(server.context, {
        ...{ dealId: DEAL, month: "2017-09", fileName: "", uploadedBy: server.users.servicer.id },
        bytes: silent(),
      }).catch((error: unknown) => error),
    );
    await wait(1_000);
    const answered = sql`select 1`.execute(server.context.db).then(() => true);
    const inTime = await Promise.race([answered, wait(5_000, false)]);
    await wait(5_000);
    end.resolve();
    const codes = (await Promise.all(uploads)).map((error) =>
      error instanceof Problem ? error.code : "stored",
    );
    assert.equal(inTime, true, "a query waited for the uploads");
    // Four have a place in all, two of one deal.
    assert.equal(codes.filter((code) => code === "uploads-too-many").length, 12 - 2, codes.join());
  });

  it("leave places to the other deals", async () => {
    const end = Promise.withResolvers<void>();
    const at = (dealId: string) =>
      uploadInTurn(server.context.db, dealId, () => end.promise.then(() => dealId));
    const slow = Promise.allSettled([at("a"), at("a"), at("a"), at("a")]);
    const others = [at("b"), at("c")];
    await wait(50);
    end.resolve();
    assert.deepEqual(await Promise.all(others), ["b", "c"]);
    const outcomes = (await slow).map(({ status }) => status);
    assert.deepEqual(outcomes, ["fulfilled", "fulfilled", "fulfilled", "fulfilled"]);
  });
});

describe("tapes made to cost", () => {
  /** How many milliseconds reading takes, and what refused it. */
  async function measure(
    text: string,
    terms: Pick<SampleTerms, "format" | "mapping">,
  ): Promise<{ milliseconds: number; codes: string[] }> {
    const begun = performance.now();
    const { refusals } = await readSample(text, { ...terms, periodEnd: "2017-10-31" });
    const codes = refusals.map(({ code }) => code);
    return { milliseconds: performance.now() - begun, codes };
  }

  it("a header of 150,000 columns is refused in a moment", async () => {
    const names = Array.from({ length: 150_000 }, (_, i) => i.toString(36));
    const { mapping } = readMapping(
      '{ delimiter: ";", columns: { loanId: "0", endingBalance: "1" } }',
    );
    const { milliseconds, codes } = await measure(`${names.join(";")}\n`, { mapping: mapping! });
    assert.deepEqual(codes, ["element-too-long"]);
    assert.ok(milliseconds < 3_000, `${Math.round(milliseconds)} ms`);
  });

  it("an asset that repeats an element without end is refused, not gathered in memory", async () => {
    const head = amcarTape("2017-10").split("<assets>")[0] ?? "";
    const text = `${head}<assets>${"<subvented>1</subvented>".repeat(100_000)}`;
    const { codes } = await measure(text, { format: "absee-auto-loan-xml" });
    assert.deepEqual(codes, ["element-too-long"]);
  });
});
