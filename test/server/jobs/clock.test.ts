import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SimulatedClock } from "../../../server/jobs/clock.ts";

describe("the simulated clock", () => {
  it("stands still until it is set or advanced", () => {
    const clock = new SimulatedClock(new Date("2017-10-18T00:00:00Z"));
    assert.equal(clock.now().toISOString(), "2017-10-18T00:00:00.000Z");
    clock.advance(1_500);
    assert.equal(clock.now().toISOString(), "2017-10-18T00:00:01.500Z");
    clock.set(new Date("2018-01-01T00:00:00Z"));
    assert.equal(clock.now().toISOString(), "2018-01-01T00:00:00.000Z");
  });

  it("gives a copy, so that nobody moves it by accident", () => {
    const clock = new SimulatedClock(new Date("2017-10-18T00:00:00Z"));
    clock.now().setUTCFullYear(1999);
    assert.equal(clock.now().getUTCFullYear(), 2017);
  });

  it("never goes back", () => {
    const clock = new SimulatedClock(new Date("2017-10-18T00:00:00Z"));
    assert.throws(() => clock.set(new Date("2017-10-17T00:00:00Z")), RangeError);
  });
});
