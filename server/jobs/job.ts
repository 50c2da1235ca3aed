import type { Context } from "../context.ts";

/** One thing that is due: the key names it once for ever, e.g. "amcar-2017-4:3". */
export interface DueJob {
  key: string;
  data: object;
}

/**
 * A step that runs by itself when its time has come. `due` reads state and `context.clock` alone;
 * it must stop naming a key once `run` has done it. `run` may be cut off anywhere and run again, so
 * it goes on from what is stored.
 */
export interface Job {
  name: string;
  /** It runs at every tick: that it did is not worth a line of the log. */
  everyTick?: true;
  due(context: Context): Promise<DueJob[]>;
  run(context: Context, data: object): Promise<void>;
}
