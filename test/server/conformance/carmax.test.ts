/** The CarMax certificates against the TypeScript engine: counts that may not shrink unnoticed. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkSources, type EngineOf } from "../../../scripts/conformance/check-source.ts";
import {
  describeConformance,
  listFailures,
} from "../../../scripts/conformance/describe-conformance.ts";
import { findSources } from "../../../scripts/conformance/find-sources.ts";
import type { Feature } from "../../../scripts/replay/figure-comparison.ts";
import { typescriptEngine } from "../../../scripts/replay/run-periods.ts";

const typescript: EngineOf = async ({ terms }) => typescriptEngine(terms);

async function check(id: string) {
  const sources = (await findSources()).filter((source) => source.id === id);
  const checked = await checkSources(sources, typescript);
  const figures = checked.flatMap((each) => each.figures);
  return { outcome: { engine: "TypeScript", checked }, figures };
}

describe("the CarMax certificates", () => {
  it("of 48 months of 2020-2 are reproduced to the cent", async () => {
    const { outcome, figures } = await check("carmax-2020-2");
    assert.deepEqual(listFailures(outcome), []);
    assert.equal(new Set(figures.map(({ period }) => period)).size, 48);
    assert.equal(figures.length, 2_848);
    assert.equal(figures.filter(({ basis }) => basis !== undefined).length, 2);
  });

  it("of 2020-2 exercise what the page says, and nothing that never occurs in them", async () => {
    const { figures } = await check("carmax-2020-2");
    const count = (feature: Feature) =>
      figures.filter(({ features }) => features.includes(feature)).length;
    assert.equal(count("first period"), 60);
    assert.ok(count("hand-over") > 0);
    assert.ok(count("floating coupon") > 0);
    for (const never of ["draw", "deposit", "cap", "shortfall", "loss", "trigger"] as const) {
      assert.equal(count(never), 0, never);
    }
  });

  it("of 2014-1 are reproduced from the opening state that it states", async () => {
    const { outcome, figures } = await check("carmax-2014-1");
    assert.deepEqual(listFailures(outcome), []);
    assert.equal(figures.length, 55);
  });

  it("are told apart when one cent is wrong, with period, key, expected and got", async () => {
    const { outcome } = await check("carmax-2014-1");
    const [checked] = outcome.checked;
    assert.ok(checked);
    const [first, second, ...others] = checked.figures;
    assert.ok(first && second);
    const wrong = { ...first, expected: "1.00", got: "1.01", equal: false };
    const contradictory = { ...second, equal: false, contradiction: "two lines differ" };
    const stale = { ...first, contradiction: "not at all" };
    const figures = [wrong, contradictory, stale, ...others];
    const changed = { engine: "TypeScript", checked: [{ ...checked, figures }] };
    const failures = listFailures(changed);
    assert.equal(failures.length, 2);
    assert.equal(failures[0], `carmax-2014-1 inputs: 20 ${first.key} 1.00 1.01`);
    assert.match(failures[1] ?? "", /is equal: it does not contradict itself$/);
    const page = describeConformance([changed]);
    assert.match(page, /\(published figure contradicts itself: two lines differ\)/);
    assert.match(page, /\nTypeScript: 55 figures compared, 54 equal$/);
  });
});
