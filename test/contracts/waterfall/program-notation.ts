/** One postfix token: opcode and operand. */
export type Token = [opcode: number, operand: number];

/** What an expression needs to know about the deal that it stands in: positions by name. */
export interface Positions {
  figure(name: string): number;
  constant(value: bigint): number;
  named(name: string): number;
  classOf(name: string): number;
  fee(name: string): number;
  account(name: string): number;
  cap(name: string): number;
  step(label: string): number;
}

/** An expression before the positions of its names are known. */
export type Expression = (positions: Positions) => Token[];

const load =
  (opcode: number, find: (p: Positions) => number): Expression =>
  (p) => [[opcode, find(p)]];
const apply =
  (opcode: number) =>
  (...operands: Expression[]): Expression =>
  (p) => [...operands.flatMap((operand) => operand(p)), [opcode, 0]];
const maskOf = (positions: number[]) => positions.reduce((mask, i) => mask | (1 << i), 0);

export const number = (value: bigint | number) => load(1, (p) => p.constant(BigInt(value)));
export const figure = (name: string) => load(2, (p) => p.figure(name));
export const named = (name: string) => load(3, (p) => p.named(name));
export const balance = (name: string) => load(4, (p) => p.classOf(name));
export const openingBalance = (name: string) => load(5, (p) => p.classOf(name));
export const due = (name: string) => load(6, (p) => p.classOf(name));
export const openingDue = (name: string) => load(7, (p) => p.classOf(name));
export const feeDue = (name: string) => load(8, (p) => p.fee(name));
export const openingFeeDue = (name: string) => load(9, (p) => p.fee(name));
export const account = (name: string) => load(10, (p) => p.account(name));
export const openingAccount = (name: string) => load(11, (p) => p.account(name));
export const capLeft = (name: string) => load(12, (p) => p.cap(name));
export const paid = (label: string) => load(13, (p) => p.step(label));
export const lost = (label: string) => load(14, (p) => p.step(label));
export const written = (name: string) => load(15, (p) => p.classOf(name));
export const finalDay = (name: string) => load(16, (p) => p.classOf(name));
export const paymentDay: Expression = () => [[17, 0]];
export const sumBalance = (...names: string[]) =>
  load(18, (p) => maskOf(names.map((name) => p.classOf(name))));
export const sumDue = (...names: string[]) =>
  load(19, (p) => maskOf(names.map((name) => p.classOf(name))));
export const sumFeeDue = (...names: string[]) =>
  load(40, (p) => maskOf(names.map((name) => p.fee(name))));
export const sumWritten = (...names: string[]) =>
  load(41, (p) => maskOf(names.map((name) => p.classOf(name))));

const chain =
  (opcode: number) =>
  (first: Expression, ...others: Expression[]): Expression =>
    others.reduce((left, right) => apply(opcode)(left, right), first);
export const add = chain(20);
export const subtract = chain(21);
export const min = chain(22);
export const max = chain(23);
export const positive = apply(24);
export const percent = apply(25);
export const percentUp = apply(26);
export const mulDiv = apply(27);
export const mulDivUp = apply(28);
export const equal = apply(29);
export const notEqual = apply(30);
export const less = apply(31);
export const lessOrEqual = apply(32);
export const greater = apply(33);
export const greaterOrEqual = apply(34);
export const and = apply(35);
export const or = apply(36);
export const not = apply(37);

/** Only the branch that is taken is evaluated. */
export const choose =
  (condition: Expression, yes: Expression, no: Expression): Expression =>
  (p) => {
    const [a, b] = [yes(p), no(p)];
    return [...condition(p), [38, a.length + 1], ...a, [39, b.length], ...b];
  };

/** One step of a program as the tests write it. */
export type Step =
  | { op: "LET"; name: string; value: Expression }
  | { op: "FEE"; from: string; fees: string[]; mode?: Mode; cap?: Expression; label?: string }
  | { op: "INT"; from: string; classes: string[]; mode?: Mode; cap?: Expression; label?: string }
  | {
      op: "PRIN";
      from: string;
      classes: string[];
      upTo: Expression;
      weights?: Expression[];
      cap?: Expression;
      label?: string;
    }
  | { op: "FILL"; from: string; to: string; target: Expression; label?: string }
  | { op: "MOVE"; from: string; to: string; upTo: Expression; label?: string }
  | { op: "LOSS" | "GAIN"; amount: Expression; classes: string[]; label?: string }
  | { op: "IF"; when: Expression; holds: Step[]; otherwise?: Step[] }
  | { op: "REST"; from: string; to?: string; payee?: string; label?: string };

export type Mode = "SEQ" | "PRORATA";
