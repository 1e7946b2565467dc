import type { z } from "zod";
import type { Digest } from "../../oci/digest";
import type { Platform } from "../../oci/platform";
import { parseReference, type Reference } from "../../oci/reference";
import type { Watch } from "../../mirror/observe";
import type { EvidenceSelection } from "../../mirror/select";
import type { PolicyInput } from "../../verifiers/policy";
import type { evidenceInput } from "./evidenceInput";

/** One artifact that is to be mirrored, as every resource that mirrors understands it. */
export interface Wish {
  readonly source: Reference;
  /** the source as the user wrote it */
  readonly written: string;
  /** what is resolved at the source when no digest is known: its digest, else its tag */
  readonly sourceName: string;
  readonly destination: Reference & { readonly tag: string };
  readonly digest?: Digest | undefined;
  readonly platforms: readonly Platform[];
  readonly evidence: EvidenceWish;
  /** as declared: it may name a shared one */
  readonly policy: PolicyInput;
}

/** The evidence that is wanted, with every default in place. */
export type EvidenceWish = EvidenceSelection & {
  readonly repositories: readonly Reference[];
  readonly watch: Watch;
};

/** Fills in the defaults. */
export function evidenceOf(
  given: z.infer<typeof evidenceInput> = {},
): EvidenceWish {
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
