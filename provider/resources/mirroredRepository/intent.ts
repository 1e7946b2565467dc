import { parseDigest } from "../../oci/digest";
import { parsePlatform, type Platform } from "../../oci/platform";
import {
  formatReference,
  parseReference,
  repositoryOf,
  type Reference,
} from "../../oci/reference";
import type { PolicyInput } from "../../verifiers/policy";
import { evidenceOf, type EvidenceWish, type Wish } from "../mirroring/wish";
import { inputs as shape, type Inputs } from "./inputs";
import type { Values } from "../../mirror/lifecycle";

/** Checked inputs, understood. */
export interface Intent {
  readonly given: Inputs;
  /** repositories: neither has a tag or a digest */
  readonly source: Reference;
  readonly destination: Reference;
  readonly platforms: readonly Platform[];
  readonly evidence: EvidenceWish;
  /** as declared: it may name a shared one */
  readonly policy: PolicyInput;
}

/** Reads inputs that `check` let through; throws on others. */
export function understand(values: Values): Intent {
  const given = shape.parse(values);
  return {
    given,
    source: parseReference(given.source),
    destination: parseReference(given.destination),
    platforms: (given.platforms ?? []).map(parsePlatform),
    evidence: watched(given.evidence),
    policy: given.policy,
  };
}

/** The evidence of a repository is watched only by explicit wish: it costs requests for each tag. */
function watched(given: Inputs["evidence"]): EvidenceWish {
  return evidenceOf({ watch: "none", ...given });
}

/** One tag as a wish of its own. Without a tag at the source, its digest alone says what is meant. */
export function wishFor(
  { source, destination, platforms, evidence, policy }: Intent,
  one: {
    /** at the destination */
    readonly tag: string;
    readonly sourceTag?: string | undefined;
    readonly digest?: string | undefined;
  },
): Wish {
  const digest = one.digest === undefined ? undefined : parseDigest(one.digest);
  const at =
    one.sourceTag === undefined
      ? { ...source, ...(digest && { digest }) }
      : { ...source, tag: one.sourceTag };
  return {
    source: at,
    written: formatReference(at),
    sourceName: one.sourceTag ?? digest ?? "",
    destination: { ...destination, tag: one.tag },
    digest,
    platforms,
    evidence,
    policy,
  };
}

/** Under which name memory keeps what a source names by a tag. */
export function writtenAs(source: Reference, tag: string): string {
  return formatReference({ ...source, tag });
}

/** Under which name memory keeps what two repositories list. */
export function listingKey({
  source,
  destination,
}: Pick<Intent, "source" | "destination">): string {
  return `${repositoryOf(source)} ${repositoryOf(destination)}`;
}
