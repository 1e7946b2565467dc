import { catalogPages } from "./distribution";
import type { Way } from "./way";

/** Artifactory, whose references begin with the key of a repository of its own, has a `_catalog` in each of them. */
export const artifactory: Way = {
  needs: "the key of one of its repositories",
  hidesPrivate: true,
  list(inquiry) {
    const { place, namespace } = inquiry;
    const [key = ""] = namespace.split("/");
    const plain = new URL(
      `/artifactory/api/docker/${encodeURIComponent(key)}/v2/_catalog`,
      place.endpoints.origin,
    );
    return catalogPages(
      inquiry,
      { plain, errand: { login: "basic" } },
      (name) => `${key}/${name}`,
    );
  },
};
