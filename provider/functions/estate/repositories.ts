import { parseReference } from "../../oci/reference";
import type { Value, Values } from "../../mirror/lifecycle";
import { propertyPath } from "../../verifiers/propertyPath";
import {
  attempt,
  memberOf,
  type Floor,
} from "../../resources/judging/questionFailures";
import { semanticFailures } from "../../resources/mirroredRepository/failures";
import { inputs } from "../../resources/mirroredRepository/inputs";
import {
  namesOf,
  problemAt,
  settingsOf,
  type Declaration,
  type Declared,
} from "./declared";
import { targetsOf } from "./destinations";
import { settingOf, type Entry } from "./entries";
import { policyFor } from "./policies";
import type { Problem } from "./problem";
import { resolvePlace, type Aliases } from "./references";
import { shapeProblems } from "./shapeProblems";

const ofEach = ["source", "destination", "policy", "tags"];
const words = Object.keys(inputs.shape).filter(
  (word) => !ofEach.includes(word),
);

/** What a repository's entry declares: one resource for each destination. */
export function repositoriesOf(
  entry: Entry,
  { floor, aliases }: { readonly floor: Floor; readonly aliases: Aliases },
): Declaration {
  const source = sourceOf(entry, aliases);
  if ("reason" in source) return { declared: [], problems: [source] };
  const policy = policyFor(entry, floor.policies);
  const tags = tagsFor(entry);
  const { targets, problems } = targetsOf(entry, aliases, source.path);
  const found = [
    ...("reason" in policy ? [policy] : []),
    ...("reason" in tags ? [tags] : []),
    ...problems,
  ];
  if (found.length > 0 || "reason" in policy || "reason" in tags) {
    return { declared: [], problems: found };
  }
  const args = {
    source: source.text,
    ...settingsOf(entry, words),
    ...policy,
    ...tags,
  };
  const declared = targets.map((target, at) => ({
    kind: entry.kind,
    entry: entry.name,
    ...namesOf(entry.name, { target, isFirst: at === 0 }),
    args: { ...args, destination: target.text },
    destination: target.text,
    path: entry.scopes[0].path,
    destinationPath: target.path,
  }));
  return {
    declared,
    problems: declared.flatMap((one) => failuresOf(entry, one, floor)),
  };
}

function sourceOf(
  { source, scopes }: Entry,
  aliases: Aliases,
): { readonly text: string; readonly path: string | undefined } | Problem {
  const path = [...scopes[0].path, "source"];
  const isLayout = source.startsWith("oci:");
  const place = isLayout
    ? { text: source, rest: undefined }
    : resolvePlace(source, aliases);
  if ("reason" in place) return { path, reason: place.reason };
  const { parsed, failures } = attempt("source", () =>
    parseReference(place.text),
  );
  if (parsed === undefined) return { path, reason: failures[0]?.reason ?? "" };
  return parsed.tag === undefined && parsed.digest === undefined
    ? { text: place.text, path: place.rest }
    : { path, reason: isNamed };
}

const isNamed =
  "names a tag or a digest: leave it out, `tags` says which tags are meant";

/** The tag rules that count for an entry. A cooldown that is asked of all is asked of these, too. */
function tagsFor(entry: Entry): { readonly tags: Value } | Problem {
  const tags = settingOf(entry, "tags")?.value;
  if (tags === undefined) {
    const reason =
      "has no tags: write `tags` here, in its group or in `defaults`";
    return { path: entry.scopes[0].path, reason };
  }
  const minAge = settingOf(entry, "minAge")?.value;
  if (minAge === undefined || memberOf(tags, "minAge") !== undefined) {
    return { tags };
  }
  return { tags: { ...membersOf(tags), minAge } };
}

function membersOf(value: Value): Values {
  return typeof value === "object"
    ? Object.fromEntries(Object.entries(value))
    : {};
}

/** What is inherited may be meant for artifacts: it is checked as what it becomes. */
function failuresOf(
  entry: Entry,
  { args, destinationPath }: Declared,
  floor: Floor,
): readonly Problem[] {
  const misfits = shapeProblems(inputs, args);
  if (misfits.length > 0) {
    return misfits.map(({ path, reason }) =>
      problemAt(
        entry,
        { property: propertyPath(path), reason },
        destinationPath,
      ),
    );
  }
  return semanticFailures(floor, args).map((failure) =>
    problemAt(entry, failure, destinationPath),
  );
}
