import type { Failure, Values } from "../mirror/lifecycle";
import { parseReference } from "../oci/reference";
import type { World } from "../resources/world";
import { renameFailures } from "../selectors/renameFailures";
import { selectTags } from "../selectors/select";
import { tagsFailures } from "../selectors/tagsFailures";
import type { Reach } from "../mirror/ports";
import { argumentFailures } from "./argumentFailures";
import { inputs, outputs, type Inputs } from "./getTagsShape";
import type { FunctionKind } from "./kind";
import { repositoryFailures } from "./repositoryFailures";
import { answerOf } from "./tags/answer";
import { listBoth } from "./tags/listBoth";

/** What a MirroredRepository's rules choose, and why not the rest. */
export const getTags: FunctionKind = {
  token: "artifact-mirror:index:getTags",
  description:
    "Lists every tag of a repository: chosen by the rules of a MirroredRepository, or dropped, and by which rule. It reads lists of tags and nothing else.",
  inputs,
  outputs,
  async ask(world, { reach }, values) {
    const failures = failuresOf(values);
    if (failures.length > 0) return { failures };
    const asked = inputs.parse(values);
    return { values: outputs.parse(await tagsOf(world, asked, reach)) };
  },
};

function failuresOf(values: Values): readonly Failure[] {
  const failures = argumentFailures(inputs, values);
  if (failures.length > 0) return failures;
  const { source, destination, tags, rename } = inputs.parse(values);
  const compares = tags?.mode === "higher" && destination === undefined;
  return [
    ...repositoryFailures("source", source),
    ...repositoryFailures("destination", destination),
    ...tagsFailures(tags),
    ...renameFailures(rename),
    ...(compares
      ? [
          {
            property: "destination",
            reason: "is missing: `mode: higher` compares with its versions",
          },
        ]
      : []),
  ];
}

async function tagsOf(world: World, asked: Inputs, reach: Reach) {
  const { source, destination, rename } = asked;
  const tags = asked.tags ?? { mode: "all" as const };
  const listed = await listBoth(
    world,
    {
      tags,
      source: parseReference(source),
      destination:
        destination === undefined ? undefined : parseReference(destination),
    },
    reach,
  );
  const selection = selectTags(
    { tags, rename },
    { source: listed.source, destination: listed.destination ?? [] },
  );
  return { source, ...answerOf(selection, listed) };
}
