import { takeInt, takeUint } from "../lib/big-endian.ts";
import type * as shape from "./deal-terms.ts";
import * as format from "./terms-format.ts";
import {
  byteAt,
  expressionAt,
  indexAt,
  nameAt,
  optionalExpressionAt,
  sectionReader,
  shortAt,
  wordOf,
} from "./terms-view.ts";
import type { TermsView } from "./terms-view.ts";

/** The parts that stand in every order; deferred and carry-over may. */
const ALWAYS = format.COMPONENTS.slice(0, 3);

function readComponentOrder(bytes: Uint8Array, offset: number): format.Component[] {
  const word = Number(takeUint(bytes, offset, 3));
  const codes = Array.from({ length: 6 }, (_, i) => (word >> (20 - 4 * i)) & 0xf);
  const length = codes.includes(0) ? codes.indexOf(0) : codes.length;
  const order = codes
    .slice(0, length)
    .map((code) => wordOf(format.COMPONENTS, code, "claim components"));
  const complete = ALWAYS.every((part) => order.includes(part));
  if (!complete || new Set(order).size !== length) {
    throw new RangeError("terms: a component order names each of its parts once");
  }
  return order;
}

/** The own lanes of a class follow each other from its first one. */
function readClassLanes(flags: number, first: number): shape.ClassTerms["lanes"] {
  const { CLASS_FLAG } = format;
  let next = first;
  const lane = (flag: number) => ((flags & flag) === 0 ? null : next++);
  return {
    deferred: lane(CLASS_FLAG.DEFERRED_LANE),
    carryOver: lane(CLASS_FLAG.CARRY_OVER_LANE),
    pik: lane(CLASS_FLAG.PIK_LANE),
  };
}

function readClass(view: TermsView, offset: number): shape.ClassTerms {
  const { bytes } = view;
  const flags = byteAt(bytes, offset + 18);
  const has = (flag: number) => (flags & flag) !== 0;
  return {
    name: nameAt(view, offset + 27),
    seniority: wordOf(format.SENIORITIES, byteAt(bytes, offset + 29), "seniority"),
    faceCents: takeUint(bytes, offset, 8),
    couponWad: takeUint(bytes, offset + 8, 8),
    coupon: optionalExpressionAt(view, offset + 23),
    availableFundsCap: optionalExpressionAt(view, offset + 30),
    basis: byteAt(bytes, offset + 16),
    rounding: wordOf(format.ROUNDINGS, byteAt(bytes, offset + 17), "rounding"),
    interestOnShortfall: has(format.CLASS_FLAG.INTEREST_ON_SHORTFALL),
    interestOnDeferred: has(format.CLASS_FLAG.INTEREST_ON_DEFERRED),
    interestOnCarryOver: has(format.CLASS_FLAG.INTEREST_ON_CARRY_OVER),
    deferrable: has(format.CLASS_FLAG.DEFERRABLE),
    componentOrder: readComponentOrder(bytes, offset + 19),
    lanes: readClassLanes(flags, byteAt(bytes, offset + 22)),
    finalDay: shortAt(bytes, offset + 25),
  };
}

function readFee(view: TermsView, offset: number): shape.FeeTerms {
  const { bytes } = view;
  return {
    name: nameAt(view, offset + 14),
    kind: wordOf(format.FEE_KINDS, byteAt(bytes, offset), "fee kinds"),
    amount: takeUint(bytes, offset + 4, 8),
    basis: byteAt(bytes, offset + 1),
    rounding: wordOf(format.ROUNDINGS, byteAt(bytes, offset + 2), "rounding"),
    payee: byteAt(bytes, offset + 3),
    baseFigure: indexAt(bytes, offset + 12),
    expression: optionalExpressionAt(view, offset + 16),
    cap: indexAt(bytes, offset + 13),
  };
}

function readCap(view: TermsView, offset: number): shape.CapTerms {
  return {
    name: nameAt(view, offset + 9),
    cents: takeUint(view.bytes, offset, 8),
    year: wordOf(format.CAP_YEARS, byteAt(view.bytes, offset + 8), "cap years"),
  };
}

function readAccount(view: TermsView, offset: number): shape.AccountTerms {
  const flags = byteAt(view.bytes, offset);
  const receives = byteAt(view.bytes, offset + 11);
  return {
    name: nameAt(view, offset + 9),
    retained: (flags & format.ACCOUNT_RETAINED) !== 0,
    facility: (flags & format.ACCOUNT_FACILITY) !== 0,
    receives: receives === 0 ? null : receives - 1,
    initialDepositCents: takeUint(view.bytes, offset + 1, 8),
  };
}

