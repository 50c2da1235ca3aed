import { parseMonth } from "../lib/dates.ts";
import type { AssetClass, CumulativeField } from "./canonical-fields.ts";
import { DELINQUENCY_BUCKETS, LOAN_STATUSES } from "./canonical-fields.ts";
import { buildTapeLoan } from "./build-tape-loan.ts";
import { LoanRow, NUMBER_AT, TEXT_AT } from "./loan-row.ts";
import { parseTape } from "./parse-tape.ts";
import type { TapeLoan } from "./source-loan.ts";
import type { TapeDeal } from "./tape-deal.ts";
import type { ProblemList } from "./tape-problem.ts";
import { tapeReading } from "./tape-reading.ts";
import type { TapeRecord } from "./tape-record.ts";
import type { TapePeriod } from "./tape-terms.ts";
import { validateRow } from "./validate-tape.ts";

export interface TapeFacts {
  format: string;
  assetClass: AssetClass;
  cumulative: readonly CumulativeField[];
  differenced: boolean;
}

export interface ReadTape {
  rows: number;
  unreadable: number;
  totals: Record<string, unknown>;
}

export interface TapeToRead {
  bytes: AsyncIterable<Uint8Array>;
  deal: TapeDeal;
  period: TapePeriod;
  problems: ProblemList;
  onFormat(facts: TapeFacts): void;
  onAttributes(names: readonly string[]): void;
  onRow(row: LoanRow, record: TapeRecord, attributes: Int32Array): void;
  drain(): Promise<void> | undefined;
}

export async function readTape(tape: TapeToRead): Promise<ReadTape> {
  const { bytes, deal, period, problems } = tape;
  const reading = tapeReading(deal.terms);
  const rules = { terms: deal.terms, period, names: reading.names };
  const attributes = new Int32Array(0);
  const record = { line: 0, bytes: Buffer.alloc(0), count: 0, start: attributes, end: attributes };
  const facts = { rows: 0, unreadable: 0 };
  const weighed = { rate: 0n, weight: 0n };
  const row = new LoanRow();
  tape.onFormat({
    format: deal.terms.format,
    assetClass: "auto loan",
    cumulative: [],
    differenced: false,
  });
  tape.onAttributes([]);
  for await (const batch of parseTape(bytes, deal.terms, problems)) {
    for (const source of batch) {
      facts.rows += 1;
      const found = buildTapeLoan(source, reading, problems);
      if (found === null) {
        facts.unreadable += 1;
        continue;
      }
      validateRow(found, rules, problems);
      fill(row, found);
      const { interestRateWad, endingBalanceCents } = found.loan;
      if (interestRateWad !== null) {
        weighed.rate += interestRateWad * endingBalanceCents;
        weighed.weight += endingBalanceCents;
      }
      tape.onRow(row, record, attributes);
    }
    await tape.drain();
  }
  const mean = weighed.weight === 0n ? null : weighed.rate / weighed.weight;
  return { ...facts, totals: { rows: facts.rows, meanRateWad: mean === null ? null : `${mean}` } };
}

function fill(row: LoanRow, { loan }: TapeLoan): void {
  row.line = loan.line;
  row.numbers.fill(Number.NaN);
  const put = (field: keyof typeof NUMBER_AT, value: bigint | number | null): void => {
    if (value !== null) row.numbers[NUMBER_AT[field]] = Number(value);
  };
  put("originalBalance", loan.originalBalanceCents);
  put("beginningBalance", loan.beginningBalanceCents);
  put("endingBalance", loan.endingBalanceCents);
  put("scheduledPrincipal", loan.scheduledPrincipalCents);
  put("principal", loan.principalCents);
  put("interest", loan.interestCents);
  put("fees", loan.feesCents);
  put("otherAdjustment", loan.otherAdjustmentCents);
  put("chargeOff", loan.chargeOffCents);
  put("recovery", loan.recoveryCents);
  put("liquidationProceeds", loan.liquidationProceedsCents);
  put("interestRate", loan.interestRateWad === null ? null : loan.interestRateWad / 1_000_000n);
  put("originalTerm", loan.originalTermMonths);
  put("remainingTerm", loan.remainingTermMonths);
  put("daysPastDue", loan.daysPastDue);
  put("creditScore", loan.creditScore);
  put("origination", loan.originationMonth === null ? null : parseMonth(loan.originationMonth));
  put("maturity", loan.maturityMonth === null ? null : parseMonth(loan.maturityMonth));
  const status = loan.status === "third-party sale" ? "liquidated" : loan.status;
  row.status = LOAN_STATUSES.indexOf(status);
  row.bucket = DELINQUENCY_BUCKETS.indexOf(loan.delinquencyBucket);
  row.textStart.fill(-1);
  row.textEnd.fill(-1);
  const texts = { loanId: loan.loanId, terminationCode: loan.zeroBalanceCode, region: loan.region };
  const given = Object.entries(texts).filter(([, text]) => text !== null);
  row.bytes = Buffer.from(given.map(([, text]) => text).join(""));
  let at = 0;
  for (const [name, text] of given) {
    const place = TEXT_AT[name as keyof typeof texts];
    row.textStart[place] = at;
    at += Buffer.byteLength(text ?? "");
    row.textEnd[place] = at;
  }
}
