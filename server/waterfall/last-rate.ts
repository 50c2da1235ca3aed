/** In words: where the rate of a fixing came from. */

interface StoredFixing {
  period: number;
  round_id: string;
  answered_at: Date;
}

/** What takes the place of a fixing that the feed does not give. */
export function nameLastRate(period: number): string {
  return period === 1 ? "initial rate of the terms" : "rate of the period before";
}

/** The words of a fixing that no round gave. */
export function describeLastRate(period: number): string {
  return `${nameLastRate(period)}, taken because the feed gave none in time`;
}

/** No round gave this rate: RunInputs then says round 0 at time 0, and no round is of that time. */
export function isLastRate({ answered_at }: Pick<StoredFixing, "answered_at">): boolean {
  return answered_at.getTime() === 0;
}

/** The round of the feed and its time, or the words of the last rate. */
export function describeFixing(fixing: StoredFixing): string {
  return isLastRate(fixing)
    ? describeLastRate(fixing.period)
    : `round ${fixing.round_id} of the feed, answered at ${fixing.answered_at.toISOString()}`;
}
