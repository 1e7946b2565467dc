import { objectsIn, textIn, timeIn } from "./members";
import { pagesOf, type Page } from "./pages";
import type { Inquiry, Pages, Way } from "./way";
import { asObject } from "../../../../oci/json";
import { reading } from "../content";

/** Docker Hub by its own API, whose host is another one than the registry's: the registry's credential does not go there. */
export const dockerHub: Way = {
  api: "hub.docker.com",
  needs: "a namespace (`library` holds the official images)",
  hidesPrivate: true,
  list: pages,
};

async function* pages(inquiry: Inquiry): Pages {
  const { place, asked } = inquiry;
  const [namespace = ""] = inquiry.namespace.split("/");
  const first = new URL(
    `/v2/namespaces/${encodeURIComponent(namespace)}/repositories`,
    place.endpoints.origin,
  );
  first.searchParams.set("page_size", "100");
  const next = (page: Page) => nextOf(page, inquiry);
  const errand = { login: "hub" } as const;
  for await (const { json } of pagesOf(inquiry, { first, errand, next })) {
    yield objectsIn(json, "results", asked).map((one) => ({
      name: `${namespace}/${textIn(one, "name") ?? ""}`,
      updated: timeIn(one, "last_updated"),
    }));
  }
}

/** The whole address of the next page, or null. */
function nextOf({ json, url }: Page, { asked }: Inquiry): URL | undefined {
  const next = reading(asked, () =>
    textIn(asObject(json, "the answer"), "next"),
  );
  return next !== undefined && URL.canParse(next, url.href)
    ? new URL(next, url)
    : undefined;
}
