/**
 * Terms of a small deal, byte by byte: what the contracts read is visible here, and a test can break any of it.
 * Three classes, two accounts, one fee, two payees (trustee, residual holder), twelve figures, six monthly periods; pays
 * the fee, interest A to C, the pool's decline as principal A to C, and the rest to the residual holder.
 */
import { concat, getBytes, toBeHex, toUtf8Bytes } from "ethers";

export const DAY = 86_400;
export const GRACE_SECONDS = 3 * DAY;

export interface SmallDeal {
  /** Unix seconds. */
  closingTime: number;
  /** Original face per class, cents. */
  faces: bigint[];
  periods: number;
  payees: number;
  cashDecimals: number;
  cutOffBalance: bigint;
  /** Initial deposit of the reserve account, cents. */
  reserveDeposit: bigint;
  /** Cap on one identity's holding; 0xffff none. */
  holderCapBps: number;
  /** Minimum and maximum per figure; the first four are the fixed ones. */
  bounds: [bigint, bigint][];
  /** Indices that a feed fixes; maxAge in seconds, the initial rate 1e18 = 100 %. */
  indices: {
    decimals: number;
    unit: "fraction" | "percent";
    maxAge: number;
    initialRate?: bigint;
  }[];
  /** Notices; `payee` by position. */
  notices: { payee: number; kind: "once" | "standing" | "servicer default" }[];
  /** Figures that are amounts of the period, by position; available funds (3) always are. */
  flows: number[];
  reporting: Reporting;
  /** Whether the terms say that the deal buys (the program of the small deal does not). */
  buys: boolean;
}

/** Rules of reporting; times in seconds, parties by position among the payees. */
export interface Reporting {
  lead: number;
  /** null: the deal names no default. */
  defaultGrace: number | null;
  window: number;
  answer: number;
  /** null: holders may not challenge. */
  holdersBps: number | null;
  verifier: number | null;
  trustee: number | null;
  handsOver: boolean;
  /** Figures, each with its sign, that sum to zero. */
  identities: { figure: number; subtracted: boolean }[][];
}

/** Due at the payment time, final at once, nobody challenges. */
const PLAIN_REPORTING: Reporting = {
  ...{ lead: 0, defaultGrace: null, window: 0, answer: 0, holdersBps: null },
  ...{ verifier: null, trustee: null, handsOver: false, identities: [] },
};

const CENTS_LIMIT = 10n ** 15n;

/** The deal of the tests: 10,000.00 of notes over 10,500.00 of loans, closing at `closingTime`. */
export function smallDeal(closingTime: number): SmallDeal {
  const amount: [bigint, bigint] = [0n, CENTS_LIMIT];
  const signed: [bigint, bigint] = [-50_000n, 50_000n];
  return {
    closingTime,
    faces: [700_000n, 200_000n, 100_000n],
    periods: 6,
    payees: 2,
    cashDecimals: 6,
    cutOffBalance: 1_050_000n,
    reserveDeposit: 10_000n,
    holderCapBps: 0xffff,
    bounds: [
      amount,
      amount,
      [0n, 1_000_000n],
      amount,
      ...Array.from({ length: 7 }, () => amount),
      signed,
    ],
    indices: [],
    notices: [],
    flows: [3],
    reporting: PLAIN_REPORTING,
    buys: false,
  };
}

/** The times of a period (from 1), unix seconds; its indices are fixed ten days before it ends. */
export function timesOf(deal: SmallDeal, period: number) {
  const determination = deal.closingTime + period * 30 * DAY;
  return {
    fixing: determination - 10 * DAY,
    determination,
    record: determination + 10 * DAY,
    payment: determination + 15 * DAY,
  };
}

const field = (value: bigint | number, bytes: number) => {
  const unsigned = BigInt.asUintN(bytes * 8, BigInt(value));
  return toBeHex(unsigned, bytes);
};
const pad = (bytes: number) => "0x" + "00".repeat(bytes);

const step = (op: number, part: Partial<Record<"mode" | "dst" | "count" | "flags", number>>) => ({
  op,
  mode: part.mode ?? 0,
  dst: part.dst ?? 0,
  count: part.count ?? 0,
  flags: part.flags ?? 0,
});

function stepBytes(s: ReturnType<typeof step>, list: string, amount: number): string {
  return concat([
    field(s.op, 1),
    field(s.mode, 1),
    field(0, 1),
    field(s.dst, 1),
    field(s.count, 1),
    "0x" + list.padEnd(16, "0"),
    field(amount, 2),
    "0xffffffffffffffff", // no weights, no cap, no label, no clause
    field(0, 2),
    field(s.flags, 2),
    pad(5),
  ]);
}

function programBytes(classes: number): string {
  const all = Array.from({ length: classes }, (_, i) => i.toString(16)).join("");
  return concat([
    stepBytes(step(2, { mode: 1, count: 1 }), "0", 0xffff),
    stepBytes(step(3, { mode: 1, count: classes }), all, 0xffff),
    stepBytes(step(4, { mode: 1, count: classes }), all, 0),
    stepBytes(step(11, { dst: 1, flags: 1 }), "", 0xffff),
  ]);
}

