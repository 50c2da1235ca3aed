/** A pool that is made up: every status, every bucket, values that are missing, loans that come and go. */
import { bucketOf } from "./plain-loans.ts";
import type { PlainLoan } from "./plain-loans.ts";

const ENDINGS = [
  ...["charged off", "repurchased", "liquidated", "servicing transfer", "prepaid or matured"],
  ...["unavailable", "current", "repossessed"],
] as const;
const STANDINGS = ["current", "delinquent", "repossessed", "defaulted"] as const;
const REGIONS = ["CA", "TX", "FL", "NY", "DE-13", null] as const;

/** Numbers from 0 up to below `limit`, the same in every run. */
function drawFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

type Draw = ReturnType<typeof drawFrom>;

const maybe = <T>(draw: Draw, value: T): T | null => (draw(5) === 0 ? null : value);

function makeLoan(id: string, month: number, draw: Draw): PlainLoan {
  const original = BigInt(500_000 + draw(5_000_000));
  return {
    loan_id: id,
    original_balance_cents: maybe(draw, original),
    beginning_balance_cents: 0n,
    ending_balance_cents: original - BigInt(draw(400_000)),
    scheduled_principal_cents: null,
    principal_cents: null,
    prepaid_principal_cents: null,
    interest_cents: null,
    fees_cents: null,
    other_adjustment_cents: null,
    charge_off_cents: null,
    recovery_cents: null,
    liquidation_proceeds_cents: null,
    repurchase_cents: null,
    servicer_advance_cents: null,
    collateral_value_cents: maybe(draw, BigInt(draw(4_000_000))),
    interest_rate_wad: maybe(draw, BigInt(draw(300_000)) * 10n ** 12n),
    original_term_months: maybe(draw, 24 + draw(400)),
    remaining_term_months: maybe(draw, draw(400)),
    days_past_due: 0,
    credit_score: maybe(draw, 300 + draw(600)),
    origination_month: maybe(draw, month - draw(40)),
    maturity_month: maybe(draw, month + draw(40)),
    delinquency_bucket: "current",
    status: "current",
    termination_code: null,
    region: REGIONS[draw(REGIONS.length)] ?? null,
    attributes: null,
  };
}

/** A month later: flows, and a closing balance that they lead to. */
function age(loan: PlainLoan, draw: Draw): PlainLoan {
  const begins = loan.ending_balance_cents;
  const ends = begins === 0n || draw(6) === 0;
  const status = ends ? ENDINGS[draw(ENDINGS.length)] : STANDINGS[draw(STANDINGS.length)];
  const days = ends || draw(2) === 0 ? 0 : draw(150);
  const isLoss = ends && (status === "charged off" || status === "liquidated");
  const principal = ends ? begins / (isLoss ? 10n : 1n) : begins / BigInt(20 + draw(60));
  const scheduled = maybe(draw, draw(3) === 0 ? 0n : begins / 50n);
  return {
    ...loan,
    beginning_balance_cents: draw(8) === 0 ? null : begins,
    ending_balance_cents: ends ? 0n : begins - principal,
    scheduled_principal_cents: scheduled,
    principal_cents: principal,
    prepaid_principal_cents: draw(4) === 0 ? principal / 2n : null,
    interest_cents: maybe(draw, BigInt(draw(50_000))),
    fees_cents: maybe(draw, BigInt(draw(5000))),
    charge_off_cents: isLoss ? begins - principal : null,
    recovery_cents: isLoss || begins === 0n ? BigInt(draw(90_000) - 10_000) : null,
    liquidation_proceeds_cents: isLoss ? maybe(draw, BigInt(draw(500_000))) : null,
    repurchase_cents: status === "repurchased" ? begins : null,
    servicer_advance_cents: maybe(draw, BigInt(draw(9000))),
    remaining_term_months:
      loan.remaining_term_months === null ? null : Math.max(0, loan.remaining_term_months - 1),
    days_past_due: draw(12) === 0 ? null : days,
    delinquency_bucket: bucketOf(days),
    status: status ?? "current",
    termination_code: ends && status !== "current" ? "1" : null,
  };
}

/** A cut-off tape and so many months after it. */
export function makePool({
  seed,
  loans,
  months,
  cutOff,
}: {
  seed: number;
  loans: number;
  months: number;
  cutOff: number;
}): { month: number; loans: PlainLoan[] }[] {
  const draw = drawFrom(seed);
  const ids = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => `L${from + i}`);
  let pool = ids(0, loans).map((id) => makeLoan(id, cutOff, draw));
  const tapes = [{ month: cutOff, loans: pool }];
  for (let month = cutOff + 1; month <= cutOff + months; month += 1) {
    // A loan that has ended may be left out, and may come back; a few enter.
    const stays = pool.filter((loan) => loan.ending_balance_cents > 0n || draw(3) > 0);
    const added = ids(loans * (month - cutOff), 3).map((id) => ({
      ...makeLoan(id, month, draw),
      principal_cents: 1000n,
    }));
    pool = [...stays.map((loan) => age(loan, draw)), ...added];
    tapes.push({ month, loans: pool });
  }
  return tapes;
}
