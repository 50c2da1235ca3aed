import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  bookClaim,
  bookFunding,
  bookRecovery,
  bookTransfer,
  claimableUnits,
  facesOf,
  newEntitlementLedger,
} from "../../../server/history/entitlement-ledger.ts";

const zero = `0x${"00".repeat(20)}`;

function issued(faces: Record<string, bigint>) {
  const ledger = newEntitlementLedger();
  for (const [to, face] of Object.entries(faces))
    bookTransfer(ledger, { at: 0, from: zero, to, face });
  return ledger;
}

describe("the entitlement ledger", () => {
  it("pays whoever held before the record time, not at it", () => {
    const ledger = issued({ seller: 100n });
    bookTransfer(ledger, { at: 999, from: "seller", to: "before", face: 10n });
    bookTransfer(ledger, { at: 1_000, from: "seller", to: "at", face: 10n });
    bookFunding(ledger, { recordTime: 1_000, interestUnits: 100n, principalUnits: 200n });
    assert.deepEqual(claimableUnits(ledger, "seller"), { interest: 90n, principal: 180n });
    assert.deepEqual(claimableUnits(ledger, "before"), { interest: 10n, principal: 20n });
    assert.deepEqual(claimableUnits(ledger, "at"), { interest: 0n, principal: 0n });
  });

  it("[C2] floors each holder and carries what the index cannot split", () => {
    const ledger = issued({ a: 1n, b: 1n, c: 1n });
    bookFunding(ledger, { recordTime: 1, interestUnits: 1n, principalUnits: 0n });
    assert.equal(claimableUnits(ledger, "a").interest, 0n);
    assert.equal(ledger.remainder.interest, (1n << 24n) % 3n);
    bookFunding(ledger, { recordTime: 2, interestUnits: 2n, principalUnits: 0n });
    assert.equal(claimableUnits(ledger, "a").interest, 1n);
  });

  it("moves recorded face, owed cash and claims of a lost wallet", () => {
    const ledger = issued({ lost: 60n, other: 40n });
    bookFunding(ledger, { recordTime: 10, interestUnits: 100n, principalUnits: 0n });
    bookClaim(ledger, "lost", { interest: 50n, principal: 0n });
    bookTransfer(ledger, { at: 20, from: "lost", to: "new", face: 60n });
    bookRecovery(ledger, { lost: "lost", replacement: "new" });
    bookFunding(ledger, { recordTime: 15, interestUnits: 100n, principalUnits: 0n });
    assert.deepEqual(claimableUnits(ledger, "new"), { interest: 70n, principal: 0n });
    assert.deepEqual(claimableUnits(ledger, "lost"), { interest: 0n, principal: 0n });
    assert.deepEqual(
      [...facesOf(ledger)],
      [
        ["new", 60n],
        ["other", 40n],
      ],
    );
  });

  it("[C1] owes exactly what was funded, less the carried remainder", () => {
    const amount = fc.bigInt(0n, 10n ** 15n);
    fc.assert(
      fc.property(
        fc.array(fc.bigInt(1n, 10n ** 10n), { minLength: 1, maxLength: 6 }),
        fc.array(amount, { minLength: 1, maxLength: 6 }),
        (faces, amounts) => {
          const ledger = issued(Object.fromEntries(faces.map((face, i) => [`h${i}`, face])));
          amounts.forEach((interestUnits, i) => {
            bookFunding(ledger, { recordTime: i + 1, interestUnits, principalUnits: 0n });
          });
          const owed = [...ledger.owedFractions.values()].reduce((sum, o) => sum + o.interest, 0n);
          const funded = amounts.reduce((sum, units) => sum + units, 0n) << 24n;
          assert.equal(owed + ledger.remainder.interest, funded);
        },
      ),
    );
  });
});
