import { finished } from "node:stream";
import type { FastifyReply } from "fastify";
import { problem } from "../errors.ts";

/**
 * Answers that go on for as long as their reader likes, and cost something all the while: of each key at
 * most so many are open at once in this process.
 * @returns opens one until its reply has ended; throws Problem streams-too-many
 */
export function limitStreams(most: number): (key: string, reply: FastifyReply) => void {
  const open = new Map<string, number>();
  return (key, reply) => {
    const before = open.get(key) ?? 0;
    if (before >= most) throw problem("streams-too-many", { limit: most });
    open.set(key, before + 1);
    finished(reply.raw, () => {
      const left = (open.get(key) ?? 1) - 1;
      if (left === 0) open.delete(key);
      else open.set(key, left);
    });
  };
}
