/** Random programs: every step in every mode, nested IFs, sweeps that leave nothing stranded. */
import type { DealShape } from "./deal-shape.ts";
import type { Draw } from "./random-draw.ts";
import { expressionWriter } from "./random-expression.ts";
import type { Named, Writer } from "./random-expression.ts";

interface Work {
  draw: Draw;
  shape: DealShape;
  named: Named;
  write: Writer;
  /** Labels and LETs are numbered through the program. */
  count: { names: number; steps: number };
}

type Line = (work: Work) => string | null;

function source({ draw, shape }: Work): string {
  const cash = [...shape.accounts.map(({ name }) => name), ...shape.facilities];
  return draw.chance(0.5) ? (cash[0] ?? "COLL") : draw.pick(cash);
}

function other(work: Work, than: string): string {
  const cash = [...work.shape.accounts.map(({ name }) => name), ...work.shape.facilities];
  return work.draw.pick(cash.filter((name) => name !== than));
}

/** ` AS x`, sometimes: a label that what follows may read. */
function label(work: Work, books = false): string {
  if (!work.draw.chance(0.4)) return "";
  const name = `s${(work.count.names += 1)}`;
  // Known to the lines below, not to this one.
  work.named.labels.push(name);
  if (books) work.named.losses.push(name);
  return ` AS ${name}`;
}

const cap = ({ draw, write }: Work) => (draw.chance(0.15) ? ` CAP ${write.plain()}` : "");

function classes({ draw, shape }: Work): string[] {
  return draw.some(shape.classes.map(({ name }) => name));
}

function sharing(draw: Draw, list: readonly string[]): string {
  if (list.length === 1 && draw.chance(0.5)) return "";
  return draw.chance(0.5) ? " SEQ" : " PRORATA";
}

function letLine(work: Work): string {
  const amount = work.write.amount();
  const name = `x${(work.count.names += 1)}`;
  work.named.lets.push(name);
  return `LET ${name} = ${amount}`;
}

function feeLine(work: Work): string | null {
  const { draw, shape, write } = work;
  if (shape.fees.length === 0) return null;
  const from = source(work);
  const capped = shape.fees.filter((fee) => fee.capLeft !== null);
  if (capped.length > 0 && draw.chance(0.3)) {
    const list = draw.some(capped).map(({ name }) => name);
    return `FEE ${from} -> ${list.join(", ")}${sharing(draw, list)} CAP EACH${label(work)}`;
  }
  if (capped.length > 0 && draw.chance(0.3)) {
    const { capLeft } = draw.pick(capped);
    const list = draw.some(capped.filter((fee) => fee.capLeft === capLeft)).map((fee) => fee.name);
    return `FEE ${from} -> ${list.join(", ")}${sharing(draw, list)} CAP capLeft.${capLeft}${label(work)}`;
  }
  const list = draw.some(shape.fees).map(({ name }) => name);
  const most = draw.chance(0.15) ? ` CAP ${write.uncapped().plain()}` : "";
  return `FEE ${from} -> ${list.join(", ")}${sharing(draw, list)}${most}${label(work)}`;
}

function interestLine(work: Work): string {
  const { draw, shape } = work;
  const parts = (["deferred", "carryOver"] as const).map((part) => {
    const has = part === "deferred" ? "defers" : "carriesOver";
    const list = shape.classes.filter((one) => one[has] && !one.ownParts.includes(part));
    return { of: ` OF ${part}`, list: list.map(({ name }) => name) };
  });
  const part = draw.pick(parts.filter(({ list }) => list.length > 0));
  const own = part !== undefined && draw.chance(0.4);
  const list = own ? draw.some(part.list) : classes(work);
  const tail = own ? part.of : "";
  return `INT ${source(work)} -> ${list.join(", ")}${sharing(draw, list)}${tail}${cap(work)}${label(work)}`;
}

function principalLine(work: Work): string {
  const { draw, write } = work;
  const list = classes(work);
  const weight = (name: string) =>
    draw.chance(0.5) ? draw.pick([`bal.${name}`, `face.${name}`, "1", "0"]) : write.plain();
  const weights = ` PRORATA(${list.map(weight).join("; ")})`;
  const mode = list.length > 1 && draw.chance(0.5) ? weights : list.length > 1 ? " SEQ" : "";
  return `PRIN ${source(work)} -> ${list.join(", ")}${mode} UPTO ${write.plain()}${cap(work)}${label(work)}`;
}

function movementLine(work: Work): string | null {
  const { draw, shape, write } = work;
  if (shape.accounts.length + shape.facilities.length < 2) return null;
  const from = source(work);
  const to = other(work, from);
  const words = draw.chance(0.5) ? ["FILL", "TO"] : ["MOVE", "UPTO"];
  return `${words[0]} ${from} -> ${to} ${words[1]} ${write.plain()}${cap(work)}${label(work)}`;
}

function writeLine(work: Work): string {
  const { draw, write } = work;
  const amount = draw.chance(0.5) ? write.plain() : write.amount();
  const list = classes(work).join(", ");
  return `${draw.pick(["LOSS", "LOSS", "GAIN"])} ${amount} -> ${list}${label(work, true)}`;
}

function restLine(work: Work): string {
  const { draw, shape } = work;
  const from = source(work);
  const to = draw.chance(0.5) ? draw.pick(shape.payees) : other(work, from);
  return `REST ${from} -> ${to ?? shape.payees[0]}`;
}

