import type {
  CatalogWay,
  CloudRepositories,
} from "../../../../mirror/repositories";
import { artifactory } from "./artifactory";
import { distribution } from "./distribution";
import { dockerHub } from "./dockerHub";
import { ecr } from "./ecr";
import { github } from "./github";
import { gitlab } from "./gitlab";
import { google } from "./google";
import { harbor } from "./harbor";
import { quay } from "./quay";
import type { Way } from "./way";
import { zot } from "./zot";

/** Every way to list a registry's repositories. */
export function ways(
  cloud: CloudRepositories | undefined,
): Readonly<Record<CatalogWay, Way>> {
  return {
    distribution,
    "docker-hub": dockerHub,
    quay,
    harbor,
    gitlab,
    github,
    google,
    ecr: ecr(cloud),
    zot,
    artifactory,
  };
}
