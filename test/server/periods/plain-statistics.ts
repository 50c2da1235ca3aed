/**
 * The statistics of a pool computed a second time, plainly and loan by loan, from the definitions of the
 * formula sheet and not from the code under test: what it finds must be what the server stores.
 */
import type { PlainLoan } from "./plain-loans.ts";

const WAD = 10n ** 18n;

export interface PlainBasis {
  month: number;
  cutOff: bigint;
  /** Flows of a row that are available funds. */
  available: readonly (keyof PlainLoan)[];
  /** Flows that come off a balance, to tell what an addition entered with. */
  subtract: readonly (keyof PlainLoan)[];
}

type Amounts = Record<string, bigint>;

export interface PlainPeriod {
  figures: Record<string, bigint | null>;
  amounts: Amounts;
  rolls: Record<string, [count: number, before: bigint, after: bigint]>;
  regions: [region: string | null, count: number, balance: bigint, rate: bigint | null][];
}

const cents = (loan: PlainLoan, name: keyof PlainLoan): bigint =>
  (loan[name] as bigint | null) ?? 0n;

function floorRatio(part: bigint, whole: bigint): bigint | null {
  if (whole === 0n) return null;
  const scaled = part * WAD;
  const cut = scaled / whole;
  return scaled % whole !== 0n && scaled < 0n !== whole < 0n ? cut - 1n : cut;
}

/** 1 - (1 - part/whole)^12 by twelve multiplications in 60 decimals, rounded both ways: they must agree. */
function yearly(part: bigint, whole: bigint): bigint | null {
  if (whole <= 0n) return null;
  const one = 10n ** 60n;
  const left = part > whole ? 0n : whole - part;
  let low = one;
  let high = one;
  for (let i = 0; i < 12; i += 1) {
    low = (low * left) / whole;
    high = (high * left + whole - 1n) / whole;
  }
  const answers = [one - high, one - low].map((rate) => floorRatio(rate, one));
  // An exact power (all or nothing left) has no room between the two.
  if (answers[0] !== answers[1]) throw new Error("60 decimals do not tell");
  return answers[0] ?? null;
}

/** Prepaid principal of a row. */
function prepaid(loan: PlainLoan): bigint {
  if (loan.prepaid_principal_cents !== null) return loan.prepaid_principal_cents;
  const principal = cents(loan, "principal_cents");
  if (loan.status === "prepaid or matured") return principal;
  const scheduled = cents(loan, "scheduled_principal_cents");
  return scheduled > 0n && principal > scheduled ? principal - scheduled : 0n;
}

const BAD = ["charged off", "liquidated"];
const GONE = new Set([
  ...[...BAD, "repurchased", "servicing transfer"],
  ...["prepaid or matured", "unavailable"],
]);

function stateOf(loan: PlainLoan | undefined, atStart: boolean): string {
  if (loan === undefined) return "not in the pool";
  if (loan.ending_balance_cents > 0n) {
    const named = ["repossessed", "defaulted"].includes(loan.status);
    return named ? loan.status : loan.delinquency_bucket;
  }
  if (atStart) return "not in the pool";
  return GONE.has(loan.status) ? loan.status : "no balance";
}

/** Payments missed at a month's end: one for each due date after the oldest unpaid one that has passed. */
function plainMissed(loan: PlainLoan, month: number, inSteps: boolean): [mba: number, ots: number] {
  const days = loan.days_past_due;
  if (days === null || inSteps) {
    const names = ["30-59", "60-89", "90-119", "120+"];
    const steps =
      days === null ? names.indexOf(loan.delinquency_bucket) + 1 : Math.max(0, days / 30);
    return [steps, Math.max(0, steps - 1)];
  }
  if (days <= 0) return [0, 0];
  const day = 86_400_000;
  const end = Date.UTC(Math.floor(month / 12), (month % 12) + 1, 0);
  const due = new Date(end - days * day);
  const missed: [number, number] = [0, 0];
  for (let n = 1; n <= days / 28 + 1; n += 1) {
    const last = new Date(Date.UTC(due.getUTCFullYear(), due.getUTCMonth() + n + 1, 0));
    const next = Math.min(
      last.getTime(),
      Date.UTC(due.getUTCFullYear(), due.getUTCMonth() + n, due.getUTCDate()),
    );
    if (next - day <= end) missed[0] = n;
    if (next <= end) missed[1] = n;
  }
  return missed;
}

