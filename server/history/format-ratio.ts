/** Ratios as the market prints them: seven digits after the point, half up. */
import { formatDecimal } from "../lib/money.ts";
import { mulDivHalfUp } from "../lib/mul-div.ts";

const digits = 7;
const scale = 10n ** 7n;

/** Class factor: balance over original face, "0.9321145" (securitisation 2.4). */
export function formatFactor(balanceCents: bigint, faceCents: bigint): string {
  return formatDecimal(
    faceCents === 0n ? 0n : mulDivHalfUp(balanceCents, scale, faceCents),
    digits,
  );
}

/** Amount per $1,000 of original face, "133.7960097" (securitisation 2.7). */
export function formatPerThousand(amountCents: bigint, faceCents: bigint): string {
  const perThousand = faceCents === 0n ? 0n : mulDivHalfUp(amountCents, 1000n * scale, faceCents);
  return formatDecimal(perThousand, digits);
}
