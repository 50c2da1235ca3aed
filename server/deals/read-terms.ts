import { takeInt, takeUint } from "../lib/big-endian.ts";
import { NOTE_MARK } from "./deal-notes.ts";
import type { DealTerms } from "./deal-terms.ts";
import { readParties, readReporting } from "./read-terms-parties.ts";
import { readCalendar, readProgram } from "./read-terms-program.ts";
import * as format from "./terms-format.ts";
import { byteAt, indexAt, nameOf, openTerms, readTable, shortAt, wordOf } from "./terms-view.ts";
import type { TermsView } from "./terms-view.ts";

/** The names from a position on as far as they begin with a mark, without it. */
function readMarked(names: readonly string[], from: number, mark: string): string[] {
  const after = names.slice(from);
  const end = after.findIndex((name) => !name.startsWith(mark));
  return after.slice(0, end === -1 ? after.length : end).map((name) => name.slice(mark.length));
}

function readHeader(view: TermsView) {
  const { bytes, names, counts } = view;
  // Behind the payees and the deal's id stand the named constants, then the notes.
  const constantNames = readMarked(names, counts.payees + 1, "k.");
  const holderCap = shortAt(bytes, 51);
  return {
    dealId: nameOf(view, counts.payees),
    payees: names.slice(0, counts.payees),
    constantNames,
    notes: readMarked(names, counts.payees + 1 + constantNames.length, NOTE_MARK),
    collectionAccount: byteAt(bytes, 11),
    reserveAccount: indexAt(bytes, 12),
    cashDecimals: byteAt(bytes, 13),
    splitRounding: wordOf(format.SPLIT_ROUNDINGS, byteAt(bytes, 14), "split rounding"),
    closingTime: Number(takeUint(bytes, 46, 5)),
    holderCapBps: holderCap === format.NO_POINTER ? null : holderCap,
    graceSeconds: Number(takeUint(bytes, 53, 4)),
    buys: (byteAt(bytes, 63) & format.DEAL_BUYS) !== 0,
    cutOffBalanceCents: takeUint(bytes, 64, 8),
    cutOffLoans: Number(takeUint(bytes, 72, 4)),
  };
}

/**
 * The terms that compiled bytes hold, names included, so that a replay needs the bytes alone.
 * @throws RangeError when the bytes are not terms of format 2 or are cut short.
 */
export function readTerms(bytes: Uint8Array): DealTerms {
  const version = byteAt(bytes, 0);
  if (version !== format.TERMS_FORMAT) throw new RangeError(`terms: format ${version} is unknown`);
  const length = shortAt(bytes, 44);
  if (length !== bytes.length) {
    throw new RangeError(`terms: the header says ${length} bytes, there are ${bytes.length}`);
  }
  const view = openTerms(bytes);
  const { counts, offsets } = view;
  const constants = { offset: offsets.constants, size: format.CONSTANT_SIZE };
  const bases = { offset: offsets.bases, size: format.BASIS_SIZE };
  return {
    ...readHeader(view),
    ...readParties(view),
    ...readProgram(view),
    constants: readTable(counts.constants, constants, (at) =>
      takeInt(bytes, at, format.CONSTANT_SIZE),
    ),
    bases: readTable(counts.bases, bases, (at) => Number(takeUint(bytes, at, format.BASIS_SIZE))),
    calendar: readCalendar(view),
    reporting: readReporting(view),
  };
}
