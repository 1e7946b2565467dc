import type { Descriptor } from "../oci/descriptor";
import { childrenOf, type Manifest } from "../oci/manifest";
import {
  formatPlatform,
  matchesPlatform,
  type Platform,
} from "../oci/platform";

/** How BuildKit says which manifest an attestation manifest is about. */
const aboutAnnotation = "vnd.docker.reference.digest";

/** The children of an index, told apart by what is wanted. */
export interface Choice {
  readonly chosen: readonly Descriptor[];
  readonly left: readonly Descriptor[];
  /** wanted, and in no child; empty where a child does not say what it is for */
  readonly missing: readonly Platform[];
  /** what the index has, as users write it */
  readonly offered: readonly string[];
}

/** Which children of an index are wanted. A child that names no platform is always wanted; an attestation manifest goes with what it is about. */
export function chooseChildren(
  manifest: Manifest,
  platforms: readonly Platform[],
): Choice {
  const children = childrenOf(manifest);
  if (platforms.length === 0)
    return { chosen: children, left: [], missing: [], offered: [] };
  const named = children.flatMap((child) =>
    child.platform && !isAbout(child) ? [child.platform] : [],
  );
  const wanted = new Set(
    children.filter(
      (child) =>
        !child.platform || platforms.some((platform) => fits(child, platform)),
    ),
  );
  const digests = new Set<string>([...wanted].map((child) => child.digest));
  const chosen = children.filter((child) =>
    isAbout(child) ? digests.has(about(child)) : wanted.has(child),
  );
  return {
    chosen,
    left: children.filter((child) => !chosen.includes(child)),
    missing: children.every((child) => child.platform || isAbout(child))
      ? platforms.filter(
          (platform) => !named.some((have) => matchesPlatform(platform, have)),
        )
      : [],
    offered: [...new Set(named.map(formatPlatform))],
  };
}

const about = (child: Descriptor) => child.annotations?.[aboutAnnotation] ?? "";
const isAbout = (child: Descriptor) => about(child) !== "";
const fits = (child: Descriptor, platform: Platform) =>
  child.platform !== undefined &&
  !isAbout(child) &&
  matchesPlatform(platform, child.platform);
