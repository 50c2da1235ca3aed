import { once } from "node:events";
import { createServer } from "node:net";
import type { Config } from "../config.ts";

type Place = Pick<Config, "host" | "port">;

/** Another program listens where the server is to listen. */
export class PortInUseError extends Error {
  override readonly name = "PortInUseError";

  constructor({ host, port }: Place) {
    super(`port ${port} of ${host} is in use: stop what listens there, or set PORT to another one`);
  }
}

/** An error of listening in our words; any other stays what it is. */
export function portError(error: unknown, place: Place): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EADDRINUSE" ? new PortInUseError(place) : error;
}

/** @throws PortInUseError when the port is taken; port 0 is any free one */
export async function requireFreePort(place: Place): Promise<void> {
  const probe = createServer();
  probe.listen(place.port, place.host);
  try {
    await once(probe, "listening");
  } catch (error) {
    throw portError(error, place);
  }
  probe.close();
  await once(probe, "close");
}
