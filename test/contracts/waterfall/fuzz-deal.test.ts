import { readFileSync } from "node:fs";
import { expect } from "chai";
import { assembleTerms } from "./assemble-terms.ts";
import { fuzzDeal } from "./fuzz-deal.ts";

describe("The deal of the fuzz tests", () => {
  it("is in FuzzTerms.sol byte by byte", () => {
    const source = readFileSync(new URL("./FuzzTerms.sol", import.meta.url), "utf8");
    const [, terms = ""] = source.split("function terms()");
    const written = [...terms.matchAll(/^ +hex"([0-9a-f]+)"/gm)].map((match) => match[1]);
    expect(written.join("")).to.equal(assembleTerms(fuzzDeal).toString("hex"));
  });
});
