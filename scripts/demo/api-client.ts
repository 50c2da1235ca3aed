export interface Content {
  bytes: Uint8Array | ReadableStream<Uint8Array>;
  type: string;
}

/** A caller of the REST API with one key: what a servicer's, investor's or auditor's own program would be. */
export interface ApiClient {
  /** Secret: shown only where somebody is to use it. */
  key: string;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  /** Sends a file's bytes as they are. */
  upload<T>(path: string, file: Content): Promise<T>;
}

/** The server answered with an error: RFC 9457 problem details. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;

  constructor(request: string, status: number, body: { code?: string; detail?: string }) {
    super(`${request}: ${status} ${body.code ?? ""} ${body.detail ?? ""}`);
    this.status = status;
    this.code = body.code ?? "";
  }
}

export function openApiClient(server: string, key: string): ApiClient {
  const call = async <T>(
    method: string,
    path: string,
    content?: { bytes: Content["bytes"] | string; type: string },
  ): Promise<T> => {
    const response = await fetch(`${server}/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(content === undefined ? {} : { "content-type": content.type }),
      },
      ...(content === undefined ? {} : { body: content.bytes, duplex: "half" }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    const body: unknown = isJson ? JSON.parse(text) : text;
    if (!response.ok) throw new ApiError(`${method} ${path}`, response.status, body as object);
    return body as T;
  };
  const json = (body: unknown) => ({ bytes: JSON.stringify(body), type: "application/json" });
  return {
    key,
    get: (path) => call("GET", path),
    post: (path, body = {}) => call("POST", path, json(body)),
    upload: (path, file) => call("POST", path, file),
  };
}
