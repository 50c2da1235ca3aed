/** Everything that the gas report tells, measured by real transactions on real proxies. */
import { type GasRow, gasRow } from "./gas-row.ts";
import {
  type DealLife,
  type Distribution,
  measureCarmaxLife,
  measureDemoLife,
} from "./measure-lives.ts";
import { measureSixtyMonths } from "./measure-sixty-months.ts";

export interface GasMeasurement {
  /** Sorted by operation, as the report prints them. */
  rows: GasRow[];
  lives: DealLife[];
}

/** In the order of a deal's life. */
const OPERATIONS = [
  "closing",
  "report",
  "distribute",
  "claim",
  "transfer",
  "first transfer after a record time",
  "forced transfer",
  "recovery",
];

/** The states of the demo deal's life, by the period in which each is met. */
const STATES = [
  { period: 1, state: "first payment, the payees' purses empty", bar: 350_000 },
  { period: 4, state: "steady, two classes need a new slot", bar: 330_000, peer: 405_943 },
  { period: 5, state: "steady, one class needs a new slot", bar: 330_000, peer: 405_943 },
  { period: 6, state: "the reserve pays for a shortfall", bar: 350_000 },
  { period: 10, state: "the reserve is filled again", bar: 350_000 },
  { period: 29, state: "the cash does not reach the third class", bar: 350_000 },
  { period: 39, state: "an event of default: the next program", bar: 350_000 },
  { period: 40, state: "the last: every class repaid", bar: 350_000 },
];

function dearestOf({ distributions }: DealLife): Distribution {
  return distributions.reduce((most, next) => (next.gas > most.gas ? next : most));
}

function describeLife(life: DealLife): GasRow[] {
  const operation = "distribute";
  const named = STATES.flatMap(({ period, ...title }) => {
    const found = life.distributions.find((distribution) => distribution.period === period);
    return found === undefined ? [] : [gasRow({ operation, ...title }, found.gas, found.floor)];
  });
  const { period, gas, floor } = dearestOf(life);
  const state = `the dearest of ${life.distributions.length}, period ${period}`;
  return [...named, gasRow({ operation, state, bar: life.bar }, gas, floor)];
}

export async function measureGas(): Promise<GasMeasurement> {
  const [single, ...lives] = await Promise.all([
    measureSixtyMonths(),
    measureDemoLife(),
    measureCarmaxLife(),
  ]);
  const rows = [...describeLife(lives[0]), ...single];
  const place = ({ operation }: GasRow): number => OPERATIONS.indexOf(operation);
  return { rows: rows.toSorted((a, b) => place(a) - place(b)), lives };
}

/** What costs more than it may, in words. */
export function listExcesses({ rows, lives }: GasMeasurement): string[] {
  const titles = rows.map(({ operation, state, gas, bar }) => ({
    ...{ what: `${operation}, ${state}`, gas, bar },
  }));
  const whole = lives.map((life) => ({
    what: `distribute, ${life.deal}`,
    gas: dearestOf(life).gas,
    bar: life.bar,
  }));
  return [...titles, ...whole].flatMap(({ what, gas, bar }) =>
    bar !== null && gas > bar ? [`${what}: ${gas} gas, the bar is ${bar}`] : [],
  );
}
