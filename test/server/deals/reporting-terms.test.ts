import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { diffDeals } from "../../../server/deals/diff-deals.ts";
import { readTerms } from "../../../server/deals/read-terms.ts";
import { showDeal } from "../../../server/deals/show-deal.ts";
import { AUTO, checkSlips, EVERY_FEATURE } from "./deal-slips.ts";

const HOUR = 3_600;
const DAY = 86_400;

function compile(text: string) {
  const { deal, problems } = compileDeal(text);
  assert.ok(deal, JSON.stringify(problems, null, 1));
  return { ...deal, problems };
}

/** The auto deal without its reporting terms. */
const WITHOUT = AUTO.replace(/\nreporting:[^]*?\n\n/, "\n\n");
const every = compile(EVERY_FEATURE);
const names = (terms: DealTerms) => (figure: number) => terms.figures[figure]?.name ?? "";

describe("the reporting terms of a deal", () => {
  test("stand in its bytes where they are pinned, 24 bytes and one per figure of an identity", () => {
    const { bytes, terms } = every;
    const view = Buffer.from(bytes);
    const at = view.readUInt16BE(92);
    assert.equal(view.readUInt16BE(94), 0);
    // Behind the calendar of 60 rows, before the names.
    const rowSize = view[15] ?? 0;
    assert.equal(at, view.readUInt16BE(40) + 60 * rowSize);
    // 24 + 1 + 5 figures
    assert.equal(view.readUInt16BE(42), at + 30);
    const words = [0, 4, 8, 12].map((offset) => view.readUInt32BE(at + offset));
    assert.deepEqual(words, [36 * HOUR, 10 * DAY, 12 * HOUR, 12 * HOUR]);
    assert.equal(view.readUInt16BE(at + 16), 2_500);
    // verifier = reviewer (payee 1), trustee (payee 0), successor, one identity
    assert.deepEqual([...view.subarray(at + 18, at + 24)], [1, 0, 1, 1, 0, 0]);
    const figure = (name: string) => terms.figures.findIndex((one) => one.name === name);
    assert.deepEqual(
      [...view.subarray(at + 24, at + 30)],
      [
        5,
        figure("poolOpening"),
        figure("newReceivables"),
        0x80 + figure("principal"),
        0x80 + figure("chargeOffs"),
        0x80 + figure("poolClosing"),
      ],
    );
  });

  test("are read from the bytes alone, like the notice that nobody gives", () => {
    const terms = readTerms(every.bytes);
    assert.deepEqual(terms.reporting, every.terms.reporting);
    const notice = terms.notices.find(({ name }) => name === "succession");
    assert.deepEqual(notice, { name: "succession", payee: null, kind: "servicer default" });
  });

  test("are due at the payment, final at once and never in default where a deal says nothing", () => {
    assert.deepEqual(compile(WITHOUT).terms.reporting, {
      ...{ dueLeadSeconds: 0, defaultGraceSeconds: null, challengeSeconds: 0, answerSeconds: 0 },
      ...{ holdersBps: null, verifier: null, trustee: null, successor: false, identities: [] },
    });
  });

  test("read as a page beside the indenture", () => {
    const [, page = ""] = showDeal(readTerms(every.bytes)).split("\nReporting\n");
    assert.deepEqual(page.split("\n\n")[0]?.split("\n"), [
      "  due  36 hours before the payment time; later the deal is late",
      "  servicer default  10 days after the due time, final; the successor's attesters sign from then on",
      "  challenge  within 12 hours of acceptance by reviewer, or by trustee, or by holders of 25 % of the " +
        "current principal; until then nothing is paid on a report",
      "  answer  trustee rejects or dismisses within 12 hours, or the report stands; the trustee's own " +
        "challenge rejects at once",
      "  identity  p.poolOpening + p.newReceivables == p.principal + p.chargeOffs + p.poolClosing",
    ]);
    const [, plain = ""] = showDeal(compile(WITHOUT).terms).split("\nReporting\n");
    assert.deepEqual(plain.split("\n\n")[0]?.split("\n"), [
      "  due  at the payment time; later the deal is late, and no servicer default follows",
      "  challenge  none: an accepted report is final at once",
    ]);
  });

  test("are compared by deal diff, term by term", () => {
    const other = compile(AUTO.replace("challengeWindow: 24 hours", "challengeWindow: 36 hours"));
    assert.deepEqual(diffDeals(compile(AUTO), other), [
      "Reporting",
      "  changed  challenge: within 1 day of acceptance by trustee -> within 36 hours of acceptance by trustee",
    ]);
  });
});

