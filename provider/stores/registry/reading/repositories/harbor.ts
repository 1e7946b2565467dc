import { objectsIn, textIn, timeIn } from "./members";
import { pagesOf, type Page } from "./pages";
import type { Inquiry, Pages, Way } from "./way";

const pageSize = 100;

/** Harbor's own API, at the registry's host and by the registry's login. */
export const harbor: Way = { hidesPrivate: true, list: pages };

async function* pages(inquiry: Inquiry): Pages {
  const { place, asked } = inquiry;
  const [project = ""] = inquiry.namespace.split("/");
  const path =
    project === ""
      ? "/api/v2.0/repositories"
      : `/api/v2.0/projects/${encodeURIComponent(project)}/repositories`;
  const first = new URL(path, place.endpoints.origin);
  first.searchParams.set("page", "1");
  first.searchParams.set("page_size", `${pageSize}`);
  const errand = { login: "basic" } as const;
  const next = (page: Page) => nextOf(page, inquiry);
  for await (const { json } of pagesOf(inquiry, { first, errand, next })) {
    yield objectsIn(json, undefined, asked).map((one) => ({
      name: textIn(one, "name") ?? "",
      updated: timeIn(one, "update_time"),
    }));
  }
}

/** Harbor counts pages; a page that is not full is the last. */
function nextOf({ json, url }: Page, { asked }: Inquiry): URL | undefined {
  if (objectsIn(json, undefined, asked).length < pageSize) return undefined;
  const next = new URL(url);
  const page = Number(url.searchParams.get("page"));
  next.searchParams.set("page", `${page + 1}`);
  return next;
}
