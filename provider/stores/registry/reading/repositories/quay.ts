import { isObject } from "../../../../oci/json";
import { objectsIn, textIn, timeIn } from "./members";
import { pagesOf, type Page } from "./pages";
import type { Inquiry, Pages, Way } from "./way";

/** Quay's own API. It knows OAuth tokens only: a robot's password is not shown to it. */
export const quay: Way = {
  needs: "a namespace",
  hidesPrivate: true,
  list: pages,
};

async function* pages(inquiry: Inquiry): Pages {
  const { place, asked } = inquiry;
  const [namespace = ""] = inquiry.namespace.split("/");
  const first = new URL("/api/v1/repository", place.endpoints.origin);
  first.searchParams.set("namespace", namespace);
  first.searchParams.set("public", "true");
  first.searchParams.set("last_modified", "true");
  const next = (page: Page) => nextOf(page, first);
  const errand = { login: "oauthToken" } as const;
  for await (const { json } of pagesOf(inquiry, { first, errand, next })) {
    yield objectsIn(json, "repositories", asked)
      .filter((one) => (textIn(one, "kind") ?? "image") === "image")
      .map((one) => ({
        name: `${textIn(one, "namespace") ?? namespace}/${textIn(one, "name") ?? ""}`,
        updated: timeIn(one, "last_modified"),
      }));
  }
}

/** A token of the page, which is put to the first question. */
function nextOf({ json }: Page, first: URL): URL | undefined {
  const token = isObject(json) ? textIn(json, "next_page") : undefined;
  if (token === undefined) return undefined;
  const next = new URL(first);
  next.searchParams.set("next_page", token);
  return next;
}