describe("what a figure measures", () => {
  test("is known of the tape's figures; the servicer's money is of the period, all else as of a date", () => {
    const { figures } = every.terms;
    const name = names(every.terms);
    const flows = figures.flatMap(({ flow }, i) => (flow ? [name(i)] : []));
    assert.deepEqual(flows, [
      ...["availableFunds", "principal", "chargeOffs", "recoveries"],
      ...["reviewCosts", "indemnities", "newReceivables", "reviews"],
    ]);
  });

  test("is byte 18 of its record", () => {
    const view = Buffer.from(every.bytes);
    const at = view.readUInt16BE(26);
    const bytes = every.terms.figures.map((_, i) => view[at + 24 * i + 18]);
    assert.deepEqual(
      bytes,
      every.terms.figures.map(({ flow }) => (flow ? 1 : 0)),
    );
  });
});

const IDENTITY = '["principal + interest + recoveries + liquidationProceeds == availableFunds"]';

describe("errors of the reporting terms", () => {
  checkSlips([
    ["due: 3 days before payment", "due: ‹3 days›", "bad-value", "2 days before payment"],
    ["due: 3 days before payment", "due: ‹3 weeks before payment›", "bad-value", "36 hours"],
    ["due: 3 days before payment", "due: ‹61 days before payment›", "bad-value", "at most 60 days"],
    ["after: 10 days", "after: ‹400 days›", "bad-value", "at most 366 days"],
    ["successor: true", "successor: ‹maybe›", "bad-value", "true | false"],
    ["answerWithin: 24 hours", "answerWithin: ‹0 hours›", "bad-value", "needs time to answer"],
    ["  trustee: trustee\n  holders", "  trustee: ‹bank›\n  holders", "unknown-name", "no payee"],
    ["holders: 25 %", "holders: ‹0 %›", "bad-value", "from 0.01 % to 100 %"],
    ["holders: 25 %", "holders: 25 %\n  ‹judge›: trustee", "unknown-key", "known here: due"],
    ["== availableFunds", "== ‹cash›", "unknown-name", "no reported figure `cash`"],
    ["interest + recoveries", "interest + ‹loanCount›", "wrong-unit", "loanCount is a count"],
    [IDENTITY, "[‹principal + interest›]", "not-an-identity", "on both sides of =="],
    [IDENTITY, "[‹2 * principal == interest›]", "not-an-identity", "on both sides of =="],
    ["min: 0, max: 12 }", "min: 0, max: 12, measures: ‹period› }", "bad-value", "measures a date"],
  ]);
  checkSlips(
    [
      ["unit: flag, source", "unit: flag, measures: ‹period›, source", "wrong-unit", "a flag"],
      ["kind: servicer default", "by: ‹bank›, kind: servicer default", "bad-value", "leave by out"],
    ],
    EVERY_FEATURE,
  );

  const missing: [removed: string, says: RegExp][] = [
    ["after: 10 days, ", /servicerDefault lacks the term `after`; write how long/],
    ["  trustee: trustee\n", /reporting lacks the term `trustee`, which a challengeWindow needs/],
    ["  answerWithin: 24 hours\n", /lacks the term `answerWithin`, which a challengeWindow needs/],
  ];
  for (const [removed, says] of missing) {
    test(`missing-term: without ${removed.trim()}`, () => {
      const { deal, problems } = compileDeal(AUTO.replace(removed, ""));
      assert.equal(deal, null);
      const [found, ...others] = problems.filter(({ severity }) => severity === "error");
      assert.deepEqual([found?.code, others], ["missing-term", []]);
      assert.match(found?.message ?? "", says);
    });
  }

  for (const key of ["answerWithin", "trustee", "holders"]) {
    test(`no-window: ${key} without a challengeWindow`, () => {
      const text = AUTO.replace("  challengeWindow: 24 hours\n", "");
      const { deal, problems } = compileDeal(text);
      assert.equal(deal, null);
      const found = problems.find(({ code, value }) => code === "no-window" && value === key);
      assert.match(found?.message ?? "", /without a challengeWindow nobody can challenge/);
      assert.ok(text.split("\n")[(found?.line ?? 0) - 1]?.startsWith(`  ${key}:`));
    });
  }

  test("missing-term: a notice that somebody gives names who", () => {
    const { problems } = compileDeal(
      EVERY_FEATURE.replace("{ by: trustee, kind: once", "{ kind: once"),
    );
    assert.deepEqual(
      problems.map(({ message }) => message),
      ["notices.waiver lacks the term `by`; write the payee that may give it"],
    );
  });

  test("date-order: a report cannot be due before its collection period has ended", () => {
    // Payment on the 18th to 21st at 14:00, determination on the 1st at 00:00.
    const { problems } = compileDeal(AUTO.replace("due: 3 days", "due: 18 days"));
    const found = problems.find(({ severity }) => severity === "error");
    assert.equal(found?.code, "date-order");
    assert.match(found.message, /period \d+ .* due before the determination time; shorten `due`/);
  });
});