function buyLine(work: Work): string | null {
  if (!work.shape.buys) return null;
  const from = source(work);
  const amount = work.write.plain();
  return `BUY ${from} UPTO ${amount} FROM ${work.draw.pick(work.shape.payees)}${label(work)}`;
}

function pikLine(work: Work): string | null {
  const list = work.shape.classes.filter(({ capitalises }) => capitalises);
  if (list.length === 0) return null;
  const names = work.draw.some(list).map(({ name }) => name);
  return `PIK ${names.join(", ")}${label(work)}`;
}

function bookLine(work: Work): string | null {
  const { draw, shape, write } = work;
  if (shape.ledgers.length === 0) return null;
  const amount = write.plain();
  return `BOOK ${draw.pick(shape.ledgers)} ${draw.pick(["DR", "CR"])} ${amount}${label(work, true)}`;
}

function setLine(work: Work): string | null {
  const { draw, shape, write } = work;
  const settable = shape.constants.filter(({ kind }) => kind === "settable");
  if (settable.length > 0 && draw.chance(0.6)) {
    return `SET k.${draw.pick(settable).name} = ${write.amount()}`;
  }
  return `SET phase ${draw.pick(shape.phases).name}${draw.chance(0.5) ? " NOW" : ""}`;
}

const LINES: readonly Line[] = [
  ...[letLine, letLine, feeLine, feeLine, interestLine, interestLine, interestLine],
  ...[principalLine, principalLine, principalLine, movementLine, movementLine],
  ...[writeLine, writeLine, restLine, buyLine, pikLine, bookLine, setLine],
];

/** LETs of a branch are known in it alone. */
function inBranch(work: Work, lines: () => string[]): string[] {
  const known = work.named.lets.length;
  const inner = lines();
  work.named.lets.length = known;
  return inner;
}

function block(work: Work, depth: number, least = 0): string[] {
  const lines: string[] = [];
  const count = least + work.draw.below(work.shape.lines / 8);
  for (let i = 0; i < count && work.count.steps < work.shape.lines; i += 1)
    lines.push(...line(work, depth));
  return lines;
}

function line(work: Work, depth: number): string[] {
  const { draw, write, count } = work;
  count.steps += 1;
  if (depth < 3 && draw.chance(0.15)) {
    const head = `IF ${write.test()} { @ 2`;
    const yes = inBranch(work, () => block(work, depth + 1));
    if (draw.chance(0.5)) return [head, ...yes, "}"];
    count.steps += 1;
    const no = inBranch(work, () => block(work, depth + 1));
    return [head, ...yes, "} ELSE {", ...no, "}"];
  }
  const written = draw.pick(LINES)(work);
  return written === null ? [] : [`${written} @ 1(${count.steps})`];
}

/** Each trigger that is tested within the steps, once on any way through the program. */
function testLines(work: Work, always: boolean): string[] {
  const { draw, shape, write } = work;
  const within = shape.triggers.filter(({ at }) => at === "within");
  return within.flatMap(({ name }) => {
    if (!always && draw.chance(0.5)) return [];
    const test = `TEST ${name} @ 3`;
    if (draw.chance(0.7)) return [test];
    return [`IF ${write.test()} { @ 3`, test, ...(draw.chance(0.5) ? ["} ELSE {", test] : []), "}"];
  });
}

/** What a period ends with: accounts that hold nothing between periods are swept. */
function sweepLines({ draw, shape }: Work): string[] {
  const kept = shape.accounts.filter(({ retained }) => retained).map(({ name }) => name);
  return shape.accounts
    .filter(({ retained }) => !retained)
    .map(({ name }) => `REST ${name} -> ${draw.pick([...shape.payees, ...kept])} @ 9`);
}

/** The usual order of a deal, in which a period's cash meets what is due. */
function usualLines({ draw, shape }: Work): string[] {
  if (draw.chance(0.4)) return [];
  const names = shape.classes.map(({ name }) => name);
  const list = names.join(", ");
  const fees = shape.fees.map(({ name }) => name).join(", ");
  return [
    ...(shape.fees.length > 0 ? [`FEE COLL -> ${fees} ${draw.pick(["SEQ", "PRORATA"])} @ 4`] : []),
    `INT COLL -> ${list} ${draw.pick(["SEQ", "PRORATA"])} @ 5`,
    draw.chance(0.5)
      ? `PRIN COLL -> ${list} SEQ UPTO pos(sumbal(${list}) - p.poolClosing) @ 6`
      : `PRIN COLL -> ${list} PRORATA(${names.map((name) => `bal.${name}`).join("; ")}) UPTO p.principal @ 6`,
  ].filter(
    (text) => !text.includes("p.principal") || shape.figures.some((f) => f.name === "principal"),
  );
}

/** The lines of one program of a deal; the first tests every trigger that is tested within the steps. */
export function randomProgram(draw: Draw, shape: DealShape, isFirst: boolean): string[] {
  const named: Named = { lets: [], labels: [], losses: [] };
  const write = expressionWriter(draw, shape, { stage: "program", named });
  const work: Work = { draw, shape, named, write, count: { names: 0, steps: 0 } };
  const before = block(work, 1, 1);
  const bought = isFirst ? buyLine(work) : null;
  return [
    ...before,
    ...(bought === null ? [] : [`${bought} @ 7`]),
    ...testLines(work, isFirst),
    ...usualLines(work),
    ...block(work, 1),
    ...sweepLines(work),
  ];
}
