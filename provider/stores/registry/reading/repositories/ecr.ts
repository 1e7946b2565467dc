import { MirrorError } from "../../../../mirror/errors";
import type { CloudRepositories } from "../../../../mirror/repositories";
import type { Inquiry, Pages, Way } from "./way";

/** Amazon ECR by AWS's own API and identity. */
export function ecr(cloud: CloudRepositories | undefined): Way {
  return { hidesPrivate: false, list: (inquiry) => pages(cloud, inquiry) };
}

async function* pages(
  cloud: CloudRepositories | undefined,
  { registry, asked, reach }: Inquiry,
): Pages {
  if (!cloud)
    throw new MirrorError({
      ...asked,
      fault: "unsupported",
      code: "UNSUPPORTED",
      why: "AWS's own API is not at hand here",
      remedy: "name the repositories yourself",
    });
  try {
    yield* cloud.list(registry, reach);
  } catch (error) {
    throw error instanceof MirrorError ? error.at(asked.where) : error;
  }
}
