import type { FastifyReply } from "fastify";
import type { Upload } from "./uploads-queries.ts";

/** What the IETF draft asks of the answers about an upload. */
export function sayOffset(reply: FastifyReply, upload: Upload): FastifyReply {
  if (upload.byte_count !== null) void reply.header("upload-length", String(upload.byte_count));
  return reply
    .header("upload-offset", String(upload.kept_bytes))
    .header("upload-complete", upload.state === "stored" ? "?1" : "?0")
    .header("cache-control", "no-store");
}
