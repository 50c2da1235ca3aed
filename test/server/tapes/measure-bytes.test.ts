import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { measureBytes } from "../../../server/tapes/measure-bytes.ts";

async function* sender(pieces: number, pauseMs: number, repeat = 1): AsyncGenerator<Buffer> {
  for (let piece = 0; piece < pieces; piece += 1) {
    await wait(pauseMs);
    yield Buffer.from("0123456789".repeat(repeat));
  }
}

async function drain(bytes: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _piece of bytes) continue;
}

describe("a body that is measured", () => {
  it("is counted and hashed as it passes", async () => {
    const measured = measureBytes(sender(3, 0), { bytes: 30, silenceMs: 1000 });
    await drain(measured.bytes);
    assert.equal(measured.byteCount(), 30n);
    const whole = createHash("sha256").update("0123456789".repeat(3)).digest("hex");
    assert.equal(measured.contentHash(), whole);
  });

  it("is cut one byte above the limit", async () => {
    const measured = measureBytes(sender(3, 0), { bytes: 29, silenceMs: 1000 });
    await assert.rejects(drain(measured.bytes), { code: "tape-too-large", status: 413 });
  });

  it("is given up when the sender falls silent, however long it may take in all", async () => {
    await drain(measureBytes(sender(6, 20, 100), { bytes: 6000, silenceMs: 80 }).bytes);
    const silent = measureBytes(sender(2, 200), { bytes: 100, silenceMs: 30 });
    await assert.rejects(drain(silent.bytes), {
      code: "upload-broken-off",
      message: /nothing came for 0\.03 s/,
    });
  });

  it("is given up when it goes on a few bytes at a time: each place is somebody else's, too", async () => {
    const trickle = measureBytes(sender(100, 20), { bytes: 1000, silenceMs: 80 });
    await assert.rejects(drain(trickle.bytes), {
      code: "upload-broken-off",
      message: /less than 4096 bytes a second/,
    });
    assert.ok(trickle.byteCount() < 100n, `${trickle.byteCount()} bytes`);
  });
});
