/**
 * Tapes of a pool that is made up, the same for the same numbers: auto loans with the faults that real
 * tapes have (missing values, negative adjustments, payoffs, charge-offs, unknown codes, late
 * loans that skip a bucket, ends without a code), none of which refuses the tape.
 */
const MADE_PREFIX = "0001718362 - ";

/** The columns of a made CSV tape: 40 of the elements of form ABS-EE. */
const COLUMNS = [
  "assetTypeNumber",
  "assetNumber",
  "reportingPeriodBeginningDate",
  "reportingPeriodEndingDate",
  "originatorName",
  "originationDate",
  "originalLoanAmount",
  "originalLoanTerm",
  "loanMaturityDate",
  "originalInterestRatePercentage",
  "interestCalculationTypeCode",
  "originalInterestRateTypeCode",
  "originalFirstPaymentDate",
  "paymentTypeCode",
  "subvented",
  "vehicleManufacturerName",
  "vehicleModelName",
  "vehicleNewUsedCode",
  "vehicleModelYear",
  "vehicleTypeCode",
  "vehicleValueAmount",
  "obligorCreditScore",
  "paymentToIncomePercentage",
  "obligorGeographicLocation",
  "remainingTermToMaturityNumber",
  "reportingPeriodBeginningLoanBalanceAmount",
  "reportingPeriodInterestRatePercentage",
  "servicingFeePercentage",
  "scheduledInterestAmount",
  "scheduledPrincipalAmount",
  "otherPrincipalAdjustmentAmount",
  "reportingPeriodActualEndBalanceAmount",
  "totalActualAmountPaid",
  "actualInterestCollectedAmount",
  "actualPrincipalCollectedAmount",
  "actualOtherCollectedAmount",
  "currentDelinquencyStatus",
  "zeroBalanceCode",
  "chargedoffPrincipalAmount",
  "recoveredAmount",
] as const;

export type MadeColumn = (typeof COLUMNS)[number];
export const MADE_COLUMNS: readonly MadeColumn[] = COLUMNS;

/** A month of a loan: its cells by column, and what it owes at the end, in cents. */
export interface MadeRow {
  cells: Record<MadeColumn, string>;
  endingCents: number;
}

const STATES = ["CA", "TX", "FL", "NY", "PA", "IL", "OH", "GA", "NC", "MI", "NJ", "VA", "WA", "AZ"];
const MAKERS = ["NISSAN", "FORD", "CHEVROLET", "TOYOTA", "HONDA", "KIA", "HYUNDAI", "JEEP"];
const MODELS = ["ROGUE", "F-150", "SILVERADO", "CAMRY", "ACCORD", "SORENTO", "ELANTRA", "CHEROKEE"];

/** 32 bits that look random and are the same for the same loan and purpose. */
function draw(loan: number, purpose: number): number {
  let bits = Math.imul(loan + 1, 0x9e3779b1) ^ Math.imul(purpose + 1, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39);
  return (bits ^ (bits >>> 15)) >>> 0;
}

const pick = (values: readonly string[], at: number): string => values[at % values.length] ?? "";
const money = (cents: number): string => {
  const size = Math.abs(cents);
  const text = `${Math.floor(size / 100)}.${String(size % 100).padStart(2, "0")}`;
  return cents < 0 ? `-${text}` : text;
};
const monthYear = (month: number): string =>
  `${String((month % 12) + 1).padStart(2, "0")}/${Math.floor(month / 12)}`;

/** A month's number (year * 12 + month - 1) with its first and last day as MM-DD-YYYY. */
function daysOf(month: number): { begin: string; end: string } {
  const [number, year] = [String((month % 12) + 1).padStart(2, "0"), Math.floor(month / 12)];
  const last = new Date(Date.UTC(year, (month % 12) + 1, 0)).getUTCDate();
  return { begin: `${number}-01-${year}`, end: `${number}-${last}-${year}` };
}

/**
 * A loan in the month `since` the cut-off (0); null when it has ended before.
 * @param month number of the calendar month
 */
