import type { Credential } from "../../../mirror/credential";
import type { Reach, Request, Response, Send } from "../../../mirror/ports";
import { parseChallenges, type Challenge } from "./challenge";
import type { Clock } from "../pace/clock";
import { describeCredential } from "./describe";
import type { Keyring } from "./keyring";
import { isReplayable } from "../wire/message";
import { admitRealm, type RealmPolicy } from "./realm";
import { fetchToken, TokenRefused } from "./tokenServer";
import type { Asked } from "../wire/wireError";

/** Everything that logging in to one repository needs. This file alone puts a credential into a request. */
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

/** What was attached to a request. */
interface Pass {
  readonly header: string;
  readonly credential: Credential | undefined;
  readonly token: string | undefined;
  /** where the token is kept */
  readonly key: string;
  /** whether it was used before, and so may have expired */
  readonly isOld: boolean;
}

/** One request's way through the gate. */
interface Passage {
  readonly gate: Gate;
  readonly scopes: Scopes;
  readonly reach: Reach;
  readonly asked: Asked;
  readonly url: URL;
}

const maxRounds = 3;

/** Sends with what the repository asked for so far; answers its challenge once, and a stale token or credential once (W29). */
export function authorized(next: Send, options: Omit<Passage, "url">): Send {
  return async (request, signal) => {
    const { gate } = options;
    if (request.url.origin !== gate.realms.origin) return next(request, signal);
    const passage: Passage = { ...options, url: request.url };
    const ask = async (pass: Pass | undefined) => {
      const response = await next(attach(request, pass), signal);
      const challenge = askedBy(response);
      if (challenge) gate.keyring.learn(gate.repository, challenge);
      return { response, challenge };
    };
    let scopes = options.scopes;
    let pass: Pass | undefined;
    const { introduction } = gate.keyring;
    let { response, challenge } = await introduction.meet(
      gate.repository,
      signal,
      async () => {
        const known = gate.keyring.challenge(gate.repository);
        pass = known && (await passFor(known, scopes, passage));
        return ask(pass);
      },
    );
    for (let round = 0; round < maxRounds && challenge; round++) {
      const wider = widened(scopes, challenge);
      const better = await betterPass(
        pass,
        { challenge, scopes: wider ?? scopes, isWider: wider !== undefined },
        passage,
      );
      if (better === undefined || !isReplayable(request)) return response;
      scopes = wider ?? scopes;
      pass = better;
      await response.discard();
      ({ response, challenge } = await ask(pass));
    }
    return response;
  };
}

function attach(request: Request, pass: Pass | undefined): Request {
  return pass === undefined
    ? request
    : {
        ...request,
        headers: { ...request.headers, authorization: pass.header },
      };
}

/** The challenge that a refusal carries, if it is one that can be answered. */
function askedBy(response: Response): Challenge | undefined {
  if (response.status !== 401 && response.status !== 403) return undefined;
  const challenges = parseChallenges(response.headers["www-authenticate"]);
  const bearer = challenges.find(
    ({ scheme, parameters }) => scheme === "bearer" && parameters.has("realm"),
  );
  const chosen = bearer ?? challenges.find(({ scheme }) => scheme === "basic");
  return response.status === 403 &&
    chosen !== undefined &&
    !asksForScope(chosen)
    ? undefined
    : chosen;
}

function asksForScope(challenge: Challenge): boolean {
  return ["insufficient_scope", "invalid_scope"].includes(
    challenge.parameters.get("error") ?? "",
  );
}

/** Our scopes behind the one that the server misses: some read only the first (W30). */
function widened(scopes: Scopes, challenge: Challenge): Scopes | undefined {
  const scope = challenge.parameters.get("scope");
  if (
    scope === undefined ||
    scope === "" ||
    !asksForScope(challenge) ||
    scopes.includes(scope)
  )
    return undefined;
  return [scope, ...scopes];
}

/** Another pass than the one refused; `undefined` where the refusal is final. */
async function betterPass(
  refused: Pass | undefined,
  wish: {
    readonly challenge: Challenge;
    readonly scopes: Scopes;
    readonly isWider: boolean;
  },
  passage: Passage,
): Promise<Pass | undefined> {
  const { keyring, repository } = passage.gate;
  const { challenge, scopes } = wish;
  if (refused === undefined) return passFor(challenge, scopes, passage);
  if (refused.token !== undefined) keyring.drop(refused.key, refused.token);
  const mayBeStale = refused.isOld && refused.token !== undefined;
  if (mayBeStale || wish.isWider) return passFor(challenge, scopes, passage);
  if (
    refused.credential === undefined ||
    refused.credential.kind === "anonymous"
  )
    return undefined;
  const again = await keyring.credential(
    repository,
    passage.reach,
    refused.credential,
  );
  return again?.id === refused.credential.id
    ? undefined
    : passFor(challenge, scopes, passage);
}

async function passFor(
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
function formsOf(
  credential: Exclude<Credential, { readonly kind: "anonymous" }>,
): readonly string[] {
  const { secret } = credential;
  const username =
    credential.kind === "basic" ? credential.username : "<token>";
  const encoded = basic({ username, secret }).slice("Basic ".length);
  return [secret, encodeURIComponent(secret), encoded];
}

function basic({
  username,
  secret,
}: {
  readonly username: string;
  readonly secret: string;
}): string {
  return `Basic ${Buffer.from(`${username}:${secret}`).toString("base64")}`;
}
