import type { Job } from "./job.ts";

/** The steps that run by themselves, in the order of the flow: one line each. */
export const schedule: readonly Job[] = [];
