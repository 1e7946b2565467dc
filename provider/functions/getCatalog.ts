import { mapBounded } from "../mirror/bounded";
import { MirrorError } from "../mirror/errors";
import { parseNode } from "../mirror/graph";
import type { Failure, Value } from "../mirror/lifecycle";
import type { Reach } from "../mirror/ports";
import { printable } from "../mirror/printable";
import type { ListedRepository } from "../mirror/repositories";
import { artifactTypeOf } from "../oci/manifest";
import { parseReference } from "../oci/reference";
import type { World } from "../resources/world";
import { argumentFailures } from "./argumentFailures";
import {
  inputs,
  maxTyped,
  outputs,
  type CatalogEntry,
} from "./getCatalogShape";
import type { FunctionKind } from "./kind";
import { kindOf } from "./looking/kinds";
import { hostIn, registryIn, type RegistryPart } from "./looking/registryIn";

const asksAtOnce = 8;
const defaultMax = 1000;

/** What is in a registry. */
export const getCatalog: FunctionKind = {
  token: "artifact-mirror:index:getCatalog",
  description:
    "Lists the repositories of a registry by the best way that it offers: the product's own API where the host is known for one, or where you name it, else `_catalog`. Tells which way it was, and what may be missing. A registry that lists nothing is an error, never an empty list.",
  inputs,
  outputs,
  async ask(world, { reach }, values) {
    const failures = argumentFailures(inputs, values);
    const { registry: text, api } = values;
    if (failures.length === 0) failures.push(...hostFailures(text, api));
    if (failures.length > 0) return { failures };
    const asked = inputs.parse(values);
    const part = registryIn(asked.registry);
    if (!("registry" in part)) return { failures: [part] };
    const { way, max = defaultMax, types = false } = asked;
    const wish = { ...part, way, api: asked.api, max };
    const listed = await world.stores.repositories(wish, reach);
    const { repositories, isComplete: complete } = listed;
    const entries = await entriesOf(repositories, {
      world,
      part,
      reach,
      most: types ? maxTyped : 0,
    });
    const untyped = types ? repositories.length - maxTyped : 0;
    const notes = [
      ...listed.notes,
      ...(untyped > 0
        ? [`what is in the last ${untyped} repositories was not looked at`]
        : []),
    ];
    const answer = { way: listed.way, complete, notes, repositories: entries };
    return { values: outputs.parse({ registry: asked.registry, ...answer }) };
  },
};

/** What a shape alone cannot tell. */
function hostFailures(registry: Value, api: Value): Failure[] {
  const read = [
    ...(typeof registry === "string" ? [registryIn(registry)] : []),
    ...(typeof api === "string" ? [hostIn(api)] : []),
  ];
  return read.flatMap((one) =>
    typeof one === "object" && "reason" in one ? [one] : [],
  );
}

interface Looking {
  readonly world: World;
  readonly part: RegistryPart;
  readonly reach: Reach;
  /** how many repositories are looked into */
  readonly most: number;
}

function entriesOf(
  listed: readonly ListedRepository[],
  looking: Looking,
): Promise<CatalogEntry[]> {
  const numbered = listed.map((one, at) => ({ one, at }));
  return mapBounded(numbered, asksAtOnce, async ({ one, at }) => {
    const { name, updated } = one;
    const reference = `${looking.part.registry}/${name}`;
    const known = { name, reference, ...(updated && { updated }) };
    if (at >= looking.most) return known;
    return { ...known, ...(await contentOf(reference, one.newest, looking)) };
  });
}

/** What a repository holds, or why that cannot be told: one that may not be read does not hide the others. */
async function contentOf(
  reference: string,
  newest: string | undefined,
  { world, reach }: Looking,
): Promise<Partial<CatalogEntry>> {
  const place = world.stores.open(parseReference(reference), "source");
  try {
    const { newestTag } = await import("./looking/newestTag.ts");
    const tag = newest ?? newestTag(await place.tags(reach));
    if (tag === undefined) return { problem: "it has no tag" };
    const served = await place.fetch(tag, reach);
    if (!served) return { tag, problem: `${tag} is not there` };
    const { manifest, descriptor } = parseNode(place, served);
    return {
      tag,
      digest: descriptor.digest,
      kind: kindOf(manifest),
      artifactType: printable(artifactTypeOf(manifest), 255),
    };
  } catch (error) {
    if (!(error instanceof MirrorError) || error.fault === "cancelled")
      throw error;
    return { problem: printable(error.message, 300) };
  }
}
