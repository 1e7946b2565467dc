import { parseDigest } from "../../oci/digest";
import { MalformedError } from "../../oci/malformed";
import { parsePlatform } from "../../oci/platform";
import { parseReference, type Reference } from "../../oci/reference";
import type { Failure, Value, Values } from "../../mirror/lifecycle";
import type { World } from "../world";
import { noSuchPolicy } from "./sharedPolicy";

/** What no policy may fall below. */
export type Floor = Pick<World, "policies" | "allowUnverified">;

/** What a shape alone cannot tell of what says which artifact is meant, and what is demanded of it. Unknown values are passed over. */
export function questionFailures(
  world: Floor,
  asked: Values,
  repositoriesAt: string,
): Failure[] {
  const { source, platforms, repositories, policy } = asked;
  return [
    ...sourceFailures(source),
    ...digestFailures(asked),
    ...listFailures("platforms", platforms, parsePlatform),
    ...listFailures(repositoriesAt, repositories, parseReference),
    ...policyFailures(world, policy),
  ];
}

function sourceFailures(value: Value): Failure[] {
  if (typeof value !== "string") return [];
  const { parsed, failures } = attempt("source", () => parseReference(value));
  if (!parsed || parsed.tag !== undefined || parsed.digest !== undefined)
    return failures;
  return [
    {
      property: "source",
      reason: "name a tag or a digest: there is no implied `latest`",
    },
  ];
}

function digestFailures({ digest, source }: Values): Failure[] {
  if (typeof digest !== "string") return [];
  const { parsed, failures } = attempt("digest", () => parseDigest(digest));
  const pinned = referenceIn(source)?.digest;
  if (!parsed || pinned === undefined || pinned === parsed) return failures;
  return [
    {
      property: "digest",
      reason: `the source already names ${pinned}: leave one of the two out`,
    },
  ];
}

function listFailures(
  property: string,
  value: Value,
  parse: (text: string) => unknown,
): Failure[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((text, index) =>
    typeof text === "string"
      ? attempt(`${property}[${index}]`, () => parse(text)).failures
      : [],
  );
}

function policyFailures(world: Floor, policy: Value): Failure[] {
  const use = memberOf(policy, "use");
  if (typeof use === "string" && !Object.hasOwn(world.policies, use)) {
    return [{ property: "policy.use", reason: noSuchPolicy(world, use) }];
  }
  return isUnverified(world, policy) ? floorFailures(world) : [];
}

/** Whether nothing is verified, by the policy itself or by the shared one that it names. */
export function isUnverified({ policies }: Floor, policy: Value): boolean {
  const use = memberOf(policy, "use");
  const shared =
    typeof use === "string" && Object.hasOwn(policies, use)
      ? policies[use]
      : undefined;
  return (memberOf(policy, "unverified") ?? shared?.unverified) !== undefined;
}

function floorFailures({ allowUnverified }: Floor): Failure[] {
  const reason =
    "the provider says `allowUnverified: false`: name who must have signed it";
  return allowUnverified ? [] : [{ property: "policy.unverified", reason }];
}

/** A member of an object, or undefined. */
export function memberOf(value: Value, name: string): Value {
  if (typeof value !== "object") return undefined;
  return Object.entries(value).find(([own]) => own === name)?.[1];
}

/** Parses a text of the user's. */
export function attempt<Parsed>(
  property: string,
  parse: () => Parsed,
): { parsed?: Parsed; failures: Failure[] } {
  try {
    return { parsed: parse(), failures: [] };
  } catch (error) {
    if (error instanceof MalformedError)
      return { failures: [{ property, reason: error.message }] };
    throw error;
  }
}

/** The reference, where it is one. */
export function referenceIn(value: Value): Reference | undefined {
  return typeof value === "string"
    ? attempt("", () => parseReference(value)).parsed
    : undefined;
}
