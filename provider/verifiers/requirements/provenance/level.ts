import type { Signer } from "../../../mirror/ports";
import { isGenerator, pairingOf } from "./builder";
import type { Provenance } from "./read";
import { readSourceUri } from "./sourceUri";

/** What is known about a builder by its certificate, and what that makes its level. */
export interface Level {
  readonly level: 0 | 1 | 2 | 3;
  readonly because: string;
}

/**
 * The SLSA Build level that a builder is known to reach, by who signed: signed provenance alone is level 1; GitHub's hosted
 * runners are 2; slsa-framework's generators, and workflows that a repository calls but does not hold, are 3.
 */
export function levelOf({ builderId }: Provenance, signer: Signer): Level {
  if (builderId === undefined)
    return { level: 0, because: "it names no builder" };
  const pairing = pairingOf(builderId, signer);
  if (pairing === "none" || pairing === "by-policy") {
    return { level: 1, because: "nothing more is known of its builder" };
  }
  if (pairing === "delegated" || isGenerator(builderId)) {
    return { level: 3, because: "a builder of slsa-framework signed it" };
  }
  const { runnerEnvironment } = signer.extensions ?? {};
  if (runnerEnvironment !== "github-hosted") {
    return { level: 1, because: "it was not built on a hosted runner" };
  }
  return isCalled(signer)
    ? { level: 3, because: "a workflow of another repository built it" }
    : { level: 2, because: "a workflow of the repository itself built it" };
}

/** Whether the workflow that signed lies in another repository than the one that was built, which so cannot change it. */
function isCalled({ identity = "", extensions = {} }: Signer): boolean {
  const { sourceRepositoryUri, buildSignerUri = identity } = extensions;
  const repository =
    sourceRepositoryUri && readSourceUri(sourceRepositoryUri)?.repository;
  const [workflow = ""] = buildSignerUri.split("/.github/workflows/");
  const holder = readSourceUri(workflow)?.repository;
  if (!repository || !holder) return false;
  return repository.toLowerCase() !== holder.toLowerCase();
}
