/** Program (a), amortising, for classes A, B and C: twelve named amounts and sixteen steps. */
export function autoProgram(reserve: string, cutOffBalance: string): string[] {
  const all = "A, B, C";
  const atFinal = (name: string) => `iff(payDate >= final.${name}, bal.${name}, 0)`;
  return [
    "LET sA = bal.A",
    "LET sAB = sA + bal.B",
    "LET sABC = sAB + bal.C",
    "LET adj = pos(p.poolClosing - p.otherAdjustments)",
    `LET ocT = max(pct(p.poolClosing, 0 %), pct(${cutOffBalance}, 2 %))`,
    `LET P1 = max(pos(sA - adj), ${atFinal("A")})`,
    `LET P2 = pos(max(pos(sAB - adj), ${atFinal("A")} + ${atFinal("B")}) - P1)`,
    `LET P3 = pos(max(pos(sABC - adj), ${["A", "B", "C"].map(atFinal).join(" + ")}) - P1 - P2)`,
    "LET over = pos(sABC - pos(adj - ocT))",
    "LET PR = pos(over - P1 - P2 - P3)",
    "LET adm = min(sumdue(trusteeFee), capLeft.admin)",
    `LET need = adm + sumdue(servicingFee) + sumdue(${all}) + (P1 + P2 + P3)`,
    "MOVE RES -> COLL UPTO pos(need - acct.COLL) AS resDraw",
    "FEE COLL -> trusteeFee CAP capLeft.admin",
    "FEE COLL -> servicingFee",
    "INT COLL -> A PRORATA",
    "PRIN COLL -> A UPTO P1",
    "INT COLL -> B",
    "PRIN COLL -> A, B SEQ UPTO P2",
    "INT COLL -> C",
    `PRIN COLL -> ${all} SEQ UPTO P3`,
    `FILL COLL -> RES TO min(${reserve}, sumbal(${all}))`,
    `PRIN COLL -> ${all} SEQ UPTO PR`,
    "FEE COLL -> trusteeFee",
    `IF sumbal(${all}) <= acct.RES {`,
    `PRIN RES -> ${all} SEQ UPTO sumbal(${all})`,
    "REST RES -> COLL",
    "}",
    "REST COLL -> residual",
  ];
}
