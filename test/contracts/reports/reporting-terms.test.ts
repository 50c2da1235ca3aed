/** The rules of reporting in a deal's terms are such that they can be kept, or the deal is not created. */
import { expect } from "chai";
import { getBytes, hexlify } from "ethers";
import { network } from "hardhat";
import { buildSmallTerms, DAY, smallDeal } from "../deals/build-small-terms.ts";
import type { Reporting, SmallDeal } from "../deals/build-small-terms.ts";
import { FLOWS, HOUR, RULES } from "./life-fixture.ts";

const { ethers, networkHelpers } = await network.create();
const checker = await ethers.deployContract("TermsChecker");
const factory = await ethers.getContractFactory("DealFactory");
const start = (await networkHelpers.time.latest()) + 10_000;

const dealWith = (rules: Partial<Reporting>, more: Partial<SmallDeal> = {}): SmallDeal => ({
  ...{ ...smallDeal(start), flows: FLOWS },
  ...more,
  reporting: { ...RULES, ...rules },
});
const check = async (terms: string) => checker.getFunction("check").staticCall(terms);
const figure = (index: number) => ({ figure: index, subtracted: false });

/** Records lie 30 days apart, payments too; a period is determined 15 days before its payment. */
const REFUSED: [string, Partial<Reporting>, string, unknown[]][] = [
  [
    "a lead of more than 60 days",
    { lead: 60 * DAY + 1 },
    "ReportingTermsInvalid",
    [0, 60 * DAY + 1],
  ],
  [
    "a grace of more than 366 days",
    { defaultGrace: 366 * DAY + 1 },
    "ReportingTermsInvalid",
    [4, 366 * DAY + 1],
  ],
  [
    "a window of more than 60 days",
    { window: 60 * DAY + 1 },
    "ReportingTermsInvalid",
    [8, 60 * DAY + 1],
  ],
  [
    "an answer of more than 60 days",
    { answer: 60 * DAY + 1 },
    "ReportingTermsInvalid",
    [12, 60 * DAY + 1],
  ],
  ["a window without time to answer", { answer: 0 }, "ReportingTermsInvalid", [12, 0]],
  [
    "time to answer without a window",
    { window: 0, holdersBps: null },
    "ReportingTermsInvalid",
    [12, 12 * HOUR],
  ],
  ["a challenge by holders of nothing", { holdersBps: 0 }, "ReportingTermsInvalid", [16, 0]],
  ["a share above the whole", { holdersBps: 10_001 }, "ReportingTermsInvalid", [16, 10_001]],
  ["a share without a window", { window: 0, answer: 0 }, "ReportingTermsInvalid", [16, 2_500]],
  ["a verifier who is no payee", { verifier: 2 }, "ReportingTermsInvalid", [18, 2]],
  ["a trustee who is no payee", { trustee: 2 }, "ReportingTermsInvalid", [19, 2]],
  ["a window that nobody answers in", { trustee: null }, "ReportingTermsInvalid", [19, 0xff]],
  [
    "nine identities",
    { identities: Array.from({ length: 9 }, () => [figure(0), figure(1)]) },
    "ReportingTermsInvalid",
    [21, 9],
  ],
  ["an identity of one figure", { identities: [[figure(0)]] }, "ReportingTermsInvalid", [24, 1]],
  [
    "an identity of 33 figures",
    { identities: [Array.from({ length: 33 }, () => figure(0))] },
    "ReportingTermsInvalid",
    [24, 33],
  ],
  [
    "an identity of a figure that is not there",
    { identities: [[figure(0), { figure: 12, subtracted: true }]] },
    "ReportingTermsInvalid",
    [26, 0x8c],
  ],
  ["a report due before its period is determined", { lead: 15 * DAY + 1 }, "CalendarInvalid", [1]],
  [
    "a report that cannot be final before the next is due",
    { window: 20 * DAY, answer: 10 * DAY + 1 },
    "CalendarInvalid",
    [2],
  ],
];

describe("Rules of reporting", () => {
  it("are taken at their limits", async () => {
    await check(buildSmallTerms(dealWith({})));
    const most = { lead: 15 * DAY, defaultGrace: 366 * DAY, window: 20 * DAY, answer: 10 * DAY };
    await check(buildSmallTerms(dealWith({ ...most, holdersBps: 10_000, identities: [] })));
    const longest = Array.from({ length: 32 }, () => figure(11));
    await check(
      buildSmallTerms(
        dealWith({ holdersBps: 1, identities: Array.from({ length: 8 }, () => longest) }),
      ),
    );
  });

  for (const [what, rules, error, args] of REFUSED) {
    it(`are refused for ${what}`, async () => {
      await expect(check(buildSmallTerms(dealWith(rules))))
        .to.be.revertedWithCustomError(factory, error)
        .withArgs(...args);
    });
  }

  it("are refused with unknown flags, with anything where nothing may stand, or in another length", async () => {
    const terms = getBytes(buildSmallTerms(dealWith({})));
    const view = new DataView(terms.buffer, terms.byteOffset);
    const [section, names] = [view.getUint16(92), view.getUint16(42)];
    const patched = (offset: number, value: number) => {
      const copy = Uint8Array.from(terms);
      copy[offset] = value;
      return hexlify(copy);
    };
    const cases: [number, number, string, unknown[]][] = [
      [section + 20, 2, "ReportingTermsInvalid", [20, 2]],
      [section + 22, 1, "ReportingTermsInvalid", [22, 0x100]],
      [section + 23, 1, "ReportingTermsInvalid", [22, 1]],
      [section + 21, 0, "TermsSectionInvalid", [42, names, section + 24]],
      [94, 1, "TermsCountInvalid", [94, 0x100]],
      [95, 1, "TermsCountInvalid", [94, 1]],
      [93, (section + 1) & 0xff, "TermsSectionInvalid", [92, section + 1, section]],
    ];
    for (const [offset, value, error, args] of cases) {
      await expect(check(patched(offset, value)))
        .to.be.revertedWithCustomError(factory, error)
        .withArgs(...args);
    }
  });

  it("carry the differences of available funds and of no balance or count", async () => {
    for (const flows of [[0, 3], [1, 3], [2, 3], []]) {
      await expect(check(buildSmallTerms(dealWith({}, { flows }))))
        .to.be.revertedWithCustomError(factory, "FigureTermsInvalid")
        .withArgs(flows[0] ?? 3);
    }
    const terms = getBytes(buildSmallTerms(dealWith({})));
    const figures = new DataView(terms.buffer, terms.byteOffset).getUint16(26);
    terms[figures + 24 * 5 + 18] = 2;
    await expect(check(hexlify(terms)))
      .to.be.revertedWithCustomError(factory, "FigureTermsInvalid")
      .withArgs(5);
  });

  it("have the notice of a servicer default given by nobody, and every other by a payee", async () => {
    const kind = "servicer default" as const;
    await check(buildSmallTerms(dealWith({}, { notices: [{ payee: 0xff, kind }] })));
    for (const notice of [
      { payee: 0, kind },
      { payee: 0xff, kind: "once" as const },
      { payee: 0xff, kind: "standing" as const },
    ]) {
      await expect(check(buildSmallTerms(dealWith({}, { notices: [notice] }))))
        .to.be.revertedWithCustomError(factory, "NoticeTermsInvalid")
        .withArgs(0);
    }
  });
});
