/** The deal of the projection's bars: eight classes in sequence, target overcollateralisation, a loss trigger. */

export const BENCH_POOL_CENTS = 100_000_000_000;

const CLASSES = [
  { name: "A1", face: 300_000_000, coupon: 4 },
  { name: "A2", face: 250_000_000, coupon: 4.25 },
  { name: "A3", face: 150_000_000, coupon: 4.5 },
  { name: "A4", face: 100_000_000, coupon: 4.75 },
  { name: "B", face: 70_000_000, coupon: 5.25 },
  { name: "C", face: 50_000_000, coupon: 5.75 },
  { name: "D", face: 30_000_000, coupon: 6.5 },
  { name: "E", face: 20_000_000, coupon: 7.5 },
] as const;

const classYaml = ({ name, face, coupon }: (typeof CLASSES)[number], finalYear: number) => `
  ${name}:
    seniority: ${name.startsWith("A") ? "senior" : name === "E" ? "junior" : "mezzanine"}
    face: ${face.toFixed(2)}
    coupon: ${coupon} %
    dayCount: ${name === "A1" ? "ACT/360" : "30/360"}
    accrualDates: ${name === "A1" ? "adjusted" : "unadjusted"}
    accrualRounding: half-up
    interestOnShortfall: true
    componentOrder: [interestOnShortfall, shortfall, current]
    finalScheduledDate: ${finalYear}-01-25`;

/** The deal file for a number of months. */
export function benchDeal(months: number): string {
  const all = CLASSES.map(({ name }) => name);
  const senior = all.slice(0, 4).join(", ");
  const upTo = (last: string) => all.slice(0, all.indexOf(last as never) + 1).join(", ");
  const finalYear = 2025 + months / 12;
  return `schema: penstock-deal/2
id: projection-bench
name: Projection bench
currency: USD
legalUnit: "0.01"
cashToken: { decimals: 6 }
splitRounding: cumulative half-up
holderCap: none
parties:
  originator: { name: Originator, payee: false }
  trustee: { name: Trustee, payee: true }
  servicer: { name: Servicer, payee: true }
  residual: { name: Certificateholder, payee: true }
tape:
  format: mapped
  loanIdPrefix: ""
  rateUnit: percent
  rollForward: { subtract: [principal, chargeOff], add: [], tolerance: 0.00 }
  availableFunds: [principal, interest, recovery]
  chargeOffAgeDays: 120
  mapping:
    delimiter: ","
    columns: { loanId: loan, periodEnd: date, endingBalance: balance }
    dates: YYYY-MM-DD
    months: YYYY-MM
    missing: ["-"]
pool: { cutOff: 2024-12-31, cutOffBalance: ${(BENCH_POOL_CENTS / 100).toFixed(2)}, cutOffLoans: 4000 }
calendar:
  closing: 2025-01-28
  firstCollectionMonth: 2025-01
  firstPaymentDate: 2025-02-25
  periods: ${months}
  businessDays: following
  determination: 3 business days before payment
  record: 1 business day before payment
  firstAccrualFrom: 2025-01-28
  graceDays: 5
  times: { closing: 14:00Z, determination: 12:00Z, record: 22:00Z, payment: 14:00Z }
  holidays: []
classes:${CLASSES.map((entry) => classYaml(entry, finalYear)).join("")}
accounts:
  COLL: { kind: collection, retained: false, initialDeposit: 0.00 }
  RES: { kind: reserve, retained: true, initialDeposit: 5000000.00 }
fees:
  trusteeFee: { kind: fixed, amount: 10000.00, payee: trustee, cap: admin }
  servicingFee:
    kind: rate
    rate: 0.5 %
    on: poolOpening
    dayCount: 30/360
    accrualDates: unadjusted
    rounding: half-up
    payee: servicer
    cap: none
caps:
  admin: { amount: 250000.00, year: calendar year }
figures:
  poolOpening: { min: 0.00, max: ${(BENCH_POOL_CENTS / 100).toFixed(2)} }
  poolClosing: { min: 0.00, max: ${(BENCH_POOL_CENTS / 100).toFixed(2)} }
  loanCount: { min: 0, max: 1000000 }
  availableFunds: { min: 0.00, max: ${(BENCH_POOL_CENTS / 100).toFixed(2)} }
  chargeOffs: { min: 0.00, max: ${(BENCH_POOL_CENTS / 100).toFixed(2)} }
constants:
  ocCurrent: 5 %
  ocFloor: 1 %
  reserveRequired: 5000000.00
programs:
  amortising: |
    LET notes = sumbal(${all.join(", ")})                                        @ definitions
    LET ocT   = max(pct(p.poolClosing, k.ocCurrent), pct(k.cutOffBalance, k.ocFloor)) @ definitions
    LET P1    = pos(sumbal(${senior}) - p.poolClosing)                           @ definitions
    LET P2    = pos(sumbal(${upTo("B")}) - p.poolClosing - P1)                   @ definitions
    LET P3    = pos(sumbal(${upTo("C")}) - p.poolClosing - P1 - P2)              @ definitions
    LET PR    = pos(notes - pos(p.poolClosing - ocT) - P1 - P2 - P3)             @ definitions
    LET need  = sumdue(trusteeFee, servicingFee, ${all.join(", ")}) + P1 + P2 + P3 @ definitions
    MOVE RES -> COLL UPTO pos(need - acct.COLL) AS draw                          @ reserve draw
    FEE  COLL -> trusteeFee CAP capLeft.admin                                    @ (1)
    FEE  COLL -> servicingFee                                                    @ (2)
    INT  COLL -> ${senior} PRORATA                                               @ (3)
    PRIN COLL -> ${senior} SEQ UPTO P1                                           @ (4)
    INT  COLL -> B                                                               @ (5)
    PRIN COLL -> ${upTo("B")} SEQ UPTO P2                                        @ (6)
    INT  COLL -> C                                                               @ (7)
    PRIN COLL -> ${upTo("C")} SEQ UPTO P3                                        @ (8)
    INT  COLL -> D                                                               @ (9)
    INT  COLL -> E                                                               @ (10)
    FILL COLL -> RES TO min(k.reserveRequired, notes)                            @ (11)
    PRIN COLL -> ${all.join(", ")} SEQ UPTO PR                                   @ (12)
    FEE  COLL -> trusteeFee AS overflow                                          @ (13)
    IF sumbal(${all.join(", ")}) <= acct.RES {                                   @ reserve release
      PRIN RES -> ${all.join(", ")} SEQ UPTO sumbal(${all.join(", ")})           @ reserve release
      REST RES -> COLL                                                           @ reserve release
    }
    REST COLL -> residual                                                        @ (14)
transitions: []
`;
}
