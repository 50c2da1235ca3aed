import type { Readable } from "node:stream";
import { Type } from "typebox";
import type { Static } from "typebox";
import { problem } from "../../errors.ts";
import { BOOKKEEPERS } from "../../http/access.ts";
import type { App, RouteOptions } from "../../http/app-type.ts";
import { cutOff } from "../../http/cut-off.ts";
import { LONGEST_SILENCE_MS, measureBytes } from "../measure-bytes.ts";
import { nullable } from "../../http/nullable.ts";
import { proposeMapping } from "../propose-mapping.ts";
import type { MappingProposal } from "../propose-mapping.ts";
import { refuseTape } from "../refuse-tape.ts";
import { getTapeDeal } from "../tape-deal-queries.ts";
import { TAPE_TYPES } from "../tape-media-types.ts";
import { startProblemList } from "../tape-problem.ts";
import { UnreadableTape } from "../tape-record.ts";
import { uploadInTurn } from "../upload-in-turn.ts";
import { mappingYaml } from "./mapping-yaml.ts";
import { listMappings } from "./mappings-queries.ts";
import type { StoredMapping } from "./mappings-queries.ts";
import { sampleTape } from "./sample-tape.ts";
import { storeMapping } from "./store-mapping.ts";

const YAML_TYPES = ["application/yaml", "text/yaml", "application/x-yaml"];
const MAPPING_LIMIT_BYTES = 256 * 1024;

const DealParams = Type.Object({ deal: Type.String() });
const Share = Type.Number({ minimum: 0, maximum: 1 });
const Meaning = Type.Object({
  value: Type.String(),
  status: nullable(Type.String()),
  daysPastDue: nullable(Type.Integer()),
});

const ProposalSchema = Type.Object({
  formats: Type.Array(Type.Object({ id: Type.String(), title: Type.String(), score: Share }), {
    description: "public formats that the file is like",
  }),
  rows: Type.Integer({ description: "rows that were looked at" }),
  file: Type.Object({
    delimiter: Type.String(),
    encoding: Type.String(),
    header: Type.String({ description: "first, find or none" }),
  }),
  fields: Type.Array(
    Type.Object({
      field: Type.String(),
      column: Type.String(),
      confidence: Share,
      reason: Type.String(),
      samples: Type.Array(Type.String()),
      unit: nullable(Type.String()),
      dates: Type.Array(Type.String()),
      alternatives: Type.Array(Type.String()),
    }),
  ),
  others: Type.Array(
    Type.Object({
      column: Type.String(),
      samples: Type.Array(Type.String()),
      personal: Type.Boolean({ description: "who somebody is: dropped as the file is read" }),
    }),
  ),
  statuses: Type.Array(Meaning),
  terminations: Type.Array(Meaning),
  missing: Type.Array(Type.String(), { description: "spellings of `not reported` that were met" }),
  rollForwards: Type.Array(
    Type.Object({
      subtract: Type.Array(Type.String()),
      add: Type.Array(Type.String()),
      share: Share,
    }),
    { description: "balance rules by the share of rows that they close" },
  ),
  questions: Type.Array(Type.String(), { description: "what somebody has to decide" }),
  mapping: Type.String({ description: "YAML for POST .../mappings or the deal file" }),
});

const MappingSchema = Type.Object({
  version: Type.Integer({ minimum: 1 }),
  source: Type.String({ description: "as it was sent" }),
  storedBy: Type.String(),
  storedAt: Type.String(),
});

const proposalSchema = {
  summary: "Proposes how an unknown file is mapped, from its first rows",
  description:
    "The body is the file itself, packed or not. Of a text only the first rows are read. Nothing is " +
    "stored: look at the proposal, correct its YAML and send it to POST .../mappings.",
  tags: ["tapes"],
  consumes: TAPE_TYPES,
  params: DealParams,
  response: { 200: ProposalSchema },
};

const storeSchema = {
  summary: "Stores a new version of how the deal's own files are read",
  description:
    "The body is the `mapping` section of a deal file as YAML (JSON is YAML too). The uploads that " +
    "follow are read by it; a tape names the version that read it. The same text again answers 200.",
  tags: ["tapes"],
  consumes: YAML_TYPES,
  params: DealParams,
  body: Type.String(),
  response: { 200: MappingSchema, 201: MappingSchema },
};

