import { parseDigest, type Digest } from "../../oci/digest";
import { parsePlatform, type Platform } from "../../oci/platform";
import { parseReference, type Reference } from "../../oci/reference";
import { hasUnknown, type Values } from "../../mirror/lifecycle";
import type { Watch } from "../../mirror/observe";
import type { EvidenceSelection } from "../../mirror/select";
import { inputs as shape, type Inputs } from "./inputs";

/** Checked inputs, understood. */
export interface Intent {
  readonly given: Inputs;
  readonly source: Reference;
  /** what is resolved at the source when no digest is known: its digest, else its tag */
  readonly sourceName: string;
  readonly destination: Reference & { readonly tag: string };
  readonly digest?: Digest;
  readonly platforms: readonly Platform[];
  readonly evidence: EvidenceSelection & {
    readonly repositories: readonly Reference[];
    readonly watch: Watch;
  };
}

/** Reads inputs that `check` let through; throws on others. */
export function understand(values: Values): Intent {
  const given = shape.parse(values);
  const source = parseReference(given.source);
  const destination = parseReference(given.destination);
  return {
    given,
    source,
    sourceName: source.digest ?? source.tag ?? "",
    destination: { ...destination, tag: destination.tag ?? "" },
    digest:
      given.digest === undefined ? source.digest : parseDigest(given.digest),
    platforms: (given.platforms ?? []).map(parsePlatform),
    evidence: evidenceOf(given.evidence),
  };
}

/** The evidence that is wanted, with every default in place. */
export function evidenceOf(given: Inputs["evidence"] = {}): Intent["evidence"] {
  const {
    copy = "all",
    include = ["*"],
    exclude = [],
    repositories = [],
    watch = "root",
  } = given;
  return {
    copy,
    include,
    exclude,
    watch: copy === "none" ? "none" : watch,
    repositories: repositories.map((text) => parseReference(text)),
  };
}

/** The names of inputs whose values are not known yet. */
export function unknownInputs(values: Values): string[] {
  return Object.keys(values).filter((name) => hasUnknown(values[name]));
}
