import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { csvText } from "../../../server/lib/csv-text.ts";

describe("CSV for a spreadsheet", () => {
  it("has no cell that would be executed, and leaves numbers as they are", () => {
    const cells = ["=1+1", "+cmd", "-175.00", "@sum", "-x", '"', "a,b", null, 12n, "\tx"];
    assert.equal(
      csvText(["h"], [cells]),
      `h\r\n'=1+1,'+cmd,-175.00,'@sum,'-x,"""","a,b",,12,'\tx\r\n`,
    );
  });
});
