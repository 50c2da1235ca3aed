import { expect } from "chai";
import type { DealTerms, Expression } from "../../../server/deals/deal-terms.ts";
import { OPCODE } from "../../../server/deals/terms-format.ts";
import { compileParts } from "./compile-parts.ts";
import * as at from "./distribution-fixture.ts";
import { networkHelpers } from "./distribution-fixture.ts";
import * as simple from "./simple-deal.ts";

/** What the thief wants: cents of another deal's collections. */
const LOOT = 1_000_000n;
const CONSTANTS = [0n, 1n, 3n, 4n, LOOT, LOOT << 64n];

const token = (code: number, operand = 0) => ({ code, operand });

/**
 * Takes `below` values off an empty stack, so that what is pushed then lands in memory below it: the first word there
 * becomes 1, the others the constants.
 */
function writeBelow(below: number, values: bigint[]): Expression {
  return [
    ...Array.from({ length: below }, () => token(OPCODE.ADD)),
    token(OPCODE.NOT),
    token(OPCODE.NOT),
    ...values.map((value) => token(OPCODE.CONST, CONSTANTS.indexOf(value))),
  ];
}

const honest = compileParts({
  classes: { A: { face: 1_000n } },
  payees: ["thief"],
  accounts: { COLL: 0n, TWO: 0n, THREE: 0n, FOUR: 0n },
  programs: { only: ["LET cash = 1", "LET opening = 1", "REST COLL -> thief"] },
});

/** Expressions that no compiler writes, one for each LET. */
const grabs = [
  // 44 words from the running accounts to the stack; the counts stand in the seven words before them.
  writeBelow(52, [1n, 0n, 4n, 0n, 1n, 0n, 3n, LOOT, 0n]),
  writeBelow(81, [LOOT << 64n, 4n]),
];

/** Jumps over its own end to the operator of the next expression, which finds an empty stack there. */
const overTheEnd: Expression[] = [
  [token(OPCODE.CONST), token(OPCODE.JZ, 3), token(OPCODE.CONST)],
  [token(OPCODE.CONST), token(OPCODE.NOT)],
];

/** Writes LOOT into the running collections and into the opening balances that conservation is checked against. */
const thiefWith = (expressions: readonly Expression[]): DealTerms => ({
  ...honest,
  constants: CONSTANTS,
  constantNames: [],
  notes: [],
  steps: honest.steps.map((step, i) => ({ ...step, amount: expressions[i] ?? step.amount })),
});

describe("a program that reaches out of its own books", () => {
  it("[U3] is refused before it can pay itself another deal's cash", async () => {
    const platform = await networkHelpers.loadFixture(at.deployWithPeople);
    const victim = await at.openDeal(platform, simple.simpleDeal);
    await at.fund(platform, victim, 10n * simple.INTEREST_MONTH);
    await expect(at.openDeal(platform, thiefWith(grabs)))
      .to.be.revertedWithCustomError(platform.factory, "ExpressionInvalid")
      .withArgs(0, 0);
    expect((await platform.distributor.cashOf(victim.dealId)).collections).to.equal(
      10n * simple.INTEREST_MONTH,
    );
  });

  it("[U3] is refused when an expression jumps behind its own end", async () => {
    const platform = await networkHelpers.loadFixture(at.deployWithPeople);
    await expect(at.openDeal(platform, thiefWith(overTheEnd)))
      .to.be.revertedWithCustomError(platform.factory, "ExpressionInvalid")
      .withArgs(0, 3);
  });
});
