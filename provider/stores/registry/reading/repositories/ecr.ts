import { MirrorError } from "../../../../mirror/errors";
import type { CloudRepositories, Way } from "./way";

/** Amazon ECR by AWS's own API and identity. */
export function ecr(cloud: CloudRepositories | undefined): Way {
  return {
    hidesPrivate: false,
    list({ registry, asked, reach }) {
      if (cloud) return cloud.list(registry, { asked, reach });
      throw new MirrorError({
        ...asked,
        fault: "unsupported",
        code: "UNSUPPORTED",
        why: "AWS's own API is not at hand here",
        remedy: "name the repositories yourself",
      });
    },
  };
}
