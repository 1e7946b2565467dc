import type { Descriptor } from "../../oci/descriptor";
import type { Digest } from "../../oci/digest";
import {
  formatReference,
  repositoryOf,
  type Reference,
} from "../../oci/reference";
import { discover, type Discovered } from "../../mirror/discover";
import { walk } from "../../mirror/graph";
import type {
  EvidenceManifest,
  Policy,
  Reach,
  Source,
} from "../../mirror/ports";
import { resolve } from "../../mirror/resolve";
import { select } from "../../mirror/select";
import { admit, verify, type Admitted } from "../../mirror/verify";
import { preparePolicy } from "../../verifiers/policy";
import type { World } from "../world";
import type { Intent } from "./intent";
import { policyOf } from "./sharedPolicy";

/** An artifact that was read at its source and let in. */
export interface Examined {
  readonly source: Source;
  readonly places: readonly [Source, ...Source[]];
  readonly discovered: Discovered;
  readonly admitted: Admitted;
  /** the evidence to copy */
  readonly chosen: readonly EvidenceManifest[];
}

/** Reads the artifact and its evidence where it comes from, and judges it. Reads only; throws what the policy refuses. */
export async function examine(
  world: World,
  intent: Intent,
  call: { readonly digest?: Digest; readonly reach: Reach },
): Promise<Examined> {
  const { reach } = call;
  const source = world.stores.open(intent.source, "source");
  const places = placesOf(world, source, intent.evidence.repositories);
  const policy = await policyFor(world, intent, { reach });
  const seen = world.memory.sources.get(intent.given.source);
  const root =
    seen && seen.digest === call.digest
      ? seen
      : await resolve(source, call.digest ?? intent.sourceName, reach);
  const judged = await judgeAt(
    places,
    { intent, policy, root, reference: intent.source },
    reach,
  );
  return {
    source,
    places,
    ...judged,
    chosen: select(
      judged.admitted,
      judged.discovered.manifests,
      intent.evidence,
    ),
  };
}

/** Where evidence about a source is looked for: beside it, and in the further repositories. */
export function placesOf(
  world: World,
  source: Source,
  repositories: readonly Reference[],
): Examined["places"] {
  const further = repositories.map((place) =>
    world.stores.open(place, "source"),
  );
  return [source, ...further];
}

/** Judges a digest where it lies at the destination, with nothing but what lies there. */
export async function prove(
  world: World,
  copy: Source,
  wanted: {
    readonly intent: Intent;
    readonly digest: Digest;
    readonly reach: Reach;
  },
): Promise<Admitted> {
  const { intent, digest, reach } = wanted;
  const policy = await policyFor(world, intent, { reach, copy });
  const root = await resolve(copy, digest, reach);
  const reference = intent.destination;
  const judged = await judgeAt(
    [copy],
    { intent, policy, root, reference },
    reach,
  );
  return judged.admitted;
}

/** The policy, ready to judge at the source or, with `copy`, what lies at the destination: there too, a signature that names a repository names the source's. */
function policyFor(
  world: World,
  intent: Intent,
  { reach, copy }: { readonly reach: Reach; readonly copy?: Source },
): Promise<Policy> {
  const { stores, trustRefresh, allowedPlugins } = world;
  return preparePolicy(policyOf(world, intent.given.policy), {
    repository: repositoryOf(intent.source),
    ...(copy && { copy: copy.repository }),
    reach,
    stores,
    trustRefresh,
    allowedPlugins,
  });
}

async function judgeAt(
  places: readonly [Source, ...Source[]],
  wanted: {
    readonly intent: Intent;
    readonly policy: Policy;
    readonly root: Descriptor;
    readonly reference: Reference;
  },
  reach: Reach,
): Promise<{ discovered: Discovered; admitted: Admitted }> {
  const [place] = places;
  const { policy, root, intent } = wanted;
  const artifact = await walk(place, root, {
    platforms: intent.platforms,
    reach,
  });
  const authorities = policy.requirements.flatMap(
    (requirement) => requirement.authorities,
  );
  const discovered = await discover(artifact, { places, authorities, reach });
  const reference = formatReference({
    ...wanted.reference,
    digest: root.digest,
  });
  const judged = { place, reference, artifact, discovered, policy };
  return { discovered, admitted: admit(judged, await verify(judged, reach)) };
}
