import type { CloudRequests } from "../cloud/requests";

/** A request as AWS's library hands it to whatever brings it over the wire. */
interface Outgoing {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly body?: unknown;
}

/** Brings the library's requests over our network: proxies, certificates, addresses and bounds are those of everything else. */
export function awsHandler(requests: CloudRequests) {
  return {
    handle: async (
      outgoing: Outgoing,
      { abortSignal }: { readonly abortSignal?: unknown } = {},
    ) => {
      const { status, headers, text } = await requests
        .ask(
          {
            method: outgoing.method === "POST" ? "POST" : "GET",
            url: urlOf(outgoing),
            headers: withoutFrame(outgoing.headers),
            ...bodyOf(outgoing),
          },
          abortSignal instanceof AbortSignal ? abortSignal : undefined,
        )
        .catch(passing);
      const body = Buffer.from(text);
      return { response: { statusCode: status, headers, body } };
    },
    destroy: () => undefined,
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
}

function urlOf({ protocol, hostname, port, path, query }: Outgoing): URL {
  const authority = port === undefined ? hostname : `${hostname}:${port}`;
  const url = new URL(`${protocol}//${authority}${path}`);
  for (const [name, value] of Object.entries(query ?? {}))
    for (const one of [value ?? ""].flat()) url.searchParams.append(name, one);
  return url;
}

function bodyOf({ body }: Outgoing): { readonly body?: string } {
  if (typeof body === "string") return { body };
  if (body instanceof Uint8Array)
    return { body: new TextDecoder().decode(body) };
  return {};
}

/** Our network writes these itself, the same way as they were signed. */
function withoutFrame(headers: Outgoing["headers"]): Outgoing["headers"] {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !/^(?:host|content-length)$/i.test(name),
    ),
  );
}

/** The library tries again what it takes for a passing fault. */
function passing(cause: unknown): never {
  const error = new Error("no answer came", { cause });
  error.name = "TimeoutError";
  throw error;
}
