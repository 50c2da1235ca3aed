import type { IncomingMessage, ServerResponse } from "node:http";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { Context } from "../context.ts";
import type { Role } from "../db/tables.ts";
import type { ProblemCode } from "../errors.ts";

/** The Fastify server with TypeBox schemas: what every `*-routes.ts` registers on. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export interface RouteOptions {
  context: Context;
}

/** Who asks. */
export interface RequestUser {
  id: string;
  name: string;
  role: Role;
  address: string | null;
}

/** The roles that may call a route, or `public` for everybody without a key. */
export type Access = readonly Role[] | "public";

declare module "fastify" {
  interface FastifyContextConfig {
    access?: Access;
    /** Codes of problems of its own, for the description; common ones are added to them. */
    problems?: readonly ProblemCode[];
  }
  interface FastifyRequest {
    /** Set on every route that is not public. */
    user: RequestUser;
  }
}
