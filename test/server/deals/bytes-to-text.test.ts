import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import type { CompiledDeal } from "../../../server/deals/compile-deal.ts";
import { decompilePrograms } from "../../../server/deals/decompile-programs.ts";
import { readTerms } from "../../../server/deals/read-terms.ts";
import { showDeal } from "../../../server/deals/show-deal.ts";
import { GOLDEN_FILES } from "./golden-files.ts";

function compiled(text: string): CompiledDeal {
  const { deal, problems } = compileDeal(text);
  assert.ok(deal, JSON.stringify(problems.slice(0, 5), null, 1));
  return deal;
}

/** The deal file without its phases and programs. */
const withoutPrograms = (text: string) =>
  text.replace(/^(?:phases|programs):.*\n(?:(?: .*|#.*)?\n)*/gm, "");

describe("the bytes of a deal can be turned back into its text", () => {
  for (const { name, text } of GOLDEN_FILES) {
    test(`in words, the same from the bytes as from the file: ${name}`, () => {
      const { terms, file, bytes } = compiled(text);
      const words = (page: string) => page.split("\nTape\n")[0];
      assert.equal(words(showDeal(readTerms(bytes))), words(showDeal(terms, file)));
      assert.doesNotMatch(showDeal(terms, file), /undefined|\?\?|let \d|lane \d|days\(over/);
    });

    test(`in program notation, which compiles to the same bytes: ${name}`, () => {
      const { bytes } = compiled(text);
      const source = decompilePrograms(readTerms(bytes));
      assert.deepEqual(compiled(`${withoutPrograms(text)}\n${source}`).bytes, bytes);
    });
  }

  test("a text that is too long for a note is cut, and the deal still compiles", () => {
    const text = GOLDEN_FILES[0]?.text ?? "";
    const long = text.replace(/^name: .*$/m, () => `name: ${"é".repeat(300)}`);
    const [, title] = showDeal(readTerms(compiled(long).bytes)).split("\n");
    assert.match(title ?? "", /^é{100,130}….$/);
  });

  test("terms without notes are told as far as the engines know them", () => {
    const { terms } = compiled(GOLDEN_FILES[0]?.text ?? "");
    const words = showDeal({ ...terms, notes: [] });
    assert.match(words, /over a year of 360, rounded/);
    assert.match(words, /Without a title\./);
  });
});
