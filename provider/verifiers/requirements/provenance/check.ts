import { textOf } from "../../../mirror/textOf";
import type { Authenticated, Signer } from "../../../mirror/ports";
import { branchOfTag } from "./branch";
import {
  isBuilder,
  isGenerator,
  isWorkflowOrRunner,
  pairingOf,
} from "./builder";
import { differenceToCertificate, isBuildKits } from "./certificate";
import { levelOf } from "./level";
import { wrongParameter, type WantedParameters } from "./parameters";
import { readProvenance, type Provenance } from "./read";
import { readSourceUri } from "./sourceUri";
import { isRefInRange } from "./version";

/** What provenance must say. */
export interface WantedProvenance {
  readonly builderId?: string | undefined;
  readonly sourceUri?: string | undefined;
  readonly sourceVersion?: string | undefined;
  readonly sourceRef?: string | undefined;
  readonly buildTypes?: readonly string[] | undefined;
  readonly parameters?: WantedParameters | undefined;
  readonly level?: number | undefined;
}

/** Says what of vouched provenance is not as wanted, or undefined (T32). Never throws. */
export function wrongProvenance(
  { statement, signer }: Authenticated,
  wanted: WantedProvenance,
): string | undefined {
  try {
    const provenance = statement && readProvenance(statement);
    if (!provenance)
      return "it is no SLSA provenance of a version that is read";
    return (
      wrongBuilder(provenance, signer, wanted) ??
      differenceToCertificate(provenance, signer) ??
      wrongSource(provenance, wanted) ??
      wrongBuild(provenance, signer, wanted)
    );
  } catch (error) {
    return textOf(error);
  }
}

function wrongBuilder(
  provenance: Provenance,
  signer: Signer,
  { builderId: wanted }: WantedProvenance,
): string | undefined {
  const { builderId: seen } = provenance;
  if (wanted !== undefined && (!seen || !isBuilder(wanted, seen))) {
    return differs("builderId", seen, wanted);
  }
  if (seen === undefined || isGiven(provenance)) return undefined;
  const pairing = pairingOf(seen, signer);
  if (pairing === "delegated" && !wanted && !isGenerator(seen)) {
    return `its builderId is ${shown(seen)}, which a policy must name`;
  }
  return pairing === "none"
    ? `its builderId is ${shown(seen)}, but ${shown(signer.identity)} has signed it`
    : undefined;
}

/** BuildKit's id is whatever its caller gave it, usually the run; that alone makes nobody a workflow or a runner. */
function isGiven(provenance: Provenance): boolean {
  const { builderId = "" } = provenance;
  return isBuildKits(provenance) && !isWorkflowOrRunner(builderId);
}

function wrongSource(
  provenance: Provenance,
  wanted: WantedProvenance,
): string | undefined {
  const { sources } = provenance;
  const read = sources.map((uri) => readSourceUri(uri));
  const refs = read.flatMap((source) => source?.ref ?? []);
  const asksRef = wanted.sourceRef ?? wanted.sourceVersion;
  const unread = sources.find((_, i) => read[i] === undefined);
  if (asksRef !== undefined && unread !== undefined) {
    return differs("source", unread, `${asksRef} in version control`);
  }
  return (
    wrongRepository(sources, wanted) ??
    wrongRef(refs, "sourceRef", {
      wanted: wanted.sourceRef,
      isMet: (ref) =>
        ref === wanted.sourceRef ||
        branchOf(ref, provenance) === wanted.sourceRef,
    }) ??
    wrongRef(refs, "sourceVersion", {
      wanted: wanted.sourceVersion,
      isMet: (ref) => isRefInRange(ref, wanted.sourceVersion ?? ""),
    })
  );
}

/** Every place that it names must be the wanted one, so that it does not matter which a reader goes by. */
function wrongRepository(
  sources: readonly string[],
  { sourceUri }: WantedProvenance,
): string | undefined {
  if (sourceUri === undefined) return undefined;
  const wanted = readSourceUri(sourceUri)?.repository;
  if (sources.length === 0) return differs("source", undefined, sourceUri);
  const other = sources.find((uri) => {
    const seen = readSourceUri(uri)?.repository;
    return seen === undefined || seen !== wanted;
  });
  return other === undefined ? undefined : differs("source", other, sourceUri);
}

/** The branch of a tag, where one of slsa-framework's builders says so. */
function branchOf(
  ref: string,
  { builderId = "", environment }: Provenance,
): string | undefined {
  const isTag = ref.startsWith("refs/tags/") && isGenerator(builderId);
  return isTag ? branchOfTag(environment) : undefined;
}

function wrongRef(
  refs: readonly string[],
  what: string,
  rule: {
    readonly wanted: string | undefined;
    readonly isMet: (ref: string) => boolean;
  },
): string | undefined {
  if (rule.wanted === undefined) return undefined;
  if (refs.length === 0) return differs(what, undefined, rule.wanted);
  const other = refs.find((ref) => !rule.isMet(ref));
  return other === undefined ? undefined : differs(what, other, rule.wanted);
}

function wrongBuild(
  provenance: Provenance,
  signer: Signer,
  { buildTypes, parameters = {}, level }: WantedProvenance,
): string | undefined {
  const { buildType = "" } = provenance;
  if (buildTypes && !buildTypes.includes(buildType)) {
    return differs("buildType", buildType, buildTypes.join(" or "));
  }
  const reached = levelOf(provenance, signer);
  if (level !== undefined && reached.level < level) {
    return `its level is ${reached.level} (${reached.because}), wanted ${level}`;
  }
  return wrongParameter(provenance.parameters, parameters);
}

function differs(
  what: string,
  seen: string | undefined,
  wanted: string,
): string {
  const has = seen === undefined ? "absent" : shown(seen);
  return `its ${what} is ${has}, wanted ${shown(wanted)}`;
}

function shown(text: string | undefined): string {
  return text === undefined ? "nobody" : JSON.stringify(text);
}
