import { readFileSync } from "node:fs";
import { expect } from "chai";
import { encodeTerms } from "../../../server/deals/encode-terms.ts";
import { fuzzDeal } from "./fuzz-deal.ts";

describe("The deal of the fuzz tests", () => {
  it("is in FuzzTerms.sol byte by byte", () => {
    const source = readFileSync(new URL("./FuzzTerms.sol", import.meta.url), "utf8");
    const [, terms = ""] = source.split("function terms()");
    const written = [...terms.matchAll(/^ +hex"([0-9a-f]+)"/gm)].map((match) => match[1]);
    expect(written.join("")).to.equal(Buffer.from(encodeTerms(fuzzDeal)).toString("hex"));
  });
});
