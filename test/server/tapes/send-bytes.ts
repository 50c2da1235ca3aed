/** Uploads over a real connection, piece by piece, as a client on a bad line sends them. */
import { createHash } from "node:crypto";
import { request } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { App } from "../../../server/http/app-type.ts";
import type { TestServer, TestUser } from "../start-test-server.ts";

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** A request whose body is written as the test goes on. */
export interface OpenRequest {
  write(bytes: Buffer | string): void;
  end(): void;
  /** Pulls the plug. */
  breakOff(): void;
  /** Rejects when the connection broke. */
  answer: Promise<Answer>;
}

export async function portOf(app: App): Promise<number> {
  if (!app.server.listening) await app.listen({ port: 0, host: "127.0.0.1" });
  return (app.server.address() as AddressInfo).port;
}

export function openRequest(
  port: number,
  user: TestUser,
  options: { method: string; path: string; headers?: Record<string, string> },
): OpenRequest {
  const answered = Promise.withResolvers<Answer>();
  answered.promise.catch(() => undefined);
  const headers = { authorization: `Bearer ${user.key}`, ...options.headers };
  const sent = request({ ...options, host: "127.0.0.1", port, headers, agent: false });
  sent.once("response", (response) => {
    let text = "";
    response.on("data", (data: Buffer) => (text += data.toString()));
    response.once("error", answered.reject);
    response.once("end", () =>
      answered.resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
    );
  });
  sent.on("error", answered.reject);
  sent.flushHeaders();
  return {
    write: (bytes) => void sent.write(bytes),
    end: () => void sent.end(),
    breakOff: () => void sent.destroy(),
    answer: answered.promise,
  };
}

/** Bytes of an upload from an offset on. */
export function openPatch(
  port: number,
  user: TestUser,
  upload: { deal: string; id: string; offset: number; headers?: Record<string, string> },
): OpenRequest {
  return openRequest(port, user, {
    method: "PATCH",
    path: `/v1/deals/${upload.deal}/uploads/${upload.id}`,
    headers: {
      "content-type": "application/partial-upload",
      "upload-offset": String(upload.offset),
      ...upload.headers,
    },
  });
}

export async function sendAll(open: OpenRequest, bytes: Buffer | string): Promise<Answer> {
  open.write(bytes);
  open.end();
  return await open.answer;
}

export const sha256 = (bytes: Buffer | string): string =>
  createHash("sha256").update(bytes).digest("hex");

/** Starts an upload and gives its id. */
export async function startUpload(
  server: TestServer,
  deal: string,
  body: { period: string; byteCount?: number; contentHash?: string },
): Promise<string> {
  const answer = await server.request(server.users.servicer, {
    method: "POST",
    url: `/v1/deals/${deal}/uploads`,
    payload: { fileName: "tape.xml", ...body },
  });
  if (answer.statusCode !== 201) throw new Error(answer.body);
  return answer.json<{ id: string }>().id;
}

/** Asks until something holds. @throws Error when it does not within ten seconds */
export async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) {
    if (await holds()) return;
    await wait(50);
  }
  throw new Error(`not within ten seconds: ${what}`);
}
