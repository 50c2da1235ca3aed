/** `tape propose`: what the columns of an unknown file are, and the mapping to paste into a deal file. */
import { createReadStream } from "node:fs";
import { parseArgs } from "node:util";
import { printableText } from "../../server/lib/printable-text.ts";
import { mappingYaml } from "../../server/tapes/mapping/mapping-yaml.ts";
import { sampleTape } from "../../server/tapes/mapping/sample-tape.ts";
import { proposeMapping } from "../../server/tapes/propose-mapping.ts";
import type { MappingProposal } from "../../server/tapes/propose-mapping.ts";
import { startProblemList } from "../../server/tapes/tape-problem.ts";
import { UnreadableTape } from "../../server/tapes/tape-record.ts";
import { formatTable } from "../deploy/format-table.ts";
import { UsageError } from "../run-command.ts";
import { describeProblem } from "./describe-problem.ts";
import { MOST_BYTES } from "./most-bytes.ts";

export const proposeUsage = `npm run tape -- propose FILE   which column is which, and the mapping as YAML`;

const LONGEST_SAMPLES = 40;
/** From this score on the public format reads the file, and a mapping is not needed. */
const KNOWN_FORMAT = 0.9;

export async function proposeCommand(args: string[]): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new UsageError("propose takes one file");
  const problems = startProblemList();
  try {
    const sample = await sampleTape(createReadStream(file), { mostBytes: MOST_BYTES, problems });
    console.log(printableText(formatProposal(proposeMapping(sample))));
    return 0;
  } catch (error) {
    if (!(error instanceof UnreadableTape)) throw error;
    for (const problem of problems.listed()) console.log(describeProblem(file, problem));
    return 1;
  }
}

/** Public formats that it is like, a table of fields, what is to be decided, and the YAML. */
function formatProposal(proposal: MappingProposal): string {
  const { formats, fields, others, rollForwards, questions, mapping, rows } = proposal;
  const known = formats.find(({ score }) => score >= KNOWN_FORMAT);
  const parts = [
    ...formats.map(({ id, title, score }) => `like ${id} (${percent(score)}): ${title}`),
    ...(known === undefined
      ? []
      : [`a deal with \`format: ${known.id}\` reads it without a mapping; try check --format`]),
    `${rows} rows looked at`,
    formatTable(
      [
        { title: "field" },
        { title: "column" },
        { title: "sure", right: true },
        { title: "as" },
        { title: "values" },
        { title: "why" },
      ],
      fields.map(({ field, column, confidence, unit, dates, samples, reason }) => [
        ...[field, column, percent(confidence), unit ?? dates.join(", ")],
        ...[shorten(samples.join("; ")), reason],
      ]),
    ),
    `other columns: ${others.map(({ column, personal }) => (personal ? `${column} (personal: dropped)` : column)).join(", ")}`,
    ...rollForwards.map(
      ({ subtract, add, share }) =>
        `${percent(share)} of the rows close by beginning - ${subtract.join(" - ")}${add.map((field) => ` + ${field}`).join("")} = ending`,
    ),
    ...questions.map((question) => `to decide: ${question}`),
    "",
    "mapping:",
    mappingYaml(mapping).replaceAll(/^(?=.)/gm, "  "),
  ];
  return parts.join("\n");
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

function shorten(text: string): string {
  return text.length <= LONGEST_SAMPLES ? text : `${text.slice(0, LONGEST_SAMPLES - 1)}…`;
}
