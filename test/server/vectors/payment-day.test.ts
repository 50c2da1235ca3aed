/** A payment day of its own after the first payment: "26 July 2021, then the 20th of each month". */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import { describeCalendarRules } from "../../../server/deals/describe-file.ts";
import { formatDate } from "../../../server/lib/dates.ts";

const text = readFileSync(
  new URL("../../golden/hastructure/principal/deal.yaml", import.meta.url),
  "utf8",
);

describe("a calendar with a payment day", () => {
  it("pays first on its first payment date, then on that day, moved to business days", () => {
    const { calendar } = compileDeal(text).deal?.terms ?? { calendar: [] };
    const days = calendar.slice(0, 5).map(({ paymentDay }) => formatDate(paymentDay));
    assert.deepEqual(days, ["2021-07-26", "2021-08-20", "2021-09-20", "2021-10-20", "2021-11-22"]);
  });

  it("says both in words", () => {
    const file = compileDeal(text).deal?.file;
    assert.ok(file !== undefined);
    const [rule] = describeCalendarRules(file.calendar);
    assert.match(rule ?? "", /^ {2}payment on 2021-07-26, then on day 20 of the month, /);
  });

  it("is refused when no month has that day", () => {
    const { deal, problems } = compileDeal(text.replace("paymentDay: 20", "paymentDay: 32"));
    assert.equal(deal, null);
    assert.ok(problems.some(({ message }) => message.includes("a whole number from 1 to 31")));
  });
});
