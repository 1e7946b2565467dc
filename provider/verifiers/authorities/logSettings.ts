import { z } from "zod";
import { refuse } from "../refuse";
import { printable } from "../refusal";
import { readTrustedRoot } from "./trustedRoot";

/** The text of one `trusted_root.json`, checked. */
const trustedRoot = z.string().superRefine((text, refinement) => {
  try {
    readTrustedRoot(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : "not readable";
    refuse(refinement, {
      message: `is not a usable trusted_root.json: ${printable(why)}`,
    });
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
  dockerReference: z
    .enum(["exact", "ignore"])
    .optional()
    .describe(
      "Whether the `docker-reference` in cosign's legacy payload must be the source repository. Default: `ignore`, because content moves.",
    ),
};
