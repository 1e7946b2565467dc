import { formatReference, parseReference } from "../../oci/reference";
import type { Failure, Value, Values } from "../../mirror/lifecycle";
import {
  attempt,
  memberOf,
  referenceIn,
  questionFailures,
  type Floor,
} from "../judging/questionFailures";
import { ageFailures } from "../mirroring/age/ageFailures";
import { copyFailures } from "../mirroring/copyFailures";

/** What a shape alone cannot tell: grammar, contradictions, and the provider's floor. Unknown values are passed over. */
export function semanticFailures(world: Floor, news: Values): Failure[] {
  const repositories = memberOf(news.evidence, "repositories");
  return [
    ...questionFailures(
      world,
      { ...news, repositories },
      "evidence.repositories",
    ),
    ...destinationFailures(news.destination),
    ...sameFailures(news),
    ...copyFailures(world, news),
    ...ageFailures(
      world,
      { minAge: news.minAge, policy: news.policy },
      "minAge",
    ),
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
  const [from, to] = [referenceIn(source), referenceIn(destination)];
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
