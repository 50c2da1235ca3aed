/** Digits of a decimal to an integer of `places` decimals, an exact half away from zero. */
export function scaleDecimal(
  { whole, fraction }: { whole: string; fraction: string },
  places: number,
): bigint {
  const kept = fraction.slice(0, places).padEnd(places, "0");
  const roundsUp = fraction.charAt(places) >= "5";
  return BigInt(`${whole}${kept}`) + (roundsUp ? 1n : 0n);
}
