import type { FastifyReply, FastifyRequest } from "fastify";

/** How long a refused sender may go on before its connection is cut. */
const LINGER_MS = 1000;

/**
 * A refused body is not read to its end. The sender gets a moment to see the answer (cutting at once
 * would take the answer away with the connection), then the connection is closed.
 */
export function cutOff(request: FastifyRequest, reply: FastifyReply): void {
  reply.raw.once("finish", () => {
    const timer = setTimeout(() => {
      if (!request.raw.complete) request.raw.destroy();
    }, LINGER_MS);
    timer.unref();
  });
}