function readFigure(view: TermsView, offset: number): shape.FigureTerms {
  return {
    name: nameAt(view, offset + 16),
    minimum: takeInt(view.bytes, offset, 8),
    maximum: takeInt(view.bytes, offset + 8, 8),
    flow: (byteAt(view.bytes, offset + 18) & format.FIGURE_FLOW) !== 0,
  };
}

function readNotice(view: TermsView, offset: number): shape.NoticeTerms {
  return {
    name: nameAt(view, offset),
    payee: indexAt(view.bytes, offset + 2),
    kind: wordOf(format.NOTICE_KINDS, byteAt(view.bytes, offset + 3), "notice kinds"),
  };
}

function readIndex(view: TermsView, offset: number): shape.IndexTerms {
  return {
    name: nameAt(view, offset),
    feedDecimals: byteAt(view.bytes, offset + 2),
    unit: wordOf(format.RATE_UNITS, byteAt(view.bytes, offset + 3), "rate units"),
    maxAgeSeconds: Number(takeUint(view.bytes, offset + 4, 4)),
    initialRateWad: takeInt(view.bytes, offset + 8, 8),
  };
}

function readTrigger(view: TermsView, offset: number): shape.TriggerTerms {
  const { bytes } = view;
  return {
    name: nameAt(view, offset + 14),
    clause: nameAt(view, offset + 16),
    at: wordOf(format.MOMENTS, byteAt(bytes, offset) + 1, "moments"),
    numerator: expressionAt(view, offset + 8),
    denominator: optionalExpressionAt(view, offset + 10),
    comparison: wordOf(format.COMPARISONS, byteAt(bytes, offset + 5), "comparisons"),
    threshold: expressionAt(view, offset + 12),
    breaches: byteAt(bytes, offset + 1),
    tests: byteAt(bytes, offset + 2),
    cure: byteAt(bytes, offset + 3),
    cureNotice: indexAt(bytes, offset + 4),
    lane: byteAt(bytes, offset + 6),
  };
}

function readIdentities(bytes: Uint8Array, count: number, first: number) {
  let at = first;
  return Array.from({ length: count }, () => {
    const length = byteAt(bytes, at);
    const addends = Array.from({ length }, (_, i) => {
      const code = byteAt(bytes, at + 1 + i);
      return {
        figure: code & ~format.IDENTITY_SUBTRACTED,
        subtracted: (code & format.IDENTITY_SUBTRACTED) !== 0,
      };
    });
    at += 1 + length;
    return addends;
  });
}

export function readReporting({ bytes, offsets }: TermsView): shape.ReportingTerms {
  const at = offsets.reporting;
  const seconds = (offset: number) => Number(takeUint(bytes, at + offset, 4));
  const grace = seconds(4);
  const share = shortAt(bytes, at + 16);
  return {
    dueLeadSeconds: seconds(0),
    defaultGraceSeconds: grace === format.NO_DEFAULT ? null : grace,
    challengeSeconds: seconds(8),
    answerSeconds: seconds(12),
    holdersBps: share === format.NO_POINTER ? null : share,
    verifier: indexAt(bytes, at + 18),
    trustee: indexAt(bytes, at + 19),
    successor: (byteAt(bytes, at + 20) & format.REPORTING_SUCCESSOR) !== 0,
    identities: readIdentities(bytes, byteAt(bytes, at + 21), at + format.REPORTING_HEAD),
  };
}

/** Who and what a deal consists of: classes, fees, caps, accounts, figures, indices, notices, triggers. */
export function readParties(view: TermsView) {
  const table = sectionReader(view);
  return {
    classes: table("classes", format.CLASS_SIZE, readClass),
    fees: table("fees", format.FEE_SIZE, readFee),
    caps: table("caps", format.CAP_SIZE, readCap),
    accounts: table("accounts", format.ACCOUNT_SIZE, readAccount),
    figures: table("figures", format.FIGURE_SIZE, readFigure),
    indices: table("indices", format.INDEX_SIZE, readIndex),
    notices: table("notices", format.NOTICE_SIZE, readNotice),
    triggers: table("triggers", format.TRIGGER_SIZE, readTrigger),
  };
}
