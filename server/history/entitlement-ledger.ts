/**
 * What every holder of one class is owed, by the plain definition: at each record time look at who
 * holds what, and give each their part; a claim takes the whole units and leaves the fraction. It
 * knows nothing of the token's packed slots, so that it checks them. Amounts in `Fractions` are in
 * 2^-24 of the cash token's unit, the unit of the token's index.
 */

const fractionBits = 24n;
const noAddress = "0x0000000000000000000000000000000000000000";

export interface FaceTransfer {
  /** Block time, unix seconds. */
  at: number;
  from: string;
  to: string;
  /** Original face in cents. */
  face: bigint;
}

export interface Amounts {
  interest: bigint;
  principal: bigint;
}

export interface EntitlementLedger {
  supply: bigint;
  transfers: FaceTransfer[];
  /** What the floors left, in 2^-24 cash units. */
  remainder: Amounts;
  owedFractions: Map<string, Amounts>;
  claimedUnits: Map<string, Amounts>;
}

/** A class before its first mint. */
export function newEntitlementLedger(): EntitlementLedger {
  return {
    supply: 0n,
    transfers: [],
    remainder: { interest: 0n, principal: 0n },
    owedFractions: new Map(),
    claimedUnits: new Map(),
  };
}

/** Books a transfer or (from the zero address) a mint, in the order of the chain. */
export function bookTransfer(ledger: EntitlementLedger, transfer: FaceTransfer): void {
  ledger.transfers.push(transfer);
  if (transfer.from === noAddress) ledger.supply += transfer.face;
}

/** Face by holder before `time`; a transfer at the record time itself comes too late. */
function positionsBefore(ledger: EntitlementLedger, time: number): Map<string, bigint> {
  const positions = new Map<string, bigint>();
  for (const { at, from, to, face } of ledger.transfers) {
    if (at >= time) break;
    if (from !== noAddress) positions.set(from, (positions.get(from) ?? 0n) - face);
    if (to !== noAddress) positions.set(to, (positions.get(to) ?? 0n) + face);
  }
  return positions;
}

/** Face by holder now; only those who hold something. */
export function facesOf(ledger: EntitlementLedger): Map<string, bigint> {
  const positions = positionsBefore(ledger, Number.POSITIVE_INFINITY);
  return new Map([...positions].filter(([, face]) => face !== 0n));
}

const kinds = ["interest", "principal"] as const;

/** Funds a period: gives every record holder floor(amount / supply) for each cent of face. */
export function bookFunding(
  ledger: EntitlementLedger,
  funding: { recordTime: number; interestUnits: bigint; principalUnits: bigint },
): void {
  const units = { interest: funding.interestUnits, principal: funding.principalUnits };
  const positions = positionsBefore(ledger, funding.recordTime);
  for (const kind of kinds) {
    const amount = (units[kind] << fractionBits) + ledger.remainder[kind];
    const step = ledger.supply === 0n ? 0n : amount / ledger.supply;
    ledger.remainder[kind] = amount - step * ledger.supply;
    for (const [holder, face] of positions) {
      const owed = ledger.owedFractions.get(holder) ?? { interest: 0n, principal: 0n };
      owed[kind] += face * step;
      ledger.owedFractions.set(holder, owed);
    }
  }
}

/** Whole units that the holder could claim now. */
export function claimableUnits(ledger: EntitlementLedger, holder: string): Amounts {
  const owed = ledger.owedFractions.get(holder) ?? { interest: 0n, principal: 0n };
  const claimed = ledger.claimedUnits.get(holder) ?? { interest: 0n, principal: 0n };
  return {
    interest: (owed.interest >> fractionBits) - claimed.interest,
    principal: (owed.principal >> fractionBits) - claimed.principal,
  };
}

/** Books what a holder was paid. */
export function bookClaim(ledger: EntitlementLedger, holder: string, paid: Amounts): void {
  const claimed = ledger.claimedUnits.get(holder) ?? { interest: 0n, principal: 0n };
  ledger.claimedUnits.set(holder, {
    interest: claimed.interest + paid.interest,
    principal: claimed.principal + paid.principal,
  });
}

/**
 * Moves everything of a lost wallet to its replacement: face, recorded face at every record time so
 * far, what is owed and what was claimed. The transfer that the token emits just before is renamed
 * with the rest and moves nothing.
 */
export function bookRecovery(
  ledger: EntitlementLedger,
  { lost, replacement }: { lost: string; replacement: string },
): void {
  const renamed = (holder: string): string => (holder === lost ? replacement : holder);
  ledger.transfers = ledger.transfers.map((transfer) => ({
    ...transfer,
    from: renamed(transfer.from),
    to: renamed(transfer.to),
  }));
  for (const amounts of [ledger.owedFractions, ledger.claimedUnits]) {
    const moved = amounts.get(lost);
    if (moved === undefined) continue;
    const own = amounts.get(replacement) ?? { interest: 0n, principal: 0n };
    amounts.delete(lost);
    amounts.set(replacement, {
      interest: own.interest + moved.interest,
      principal: own.principal + moved.principal,
    });
  }
}
