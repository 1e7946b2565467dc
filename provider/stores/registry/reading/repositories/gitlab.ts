import { either } from "./either";
import { objectsIn, textIn, timeIn } from "./members";
import { pagesOf } from "./pages";
import type { Inquiry, Pages, Way } from "./way";

/** GitLab's own API, by group, or by project. Its host is another one than the registry's: a self-hosted one is named by `api`. */
export const gitlab: Way = {
  api: "gitlab.com",
  needs: "a group, or a project",
  hidesPrivate: true,
  list: (inquiry) =>
    either(pages(inquiry, "groups"), pages(inquiry, "projects")),
};

async function* pages(inquiry: Inquiry, kind: "groups" | "projects"): Pages {
  const { place, namespace, asked } = inquiry;
  const first = new URL(
    `/api/v4/${kind}/${encodeURIComponent(namespace)}/registry/repositories`,
    place.endpoints.origin,
  );
  first.searchParams.set("per_page", "100");
  const errand = { login: "bearer" } as const;
  for await (const { json } of pagesOf(inquiry, { first, errand })) {
    yield objectsIn(json, undefined, asked).map((one) => ({
      name: textIn(one, "path") ?? "",
      updated: timeIn(one, "created_at"),
    }));
  }
}
