import { parseDigest } from "../../oci/digest";
import { MalformedError } from "../../oci/malformed";
import { parsePlatform } from "../../oci/platform";
import {
  formatReference,
  parseReference,
  type Reference,
} from "../../oci/reference";
import type { Failure, Value, Values } from "../../mirror/lifecycle";
import type { World } from "../world";
import { noSuchPolicy } from "./sharedPolicy";

/** What a shape alone cannot tell: grammar, contradictions, and the provider's floor. Unknown values are passed over. */
export function semanticFailures(world: Floor, news: Values): Failure[] {
  const repositories = member(news.evidence, "repositories");
  return [
    ...questionFailures(
      world,
      { ...news, repositories },
      "evidence.repositories",
    ),
    ...destinationFailures(news.destination),
    ...sameFailures(news),
    ...copyFailures(world, news),
  ];
}

/** The same of what says which artifact is meant, and what is demanded of it. */
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

function member(value: Value, name: string): Value {
  if (typeof value !== "object") return undefined;
  return Object.entries(value).find(([own]) => own === name)?.[1];
}

function attempt<Parsed>(
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

function destinationFailures(value: Value): Failure[] {
  if (typeof value !== "string") return [];
  const { parsed, failures } = attempt("destination", () =>
    parseReference(value),
  );
  if (!parsed) return failures;
  if (parsed.digest !== undefined)
    return [
      {
        property: "destination",
        reason: "name a tag and no digest: the digest is the source's",
      },
    ];
  return parsed.tag === undefined
    ? [
        {
          property: "destination",
          reason: "name a tag: it is what consumers will ask for",
        },
      ]
    : [];
}

function sameFailures({ source, destination }: Values): Failure[] {
  const [from, to] = [parsedOr(source), parsedOr(destination)];
  if (
    !from ||
    !to ||
    formatReference({ ...from, digest: undefined }) !== formatReference(to)
  )
    return [];
  return [
    {
      property: "destination",
      reason: "it is the source itself: name another place, or another tag",
    },
  ];
}

function parsedOr(value: Value): Reference | undefined {
  return typeof value === "string"
    ? attempt("", () => parseReference(value)).parsed
    : undefined;
}

function digestFailures({ digest, source }: Values): Failure[] {
  if (typeof digest !== "string") return [];
  const { parsed, failures } = attempt("digest", () => parseDigest(digest));
  const pinned = parsedOr(source)?.digest;
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

type Floor = Pick<World, "policies" | "allowUnverified">;

function policyFailures(world: Floor, policy: Value): Failure[] {
  const use = member(policy, "use");
  if (typeof use === "string" && !Object.hasOwn(world.policies, use)) {
    return [{ property: "policy.use", reason: noSuchPolicy(world, use) }];
  }
  return isUnverified(world, policy) ? floorFailures(world) : [];
}

function isUnverified({ policies }: Floor, policy: Value): boolean {
  const use = member(policy, "use");
  const shared =
    typeof use === "string" && Object.hasOwn(policies, use)
      ? policies[use]
      : undefined;
  return (member(policy, "unverified") ?? shared?.unverified) !== undefined;
}

function floorFailures({ allowUnverified }: Floor): Failure[] {
  const reason =
    "the provider says `allowUnverified: false`: name who must have signed it";
  return allowUnverified ? [] : [{ property: "policy.unverified", reason }];
}

function copyFailures(world: Floor, { policy, evidence }: Values): Failure[] {
  const reason =
    "`none` goes only with `policy.unverified`: the copy is judged again where it lies";
  const isJudged = typeof policy === "object" && !isUnverified(world, policy);
  return isJudged && member(evidence, "copy") === "none"
    ? [{ property: "evidence.copy", reason }]
    : [];
}
