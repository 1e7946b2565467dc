import { z } from "zod";
import { textOf } from "../../mirror/textOf";
import { material } from "../material/material";
import { digestOfRoot, readTrustedRoot, trustedRootsOf } from "./trustedRoot";

/** The text of one `trusted_root.json`, checked. */
const trustedRoot = material((text) => {
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
      "The texts of `trusted_root.json` documents, each tried by itself. Default: the public-good root of sigstore.dev that comes with this package.",
    ),
  tlog: z
    .enum(["required", "not-required"])
    .optional()
    .describe(
      "Whether the signature must be in a transparency log. Default: `required`. With `not-required`, `keyless` needs a trusted timestamp instead.",
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
