import { parseDigest, type Digest } from "../oci/digest";
import { parsePlatform } from "../oci/platform";
import { parseReference } from "../oci/reference";
import type { Question } from "../resources/judging/assess";
import { policyOf } from "../resources/judging/sharedPolicy";
import type { World } from "../resources/world";
import type { PolicyInput } from "../verifiers/policy";

/** What a function asks about an artifact, as a judge understands it. */
export function questionOf(
  world: World,
  asked: {
    readonly source: string;
    readonly digest?: string | undefined;
    readonly platforms?: readonly string[] | undefined;
    readonly repositories?: readonly string[] | undefined;
    readonly policy: PolicyInput;
  },
): { readonly question: Question; readonly digest: Digest | undefined } {
  const { source: written, digest, platforms = [], repositories = [] } = asked;
  const source = parseReference(written);
  const question = {
    source,
    written,
    sourceName: source.digest ?? source.tag ?? "",
    platforms: platforms.map(parsePlatform),
    repositories: repositories.map((text) => parseReference(text)),
    wantsEvidence: true,
    policy: policyOf(world, asked.policy),
  };
  const pinned = digest === undefined ? source.digest : parseDigest(digest);
  return { question, digest: pinned };
}
