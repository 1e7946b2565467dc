import { discover } from "../../../provider/mirror/discover";
import { walk } from "../../../provider/mirror/graph";
import type { Coverage, Policy } from "../../../provider/mirror/ports";
import { judgesOf } from "../../../provider/mirror/toJudge";
import { admit, verify, type Case } from "../../../provider/mirror/verify";
import type { Descriptor } from "../../../provider/oci/descriptor";
import { parsePlatform } from "../../../provider/oci/platform";
import { reach, type MemoryStore } from "./memoryStore";
import { policy, requirement } from "./policies";

/** A child of an index, for a platform. */
export function forPlatform(child: Descriptor, text: string): Descriptor {
  return { ...child, platform: parsePlatform(text) };
}

/** A child of an index as BuildKit marks what holds statements. */
export function attestationAbout(
  child: Descriptor,
  about: { readonly digest: string },
): Descriptor {
  return {
    ...child,
    platform: { os: "unknown", architecture: "unknown" },
    annotations: {
      "vnd.docker.reference.type": "attestation-manifest",
      "vnd.docker.reference.digest": about.digest,
    },
  };
}

/** A policy of one requirement and a coverage. */
export function covering(
  coverage: Coverage,
  options?: Parameters<typeof requirement>[0],
): Policy {
  return { ...policy(requirement(options)), coverage };
}

/** Reads an artifact and all its evidence, as a policy wants it. */
export async function readFor(
  store: MemoryStore,
  root: Descriptor,
  by: Policy & { readonly platforms?: readonly string[] },
): Promise<Case> {
  const platforms = (by.platforms ?? []).map(parsePlatform);
  const artifact = await walk(store, root, { platforms, reach });
  const judges = judgesOf(by);
  const places = [store] as const;
  const discovered = await discover(artifact, { places, ...judges, reach });
  const reference = `source.example/app:1@${root.digest}`;
  return { place: store, reference, artifact, discovered, policy: by };
}

/** The verdicts about an artifact, and the door's answer. */
export async function judge(store: MemoryStore, root: Descriptor, by: Policy) {
  const judged = await readFor(store, root, by);
  const verdicts = await verify(judged, reach);
  return { ...judged, verdicts, enter: () => admit(judged, verdicts) };
}
