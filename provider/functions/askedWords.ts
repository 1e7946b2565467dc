import { z } from "zod";

/** The artifact that a function is asked about. */
export const artifactSource = z
  .string()
  .describe(
    "The artifact: `registry.example/acme/app:1.4.2`, `…@sha256:…`, or an OCI layout directory `oci:./dir:tag`.",
  );

/** Where else there may be evidence about it. */
export const evidenceRepositories = z
  .array(z.string().min(1))
  .optional()
  .describe(
    "Further repositories in which evidence about the source is kept (cosign's `COSIGN_REPOSITORY`).",
  );
