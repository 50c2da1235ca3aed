/** B - P - O - C = E: what most issuers of auto loans have. */
export const USUAL = {
  subtract: ["principal", "otherAdjustment", "chargeOff"],
  add: [],
  toleranceCents: 0n,
} as const;
