import { z } from "zod";
import { textOf } from "../../../mirror/textOf";
import { material } from "../../material/material";
import {
  digestOfRoot,
  isEmbedded,
  readTrustedRoot,
  trustedRootsOf,
  type Root,
} from "../../trust/trustedRoot";

/** The text of one `trusted_root.json`, checked, or the name of one that we have. */
const trustedRoot = material((text) => {
  if (isEmbedded(text)) return;
  try {
    readTrustedRoot(text);
  } catch (cause) {
    const message = `is not a usable trusted_root.json: ${textOf(cause)}`;
    throw new Error(message, { cause });
  }
});

/** The settings that `key` and `keyless` share. */
export const logSettings = {
  trustedRoots: z
    .array(trustedRoot)
    .min(1)
    .max(10)
    .optional()
    .describe(
      "The texts of `trusted_root.json` documents, each tried by itself; `public-good` (default) and `github` name the roots that come with this package: sigstore.dev's, and the instance that signs for GitHub's private repositories.",
    ),
  tlog: z
    .enum(["required", "not-required"])
    .optional()
    .describe(
      "Whether the signature must be in a transparency log. Default: `required`. With `not-required`, a signature without a key needs a trusted timestamp instead; so it does under the root `github`, which has no log.",
    ),
  annotations: z
    .record(z.string(), z.string())
    .optional()
    .describe(
      "What a signature must say besides, each exactly (`cosign sign -a`). Attestations have none: use `where`.",
    ),
  dockerReference: z
    .enum(["exact", "ignore"])
    .optional()
    .describe(
      "Whether the `docker-reference` in cosign's legacy payload must be the source repository. Default: `ignore`, because content moves.",
    ),
};

/** What a user may have set of these. */
export interface LogSettings {
  readonly trustedRoots?: readonly string[] | undefined;
  readonly tlog?: "required" | "not-required" | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly dockerReference?: "exact" | "ignore" | undefined;
}

/** The settings as plain data, with every default in place and each root by its digest. */
export function canonicalLog(settings: LogSettings) {
  return {
    roots: trustedRootsOf(settings.trustedRoots).map(digestOfRoot),
    tlog: settings.tlog ?? "required",
    annotations: settings.annotations,
    dockerReference: settings.dockerReference ?? "ignore",
  };
}

/** What a signer is known by. */
export type SignerKind = "key" | "identity";

/** Whether a root's signatures must be logged. GitHub's own instance has no log: there a trusted timestamp stands for it, unless the policy says otherwise (§1.2). */
export function logRuleFor(
  { embedded }: Root,
  { tlog }: LogSettings,
  signer: SignerKind,
): "required" | "not-required" {
  if (tlog) return tlog;
  const unlogged = embedded === "github" && signer === "identity";
  return unlogged ? "not-required" : "required";
}
