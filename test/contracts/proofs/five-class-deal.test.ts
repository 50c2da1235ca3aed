import { readFileSync } from "node:fs";
import { expect } from "chai";
import { fiveClassSource } from "./five-class-deal.ts";

describe("The deal of five classes", () => {
  it("is in FiveClassTerms.sol byte by byte", () => {
    const written = readFileSync(new URL("./FiveClassTerms.sol", import.meta.url), "utf8");
    expect(written).to.equal(fiveClassSource());
  });
});
