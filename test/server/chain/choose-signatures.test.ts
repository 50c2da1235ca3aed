import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseSignatures } from "../../../server/chain/choose-signatures.ts";

const A = "0x00000000000000000000000000000000000000aA";
const B = "0x00000000000000000000000000000000000000bB";
const C = "0x00000000000000000000000000000000000000Cc";
const by = (signer: string, userId: string | null) => ({
  signer,
  signature: `sig ${signer}`,
  userId,
});

test("signers go strictly ascending, whatever the letters' case", () => {
  const chosen = chooseSignatures([by(C, "1"), by(B, "2"), by(A, "3")], {
    attesters: [A.toLowerCase(), B, C],
    threshold: 3,
  });
  assert.deepEqual(chosen, {
    signers: [A, B, C],
    signatures: [`sig ${A}`, `sig ${B}`, `sig ${C}`],
  });
});

test("no more than the threshold, persons before the server", () => {
  const chosen = chooseSignatures([by(A, null), by(B, "2"), by(C, "1")], {
    attesters: [A, B, C],
    threshold: 2,
  });
  assert.deepEqual(chosen.signers, [B, C]);
});

test("a signature of somebody who is an attester no more does not count", () => {
  const chosen = chooseSignatures([by(A, "1"), by(B, "2")], { attesters: [B, C], threshold: 2 });
  assert.deepEqual(chosen.signers, [B]);
});
