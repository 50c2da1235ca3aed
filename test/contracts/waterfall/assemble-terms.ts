import type { Expression, Positions, Step, Token } from "./program-notation.ts";

/** The parts of a deal that a test states; everything else has a plain default. */
export interface DealDraft {
  classes: {
    name: string;
    face: bigint;
    couponWad?: bigint;
    rounding?: number;
    interestOnShortfall?: boolean;
    order?: number[];
    finalDay?: number;
  }[];
  fees?: {
    name: string;
    payee: string;
    kind?: number;
    amount: bigint;
    base?: string;
    cap?: string;
    rounding?: number;
  }[];
  caps?: { name: string; cents: bigint; year?: number }[];
  accounts: { name: string; deposit?: bigint }[];
  figures: string[];
  payees: string[];
  phases: Step[][];
  transitions?: { from: number; to: number; when: Expression }[];
  splitRounding?: number;
  cashDecimals?: number;
  closingTime: number;
  graceSeconds?: number;
  cutOffPool?: bigint;
  calendar: CalendarDraft[];
}

/** One period: times in unix seconds, numerator and denominator of its only day-count basis. */
export interface CalendarDraft {
  determination: number;
  record: number;
  payment: number;
  paymentDay?: number;
  year?: number;
  numerator: number;
}

const DENOMINATOR = 360;
const NONE = 0xffff;
const OPCODES = ["", "LET", "FEE", "INT", "PRIN", "FILL", "MOVE", "LOSS", "GAIN", "IF", "ELSE"];
OPCODES.push("REST");

type Field = [size: number, value: bigint | number];

/** Big-endian fields, one behind the other; negative values in two's complement. */
function bytes(...fields: Field[]): Buffer {
  return Buffer.concat(
    fields.map(([size, value]) => {
      const hex = BigInt.asUintN(size * 8, BigInt(value)).toString(16);
      return Buffer.from(hex.padStart(size * 2, "0"), "hex");
    }),
  );
}

/** A step in its place in the flat program; jumps are absolute step indexes. */
interface PlacedStep {
  step: Step | { op: "ELSE" };
  jump: number;
}

function flatten(steps: Step[], placed: PlacedStep[]): PlacedStep[] {
  for (const step of steps) {
    const own: PlacedStep = { step, jump: 0 };
    placed.push(own);
    if (step.op !== "IF") continue;
    flatten(step.holds, placed);
    if (step.otherwise) {
      const other: PlacedStep = { step: { op: "ELSE" }, jump: 0 };
      placed.push(other);
      own.jump = placed.length;
      flatten(step.otherwise, placed);
      other.jump = placed.length;
    } else {
      own.jump = placed.length;
    }
  }
  return placed;
}

function findIn(list: readonly string[], name: string): number {
  const position = list.indexOf(name);
  if (position < 0) throw new Error(`${name} is not in the draft`);
  return position;
}

/** Interned constants and expressions of one deal. */
function createPools(draft: DealDraft, steps: readonly PlacedStep[]) {
  const constants: bigint[] = [];
  const chunks: Buffer[] = [];
  const names = <T extends { name: string }>(list: readonly T[] = []) => list.map((x) => x.name);
  const lets = steps.map(({ step }) => (step.op === "LET" ? step.name : null));
  const letNames = [...new Set(lets.filter((name) => name !== null))];
  const labels = steps.map(({ step }) => ("label" in step && step.label ? step.label : ""));
  const positions: Positions = {
    figure: (name) => findIn(draft.figures, name),
    constant: (value) => {
      const known = constants.indexOf(value);
      return known >= 0 ? known : constants.push(value) - 1;
    },
    named: (name) => findIn(letNames, name),
    classOf: (name) => findIn(names(draft.classes), name),
    fee: (name) => findIn(names(draft.fees), name),
    account: (name) => findIn(names(draft.accounts), name),
    cap: (name) => findIn(names(draft.caps), name),
    step: (label) => findIn(labels, label),
  };
  let size = 0;
  const pointerTo = (...expressions: (Expression | undefined)[]): number => {
    const given = expressions.filter((expression) => expression !== undefined);
    if (given.length === 0) return NONE;
    const tokens: Token[] = given.flatMap((expression) => expression(positions));
    const chunk = bytes(...[...tokens, [0, 0] as Token].flatMap(tokenFields));
    chunks.push(chunk);
    size += chunk.length;
    return size - chunk.length;
  };
  return { constants, chunks, positions, pointerTo };
}