/** Everything of one period. `before`: the tape before; `earlier`: amounts since the cut-off. */
export function plainPeriod(
  loans: readonly PlainLoan[],
  {
    previous,
    earlier,
    basis,
  }: { previous: readonly PlainLoan[]; earlier: Amounts; basis: PlainBasis },
): PlainPeriod {
  const last = new Map(previous.map((loan) => [loan.loan_id, loan]));
  const opening = (loan: PlainLoan): bigint =>
    loan.beginning_balance_cents ?? last.get(loan.loan_id)?.ending_balance_cents ?? 0n;
  const total = (value: (loan: PlainLoan) => bigint, of = loans): bigint =>
    of.reduce((sum, loan) => sum + value(loan), 0n);
  const flow = (name: keyof PlainLoan, of = loans) => total((loan) => cents(loan, name), of);
  const alive = loans.filter((loan) => loan.ending_balance_cents > 0n);
  const closing = total((loan) => loan.ending_balance_cents);
  const start = total(opening);
  const cameTo = (statuses: readonly string[]) =>
    loans.filter(
      (loan) =>
        statuses.includes(loan.status) &&
        opening(loan) > 0n &&
        !statuses.includes(last.get(loan.loan_id)?.status ?? ""),
    );
  const defaulted = cameTo(["defaulted", ...BAD]);
  const liquidated = cameTo(BAD);
  const added = loans.filter((loan) => opening(loan) === 0n && loan.ending_balance_cents > 0n);
  const paidOff = loans.filter(({ status }) => status === "prepaid or matured");

  const chargeOffs = flow("charge_off_cents");
  const recoveries = flow("recovery_cents");
  const liquidationProceeds = flow("liquidation_proceeds_cents");
  const amounts: Amounts = {
    principal: flow("principal_cents"),
    scheduledPrincipal: flow("scheduled_principal_cents"),
    prepaidPrincipal: total(prepaid),
    paidInFull: total(prepaid, paidOff),
    interest: flow("interest_cents"),
    fees: flow("fees_cents"),
    recoveries,
    liquidationProceeds,
    repurchases: flow("repurchase_cents"),
    servicerAdvances: flow("servicer_advance_cents"),
    availableFunds: basis.available.reduce((sum, name) => sum + flow(name), 0n),
    chargeOffs,
    netLoss: chargeOffs - recoveries - liquidationProceeds,
    defaultedBalance: total(opening, defaulted),
    liquidatedBalance: total(opening, liquidated),
    liquidatedProceeds:
      flow("recovery_cents", liquidated) + flow("liquidation_proceeds_cents", liquidated),
    otherAdjustments: flow("other_adjustment_cents"),
    additions: added.reduce(
      (sum, loan) =>
        basis.subtract.reduce(
          (value, name) => value + cents(loan, name),
          sum + loan.ending_balance_cents,
        ),
      0n,
    ),
  };
  const since = Object.fromEntries(
    Object.entries(amounts).map(([name, value]) => [name, value + (earlier[name] ?? 0n)]),
  );
  const of = (name: string): bigint => amounts[name] ?? 0n;
  const all = (name: string): bigint => since[name] ?? 0n;

  const figures: Record<string, bigint | null> = { ...amounts };
  for (const [name, value] of Object.entries(since)) {
    figures[`cumulative${name.charAt(0).toUpperCase()}${name.slice(1)}`] = value;
  }
  figures["poolOpening"] = start;
  figures["poolClosing"] = closing;
  figures["poolFactor"] = floorRatio(closing, basis.cutOff) ?? 0n;
  figures["loanCount"] = BigInt(alive.length);
  figures["rowCount"] = BigInt(loans.length);
  figures["principalWithinSchedule"] = of("principal") - of("prepaidPrincipal");
  figures["prepaidInPart"] = total(
    prepaid,
    loans.filter((loan) => !paidOff.includes(loan)),
  );
  figures["collections"] =
    of("principal") +
    of("interest") +
    of("fees") +
    recoveries +
    liquidationProceeds +
    of("repurchases");

  const scheduledBase = start - of("scheduledPrincipal");
  const over = (part: bigint, whole: bigint) =>
    whole <= 0n ? null : floorRatio(part > whole ? whole : part, whole);
  const smm = over(of("prepaidPrincipal"), scheduledBase);
  figures["smm"] = smm;
  figures["cpr"] = yearly(of("prepaidPrincipal"), scheduledBase);
  figures["mdr"] = over(of("defaultedBalance"), start);
  figures["cdr"] = yearly(of("defaultedBalance"), start);
  figures["cumulativeGrossLossRatio"] = floorRatio(all("chargeOffs"), basis.cutOff) ?? 0n;
  figures["cumulativeNetLossRatio"] = floorRatio(all("netLoss"), basis.cutOff) ?? 0n;
  // 12 x net loss / ((opening + closing) / 2)
  figures["annualisedNetLoss"] = floorRatio(12n * 2n * of("netLoss"), start + closing);
  figures["severity"] = floorRatio(
    of("liquidatedBalance") - of("liquidatedProceeds"),
    of("liquidatedBalance"),
  );
  figures["cumulativeSeverity"] = floorRatio(all("netLoss"), all("chargeOffs"));

  figures["prepaidInFull"] = BigInt(
    paidOff.filter(
      (loan) =>
        opening(loan) > 0n &&
        loan.ending_balance_cents === 0n &&
        (loan.maturity_month === null || loan.maturity_month > basis.month),
    ).length,
  );
  figures["chargedOffCount"] = BigInt(
    loans.filter((loan) => loan.status === "charged off" && cents(loan, "charge_off_cents") > 0n)
      .length,
  );
  figures["repossessedCount"] = BigInt(
    alive.filter(({ status }) => status === "repossessed").length,
  );
  figures["defaultedCount"] = BigInt(defaulted.length);

  const bucket = (prefix: string, name: string, inside: readonly PlainLoan[]): void => {
    const balance = total((loan) => loan.ending_balance_cents, inside);
    figures[`${prefix}.${name}.balance`] = balance;
    figures[`${prefix}.${name}.count`] = BigInt(inside.length);
    figures[`${prefix}.${name}.balanceShare`] = floorRatio(balance, closing) ?? 0n;
    figures[`${prefix}.${name}.countShare`] =
      floorRatio(BigInt(inside.length), BigInt(alive.length)) ?? 0n;
  };
  for (const name of ["current", "1-29", "30-59", "60-89", "90-119", "120+"]) {
    bucket(
      "delinquency",
      name,
      alive.filter((loan) => loan.delinquency_bucket === name),
    );
  }
  const inSteps = alive.every(
    ({ days_past_due: days }) => (days ?? 0) <= 0 || (days ?? 0) % 30 === 0,
  );
  for (const [steps, name] of ["current", "30-59", "60-89", "90-119", "120+"].entries()) {
    for (const [method, prefix] of ["delinquencyMba", "delinquencyOts"].entries()) {
      const missed = (loan: PlainLoan) => plainMissed(loan, basis.month, inSteps)[method] ?? 0;
      bucket(
        prefix,
        name,
        alive.filter((loan) => Math.min(4, missed(loan)) === steps),
      );
    }
  }
  const late = alive.filter(({ delinquency_bucket: b }) => ["60-89", "90-119", "120+"].includes(b));
  figures["delinquent60"] = total((loan) => loan.ending_balance_cents, late);
  figures["delinquent60Share"] = floorRatio(figures["delinquent60"], closing) ?? 0n;

  const mean = (name: string, value: (loan: PlainLoan) => bigint | null): void => {
    const stated = alive.filter((loan) => value(loan) !== null);
    const weight = total((loan) => loan.ending_balance_cents, stated);
    const product = total((loan) => loan.ending_balance_cents * (value(loan) ?? 0n), stated);
    figures[name] = weight === 0n ? null : product / weight;
    figures[`${name}Missing`] = floorRatio(closing - weight, closing) ?? 0n;
  };
  const whole = (value: number | null) => (value === null ? null : BigInt(value) * WAD);
  mean("wac", (loan) => loan.interest_rate_wad);
  mean("wam", (loan) => whole(loan.remaining_term_months));
  mean("waom", (loan) => whole(loan.original_term_months));
  mean("wala", ({ origination_month: m }) => whole(m === null ? null : basis.month - m));
  mean("creditScore", (loan) => whole(loan.credit_score));
  mean("loanToValue", ({ original_balance_cents: balance, collateral_value_cents: value }) =>
    (balance ?? 0n) > 0n && (value ?? 0n) > 0n ? ((balance ?? 0n) * WAD) / (value ?? 1n) : null,
  );
  const age = figures["wala"] ?? null;
  // ABS = SMM / (1 + SMM x (m - 1)), all of them 1e18 integers.
  figures["abs"] =
    smm === null || age === null ? null : floorRatio(smm * WAD, WAD * WAD + smm * (age - WAD));

  return {
    figures,
    amounts: since,
    rolls: plainRolls(loans, previous),
    regions: plainRegions(alive),
  };
}

