/** The sections of a random deal file about what it keeps, watches and is told. */
import { formatCents } from "../../server/lib/money.ts";
import type { DealShape } from "./deal-shape.ts";
import type { Draw } from "./random-draw.ts";
import { expressionWriter } from "./random-expression.ts";

type Unit = "money" | "rate" | "count";

function value(draw: Draw, unit: Unit): string {
  if (unit === "rate") return draw.pick(["0 %", "1.5 %", "70 %", "100 %", "-3 %"]);
  if (unit === "count") return `${draw.below(1000)}`;
  return formatCents(draw.bits(40));
}

function constantText(draw: Draw, shape: DealShape, kind: string): string {
  const unit = draw.pick(["money", "rate", "count"] as const);
  const one = () => value(draw, unit);
  const later = 1 + draw.below(shape.periods);
  if (kind === "fixed") return one();
  if (kind === "settable") return `{ initial: ${one()}, settable: true }`;
  if (kind === "while") {
    const during = draw.some(shape.triggers).map(({ name }) => `${name}: ${one()}`);
    return `{ value: ${one()}, while: { ${during.join(", ")} } }`;
  }
  if (draw.chance(0.5)) {
    const first = draw.pick(["1", "2040-01-01", "2040-03-15"]);
    const rows = later > 1 ? `${first}: ${one()}, ${later}: ${one()}` : `${first}: ${one()}`;
    return `{ steps: { ${rows} } }`;
  }
  const row = (from: number) => `${from}: { value: ${one()}, increment: ${one()} }`;
  return `{ linear: { ${row(later)}${later < shape.periods ? `, ${row(later + 1)}` : ""} } }`;
}

function smoothingText(draw: Draw): string {
  const n = () => 1 + draw.below(3);
  return draw.pick([
    `mean of last ${n()}`,
    `ratio of sums over ${n()}`,
    `highest of last ${n()}`,
    `highest of last ${draw.chance(0.1) ? 12 : n()} of mean of last ${n()}`,
  ]);
}

function triggerText(draw: Draw, shape: DealShape, at: string): string {
  const write = expressionWriter(draw, shape, { stage: "around" });
  const amount = () => (draw.chance(0.6) ? write.plain() : write.amount());
  const isRatio = draw.chance(0.6);
  const whole = draw.chance(0.5) ? "k.cutOffBalance" : amount();
  const left = isRatio ? `(${amount()}) / (${whole})` : `(${amount()})`;
  const threshold = draw.chance(0.5) ? draw.pick(["5 %", "100 %", "0"]) : amount();
  const breach = draw.pick(["at once", "2 of last 3", "3 in a row", "1 of last 48"]);
  const notice = shape.notices.length > 0 ? [`by notice ${draw.pick(shape.notices)}`] : [];
  const cure = draw.pick(["never", "after 1 passing", "after 3 passing", ...notice]);
  const smoothed = at !== "within" && draw.chance(0.4);
  const others = shape.phases.map(({ name }) => name);
  const to = draw.pick(others);
  const from = others.filter((name) => name !== to);
  const out = from.length > 0 && draw.chance(0.5) ? `, from: [${draw.some(from).join(", ")}]` : "";
  return [
    `    test: "${left} ${draw.pick([">", ">=", "<", "<="])} (${threshold})"`,
    ...(smoothed ? [`    over: ${smoothingText(draw)}`] : []),
    ...(isRatio && draw.chance(0.3) ? [`    decimals: ${draw.below(17)}`] : []),
    ...(draw.chance(0.7) ? [`    breach: ${breach}`] : []),
    `    cure: ${cure}`,
    `    when: ${at}`,
    ...(shape.phases.length > 1 && draw.chance(0.3) ? [`    effect: { phase: ${to}${out} }`] : []),
    "    clause: 5.01(a)",
  ].join("\n");
}

function transitionsText(draw: Draw, shape: DealShape): string {
  const write = expressionWriter(draw, shape, { stage: "around" });
  const names = shape.phases.map(({ name }) => name);
  if (names.length < 2) return "transitions: []";
  const count = draw.below(4);
  const lines = Array.from({ length: count }, () => {
    const to = draw.pick(names);
    const from = draw.pick(["any", ...names.filter((name) => name !== to)]);
    const at = draw.chance(0.5) ? `, at: ${draw.pick(["before", "after"])}` : "";
    return `\n  - { from: ${from}, to: ${to}, when: "${write.test()}", clause: "9"${at} }`;
  });
  return count === 0 ? "transitions: []" : `transitions:${lines.join("")}`;
}

const section = (name: string, lines: readonly string[]) =>
  lines.length === 0 ? "" : `${name}:${lines.map((line) => `\n  ${line}`).join("")}\n`;

/** Ledgers, constants, series, triggers, notices, phases and transitions. */
export function stateSections(draw: Draw, shape: DealShape): string {
  const write = expressionWriter(draw, shape, { stage: "around" });
  const constants = shape.constants.map(
    ({ name, kind }) => `${name}: ${constantText(draw, shape, kind)}`,
  );
  const series = shape.series.map(
    (name) => `${name}: { value: "${write.plain()}", when: ${draw.pick(["before", "after"])} }`,
  );
  const triggers = shape.triggers.map(
    ({ name, at }) => `${name}:\n${triggerText(draw, shape, at)}`,
  );
  const notices = shape.notices.map(
    (name) =>
      `${name}: { by: ${draw.pick(shape.payees)}, kind: ${draw.pick(["standing", "once"])} }`,
  );
  const phases = shape.phases.map(({ name, program }) => `${name}: ${program}`);
  return [
    shape.ledgers.length > 0 ? `ledgers: [${shape.ledgers.join(", ")}]\n` : "",
    constants.length > 0 ? section("constants", constants) : "constants: {}\n",
    section("series", series),
    section("triggers", triggers),
    section("notices", notices),
    section("phases", phases),
    transitionsText(draw, shape),
  ].join("");
}
