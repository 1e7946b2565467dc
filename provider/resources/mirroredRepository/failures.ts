import { parseDigest } from "../../oci/digest";
import { isTag, parseReference, repositoryOf } from "../../oci/reference";
import type { Failure, Value, Values } from "../../mirror/lifecycle";
import { renameFailures } from "../../selectors/renameFailures";
import { tagsFailures } from "../../selectors/tagsFailures";
import { propertyPath } from "../../verifiers/propertyPath";
import {
  attempt,
  memberOf,
  questionFailures,
  referenceIn,
  type Floor,
} from "../judging/questionFailures";
import { ageFailures } from "../mirroring/age/ageFailures";
import { copyFailures } from "../mirroring/copyFailures";

/** What a shape alone cannot tell: grammar, contradictions, and the provider's floor. Unknown values are passed over. */
export function semanticFailures(world: Floor, news: Values): Failure[] {
  const { platforms, policy, tags, rename } = news;
  const repositories = memberOf(news.evidence, "repositories");
  return [
    ...placeFailures("source", news.source),
    ...placeFailures("destination", news.destination),
    ...sameFailures(news),
    ...tagsFailures(tags),
    ...renameFailures(rename),
    ...ageFailures(
      world,
      { minAge: memberOf(tags, "minAge"), policy },
      "tags.minAge",
    ),
    ...digestsFailures(news.digests),
    ...questionFailures(
      world,
      { platforms, policy, repositories },
      "evidence.repositories",
    ),
    ...copyFailures(world, news),
    ...watchFailures(news),
    ...pruneFailures(news),
  ];
}

function placeFailures(property: string, value: Value): Failure[] {
  if (typeof value !== "string") return [];
  const { parsed, failures } = attempt(property, () => parseReference(value));
  if (!parsed || (parsed.tag === undefined && parsed.digest === undefined))
    return failures;
  const reason =
    "name a repository, without tag and digest: `tags` says which of its tags are meant";
  return [{ property, reason }];
}

function sameFailures({ source, destination }: Values): Failure[] {
  const [from, to] = [placeIn(source), placeIn(destination)];
  if (from === undefined || from !== to) return [];
  const reason = "it is the source itself: name another repository";
  return [{ property: "destination", reason }];
}

function placeIn(value: Value): string | undefined {
  const reference = referenceIn(value);
  return reference && repositoryOf(reference);
}

function digestsFailures(value: Value): Failure[] {
  if (typeof value !== "object") return [];
  return Object.entries(value).flatMap(([tag, digest]) => {
    const property = propertyPath(["digests", tag]);
    if (!isTag(tag)) return [{ property, reason: "the name is no tag" }];
    return typeof digest === "string"
      ? attempt(property, () => parseDigest(digest)).failures
      : [];
  });
}

function watchFailures({ evidence }: Values): Failure[] {
  const reason =
    "`all` is for a single artifact: a repository watches the `root` of each tag, or nothing (`none`)";
  return memberOf(evidence, "watch") === "all"
    ? [{ property: "evidence.watch", reason }]
    : [];
}

function pruneFailures({ prune, tags }: Values): Failure[] {
  const reason =
    "`untag` does not go with `mode: higher`, which chooses only what the destination does not have yet";
  return prune === "untag" && memberOf(tags, "mode") === "higher"
    ? [{ property: "prune", reason }]
    : [];
}
