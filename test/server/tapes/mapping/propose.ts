import { Readable } from "node:stream";
import { readMapping } from "../../../../server/deals/read-mapping-section.ts";
import { mappingYaml } from "../../../../server/tapes/mapping/mapping-yaml.ts";
import { sampleTape } from "../../../../server/tapes/mapping/sample-tape.ts";
import { proposeMapping } from "../../../../server/tapes/propose-mapping.ts";
import type { MappingProposal } from "../../../../server/tapes/propose-mapping.ts";
import { startProblemList } from "../../../../server/tapes/tape-problem.ts";
import type { TapeMapping } from "../../../../server/tapes/tape-mapping.ts";

/** The proposal for a file, as the command and the route make it. */
export async function propose(file: string | Buffer): Promise<MappingProposal> {
  const bytes = Readable.from([Buffer.from(file)]);
  const sample = await sampleTape(bytes, { mostBytes: 1e8, problems: startProblemList() });
  return proposeMapping(sample);
}

/** A mapping as it comes back from the YAML that a servicer pastes. */
export function throughYaml(mapping: TapeMapping): TapeMapping {
  const read = readMapping(mappingYaml(mapping));
  if (read.mapping === null) throw new Error(JSON.stringify(read.problems));
  return read.mapping;
}

/** Field -> column. */
export function columnsOf({ fields }: MappingProposal): Record<string, string> {
  return Object.fromEntries(fields.map(({ field, column }) => [field, column]));
}
