import { MirrorError } from "../../../mirror/errors";
import type { Request, Response, Send } from "../../../mirror/ports";
import { parseChallenges, type Challenge } from "./challenge";
import { isReplayable } from "../wire/message";
import { passFor, type Pass, type Passage, type Scopes } from "./pass";
import { TokenRefused } from "./tokenServer";

const maxRounds = 3; // a first challenge, a wider scope, a stale token

/** Sends with what the repository asked for so far; answers its challenge once, and a stale token or credential once (W29). */
export function authorized(next: Send, options: Omit<Passage, "url">): Send {
  return async (request, signal) => {
    const { gate } = options;
    if (request.url.origin !== gate.realms.origin) return next(request, signal);
    const passage: Passage = { ...options, url: request.url };
    const ask = async (pass: Pass | undefined) => {
      const response = await next(attach(request, pass), signal);
      const challenge = askedBy(response);
      if (challenge) gate.keyring.learn(gate, challenge);
      return { response, challenge };
    };
    let scopes = options.scopes;
    let pass: Pass | undefined;
    let { response, challenge } = await gate.keyring.introduction.meet(
      gate.realms.origin,
      signal,
      async () => {
        pass = await firstPass(passage);
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

/** Our scopes behind those that the server misses: some read only the first (W30). */
function widened(scopes: Scopes, challenge: Challenge): Scopes | undefined {
  const wanted = challenge.parameters.get("scope") ?? "";
  const named = wanted.split(" ").filter(Boolean);
  const isMissing = named.some((scope) => !scopes.includes(scope));
  return isMissing && asksForScope(challenge)
    ? [...new Set([...named, ...scopes])]
    : undefined;
}

/** What this repository asked for last, or else its host: then a further repository meets no refusal first. */
async function firstPass(passage: Passage): Promise<Pass | undefined> {
  const { gate, scopes } = passage;
  const own = gate.keyring.challenge(gate.repository);
  if (own !== undefined) return passFor(own, scopes, passage);
  const guess = gate.keyring.challenge(gate.realms.origin);
  if (guess === undefined) return undefined;
  try {
    const pass = await passFor(guess, scopes, passage);
    return pass && { ...pass, guess };
  } catch (error) {
    if (error instanceof MirrorError && error.fault === "denied")
      return undefined; // perhaps this repository asks for nothing, or elsewhere
    throw error;
  }
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
  const { keyring } = passage.gate;
  const { challenge, scopes } = wish;
  if (refused === undefined || isWrongGuess(refused, challenge))
    return passFor(challenge, scopes, passage);
  if (refused.token !== undefined) keyring.drop(refused.key, refused.token);
  if (wish.isWider) return widerPass(challenge, scopes, passage);
  const mayBeStale = refused.isOld && refused.token !== undefined;
  return mayBeStale || (await isRotated(refused, passage))
    ? passFor(challenge, scopes, passage)
    : undefined;
}

/** Whether the source gives another credential by now than the one refused. */
async function isRotated(
  { credential }: Pass,
  { gate, reach }: Passage,
): Promise<boolean> {
  if (credential === undefined || credential.kind === "anonymous") return false;
  const { keyring, repository } = gate;
  const again = await keyring.credential(repository, reach, credential);
  return again?.id !== credential.id;
}

function isWrongGuess({ guess }: Pass, challenge: Challenge): boolean {
  if (guess === undefined) return false;
  const differs = (name: string): boolean =>
    guess.parameters.get(name) !== challenge.parameters.get(name);
  return (
    guess.scheme !== challenge.scheme || differs("realm") || differs("service")
  );
}

/** Some token servers refuse more than one scope: then the one that is missing is all that is asked for (F16). */
async function widerPass(
  challenge: Challenge,
  scopes: Scopes,
  passage: Passage,
): Promise<Pass | undefined> {
  try {
    return await passFor(challenge, scopes, passage);
  } catch (error) {
    if (!(error instanceof TokenRefused) || error.status !== 400) throw error;
    return passFor(challenge, scopes.slice(0, 1), passage);
  }
}
