import { AsyncLocalStorage } from "node:async_hooks";
import type {
  TokenCredential,
  WorkloadIdentityCredentialOptions,
} from "@azure/identity";
import type { AzureIdentity } from "./identity";
import { textField, type CloudRequests } from "../cloud/requests";

const cliTimeoutMs = 20_000;
const maxRetries = 3;

/** Not the one of Azure's resource manager: a token for registries opens nothing else. */
const audience = "https://containerregistry.azure.net/.default";

type Options = Pick<
  WorkloadIdentityCredentialOptions,
  "authorityHost" | "httpClient"
>;
type HttpClient = NonNullable<Options["httpClient"]>;
type Headers = Awaited<ReturnType<HttpClient["sendRequest"]>>["headers"];

/** An access token for container registries; `undefined` where the identity was only a guess, and nobody is there. */
export async function askEntra(entra: {
  readonly identity: AzureIdentity;
  readonly authority: string;
  readonly requests: CloudRequests;
  readonly signal: AbortSignal;
}): Promise<string | undefined> {
  const { identity, authority: authorityHost, requests, signal } = entra;
  const credential = await credentialOf(identity, {
    authorityHost,
    httpClient,
  });
  try {
    const answer = await asking.run(requests, () =>
      credential.getToken(audience, { abortSignal: signal }),
    );
    return answer?.token;
  } catch (error) {
    const isGuess =
      identity.kind === "cli" ||
      (identity.kind === "managed" && identity.isGuess);
    const isNobody =
      error instanceof Error && error.name === "CredentialUnavailableError";
    if (isGuess && isNobody) return undefined;
    throw error;
  }
}

/** Exchanges it for the registry's own refresh token, which logs in to this registry only. */
export async function exchangeAtRegistry(
  host: string,
  token: { readonly secret: string; readonly tenantId?: string | undefined },
  requests: CloudRequests,
): Promise<string> {
  const form = new URLSearchParams({
    grant_type: "access_token",
    service: host,
    ...(token.tenantId ? { tenant: token.tenantId } : {}),
    access_token: token.secret,
  });
  const answer = await requests.ask({
    method: "POST",
    url: new URL(`https://${host}/oauth2/exchange`),
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: form.toString(),
  });
  const refreshToken = textField(answer, "refresh_token");
  if (answer.status === 200 && refreshToken !== "") return refreshToken;
  throw new Error(
    `${host} answered ${answer.status} to the exchange of the identity's token`,
  );
}

async function credentialOf(
  identity: AzureIdentity,
  options: Options,
): Promise<TokenCredential> {
  const azure = await import("@azure/identity"); // heavy, and for Azure's hosts only
  switch (identity.kind) {
    case "secret": {
      const { tenantId, clientId, secret } = identity;
      const { ClientSecretCredential } = azure;
      return new ClientSecretCredential(tenantId, clientId, secret, options);
    }
    case "certificate": {
      const { tenantId, clientId, path: certificatePath } = identity;
      const { password } = identity;
      const more = password ? { certificatePassword: password } : {};
      const certificate = { certificatePath, ...more };
      return new azure.ClientCertificateCredential(
        tenantId,
        clientId,
        certificate,
        options,
      );
    }
    case "workload": {
      const { tenantId, clientId, tokenFile: tokenFilePath } = identity;
      return new azure.WorkloadIdentityCredential({
        ...options,
        tenantId,
        clientId,
        tokenFilePath,
      });
    }
    case "managed": {
      const { clientId, isGuess } = identity;
      return new azure.ManagedIdentityCredential({
        ...options,
        retryOptions: { maxRetries: isGuess ? 1 : maxRetries },
        ...(clientId ? { clientId } : {}),
      });
    }
    case "cli": {
      const { tenantId } = identity;
      return new azure.AzureCliCredential({
        processTimeoutInMs: cliTimeoutMs,
        ...(tenantId ? { tenantId } : {}),
      });
    }
  }
}

/** Who asks now: for a managed identity the library keeps the first transport that it was given for ever. */
const asking = new AsyncLocalStorage<CloudRequests>();

const httpClient: HttpClient = {
  sendRequest: async (request) => {
    const { method, url, headers, body, timeout } = request;
    const requests = asking.getStore();
    if (requests === undefined) throw new Error("nobody asks any more");
    const answer = await requests.ask(
      {
        method: method === "POST" ? "POST" : "GET",
        url: new URL(url),
        headers: headers.toJSON(),
        ...(typeof body === "string" ? { body } : {}),
      },
      timeout > 0 ? AbortSignal.timeout(timeout) : undefined,
    );
    const { status, text } = answer;
    return {
      request,
      status,
      headers: headersOf(answer.headers),
      bodyAsText: text,
    };
  },
};

function headersOf(all: Readonly<Record<string, string>>): Headers {
  const byName = new Map(Object.entries(all));
  return {
    get: (name) => byName.get(name.toLowerCase()),
    has: (name) => byName.has(name.toLowerCase()),
    set: (name, value) => void byName.set(name.toLowerCase(), String(value)),
    delete: (name) => void byName.delete(name.toLowerCase()),
    toJSON: () => Object.fromEntries(byName),
    [Symbol.iterator]: () => byName.entries(),
  };
}
