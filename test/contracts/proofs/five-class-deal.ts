/**
 * The second deal of the system's invariants: five classes, so that every packed array of the contracts goes beyond its
 * first word; interest that is deferred, capitalised or lost; sharing by weight in both directions.
 *
 * `node test/contracts/proofs/five-class-deal.ts` writes FiveClassTerms.sol anew.
 */
import { writeFileSync } from "node:fs";
import { encodeTerms } from "../../../server/deals/encode-terms.ts";
import { compileParts } from "../waterfall/compile-parts.ts";
import type { DealParts } from "../waterfall/compile-parts.ts";

const all = "A, B, C, D, E";
const weights = "bal.A; bal.B; bal.C; bal.D; bal.E";
const parts: DealParts = {
  classes: {
    A: { face: 300_000_01n, coupon: "3.1 %", interestOnShortfall: true },
    B: { face: 200_000_03n, coupon: "3.7 %" },
    C: { face: 100_000_07n, coupon: "5 %", unpaidInterest: "deferred", interestOnDeferred: true },
    D: { face: 50_000_11n, coupon: "7 %", unpaidInterest: "deferred", capitalises: true },
    E: { face: 49_999_78n, coupon: "11 %" },
  },
  payees: ["servicer", "residual"],
  splitRounding: "floor, rest to last",
  fees: {
    servicingFee: {
      ...{ kind: "rate", rate: "0.7 %", on: "poolOpening", dayCount: "30/360" },
      ...{ accrualDates: "unadjusted", rounding: "half-up", payee: "servicer", cap: "none" },
    },
  },
  figures: ["chargeOffs", "recoveries"],
  cutOffBalance: 700_001_00n,
  programs: {
    main: [
      "FEE COLL -> servicingFee",
      "INT COLL -> A, B PRORATA",
      "INT COLL -> C, D, E SEQ",
      "INT COLL -> C, D SEQ OF deferred",
      "PIK D",
      "LOSS p.chargeOffs -> E, D, C, B, A AS loss",
      "GAIN p.recoveries -> A, B, C, D, E",
      `PRIN COLL -> ${all} PRORATA(${weights}) UPTO pos(sumbal(${all}) - p.poolClosing)`,
      "FILL COLL -> RES TO 5000.00",
      "REST COLL -> residual",
    ],
  },
};

const fiveClassDeal = compileParts(parts);

/** The library that the Solidity tests import. */
export function fiveClassSource(): string {
  const hex = Buffer.from(encodeTerms(fiveClassDeal)).toString("hex");
  const lines = (hex.match(/.{1,80}/g) ?? []).map((line) => `            hex"${line}"`);
  return `// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title A deal of five classes, as bytes.
/// @notice Written by \`five-class-deal.ts\`; \`five-class-deal.test.ts\` fails when the two differ.
library FiveClassTerms {
    /// @notice The terms.
    function terms() internal pure returns (bytes memory) {
        // prettier-ignore
        return
${lines.join("\n")};
    }
}
`;
}

if (import.meta.main) {
  writeFileSync(new URL("./FiveClassTerms.sol", import.meta.url), fiveClassSource());
}
