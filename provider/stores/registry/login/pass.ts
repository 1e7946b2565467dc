import type { Credential } from "../../../mirror/credential";
import type { Reach, Send } from "../../../mirror/ports";
import type { Challenge } from "./challenge";
import type { Clock } from "../pace/clock";
import { describeCredential } from "./describe";
import type { Keyring } from "./keyring";
import { admitRealm, type RealmPolicy } from "./realm";
import { fetchToken, TokenRefused } from "./tokenServer";
import type { Asked } from "../wire/wireError";

/** Everything that logging in to one repository needs. */
export interface Gate {
  /** `host/repository`, as the user wrote it: what credentials are configured for */
  readonly repository: string;
  readonly realms: RealmPolicy;
  readonly keyring: Keyring;
  readonly clock: Clock;
  /** the way to token servers: it follows no redirect to another origin (N06) */
  toTokenServer(reach: Reach): Send;
}

/** For what a request asks: scopes of the distribution token spec, sorted, one per repository (W41). */
export type Scopes = readonly string[];

/** What was attached to a request. This room alone puts a credential into one. */
export interface Pass {
  readonly header: string;
  readonly credential: Credential | undefined;
  readonly token: string | undefined;
  /** where the token is kept */
  readonly key: string;
  /** whether it was used before, and so may have expired */
  readonly isOld: boolean;
  /** the host's challenge, where the repository itself had not asked yet */
  readonly guess?: Challenge;
}

/** One request's way through the gate. */
export interface Passage {
  readonly gate: Gate;
  readonly scopes: Scopes;
  readonly reach: Reach;
  readonly asked: Asked;
  readonly url: URL;
}

/** What answers a challenge; `undefined` where nothing that we have does. */
export async function passFor(
  challenge: Challenge,
  scopes: Scopes,
  passage: Passage,
): Promise<Pass | undefined> {
  const { gate, reach } = passage;
  const credential = await gate.keyring.credential(gate.repository, reach);
  if (credential !== undefined && credential.kind !== "anonymous")
    gate.keyring.show(gate.repository, ...formsOf(credential));
  if (challenge.scheme === "basic") {
    if (credential?.kind !== "basic") return undefined;
    return {
      header: basic(credential),
      credential,
      token: undefined,
      key: "",
      isOld: false,
    };
  }
  if (credential?.kind === "registryToken") {
    return {
      header: `Bearer ${credential.secret}`,
      credential,
      token: undefined,
      key: "",
      isOld: false,
    };
  }
  return bearerPass(challenge, scopes, { ...passage, credential });
}

async function bearerPass(
  challenge: Challenge,
  scopes: Scopes,
  passage: Passage & { readonly credential: Credential | undefined },
): Promise<Pass> {
  const { gate, credential, reach } = passage;
  const withCredential =
    credential !== undefined && credential.kind !== "anonymous";
  const asked = { ...passage.asked, as: describeCredential(credential) };
  const realm = admitRealm(challenge.parameters.get("realm"), gate.realms, {
    request: passage.url,
    withCredential,
    asked,
  });
  const service = challenge.parameters.get("service");
  const key = JSON.stringify([realm.href, service, scopes, credential?.id]); // W43
  const request = {
    realm,
    service,
    scopes,
    ledBy: new URL(gate.realms.origin),
    headers: {},
  };
  const wire = {
    send: gate.toTokenServer(reach),
    signal: reach.signal,
    asked,
    hide: (text: string) => gate.keyring.hide(gate.repository, text),
    now: () => gate.clock.monotonic(),
    date: () => reach.now(),
  };
  const { value, isOld } = await gate.keyring.token(
    key,
    reach.signal,
    async () => {
      if (credential?.kind === "basic")
        return fetchToken(
          { ...request, headers: { authorization: basic(credential) } },
          wire,
        );
      if (credential?.kind !== "identityToken")
        return fetchToken(request, wire);
      return exchange(credential.secret, request, wire);
    },
  );
  gate.keyring.show(gate.repository, value);
  return { header: `Bearer ${value}`, credential, token: value, key, isOld };
}

/** OAuth2 with an identity token; a server that has no such endpoint gets it as Basic (W25). */
async function exchange(
  secret: string,
  ...[request, wire]: Parameters<typeof fetchToken>
): ReturnType<typeof fetchToken> {
  try {
    return await fetchToken({ ...request, refreshToken: secret }, wire);
  } catch (error) {
    if (
      !(error instanceof TokenRefused) ||
      (error.status !== 404 && error.status !== 405)
    )
      throw error;
    return fetchToken(
      {
        ...request,
        headers: { authorization: basic({ username: "<token>", secret }) },
      },
      wire,
    );
  }
}

/** A credential in every form in which it goes over the wire. */
export function formsOf(
  credential: Exclude<Credential, { readonly kind: "anonymous" }>,
): readonly string[] {
  const { secret } = credential;
  const username =
    credential.kind === "basic" ? credential.username : "<token>";
  const encoded = basic({ username, secret }).slice("Basic ".length);
  return [secret, encodeURIComponent(secret), encoded];
}

/** The value of `Authorization` for a user and a password. */
export function basic({
  username,
  secret,
}: {
  readonly username: string;
  readonly secret: string;
}): string {
  return `Basic ${Buffer.from(`${username}:${secret}`).toString("base64")}`;
}
