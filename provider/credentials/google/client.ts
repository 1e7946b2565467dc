import type { AuthClient, OAuth2ClientOptions } from "google-auth-library";
import type { CloudRequests } from "../cloud/requests";
import type { GoogleFile } from "./file";

/** An access token, and until when it is one by the wall clock, in milliseconds. */
export interface GoogleToken {
  readonly token: string;
  readonly expires: number;
}

/** What Google's registries want: they know no narrower one for all that they store. */
export const googleScope = "https://www.googleapis.com/auth/cloud-platform";

/** A token by Google's own library: service account, user, workload identity federation. */
export async function tokenByLibrary(
  data: ByLibrary,
  requests: CloudRequests,
): Promise<GoogleToken> {
  const client = await clientOf(data, requests);
  const { token } = await client.getAccessToken();
  const expires = client.credentials.expiry_date ?? 0;
  if (!token) throw new Error("Google answered without a token");
  return { token, expires };
}

type ByLibrary = Exclude<
  GoogleFile,
  { readonly type: "impersonated_service_account" }
>;

async function clientOf(
  data: ByLibrary,
  requests: CloudRequests,
): Promise<AuthClient> {
  const google = await import("google-auth-library"); // heavy, and for Google's hosts only
  const transporterOptions = { fetchImplementation: fetchBy(requests) };
  switch (data.type) {
    case "service_account":
      return new google.JWT({
        email: data.client_email,
        key: data.private_key,
        scopes: [googleScope],
        transporterOptions,
        ...(data.private_key_id ? { keyId: data.private_key_id } : {}),
      });
    case "authorized_user":
      return new google.UserRefreshClient({
        clientId: data.client_id,
        clientSecret: data.client_secret,
        refreshToken: data.refresh_token,
        transporterOptions,
      });
    case "external_account_authorized_user":
      return new google.ExternalAccountAuthorizedUserClient({
        ...data,
        transporterOptions,
      });
    case "external_account": {
      const { credential_source: where, ...rest } = data;
      const options = { ...rest, scopes: [googleScope], transporterOptions };
      if ("environment_id" in where)
        return byOurWay(
          new google.AwsClient({ ...options, credential_source: where }),
        );
      if ("executable" in where)
        return byOurWay(
          new google.PluggableAuthClient({
            ...options,
            credential_source: where,
          }),
        );
      return byOurWay(
        new google.IdentityPoolClient({ ...options, credential_source: where }),
      );
    }
  }
}

/** The library's exchange of tokens has a transport of its own, which it lets nobody choose. */
function byOurWay(client: AuthClient): AuthClient {
  const exchange: unknown = Reflect.get(client, "stsCredential");
  if (typeof exchange === "object" && exchange !== null)
    Reflect.set(exchange, "transporter", client.transporter);
  return client;
}

type Fetch = NonNullable<
  NonNullable<OAuth2ClientOptions["transporterOptions"]>["fetchImplementation"]
>;

function fetchBy(requests: CloudRequests): Fetch {
  return async (input, init) => {
    const { method = "GET", headers, body, signal } = init ?? {};
    const answer = await requests.ask(
      {
        method: method === "POST" ? "POST" : "GET",
        url: new URL(input instanceof Request ? input.url : input),
        headers: Object.fromEntries(new Headers(headers)),
        ...(typeof body === "string" ? { body } : {}),
        ...(body instanceof URLSearchParams ? { body: body.toString() } : {}),
      },
      signal ?? undefined,
    );
    return new Response(answer.text, {
      status: answer.status,
      headers: { ...answer.headers },
    });
  };
}