function plainRolls(
  loans: readonly PlainLoan[],
  previous: readonly PlainLoan[],
): PlainPeriod["rolls"] {
  const now = new Map(loans.map((loan) => [loan.loan_id, loan]));
  const last = new Map(previous.map((loan) => [loan.loan_id, loan]));
  const rolls: PlainPeriod["rolls"] = {};
  for (const id of new Set([...now.keys(), ...last.keys()])) {
    const before = stateOf(last.get(id), true);
    const after = stateOf(now.get(id), false);
    const wasIn = before !== "not in the pool";
    const isIn = (now.get(id)?.ending_balance_cents ?? 0n) > 0n;
    if (!wasIn && !isIn) continue;
    const roll = (rolls[`${before} -> ${after}`] ??= [0, 0n, 0n]);
    roll[0] += 1;
    if (wasIn) roll[1] += last.get(id)?.ending_balance_cents ?? 0n;
    if (isIn) roll[2] += now.get(id)?.ending_balance_cents ?? 0n;
  }
  return rolls;
}

function plainRegions(alive: readonly PlainLoan[]): PlainPeriod["regions"] {
  const groups = Map.groupBy(alive, ({ region }) => region);
  const regions = [...groups].map(([region, loans]): PlainPeriod["regions"][number] => {
    const balance = loans.reduce((sum, loan) => sum + loan.ending_balance_cents, 0n);
    const rated = loans.filter((loan) => loan.interest_rate_wad !== null);
    const weight = rated.reduce((sum, loan) => sum + loan.ending_balance_cents, 0n);
    const product = rated.reduce(
      (sum, loan) => sum + loan.ending_balance_cents * (loan.interest_rate_wad ?? 0n),
      0n,
    );
    return [region, loans.length, balance, weight === 0n ? null : product / weight];
  });
  return regions.toSorted((a, b) => Number(b[2] - a[2]) || ((a[0] ?? "") < (b[0] ?? "") ? -1 : 1));
}