export function madeRow(loan: number, since: number, month: number): MadeRow | null {
  const term = 37 + (draw(loan, 1) % 39);
  const original = 800_000 + (draw(loan, 2) % 3_700_000);
  const age = 1 + (draw(loan, 3) % 30);
  const rate = 199 + (draw(loan, 4) % 1_800);
  // One in a hundred is late and pays nothing; one in 500 has a correction every month.
  const isLate = draw(loan, 5) % 100 === 0;
  const step = isLate ? 0 : Math.floor(original / term);
  const adjustment = !isLate && draw(loan, 6) % 500 === 0 ? -100 : 0;
  const paysOff = 1 + (draw(loan, 7) % 90);
  const chargedOff = 1 + (draw(loan, 8) % 2_000);
  if (since > Math.min(paysOff, chargedOff)) return null;
  const begin = original - step * (age + since) - adjustment * Math.max(0, since - 1);
  const adjusted = since === 0 ? 0 : adjustment;
  const isChargedOff = since === chargedOff;
  const isPaidOff = since === paysOff && !isChargedOff;
  const ends = isChargedOff || isPaidOff;
  const principal = isChargedOff ? 0 : isPaidOff ? begin - adjusted : step;
  const loss = isChargedOff ? begin - adjusted : 0;
  const interest = Math.floor((begin * rate) / 120_000);
  const ending = begin - principal - adjusted - loss;
  // A few hundred in a million go from current to 75 days at once; a few end without a code.
  const skips = draw(loan, 9) % 5_000 === 0 && since === 1 && !ends;
  const days = skips ? 75 : isLate && !ends ? 20 + (draw(loan, 10) % 95) : 0;
  const code = isChargedOff ? "4" : isPaidOff && draw(loan, 11) % 200 !== 0 ? "1" : "";
  const { begin: firstDay, end: lastDay } = daysOf(month);
  const origination = month - since - age;
  const car = draw(loan, 12);
  const percent = (rate / 10_000).toFixed(4);
  const cells: Record<MadeColumn, string> = {
    assetTypeNumber: "CIK number-Sequential asset number",
    assetNumber: `${MADE_PREFIX}${String(loan).padStart(7, "0")}`,
    reportingPeriodBeginningDate: firstDay,
    reportingPeriodEndingDate: lastDay,
    originatorName: "GM FINANCIAL",
    originationDate: monthYear(origination),
    originalLoanAmount: money(original),
    originalLoanTerm: String(term),
    loanMaturityDate: monthYear(origination + term),
    originalInterestRatePercentage: percent,
    interestCalculationTypeCode: "1",
    originalInterestRateTypeCode: "1",
    originalFirstPaymentDate: monthYear(origination + 1),
    paymentTypeCode: "2",
    subvented: "0",
    vehicleManufacturerName: pick(MAKERS, car),
    vehicleModelName: pick(MODELS, car),
    vehicleNewUsedCode: String(1 + (car % 2)),
    vehicleModelYear: String(2010 + (car % 8)),
    vehicleTypeCode: draw(loan, 13) % 3_000 === 0 ? "7" : String(1 + (car % 3)),
    vehicleValueAmount: String(9_000 + (car % 30_000)),
    obligorCreditScore: draw(loan, 14) % 50 === 0 ? "NONE" : String(450 + (draw(loan, 15) % 400)),
    paymentToIncomePercentage: (0.02 + (car % 1_500) / 10_000).toFixed(4),
    obligorGeographicLocation: pick(STATES, draw(loan, 16)),
    remainingTermToMaturityNumber: String(term - age - since),
    reportingPeriodBeginningLoanBalanceAmount: money(begin),
    reportingPeriodInterestRatePercentage: percent,
    servicingFeePercentage: "0.0225",
    scheduledInterestAmount: ((begin * rate) / 12_000_000).toFixed(8),
    scheduledPrincipalAmount: draw(loan, 17) % 100 === 0 ? "" : money(step),
    otherPrincipalAdjustmentAmount: money(adjusted),
    reportingPeriodActualEndBalanceAmount: money(ending),
    totalActualAmountPaid: money(interest + principal),
    actualInterestCollectedAmount: money(interest),
    actualPrincipalCollectedAmount: money(principal),
    actualOtherCollectedAmount: "0",
    currentDelinquencyStatus: String(days),
    zeroBalanceCode: code,
    chargedoffPrincipalAmount: money(loss),
    recoveredAmount: "0",
  };
  return { cells, endingCents: ending };
}

export interface MadeTape {
  loans: number;
  since: number;
  month: number;
}

/** The rows of a tape as CSV, piece by piece. */
export function* madeCsv({ loans, since, month }: MadeTape): Generator<string> {
  let piece = `${COLUMNS.join(",")}\n`;
  for (let loan = 1; loan <= loans; loan += 1) {
    const row = madeRow(loan, since, month);
    if (row === null) continue;
    for (const column of COLUMNS)
      piece += column === "assetTypeNumber" ? row.cells[column] : `,${row.cells[column]}`;
    piece += "\n";
    if (piece.length < 1_000_000) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}

/**
 * The same as form ABS-EE has it, with the elements that the CSV has not as in a record of a filing.
 * @param record one `<assets>` element
 */
export function* madeXml({ loans, since, month }: MadeTape, record: string): Generator<string> {
  yield '<?xml version="1.0" encoding="utf-8"?>\n';
  yield '<assetData xmlns="http://www.sec.gov/edgar/document/absee/autoloan/assetdata">\n';
  const elements = elementsOf(record);
  let piece = "";
  for (let loan = 1; loan <= loans; loan += 1) {
    const row = madeRow(loan, since, month);
    if (row === null) continue;
    piece += "  <assets>\n";
    for (const { name, value, column } of elements) {
      const text = column === null ? value : row.cells[column];
      if (text !== "") piece += `    <${name}>${text}</${name}>\n`;
    }
    piece += "  </assets>\n";
    if (piece.length < 1_000_000) continue;
    yield piece;
    piece = "";
  }
  yield `${piece}</assetData>\n`;
}

interface Element {
  name: string;
  value: string;
  /** The column of the made tape that it is. */
  column: MadeColumn | null;
}

/** The elements of a record, and those of the made columns that it lacks. */
function elementsOf(record: string): Element[] {
  const found = [...record.matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, name = "", value = ""]) => ({
    name,
    value,
    column: COLUMNS.find((column) => column === name) ?? null,
  }));
  const names = new Set(found.map(({ name }) => name));
  const missing = COLUMNS.filter((column) => !names.has(column));
  return [...found, ...missing.map((column) => ({ name: column, value: "", column }))];
}
