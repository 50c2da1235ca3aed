import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import { Problem } from "../../../server/errors.ts";
import { readAbseeAutoLoanXml } from "../../../server/tapes/formats/absee-auto-loan-reader.ts";
import { readMappedCsv } from "../../../server/tapes/formats/mapped-csv.ts";
import type { RowReader } from "../../../server/tapes/source-row.ts";
import { UnreadableTape } from "../../../server/tapes/tape-record.ts";
import { startProblemList } from "../../../server/tapes/tape-problem.ts";
import { uploadTape } from "../../../server/tapes/upload-tape.ts";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import { amcarTape, DEAL, insertDeal } from "./amcar-2017-4.ts";

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
    assert.equal(codes.filter((code) => code === "uploads-too-many").length, 12 - 4, codes.join());
  });
});

describe("tapes made to cost", () => {
  /** How many milliseconds the reader takes, and whether it refused. */
  function measure(reader: RowReader, text: string): { milliseconds: number; refused: boolean } {
    const begun = performance.now();
    let refused = false;
    try {
      for (let from = 0; from < text.length; from += 65_536) {
        reader.read(text.slice(from, from + 65_536));
      }
    } catch (error) {
      if (!(error instanceof UnreadableTape)) throw error;
      refused = true;
    }
    return { milliseconds: performance.now() - begun, refused };
  }

  it("a header of 150,000 columns is read in a moment", () => {
    const names = Array.from({ length: 150_000 }, (_, i) => i.toString(36));
    const terms = { delimiter: ";", columns: { loanId: "0" }, dates: "YYYY-MM-DD" } as const;
    const reader = readMappedCsv(
      { ...terms, months: "YYYY-MM", missing: [] } as never,
      startProblemList(),
    );
    const { milliseconds } = measure(reader, `${names.join(";")}\n`);
    assert.ok(milliseconds < 3_000, `${Math.round(milliseconds)} ms`);
  });

  it("an asset that repeats an element without end is refused, not gathered in memory", () => {
    const head = amcarTape("2017-10").split("<assets>")[0] ?? "";
    const reader = readAbseeAutoLoanXml(startProblemList());
    const text = `${head}<assets>${"<subvented>1</subvented>".repeat(100_000)}`;
    assert.equal(measure(reader, text).refused, true);
  });
});
