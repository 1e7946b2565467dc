import { parseDigest } from "../../oci/digest";
import { parsePlatform } from "../../oci/platform";
import { parseReference } from "../../oci/reference";
import type { Values } from "../../mirror/lifecycle";
import { evidenceOf, type Wish } from "../mirroring/wish";
import { inputs as shape, type Inputs } from "./inputs";

/** Checked inputs, understood. */
export interface Intent extends Wish {
  readonly given: Inputs;
}

/** Reads inputs that `check` let through; throws on others. */
export function understand(values: Values): Intent {
  const given = shape.parse(values);
  const source = parseReference(given.source);
  const destination = parseReference(given.destination);
  return {
    given,
    source,
    written: given.source,
    sourceName: source.digest ?? source.tag ?? "",
    destination: { ...destination, tag: destination.tag ?? "" },
    digest:
      given.digest === undefined ? source.digest : parseDigest(given.digest),
    platforms: (given.platforms ?? []).map(parsePlatform),
    evidence: evidenceOf(given.evidence),
    policy: given.policy,
  };
}