describe("the time between two payments", () => {
  // The shortest: from 2019-02-19 (the 18th is a holiday) to 2019-03-18, 27 days.
  const faults = (text: string) =>
    compileDeal(text).problems.flatMap(({ severity, message }) =>
      severity === "error" ? [message.replace(/^period \d+ \(paid \S+\): /, "")] : [],
    );

  test("is long enough for challenge and answer", () => {
    const text = AUTO.replace("challengeWindow: 24 hours", "challengeWindow: 26 days");
    assert.deepEqual(faults(text), []);
    assert.deepEqual(faults(text.replace("answerWithin: 24 hours", "answerWithin: 25 hours")), [
      "challengeWindow and answerWithin together are longer than the time to the next payment",
    ]);
  });

  test("has the next report's due time in it", () => {
    const [first] = faults(AUTO.replace("due: 3 days", "due: 31 days"));
    assert.match(first ?? "", /would be due before/);
  });
});

describe("doubts about the reporting terms", () => {
  const doubt = (text: string) =>
    compile(text).problems.map(
      ({ code, line }) => `${code}: ${text.split("\n")[line - 1]?.trim()}`,
    );
  const cases: [what: string, text: string, doubts: string[]][] = [
    ["nothing to doubt", AUTO, []],
    [
      "a window that reaches over the payment",
      AUTO.replace("challengeWindow: 24 hours", "challengeWindow: 4 days"),
      ["window-after-payment: challengeWindow: 4 days"],
    ],
    [
      "nobody beside the trustee may challenge",
      AUTO.replace("  holders: 25 %\n", ""),
      ["nobody-challenges: challengeWindow: 24 hours"],
    ],
    [
      "bounds under which the identity never holds",
      AUTO.replace("availableFunds: { min: 0.00,", "availableFunds: { min: 1000000.00,").replace(
        "max: 250000.00",
        "max: 2000000.00",
      ),
      [
        'never-holds: identities: ["principal + interest + recoveries + liquidationProceeds == availableFunds"]',
      ],
    ],
    [
      "the notice of a default that the deal does not name",
      EVERY_FEATURE.replace(/ {2}servicerDefault: \{ after.*\n/, ""),
      ["never-runs: succession: { kind: servicer default }"],
    ],
  ];
  for (const [what, text, doubts] of cases) {
    test(what, () => assert.deepEqual(doubt(text), doubts));
  }
});
