import type { Clock } from "../context.ts";

/** The clock of the machine. */
export const systemClock: Clock = { now: () => new Date() };

/** A clock that moves only when told: for tests and for runs over simulated years. */
export class SimulatedClock implements Clock {
  #now: Date;

  constructor(start: Date) {
    this.#now = start;
  }

  now(): Date {
    return new Date(this.#now);
  }

  /** Sets the time, never back: what was stored would lie in the future. */
  set(date: Date): void {
    if (date < this.#now)
      throw new RangeError(`the clock is at ${this.#now.toISOString()} already`);
    this.#now = date;
  }

  advance(milliseconds: number): void {
    this.set(new Date(this.#now.getTime() + milliseconds));
  }
}
