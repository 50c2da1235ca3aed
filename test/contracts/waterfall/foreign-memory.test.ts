import { expect } from "chai";
import * as at from "./distribution-fixture.ts";
import { networkHelpers } from "./distribution-fixture.ts";
import type { Draft } from "./distribution-fixture.ts";
import type { Expression, Token } from "./program-notation.ts";
import * as simple from "./simple-deal.ts";

/** What the thief wants: cents of another deal's collections. */
const LOOT = 1_000_000n;

/**
 * Takes `below` values off an empty stack, so that what is pushed then lands in memory below it: the first word there
 * becomes 1, the others the constants.
 */
function writeBelow(below: number, constants: bigint[]): Expression {
  return ({ constant }) => [
    ...Array.from({ length: below }, (): Token => [20, 0]),
    [37, 0],
    [37, 0],
    ...constants.map((value): Token => [1, constant(value)]),
  ];
}

/** Writes LOOT into the running collections and into the opening balances that conservation is checked against. */
const thief: Draft = {
  classes: [{ name: "A", face: 1_000n }],
  accounts: ["COLL", "TWO", "THREE", "FOUR"].map((name) => ({ name })),
  figures: ["poolOpening", "poolClosing", "loanCount", "availableFunds"],
  payees: ["thief"],
  phases: [
    [
      // 44 words from the running accounts to the stack; the counts stand in the seven words before them.
      { op: "LET", name: "cash", value: writeBelow(52, [1n, 0n, 4n, 0n, 1n, 0n, 3n, LOOT, 0n]) },
      { op: "LET", name: "opening", value: writeBelow(81, [LOOT << 64n, 4n]) },
      { op: "REST", from: "COLL", payee: "thief" },
    ],
  ],
};

describe("a program that reaches out of its own books", () => {
  it("[U3] is refused before it can pay itself another deal's cash", async () => {
    const platform = await networkHelpers.loadFixture(at.deployWithPeople);
    const victim = await at.openDeal(platform, simple.simpleDraft);
    await at.fund(platform, victim, 10n * simple.INTEREST_MONTH);
    await expect(at.openDeal(platform, thief))
      .to.be.revertedWithCustomError(platform.factory, "ExpressionInvalid")
      .withArgs(0, 0);
    expect((await platform.distributor.cashOf(victim.dealId)).collections).to.equal(
      10n * simple.INTEREST_MONTH,
    );
  });
});
