import { z } from "zod";

/** A host name, in lower case, with a port if it has one. */
export const hostPattern =
  /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+(?::\d{1,5})?$/;

/** A ref that was built, with wildcards. */
export const refSettings = z
  .string()
  .regex(
    /^refs\/[^\s@]+$/,
    "must be a whole ref: refs/heads/main, refs/tags/v*",
  )
  .optional();
