import type { FastifyReply } from "fastify";

/** A signal that is aborted, for the given reason, when the client goes away before it has its answer. */
export function abortWhenGone(reply: FastifyReply, reason?: Error): AbortSignal {
  const gone = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) gone.abort(reason);
  });
  return gone.signal;
}
