/** A plain deal file around the lines of one program. */

function classText(name: string, seniority: string, bearing: boolean): string {
  const order = bearing ? "current, interestOnShortfall, shortfall" : "shortfall, current";
  return `
  ${name}:
    seniority: ${seniority}
    face: 1000000.00
    coupon: 7.3 %
    dayCount: ${name === "A1" ? "ACT/360" : "30/360"}
    accrualDates: ${name === "A1" ? "adjusted" : "unadjusted"}
    accrualRounding: ${{ A1: "half-up", A2: "floor", B: "ceil" }[name] ?? "half-up"}
    interestOnShortfall: ${bearing}
    componentOrder: [${order}]
    finalScheduledDate: 2018-04-16`;
}

/** A deal file around the lines of one program. */
export function dealText(lines: readonly string[], splitRounding: string): string {
  return `schema: penstock-deal/2
id: random-deal
name: Random
currency: USD
legalUnit: "0.01"
cashToken: { decimals: 6 }
splitRounding: "${splitRounding}"
holderCap: none
parties:
  trustee: { name: T, payee: true }
  residual: { name: R, payee: true }
tape:
  format: absee-auto-loan-xml
  loanIdPrefix: ""
  rateUnit: fraction
  rollForward: { subtract: [principal], add: [], tolerance: 0.00 }
  availableFunds: [principal]
  chargeOffAgeDays: 120
pool: { cutOff: 2017-09-30, cutOffBalance: 4000000.00, cutOffLoans: 12 }
calendar:
  closing: 2017-10-16
  firstCollectionMonth: 2017-10
  firstPaymentDate: 2017-11-15
  periods: 6
  businessDays: following
  determination: end of collection month
  record: 1 business day before payment
  firstAccrualFrom: 2017-10-16
  graceDays: 5
  times: { closing: 14:00Z, determination: 00:00Z, record: 22:00Z, payment: 14:00Z }
  holidays: []
classes:${classText("A1", "senior", false)}${classText("A2", "senior", true)}${classText("B", "mezzanine", true)}${classText("C", "junior", false)}
accounts:
  COLL: { kind: collection, retained: true, initialDeposit: 0.00 }
  RES: { kind: reserve, retained: true, initialDeposit: 100.00 }
  SIDE: { kind: other, retained: true, initialDeposit: 0.00 }
fees:
  trusteeFee: { kind: fixed, amount: 50.00, payee: trustee, cap: admin }
  backupFee: { kind: fixed, amount: 33.33, payee: residual, cap: admin }
  servicingFee: { kind: rate, rate: 1 %, on: principal, dayCount: ACT/ACT ISDA, accrualDates: adjusted, rounding: half-up, payee: trustee, cap: none }
caps:
  admin: { amount: 100.00, year: year from closing }
figures:
  poolOpening: { min: 0.00, max: 4000000.00 }
  poolClosing: { min: 0.00, max: 4000000.00 }
  loanCount: { min: 0, max: 12 }
  availableFunds: { min: 0.00, max: 4000000.00 }
  principal: { min: -4000000.00, max: 4000000.00 }
constants:
  rate: 12 %
  target: 1234.56
programs:
  amortising: |
${["LET first = bal.A1 - p.poolClosing @ 0", "MOVE RES -> COLL UPTO first AS draw @ 0", ...lines].map((line) => `    ${line}`).join("\n")}
  stopped: |
    REST COLL -> residual @ 9
transitions:
  - { from: amortising, to: stopped, when: bal.C == 0, clause: "9" }
`;
}