const listSchema = {
  summary: "Lists the stored versions of the mapping, the newest first",
  tags: ["tapes"],
  params: DealParams,
  querystring: Type.Object({
    before: Type.Integer({ minimum: 1, default: 2_147_483_647, description: "`next` of a page" }),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
  }),
  response: {
    200: Type.Object({ items: Type.Array(MappingSchema), next: nullable(Type.Integer()) }),
  },
};

/** How a deal's own files are read, made once a deal and versioned with it. */
export async function mappingsRoutes(app: App, { context }: RouteOptions): Promise<void> {
  const limit = context.config.uploadLimitBytes;
  app.removeContentTypeParser("text/plain");
  app.addContentTypeParser(TAPE_TYPES, (_request, payload, done) => done(null, payload));
  app.addContentTypeParser(YAML_TYPES, { parseAs: "string" }, (_request, body, done) =>
    done(null, body),
  );
  app.post(
    "/deals/:deal/mapping-proposals",
    {
      bodyLimit: limit,
      config: {
        access: ["servicer"],
        problems: [
          "tape-missing",
          "tape-too-large",
          "tape-malformed",
          "tape-wrong-format",
          "upload-broken-off",
          "uploads-too-many",
        ],
      },
      schema: proposalSchema,
    },
    async (request, reply) => {
      const { id } = await getTapeDeal(context.db, request.params.deal);
      const body: unknown = request.body;
      if (!isStream(body)) throw problem("tape-missing");
      // The rest of the file is not asked for.
      cutOff(request, reply);
      // Unpacking a workbook costs as much as an upload does: they take turns.
      const proposal = await uploadInTurn(context.db, id, () => propose(id, body, limit));
      return viewProposal(proposal);
    },
  );
  app.post(
    "/deals/:deal/mappings",
    {
      bodyLimit: MAPPING_LIMIT_BYTES,
      config: { access: ["servicer"], problems: ["deal-not-mapped", "mapping-invalid"] },
      schema: storeSchema,
    },
    async (request, reply) => {
      const { mapping, created } = await storeMapping(context, {
        ...{ dealId: request.params.deal, source: request.body, userId: request.user.id },
      });
      return await reply.status(created ? 201 : 200).send(viewMapping(mapping));
    },
  );
  app.get(
    "/deals/:deal/mappings",
    { config: { access: BOOKKEEPERS }, schema: listSchema },
    async ({ params, query }) => {
      const { id } = await getTapeDeal(context.db, params.deal);
      const { before, limit: most } = query;
      const found = await listMappings(context.db, id, { before, limit: most + 1 });
      const items = found.slice(0, most).map(viewMapping);
      return { items, next: found.length > most ? (items.at(-1)?.version ?? null) : null };
    },
  );
}

function isStream(body: unknown): body is Readable {
  return typeof body === "object" && body !== null && "iterator" in body;
}

/** @throws Problem as an upload of the file would, when it cannot be opened */
async function propose(deal: string, body: Readable, mostBytes: number): Promise<MappingProposal> {
  const problems = startProblemList();
  try {
    // Reading stops early: the connection must stay for the answer.
    const sent = body.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
    const { bytes } = measureBytes(sent, { bytes: mostBytes, silenceMs: LONGEST_SILENCE_MS });
    return proposeMapping(await sampleTape(bytes, { mostBytes, problems }));
  } catch (error) {
    if (error instanceof UnreadableTape) refuseTape(problems, { deal, period: "", rows: 0 });
    throw error;
  }
}

function viewProposal(proposal: MappingProposal): Static<typeof ProposalSchema> {
  const { mapping, formats, rows, fields, others, rollForwards, questions } = proposal;
  const { delimiter, encoding, header, missing } = mapping;
  return {
    ...{ formats, rows, others: [...others], rollForwards, questions },
    file: { delimiter, encoding, header },
    fields: fields.map((field) => ({ ...field, dates: [...field.dates] })),
    statuses: Object.entries(mapping.statuses).map(([value, meant]) => ({
      ...{ value, status: meant.status, daysPastDue: meant.daysPastDue ?? null },
    })),
    terminations: Object.entries(mapping.terminations).map(([value, status]) => ({
      ...{ value, status, daysPastDue: null },
    })),
    missing: [...missing],
    mapping: mappingYaml(mapping),
  } as Static<typeof ProposalSchema>;
}

function viewMapping(mapping: StoredMapping): Static<typeof MappingSchema> {
  const { version, source, stored_by, stored_at } = mapping;
  return { version, source, storedBy: stored_by, storedAt: stored_at.toISOString() };
}
