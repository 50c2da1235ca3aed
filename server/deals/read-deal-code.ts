import { takeUint } from "../lib/big-endian.ts";

/** The deal's contract code taken apart; addresses are lower-case 0x-hex. */
export interface DealCode {
  terms: Uint8Array;
  cashToken: string;
  tokens: string[];
  payees: string[];
  /** Feeds of the indices that a feed fixes. */
  feeds: string[];
}

/**
 * Reads a deal's runtime code: a STOP byte, the terms, then 20 bytes an address (cash token, class
 * tokens, payees, index feeds).
 * @throws RangeError when the code is not that of a deal.
 */
export function readDealCode(code: Uint8Array): DealCode {
  if (takeUint(code, 0, 1) !== 0n) throw new RangeError("deal code does not begin with STOP");
  const length = Number(takeUint(code, 1 + 44, 2));
  const terms = code.slice(1, 1 + length);
  const classes = Number(takeUint(terms, 1, 1));
  const payees = Number(takeUint(terms, 4, 1));
  const indices = Number(takeUint(terms, 61, 1));
  const count = 1 + classes + payees + indices;
  if (code.length !== 1 + length + 20 * count) {
    throw new RangeError(`deal code has ${code.length} bytes, not ${1 + length + 20 * count}`);
  }
  const addresses = Array.from({ length: count }, (_, i) => {
    const value = takeUint(code, 1 + length + 20 * i, 20);
    return `0x${value.toString(16).padStart(40, "0")}`;
  });
  const [cashToken = "", ...rest] = addresses;
  return {
    terms,
    cashToken,
    tokens: rest.slice(0, classes),
    payees: rest.slice(classes, classes + payees),
    feeds: rest.slice(classes + payees),
  };
}
