import { formatReference, isTag, parseReference } from "../../oci/reference";
import type { Values } from "../../mirror/lifecycle";
import {
  attempt,
  referenceIn,
  type Floor,
} from "../../resources/judging/questionFailures";
import { semanticFailures } from "../../resources/mirroredArtifact/failures";
import { inputs } from "../../resources/mirroredArtifact/inputs";
import {
  namesOf,
  problemAt,
  settingsOf,
  type Declaration,
  type Declared,
} from "./declared";
import { targetsOf, type Target } from "./destinations";
import type { Entry } from "./entries";
import { policyFor } from "./policies";
import type { Problem } from "./problem";
import { resolvePlace, type Aliases } from "./references";

const ofEach = ["source", "destination", "digest", "policy"];
const words = Object.keys(inputs.shape).filter(
  (word) => !ofEach.includes(word),
);

/** What an artifact's entry declares: one resource for each destination and each of its tags. */
export function artifactsOf(
  entry: Entry,
  { floor, aliases }: { readonly floor: Floor; readonly aliases: Aliases },
): Declaration {
  const source = sourceOf(entry, aliases);
  if ("reason" in source) return { declared: [], problems: [source] };
  const policy = policyFor(entry, floor.policies);
  const { targets, problems } = targetsOf(entry, aliases, source.path);
  const found = [
    ...("reason" in policy ? [policy] : []),
    ...problems,
    ...tagProblems(entry),
  ];
  if (found.length > 0 || "reason" in policy) {
    return { declared: [], problems: found };
  }
  const args = { ...settingsOf(entry, words), ...source.args, ...policy };
  const declared = targets.flatMap((target, at) =>
    [undefined, ...entry.additionalTags].map((tag) =>
      declaredAt(entry, { args, tag, source, target, isFirst: at === 0 }),
    ),
  );
  const failures = declared.flatMap(({ args: checked, destinationPath }) =>
    semanticFailures(floor, checked).map((failure) =>
      problemAt(entry, failure, destinationPath),
    ),
  );
  return { declared, problems: failures };
}

interface Source {
  /** `source`, and `digest` where it is pinned beside its tag */
  readonly args: Values;
  readonly tag: string | undefined;
  /** behind the registry, without tag and digest */
  readonly path: string | undefined;
}

function sourceOf(entry: Entry, aliases: Aliases): Source | Problem {
  const path = [...entry.scopes[0].path, "source"];
  if (entry.source.startsWith("oci:")) {
    return read(entry.source, undefined, path);
  }
  const place = resolvePlace(entry.source, aliases);
  if ("reason" in place) return { path, reason: place.reason };
  return read(place.text, withoutNames(place.rest), path);
}

function read(
  text: string,
  behind: string | undefined,
  path: readonly PropertyKey[],
): Source | Problem {
  const { parsed, failures } = attempt("source", () => parseReference(text));
  if (parsed === undefined) return { path, reason: failures[0]?.reason ?? "" };
  const { tag, digest } = parsed;
  if (tag === undefined && digest === undefined) {
    return {
      path,
      reason: "name a tag or a digest: there is no implied `latest`",
    };
  }
  const isPinned = tag !== undefined && digest !== undefined;
  const args = isPinned
    ? { source: text.slice(0, text.lastIndexOf("@")), digest }
    : { source: text };
  return { args, tag, path: behind };
}

/** `library/nginx:1.27.1@sha256:…` → `library/nginx` */
function withoutNames(path: string): string {
  return path.replace(/@.*$/, "").replace(/:[^/]*$/, "");
}

function tagProblems({ scopes: [own], additionalTags }: Entry): Problem[] {
  return additionalTags.flatMap((tag, at) =>
    isTag(tag)
      ? []
      : [{ path: [...own.path, "additionalTags", at], reason: notATag }],
  );
}

const notATag =
  "is not a tag: it has 1 to 128 letters, digits, dots, hyphens and underscores, and begins with neither dot nor hyphen";

function declaredAt(
  entry: Entry,
  one: {
    readonly args: Values;
    readonly tag: string | undefined;
    readonly source: Source;
    readonly target: Target;
    readonly isFirst: boolean;
  },
): Declared {
  const { args, tag, source, target, isFirst } = one;
  const destination = tagged(target.text, source.tag, tag);
  return {
    kind: entry.kind,
    entry: entry.name,
    ...namesOf(entry.name, { tag, target, isFirst }),
    args: { ...args, destination },
    destination,
    path: entry.scopes[0].path,
    destinationPath: target.path,
  };
}

/** The place with its own tag, or else with this one; a further tag comes instead of its own. */
function tagged(
  place: string,
  implied: string | undefined,
  further: string | undefined,
): string {
  const reference = referenceIn(place);
  const tag = further ?? reference?.tag ?? implied;
  return reference === undefined || tag === undefined
    ? place // what is wrong with it is found where it is checked
    : formatReference({ ...reference, tag });
}
