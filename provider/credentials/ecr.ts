import type { Reach } from "../mirror/ports";
import { brokenSource, type Finder, type Found } from "./finder";

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

interface Kept {
  readonly found: Promise<Found>;
  /** until when it is good, as soon as that is known */
  until: number;
}

/** Private ECR by AWS's own chain: environment, profile, SSO, web identity, container, instance. The region is the host's. */
export function ecrFinder(): Finder {
  const kept = new Map<string, Kept>();
  return {
    name,
    concerns: (host) => parseEcrHost(host) !== undefined,
    find: async ({ host, isFresh }, reach) => {
      const place = parseEcrHost(host);
      if (place === undefined) return undefined;
      const known = kept.get(host);
      if (
        known !== undefined &&
        !isFresh &&
        reach.now().getTime() < known.until
      )
        return known.found;
      const token = authorizationToken(place, host, reach);
      const entry: Kept = {
        found: token.then(({ found }) => found),
        until: Number.POSITIVE_INFINITY,
      };
      kept.set(host, entry);
      try {
        entry.until = (await token).until;
      } catch (error) {
        if (kept.get(host) === entry) kept.delete(host);
        throw error;
      }
      return entry.found;
    },
  };
}

async function authorizationToken(
  place: EcrHost,
  host: string,
  reach: Reach,
): Promise<{ readonly found: Found; readonly until: number }> {
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
    const [data] = answer.authorizationData ?? [];
    const text = Buffer.from(data?.authorizationToken ?? "", "base64").toString(
      "utf8",
    );
    const colon = text.indexOf(":");
    if (colon < 1)
      throw brokenSource(
        `${name} for ${host}`,
        "ECR answered without a token",
        "try again",
      );
    const found: Found = {
      kind: "basic",
      source: name,
      username: text.slice(0, colon),
      secret: text.slice(colon + 1),
    };
    const life =
      data?.expiresAt?.getTime() ?? reach.now().getTime() + 2 * renewBeforeMs;
    return { found, until: life - renewBeforeMs };
  } catch (error) {
    const words =
      error instanceof Error
        ? `${error.name}: ${error.message}`.slice(0, 300)
        : "it failed";
    throw brokenSource(
      `${name} for ${host}`,
      words,
      "check that an AWS identity is at hand here, and that it may call ecr:GetAuthorizationToken",
    );
  } finally {
    client.destroy();
  }
}
