import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { randomDraw } from "../../fuzz/random-draw.ts";
import { FUZZED_MONTH, fuzzDealFile, fuzzDealId } from "../../fuzz/tapes/fuzz-deals.ts";
import { fuzzedFile, fuzzRead } from "../../fuzz/tapes/fuzz-read.ts";
import { fuzzUpload, readBooks } from "../../fuzz/tapes/fuzz-upload.ts";
import type { SendFile } from "../../fuzz/tapes/fuzz-upload.ts";
import { tapeSeeds } from "../../fuzz/tapes/tape-seeds.ts";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import { insertDeal } from "./amcar-2017-4.ts";

const SEED = 7;
const seeds = tapeSeeds();

describe("files that no issuer would send", () => {
  it("are accepted or refused with a code and a place, 200 of them, and never end the reading", async () => {
    const broken: string[] = [];
    let accepted = 0;
    for (let number = 0; number < 200; number += 1) {
      const fuzzed = fuzzedFile(seeds, SEED, number);
      const read = await fuzzRead(fuzzed, randomDraw(SEED + 1, number));
      if (read.outcome === "accepted") accepted += 1;
      if (read.broken !== null) broken.push(`${number} ${fuzzed.seed.name}: ${read.broken}`);
    }
    assert.deepEqual(broken, []);
    assert.ok(accepted > 0 && accepted < 100, `${accepted} accepted`);
  });

  describe("by upload", () => {
    let server: TestServer;
    before(async () => {
      server = await startTestServer();
      for (const format of new Set(seeds.map((seed) => seed.format))) {
        await insertDeal(server, fuzzDealFile(format), fuzzDealId(format));
      }
    });
    after(() => server.close());

    it("are stored whole or leave nothing, 40 of them", async () => {
      const send: SendFile = async (format, file) => {
        const answer = await server.request(server.users.servicer, {
          method: "POST",
          url: `/v1/deals/${fuzzDealId(format)}/tapes?period=${FUZZED_MONTH}`,
          headers: { "content-type": "application/octet-stream" },
          payload: file,
        });
        return { status: answer.statusCode, body: answer.body };
      };
      const { db } = server.context;
      const broken: string[] = [];
      const outcomes = new Map<string, number>();
      for (let number = 0; number < 40; number += 1) {
        const fuzzed = fuzzedFile(seeds, SEED, number);
        const { outcome, broken: law } = await fuzzUpload(fuzzed, { db, send });
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        if (law !== null) broken.push(`${number} ${fuzzed.seed.name}: ${law}`);
      }
      assert.deepEqual(broken, []);
      assert.equal((await readBooks(db)).tapes, outcomes.get("stored") ?? 0);
    });
  });
});
