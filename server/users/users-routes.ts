import { Type } from "typebox";
import type { Role } from "../db/tables.ts";
import { problem } from "../errors.ts";
import type { App, RouteOptions } from "../http/app-type.ts";
import { ANY_TEXT, pageOf, pageQuery, readCursor, toPage } from "../http/page.ts";
import { createApiKey } from "./create-api-key.ts";
import { createUser } from "./create-user.ts";
import { describeUsers } from "./describe-users.ts";
import { listUsers, revokeApiKey } from "./users-queries.ts";

const ROLES = ["servicer", "approver", "trustee", "investor", "auditor", "administrator"] as const;
const access: readonly Role[] = ["administrator"];

const userSchema = Type.Object({
  id: Type.String({ format: "uuid" }),
  name: Type.String(),
  role: Type.Enum([...ROLES]),
  address: Type.Union([Type.String(), Type.Null()]),
  deals: Type.Array(Type.String()),
});

const listedUserSchema = Type.Object({
  ...userSchema.properties,
  createdAt: Type.String(),
  keys: Type.Array(
    Type.Object({
      id: Type.String({ format: "uuid" }),
      state: Type.Enum(["active", "revoked"]),
      createdAt: Type.String(),
      revokedAt: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
});

/** People and their API keys. */
export async function usersRoutes(app: App, { context }: RouteOptions): Promise<void> {
  app.post(
    "/users",
    {
      config: { access, problems: ["user-exists", "address-invalid", "deal-unknown"] },
      schema: {
        summary: "Adds a user, or deals to a user",
        description:
          "The same name with the same role and wallet adds the deals that are new; with another " +
          "role or wallet it answers 409 user-exists.",
        tags: ["users"],
        body: Type.Object(
          {
            name: Type.String({ minLength: 1, maxLength: 200 }),
            role: Type.Enum([...ROLES]),
            address: Type.Optional(
              Type.String({ description: "the wallet that the user signs with" }),
            ),
            deals: Type.Array(Type.String(), { default: [], maxItems: 1_000 }),
          },
          { additionalProperties: false },
        ),
        response: { 200: userSchema, 201: userSchema },
      },
    },
    async (request, reply) => {
      const { name, role, address, deals } = request.body;
      const outcome = await createUser(context, { name, role, address: address ?? null, deals });
      const { id, address: stored } = outcome.user;
      return await reply
        .status(outcome.created ? 201 : 200)
        .send({ id, name, role, address: stored, deals: outcome.deals });
    },
  );
  addUserList(app, { context });
  addKeyRoutes(app, { context });
}

function addUserList(app: App, { context }: RouteOptions): void {
  app.get(
    "/users",
    {
      config: { access, problems: ["cursor-invalid"] },
      schema: {
        summary: "Lists users with their deals and keys; no secret is kept that could be shown",
        tags: ["users"],
        querystring: Type.Object(pageQuery),
        response: { 200: pageOf(listedUserSchema) },
      },
    },
    async ({ query }) => {
      const [after] = query.cursor === undefined ? [] : readCursor(query.cursor, [ANY_TEXT]);
      const found = await listUsers(context.db, { after, limit: query.limit + 1 });
      const { items, next } = toPage(found, query.limit, {
        item: (user) => user,
        position: ({ name }) => [name],
      });
      return { items: await describeUsers(context, items), next };
    },
  );
}

function addKeyRoutes(app: App, { context }: RouteOptions): void {
  app.post(
    "/users/:user/keys",
    {
      config: { access, problems: ["user-unknown"] },
      schema: {
        summary: "Gives a user a new API key; it is shown only in this answer",
        tags: ["users"],
        params: Type.Object({ user: Type.String({ format: "uuid" }) }),
        response: { 201: Type.Object({ id: Type.String(), key: Type.String() }) },
      },
    },
    async (request, reply) =>
      await reply.status(201).send(await createApiKey(context, request.params.user)),
  );
  app.delete(
    "/keys/:key",
    {
      config: { access, problems: ["api-key-unknown"] },
      schema: {
        summary: "Revokes an API key for good",
        tags: ["users"],
        params: Type.Object({ key: Type.String({ format: "uuid" }) }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { key } = request.params;
      const found = await revokeApiKey(context.db, key, context.clock.now());
      if (!found) throw problem("api-key-unknown", { key });
      return await reply.status(204).send(null);
    },
  );
}