const tokenFields = ([opcode, operand]: Token): Field[] => [
  [1, opcode],
  [2, operand],
];

type Pools = ReturnType<typeof createPools>;

function encodeStep({ step, jump }: PlacedStep, draft: DealDraft, pools: Pools): Buffer {
  const at = pools.positions;
  let [mode, source, destination, flags] = [0, 0, 0, 0];
  let list: number[] = [];
  let [amount, weights, cap] = [NONE, NONE, NONE];
  if ("from" in step) source = at.account(step.from);
  if ("classes" in step) list = step.classes.map(at.classOf);
  if ("cap" in step) cap = pools.pointerTo(step.cap);
  if ("mode" in step) mode = step.mode === "PRORATA" ? 2 : 1;
  if (step.op === "FEE") list = step.fees.map(at.fee);
  if (step.op === "LET") [destination, amount] = [at.named(step.name), pools.pointerTo(step.value)];
  if ("to" in step && step.to !== undefined) destination = at.account(step.to);
  if ("upTo" in step) amount = pools.pointerTo(step.upTo);
  if (step.op === "PRIN" && step.weights) {
    [mode, weights] = [2, pools.pointerTo(...step.weights)];
  }
  if (step.op === "FILL") amount = pools.pointerTo(step.target);
  if (step.op === "LOSS" || step.op === "GAIN") amount = pools.pointerTo(step.amount);
  if (step.op === "IF") amount = pools.pointerTo(step.when);
  if (step.op === "REST" && step.payee) {
    [destination, flags] = [findIn(draft.payees, step.payee), 1];
  }
  const nibbles = list.reduce((word, id, i) => word | (BigInt(id) << BigInt(60 - 4 * i)), 0n);
  return bytes(
    ...([
      [1, OPCODES.indexOf(step.op)],
      [1, mode],
      [1, source],
      [1, destination],
      [1, list.length],
      [8, nibbles],
      [2, amount],
      [2, weights],
      [2, cap],
      [2, step.op === "LET" ? 0 : NONE],
      [2, 0],
      [2, jump],
      [2, flags],
      [5, 0],
    ] satisfies Field[]),
  );
}

const encodeClass = (entry: DealDraft["classes"][number]): Buffer => {
  const order = [...(entry.order ?? [1, 2, 3]), 0, 0, 0, 0, 0, 0].slice(0, 6);
  return bytes(
    [8, entry.face],
    [8, entry.couponWad ?? 0n],
    [1, 0],
    [1, entry.rounding ?? 1],
    [1, entry.interestOnShortfall ? 1 : 0],
    ...order.map((component): Field => [1, component]),
    [2, entry.finalDay ?? 65535],
    [2, 0],
    [1, 1],
    [2, 0],
  );
};

function encodeFee(entry: NonNullable<DealDraft["fees"]>[number], draft: DealDraft): Buffer {
  const caps = (draft.caps ?? []).map((cap) => cap.name);
  return bytes(
    [1, entry.kind ?? 2],
    [1, 0],
    [1, entry.rounding ?? 1],
    [1, findIn(draft.payees, entry.payee)],
    [8, entry.amount],
    [1, entry.base ? findIn(draft.figures, entry.base) : 0],
    [1, entry.cap ? findIn(caps, entry.cap) : 0xff],
    [18, 0],
  );
}

