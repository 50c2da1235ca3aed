import type { FastifyReply, FastifyRequest } from "fastify";

/** How long a refused sender may go on before its connection is cut. */
const LINGER_MS = 1000;

/** What is left of a short body is taken: the connection can then serve the sender's next request. */
const TAKEN_BYTES = 16_777_216;

/**
 * A refused body is not read to its end. The sender gets a moment to see the answer (cutting at once
 * would take the answer away with the connection), then the connection is closed.
 */
export function cutOff(request: FastifyRequest, reply: FastifyReply): void {
  const { raw } = request;
  let left = TAKEN_BYTES;
  // By `read`, because whoever read the body before may still listen to it.
  const take = (): void => {
    while (left > 0) {
      const chunk = raw.read() as Buffer | null;
      if (chunk === null) return;
      left -= chunk.length;
    }
  };
  reply.raw.once("finish", () => {
    raw.on("readable", take);
    take();
    const timer = setTimeout(() => {
      if (!raw.complete) raw.destroy();
    }, LINGER_MS);
    timer.unref();
  });
}
