/** What the compiled terms say about the closing. */
export interface ClosingTerms {
  /** From then on, until the first record time, the deal can be closed; unix seconds. */
  closingTime: number;
  /** What the originator deposits into the accounts, in units of the cash token. */
  depositUnits: bigint;
}

const ACCOUNT_BYTES = 16;

/** Reads the header and the accounts of the compiled terms (format 2). */
export function readClosingTerms(terms: Uint8Array): ClosingTerms {
  const view = new DataView(terms.buffer, terms.byteOffset, terms.byteLength);
  const accounts = view.getUint8(2);
  const cashDecimals = view.getUint8(13);
  const accountsOffset = view.getUint16(24);
  let cents = 0n;
  for (let account = 0; account < accounts; account++) {
    cents += view.getBigUint64(accountsOffset + account * ACCOUNT_BYTES + 1);
  }
  const closingTime = view.getUint8(46) * 2 ** 32 + view.getUint32(47);
  return { closingTime, depositUnits: cents * 10n ** BigInt(cashDecimals - 2) };
}
