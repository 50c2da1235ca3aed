import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { JsonRpcProvider } from "ethers";

interface Question {
  id: unknown;
  method: string;
  params?: unknown[];
}

/**
 * Passes JSON-RPC on to a provider's node from an address of this machine: a program that is started gets that address, and
 * the node's own, which often holds a key, stands in no process list.
 */
export async function startRelay(
  provider: JsonRpcProvider,
): Promise<{ url: string; close: () => Promise<void> }> {
  const answer = async ({ id, method, params }: Question): Promise<object> => {
    try {
      return { jsonrpc: "2.0", id, result: (await provider.send(method, params ?? [])) as unknown };
    } catch (error) {
      const { error: said } = error as { error?: { code?: number; message?: string } };
      const message = said?.message ?? "the node did not answer";
      return { jsonrpc: "2.0", id, error: { code: said?.code ?? -32_603, message } };
    }
  };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const asked = JSON.parse(Buffer.concat(parts).toString()) as Question | Question[];
      const answers = Array.isArray(asked) ? Promise.all(asked.map(answer)) : answer(asked);
      void answers.then((said) => {
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify(said));
      });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