const encodeRow = (row: CalendarDraft): Buffer =>
  bytes(
    [5, row.determination],
    [5, row.record],
    [5, row.payment],
    [2, row.paymentDay ?? Math.floor(row.payment / 86_400)],
    [2, 0],
    [1, row.year ?? 0],
    [1, row.year ?? 0],
    [3, 0],
    [4, row.numerator],
  );

/** The payees in order, then the deal; every other name of a draft is the first of these. */
const encodeNames = (names: string[]): Buffer =>
  Buffer.concat([
    bytes([2, names.length]),
    ...names.flatMap((name) => [bytes([1, name.length]), Buffer.from(name)]),
  ]);

/** Encodes a draft as the pinned binary terms. */
export function assembleTerms(draft: DealDraft): Buffer {
  const placed: PlacedStep[] = [];
  const starts = draft.phases.map((steps) => {
    const first = placed.length;
    flatten(steps, placed);
    return [first, placed.length - first] as const;
  });
  const pools = createPools(draft, placed);
  const steps = placed.map((step) => encodeStep(step, draft, pools));
  const transitions = (draft.transitions ?? []).map((entry) =>
    bytes([1, entry.from], [1, entry.to], [2, pools.pointerTo(entry.when)], [4, 0]),
  );
  const sections: Buffer[] = [
    draft.classes.map(encodeClass),
    (draft.fees ?? []).map((fee) => encodeFee(fee, draft)),
    (draft.caps ?? []).map((cap) => bytes([8, cap.cents], [1, cap.year ?? 1], [7, 0])),
    draft.accounts.map((entry) => bytes([1, 1], [8, entry.deposit ?? 0n], [7, 0])),
    draft.figures.map(() => bytes([8, -(2n ** 63n)], [8, 2n ** 63n - 1n], [8, 0])),
    pools.constants.map((value) => bytes([16, value])),
    [bytes([4, DENOMINATOR])],
    starts.map(([first, count]) => bytes([2, first], [2, count], [4, 0])),
    transitions,
    steps,
    pools.chunks,
    draft.calendar.map(encodeRow),
    [encodeNames([...draft.payees, "test deal"])],
  ].map((parts) => Buffer.concat(parts));
  return Buffer.concat([encodeHeader(draft, sections, pools.constants.length), ...sections]);
}

function encodeHeader(draft: DealDraft, sections: readonly Buffer[], constants: number): Buffer {
  let next = 80;
  const offsets = sections.map((section) => (next += section.length) - section.length);
  const counts = [1, draft.classes.length, draft.accounts.length, draft.fees?.length ?? 0];
  counts.push(draft.payees.length, draft.caps?.length ?? 0, draft.figures.length, constants);
  counts.push(draft.phases.length, draft.transitions?.length ?? 0, 1, 0, 0xff);
  counts.push(draft.cashDecimals ?? 6, draft.splitRounding ?? 1, 28);
  return bytes(
    ...counts.map((count): Field => [1, count]),
    [2, draft.calendar.length],
    ...offsets.map((offset): Field => [2, offset]),
    [2, next],
    [5, draft.closingTime],
    [2, NONE],
    [4, draft.graceSeconds ?? 86_400],
    [7, 0],
    [8, draft.cutOffPool ?? 0n],
    [4, 0],
    [4, 0],
  );
}

/** The runtime code of a deal: STOP, terms, addresses (cash token, class tokens, payees). */
export function assembleCode(terms: Buffer, addresses: readonly string[]): string {
  const behind = addresses.map((address) => Buffer.from(address.slice(2), "hex"));
  return `0x${Buffer.concat([Buffer.from([0]), terms, ...behind]).toString("hex")}`;
}

/** Init code that deploys `runtime` as it stands. */
export function creationOf(runtime: string): string {
  const size = ((runtime.length - 2) / 2).toString(16).padStart(4, "0");
  return `0x61${size}80600a5f395ff3${runtime.slice(2)}`;
}
