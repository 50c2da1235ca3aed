import * as e from "./program-notation.ts";
import type { Expression, Step } from "./program-notation.ts";

/** What differs between the auto deals that the tests run: who stands on each rank. */
export interface AutoParties {
  classesA: string[];
  adminFees: string[];
  adminMode: "SEQ" | "PRORATA";
}

const WAD = 10n ** 18n;

const atFinal = (names: string[]): Expression =>
  names
    .map((name) =>
      e.choose(e.greaterOrEqual(e.paymentDay, e.finalDay(name)), e.balance(name), e.number(0)),
    )
    .reduce((left, right) => e.add(left, right));

/** The amounts that the indenture defines by name, on balances before today's payments. */
function definedAmounts({ classesA, adminFees }: AutoParties, ocFloorWad: bigint): Step[] {
  const define = (name: string, value: Expression): Step => ({ op: "LET", name, value });
  const all = [...classesA, "B", "C"];
  const n = e.named;
  return [
    define("sA", e.sumBalance(...classesA)),
    define("sAB", e.add(n("sA"), e.balance("B"))),
    define("sABC", e.add(n("sAB"), e.balance("C"))),
    define("adj", e.positive(e.subtract(e.figure("poolClosing"), e.figure("ysoc")))),
    define(
      "ocT",
      e.max(
        e.percent(e.figure("poolClosing"), e.number(0)),
        e.percent(e.number(100_000_000_000n), e.number(ocFloorWad)),
      ),
    ),
    define("P1", e.max(e.positive(e.subtract(n("sA"), n("adj"))), atFinal(classesA))),
    define(
      "P2",
      e.positive(
        e.subtract(
          e.max(e.positive(e.subtract(n("sAB"), n("adj"))), atFinal([...classesA, "B"])),
          n("P1"),
        ),
      ),
    ),
    define(
      "P3",
      e.positive(
        e.subtract(
          e.max(e.positive(e.subtract(n("sABC"), n("adj"))), atFinal(all)),
          n("P1"),
          n("P2"),
        ),
      ),
    ),
    define("over", e.positive(e.subtract(n("sABC"), e.positive(e.subtract(n("adj"), n("ocT")))))),
    define("PR", e.positive(e.subtract(n("over"), n("P1"), n("P2"), n("P3")))),
    define("adm", e.min(e.sumFeeDue(...adminFees), e.capLeft("admin"))),
    define(
      "need",
      e.add(n("adm"), e.sumFeeDue("servicer"), e.sumDue(...all), e.add(n("P1"), n("P2"), n("P3"))),
    ),
  ];
}

/** Program (a) in its normal phase: 12 named amounts and 16 steps. */
export function autoProgram(
  parties: AutoParties,
  reserveCents: bigint,
  ocFloorWad: bigint,
): Step[] {
  const { classesA, adminFees, adminMode } = parties;
  const all = [...classesA, "B", "C"];
  const prin = (classes: string[], upTo: Expression): Step => ({
    ...{ op: "PRIN", from: "COLL", classes, upTo },
  });
  const n = e.named;
  return [
    ...definedAmounts(parties, ocFloorWad),
    {
      ...{ op: "MOVE", from: "RES", to: "COLL", label: "resDraw" },
      upTo: e.positive(e.subtract(n("need"), e.account("COLL"))),
    },
    { op: "FEE", from: "COLL", fees: adminFees, mode: adminMode, cap: e.capLeft("admin") },
    { op: "FEE", from: "COLL", fees: ["servicer"] },
    { op: "INT", from: "COLL", classes: classesA, mode: "PRORATA" },
    prin(classesA, n("P1")),
    { op: "INT", from: "COLL", classes: ["B"] },
    prin([...classesA, "B"], n("P2")),
    { op: "INT", from: "COLL", classes: ["C"] },
    prin(all, n("P3")),
    {
      ...{ op: "FILL", from: "COLL", to: "RES" },
      target: e.min(e.number(reserveCents), e.sumBalance(...all)),
    },
    prin(all, n("PR")),
    { op: "FEE", from: "COLL", fees: adminFees, mode: adminMode },
    {
      op: "IF",
      when: e.lessOrEqual(e.sumBalance(...all), e.account("RES")),
      holds: [
        { op: "PRIN", from: "RES", classes: all, upTo: e.sumBalance(...all) },
        { op: "REST", from: "RES", to: "COLL" },
      ],
    },
    { op: "REST", from: "COLL", payee: "residual" },
  ];
}

/** Program (a) after acceleration: fees uncapped, A1 first, then A2 and A3 by balance. */
export function acceleratedProgram({ adminFees }: AutoParties): Step[] {
  const all = (name: string): Step => ({
    ...{ op: "PRIN", from: "COLL", classes: [name], upTo: e.balance(name) },
  });
  return [
    { op: "REST", from: "RES", to: "COLL" },
    { op: "FEE", from: "COLL", fees: adminFees },
    { op: "FEE", from: "COLL", fees: ["servicer"] },
    { op: "INT", from: "COLL", classes: ["A1", "A2", "A3"], mode: "PRORATA" },
    all("A1"),
    {
      ...{ op: "PRIN", from: "COLL", classes: ["A2", "A3"] },
      weights: [e.balance("A2"), e.balance("A3")],
      upTo: e.sumBalance("A2", "A3"),
    },
    { op: "INT", from: "COLL", classes: ["B"] },
    all("B"),
    { op: "INT", from: "COLL", classes: ["C"] },
    all("C"),
    { op: "REST", from: "COLL", payee: "residual" },
  ];
}

/** Two percent, the floor of the target overcollateralisation in the worked cases. */
export const TWO_PERCENT = (2n * WAD) / 100n;
