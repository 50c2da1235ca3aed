/** The golden deals of test/golden: compiled, with figures and states as the engine takes them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import type { CompiledDeal } from "../../../server/deals/compile-deal.ts";
import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { findCatalogueFigure } from "../../../server/deals/figure-catalogue.ts";
import { parseCents } from "../../../server/lib/money.ts";
import type { WaterfallRun } from "../../../server/waterfall/run-waterfall.ts";
import type { StepRecord } from "../../../server/waterfall/run-memory.ts";

const FOLDER = new URL("../../golden/", import.meta.url);

export function readGoldenText(path: string): string {
  return readFileSync(new URL(path, FOLDER), "utf8");
}

export function readGoldenJson<T>(path: string): T {
  return JSON.parse(readGoldenText(path)) as T;
}

/** A golden deal file must compile without an error. */
export function compileGolden(name: string): CompiledDeal {
  const { deal, problems } = compileDeal(readGoldenText(`${name}/deal.yaml`));
  assert.deepEqual(problems, []);
  assert.ok(deal);
  return deal;
}

/** Figures by name, as decimal text or counts, in the order of the deal's figure table. */
export function figuresOf(terms: DealTerms, named: Readonly<Record<string, string | number>>) {
  return terms.figures.map(({ name }) => {
    const value = named[name];
    assert.ok(value !== undefined, `no figure ${name}`);
    const isCount = findCatalogueFigure(name)?.unit === "count";
    return isCount ? BigInt(value) : parseCents(String(value));
  });
}

/** The record of the step with a label in the program that ran. */
export function recordOf(terms: DealTerms, run: WaterfallRun, label: string): StepRecord {
  const firstStep = terms.phases[run.phaseRun]?.firstStep ?? 0;
  const record = run.records.find(({ index }) => terms.steps[firstStep + index]?.label === label);
  assert.ok(record, `no step ${label} in this program`);
  return record;
}
