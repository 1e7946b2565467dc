import type { Reach } from "../mirror/ports";
import { brokenSource, givenUp, type Finder, type Found } from "./finder";
import { decodeLogin } from "./login";

/** Where a private ECR registry is, as its host name says. */
export interface EcrHost {
  readonly region: string;
  readonly isFips: boolean;
  readonly isDualstack: boolean;
}

/** Anchored, as amazon-ecr-credential-helper has it (N17). */
const grammar =
  /^\d{12}\.dkr[.-]ecr(-fips)?\.([a-z0-9][a-z0-9_-]*)\.(?:amazonaws\.(?:com(?:\.cn)?|eu)|(on)\.(?:aws|amazonwebservices\.com\.cn)|sc2s\.sgov\.gov|c2s\.ic\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$/;

/** Reads the host of a private ECR registry; `undefined` for every other host. */
export function parseEcrHost(host: string): EcrHost | undefined {
  const match = grammar.exec(host);
  const region = match?.[2];
  if (region === undefined) return undefined;
  return {
    region,
    isFips: match?.[1] !== undefined,
    isDualstack: match?.[3] !== undefined,
  };
}

const renewBeforeMs = 30 * 60_000;
const name = "the ambient AWS credentials";

interface Token {
  readonly found: Found;
  /** until when it is used */
  readonly until: number;
}

/** Private ECR by AWS's own chain: environment, profile, SSO, web identity, container, instance. The region is the host's. */
export function ecrFinder(): Finder {
  const asked = new Map<string, Promise<Token>>();
  const ask = async (
    host: string,
    place: EcrHost,
    reach: Reach,
  ): Promise<Token> => {
    const token = authorizationToken(place, host, reach);
    asked.set(host, token);
    try {
      return await token;
    } catch (error) {
      if (asked.get(host) === token) asked.delete(host);
      throw error;
    }
  };
  return {
    name,
    concerns: (host) => parseEcrHost(host) !== undefined,
    find: async ({ host, isFresh }, reach) => {
      const place = parseEcrHost(host);
      if (place === undefined) return undefined;
      const running = isFresh ? undefined : asked.get(host);
      const known = running && (await running);
      const isGood = known !== undefined && reach.now().getTime() < known.until;
      return (isGood ? known : await ask(host, place, reach)).found;
    },
  };
}

async function authorizationToken(
  place: EcrHost,
  host: string,
  reach: Reach,
): Promise<Token> {
  const { ECRClient, GetAuthorizationTokenCommand } =
    await import("@aws-sdk/client-ecr"); // heavy, and for this host only
  const client = new ECRClient({
    region: place.region,
    ...(place.isFips ? { useFipsEndpoint: true } : {}),
    ...(place.isDualstack ? { useDualstackEndpoint: true } : {}),
  });
  try {
    const answer = await client.send(new GetAuthorizationTokenCommand({}), {
      abortSignal: reach.signal,
    });
    return tokenOf(answer.authorizationData?.[0], reach.now());
  } catch (error) {
    if (reach.signal.aborted) throw givenUp(name, reach.signal);
    throw brokenSource(
      `${name} for ${host}`,
      wordsOf(error),
      "check that an AWS identity is at hand here, and that it may call ecr:GetAuthorizationToken",
    );
  } finally {
    client.destroy();
  }
}

function tokenOf(
  data: { authorizationToken?: string; expiresAt?: Date } | undefined,
  now: Date,
): Token {
  const expires = data?.expiresAt ?? now;
  return {
    found: decode(data?.authorizationToken ?? ""),
    until: expires.getTime() - renewBeforeMs,
  };
}

function decode(token: string): Found {
  const login = decodeLogin(token);
  if (login === undefined) throw new Error("ECR answered without a token");
  return { kind: "basic", source: name, ...login };
}

/** What AWS says names actions and identities, and no secret. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return "it failed";
  return `${error.name}: ${error.message}`.slice(0, 300);
}