/** Losses and balances of one origination quarter since the cut-off, over all tapes of the deal so far. */
export function plainVintages(
  tapes: readonly (readonly PlainLoan[])[],
  basis: Pick<PlainBasis, "subtract">,
): Record<
  string,
  [
    count: number,
    balance: bigint,
    entered: bigint,
    original: bigint,
    gross: bigint,
    net: bigint,
    enteredCount: number,
  ]
> {
  const points: ReturnType<typeof plainVintages> = {};
  const at = ({ origination_month: m }: PlainLoan) =>
    (points[m === null ? "?" : String(Math.floor(m / 3))] ??= [0, 0n, 0n, 0n, 0n, 0n, 0]);
  for (const [i, loans] of tapes.entries()) {
    if (i === 0) continue;
    const last = new Map((tapes[i - 1] ?? []).map((loan) => [loan.loan_id, loan]));
    for (const loan of loans) {
      const point = at(loan);
      const ended = last.get(loan.loan_id)?.ending_balance_cents ?? 0n;
      const begins = loan.beginning_balance_cents ?? ended;
      const isAdded = begins === 0n && loan.ending_balance_cents > 0n;
      if (i === 1) point[2] += begins;
      if (isAdded)
        point[2] += basis.subtract.reduce(
          (sum, name) => sum + cents(loan, name),
          loan.ending_balance_cents,
        );
      if (isAdded || (i === 1 && begins > 0n)) {
        point[3] += cents(loan, "original_balance_cents");
        point[6] += 1;
      }
      point[4] += cents(loan, "charge_off_cents");
      point[5] +=
        cents(loan, "charge_off_cents") -
        cents(loan, "recovery_cents") -
        cents(loan, "liquidation_proceeds_cents");
      if (i === tapes.length - 1 && loan.ending_balance_cents > 0n) {
        point[0] += 1;
        point[1] += loan.ending_balance_cents;
      }
    }
  }
  return points;
}
