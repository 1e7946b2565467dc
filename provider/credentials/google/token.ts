import { NobodyHere } from "../cloud/failure";
import { jsonFields, textField, type CloudRequests } from "../cloud/requests";
import { googleScope, tokenByLibrary, type GoogleToken } from "./client";
import { googleFile, isImpersonated } from "./file";
import type { GoogleIdentity } from "./identity";

/** A token by the identity that is at hand. */
export async function tokenOf(
  identity: GoogleIdentity,
  requests: CloudRequests,
  now: Date,
): Promise<GoogleToken> {
  return identity.kind === "metadata"
    ? askMetadata(identity.host, requests, now)
    : tokenByFile(parse(identity.text), requests);
}

/** A service account's token, by an identity that may create one. */
export async function impersonate(
  own: GoogleToken,
  account: { readonly url: URL; readonly delegates?: readonly string[] },
  requests: CloudRequests,
): Promise<GoogleToken> {
  const { url, delegates = [] } = account;
  const answer = await requests.ask({
    method: "POST",
    url,
    headers: {
      authorization: `Bearer ${own.token}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      scope: [googleScope],
      lifetime: "3600s",
      delegates,
    }),
  });
  const token = textField(answer, "accessToken");
  const expires = Date.parse(textField(answer, "expireTime"));
  if (answer.status === 200 && token !== "" && !Number.isNaN(expires))
    return { token, expires };
  const why: unknown = Object(jsonFields(answer).get("error")).message;
  throw new Error(
    `${url.host} answered ${answer.status} to generateAccessToken: ${typeof why === "string" ? why : "no token"}`,
  );
}

/** Where a service account is impersonated. */
export function impersonationUrl(account: string): URL {
  return new URL(
    `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${encodeURIComponent(account)}:generateAccessToken`,
  );
}

/** The parser's own words would quote the text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("the file is not JSON");
  }
}

async function tokenByFile(
  json: unknown,
  requests: CloudRequests,
): Promise<GoogleToken> {
  const read = googleFile.safeParse(json);
  if (!read.success) {
    const path = read.error.issues[0]?.path.join(".");
    throw new Error(`its \`${path || "type"}\` is not one that is understood`);
  }
  const { data } = read;
  if (data.type !== "impersonated_service_account")
    return tokenByLibrary(data, requests);
  const url = new URL(data.service_account_impersonation_url);
  const { delegates, source_credentials: source } = data;
  if (isImpersonated(source))
    throw new Error("it impersonates by an account that impersonates");
  const own = await tokenByFile(source, requests);
  return impersonate(
    own,
    { url, ...(delegates ? { delegates } : {}) },
    requests,
  );
}

async function askMetadata(
  host: string,
  requests: CloudRequests,
  now: Date,
): Promise<GoogleToken> {
  const answer = await requests.ask({
    method: "GET",
    url: new URL(
      `http://${host}/computeMetadata/v1/instance/service-accounts/default/token`,
    ),
    headers: { "metadata-flavor": "Google" },
  });
  if (answer.headers["metadata-flavor"] !== "Google")
    throw new Error(`${host} is not Google's metadata server`);
  if (answer.status === 404) throw new NobodyHere(); // a machine without a service account
  const token = textField(answer, "access_token");
  const seconds = jsonFields(answer).get("expires_in");
  if (answer.status !== 200 || token === "" || typeof seconds !== "number")
    throw new Error(
      `the metadata server answered ${answer.status}, and no token`,
    );
  return { token, expires: now.getTime() + seconds * 1000 };
}
