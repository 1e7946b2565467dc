import { z } from "zod";

/** Which evidence a user wants copied, and watched. */
export const evidenceInput = z
  .strictObject({
    copy: z
      .enum(["all", "verified", "none"])
      .optional()
      .describe(
        "Which evidence comes along: everything (`all`, the default), only what satisfied the policy (`verified`), or nothing (`none`, which goes only with `policy.unverified`).",
      ),
    include: z
      .array(z.string().min(1))
      .optional()
      .describe(
        'With `copy: all`: globs (`*`) over artifact type, predicate type and format (`referrer`, `sig`, `att`, `sbom`). Default `["*"]`.',
      ),
    exclude: z
      .array(z.string().min(1))
      .optional()
      .describe(
        "With `copy: all`: globs of what stays behind. What satisfied the policy cannot be excluded: the preview fails.",
      ),
    repositories: z
      .array(z.string().min(1))
      .optional()
      .describe(
        "Further repositories in which evidence about the source is kept (cosign's `COSIGN_REPOSITORY`).",
      ),
    watch: z
      .enum(["root", "all", "none"])
      .optional()
      .describe(
        "What a preview looks at beyond one HEAD a side: the root's evidence at the source (`root`, the default), every node on both sides (`all`), or nothing (`none`).",
      ),
  })
  .meta({
    id: "EvidenceSelection",
    description: "Which evidence is copied, and which is watched.",
  });
