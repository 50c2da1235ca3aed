// Run by jobs.test.ts as a process of its own: takes one job from the queue and never settles it.
import { pino } from "pino";
import { openJobs } from "../../../server/jobs/open-jobs.ts";

const url = process.argv[2] ?? "";
const jobs = await openJobs({ url, log: pino({ level: "silent" }), soleOwner: false });
const taken = await jobs.take();
process.stdout.write(taken === null ? "nothing\n" : `took ${taken.name} ${taken.key}\n`);