function calendarBytes(deal: SmallDeal): string {
  const rows: string[] = [];
  for (let period = 1; period <= deal.periods; period++) {
    const { fixing, determination, record, payment } = timesOf(deal, period);
    rows.push(
      concat([
        field(determination, 5),
        field(record, 5),
        field(payment, 5),
        field(Math.floor(payment / DAY), 2),
        field(2017 * 12 + period, 2),
        field(0, 1),
        field(0, 1),
        pad(3),
        field(30, 4),
        ...deal.indices.map(() => field(fixing, 5)),
      ]),
    );
  }
  return concat(rows);
}

function namesBytes(deal: SmallDeal): string {
  const payees = ["trustee", "residual", ...Array(deal.payees).fill("payee")];
  const names = [...payees.slice(0, deal.payees), "small-1"];
  const entries = names.map((name) => concat([field(name.length, 1), toUtf8Bytes(name)]));
  return concat([field(names.length, 2), ...entries]);
}

/** The terms, format 2. */
export function buildSmallTerms(deal: SmallDeal): string {
  const classes = deal.faces.map((face, i) =>
    concat([
      field(face, 8),
      field(3n * 10n ** 16n, 8), // 3 % a year
      field(0, 1),
      field(1, 1),
      field(0, 1),
      "0x123000", // interest on shortfall, shortfall, current
      "0xff", // no lanes of its own
      "0xffff", // fixed coupon
      field(20_000, 2),
      field(i, 2),
      field(i + 1, 1),
      "0xffff", // no available-funds cap
    ]),
  );
  const fee = concat([
    ...[field(2, 1), pad(3), field(1_000n, 8), "0xff", "0xff"],
    ...[pad(2), "0xffff", pad(14)],
  ]);
  const account = (retained: number, deposit: bigint) =>
    concat([field(retained, 1), field(deposit, 8), pad(7)]);
  const figures = deal.bounds.map(([minimum, maximum], i) => {
    const flow = deal.flows.includes(i) ? 1 : 0;
    return concat([field(minimum, 8), field(maximum, 8), pad(2), field(flow, 1), pad(5)]);
  });
  // opening - closing: FIGURE 0, FIGURE 1, SUB, END
  const expressions = "0x020000020001150000000000";
  const sections = [
    concat(classes),
    fee,
    "0x",
    concat([account(0, 0n), account(1, deal.reserveDeposit)]),
    concat(figures),
    "0x",
    field(360, 4),
    concat([field(0, 2), field(4, 2), pad(4)]),
    "0x",
    programBytes(deal.faces.length),
    expressions,
    ...["0x", "0x", "0x", "0x"], // ledgers, variables, series, triggers
    concat(deal.indices.map(indexBytes)),
    concat(deal.notices.map(noticeBytes)),
    "0x",
    calendarBytes(deal),
    reportingBytes(deal.reporting),
    namesBytes(deal),
  ];
  return concat([headerBytes(deal, sections), ...sections]);
}

function indexBytes(index: SmallDeal["indices"][number]): string {
  const code = index.unit === "fraction" ? 1 : 2;
  return concat([
    ...[pad(2), field(index.decimals, 1), field(code, 1), field(index.maxAge, 4)],
    field(index.initialRate ?? 0n, 8),
  ]);
}

function noticeBytes({ payee, kind }: SmallDeal["notices"][number]): string {
  const code = { once: 1, standing: 2, "servicer default": 3 }[kind];
  return concat([pad(2), field(payee, 1), field(code, 1)]);
}

function reportingBytes(rules: Reporting): string {
  return concat([
    field(rules.lead, 4),
    field(rules.defaultGrace ?? 0xffffffff, 4),
    field(rules.window, 4),
    field(rules.answer, 4),
    field(rules.holdersBps ?? 0xffff, 2),
    field(rules.verifier ?? 0xff, 1),
    field(rules.trustee ?? 0xff, 1),
    field(rules.handsOver ? 1 : 0, 1),
    field(rules.identities.length, 1),
    pad(2),
    ...rules.identities.map((signed) =>
      concat([
        field(signed.length, 1),
        ...signed.map(({ figure, subtracted }) => field(figure + (subtracted ? 0x80 : 0), 1)),
      ]),
    ),
  ]);
}

function headerBytes(deal: SmallDeal, sections: string[]): string {
  let next = 96;
  const offsets = sections.map((section) => {
    const offset = next;
    next += getBytes(section).length;
    return field(offset, 2);
  });
  const [before, added] = [offsets.slice(0, 11), offsets.slice(11, 18)];
  const [calendar, reporting, names] = offsets.slice(18) as [string, string, string];
  const counts = [2, deal.faces.length, 2, 1, deal.payees, 0, deal.bounds.length, 0, 1, 0, 1, 0, 1];
  return concat([
    ...counts.map((count) => field(count, 1)),
    field(deal.cashDecimals, 1),
    field(1, 1),
    field(28 + 5 * deal.indices.length, 1),
    field(deal.periods, 2),
    ...before,
    ...[calendar, names],
    field(next, 2),
    field(deal.closingTime, 5),
    field(deal.holderCapBps, 2),
    field(GRACE_SECONDS, 4),
    pad(4), // ledgers, variables, series, triggers
    field(deal.indices.length, 1),
    field(deal.notices.length, 1),
    field(deal.buys ? 1 : 0, 1),
    field(deal.cutOffBalance, 8),
    field(100, 4),
    ...added,
    field(0, 1), // schedules
    field(1, 1), // lane words
    reporting,
    pad(2),
  ]);
}
