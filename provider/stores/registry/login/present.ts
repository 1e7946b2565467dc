import type { Credential } from "../../../mirror/credential";
import type { Send } from "../../../mirror/ports";
import { hubToken } from "./hubToken";
import { basic, formsOf, type Passage } from "./pass";

/**
 * How a product's own API knows us. `basic`: user and password; `bearer`: the password, or a token, as a bearer token; `oauthToken`: the
 * same, where the credential is one for APIs; `hub`: by Docker Hub's own exchange.
 */
export type Presentation = "basic" | "bearer" | "oauthToken" | "hub";

interface Presenting extends Omit<Passage, "url"> {
  readonly as: Presentation;
}
type Known = Exclude<Credential, { readonly kind: "anonymous" }>;

/** Sends with the credential of this very host: APIs answer anonymous ones instead of asking who they are. */
export function presenting(next: Send, options: Presenting): Send {
  return async (request, signal) => {
    const { gate, reach } = options;
    if (request.url.origin !== gate.realms.origin) return next(request, signal);
    const credential = await gate.keyring.credential(gate.repository, reach);
    if (credential === undefined || credential.kind === "anonymous")
      return next(request, signal);
    gate.keyring.show(gate.repository, ...formsOf(credential));
    const authorization = await headerFor(credential, options);
    if (authorization === undefined) return next(request, signal);
    const headers = { ...request.headers, authorization };
    return next({ ...request, headers }, signal);
  };
}

const quayTokenUser = "$oauthtoken";

async function headerFor(
  credential: Known,
  options: Presenting,
): Promise<string | undefined> {
  const { kind, secret } = credential;
  const isToken =
    kind === "registryToken" ||
    (kind === "basic" && credential.username === quayTokenUser);
  switch (options.as) {
    case "basic":
      return kind === "basic" ? basic(credential) : `Bearer ${secret}`;
    case "bearer":
      return `Bearer ${secret}`;
    case "oauthToken":
      return isToken ? `Bearer ${secret}` : undefined;
    case "hub":
      if (kind !== "basic") return `Bearer ${secret}`;
      return `Bearer ${await hubToken(credential, options)}`;
  }
}
